//! Requests that no page of ours sends.

use super::{OWN, PASSWORD, World, email, imports, own_post};
use axum::body::Body;
use axum::http::header::{
    ACCEPT, ACCESS_CONTROL_ALLOW_ORIGIN, CONTENT_SECURITY_POLICY, CONTENT_TYPE, COOKIE, HOST, LOCATION, ORIGIN, REFERER,
};
use axum::http::{Method, Request, StatusCode};
use leptos::server_fn::axum::server_fn_paths;
use lockstep::access::{Actor, Role};
use lockstep::engine::add_environment;
use lockstep::promotion::{EnvironmentInput, Policy};

#[tokio::test]
async fn no_other_site_reaches_a_server_function() {
    let world = World::new().await;
    let cookie = world.cookie(Role::Owner).await;
    let everything = "SELECT md5(string_agg(to_jsonb(a)::text, '' ORDER BY a)) FROM audit a UNION ALL SELECT md5(string_agg(to_jsonb(p)::text, '' ORDER BY p)) FROM people p";
    let before = world.stored(everything).await;
    for (path, _) in server_fn_paths() {
        let forged = [
            vec![("origin", "https://evil.example")],
            vec![],
            vec![("sec-fetch-site", "same-site"), ("origin", "https://other.example")],
            vec![("sec-fetch-site", "cross-site")],
            vec![("origin", "null")],
        ];
        for headers in forged {
            let mut request = Request::post(path)
                .header(HOST, OWN)
                .header(COOKIE, &cookie)
                .header(CONTENT_TYPE, "application/x-www-form-urlencoded");
            for (name, value) in &headers {
                request = request.header(*name, *value);
            }
            let answer = world.send(request.body(Body::from("email=x&password=x")).unwrap()).await;
            assert_eq!(answer.status, StatusCode::FORBIDDEN, "{path} with {headers:?}");
        }
        let answer = world.get(path, &cookie).await;
        assert!(answer.status.is_client_error(), "GET {path}: {}", answer.status);
        let mut plain = own_post(path, "x=y", &cookie);
        plain.headers_mut().insert(CONTENT_TYPE, "text/plain".parse().unwrap());
        assert_eq!(world.send(plain).await.status, StatusCode::UNSUPPORTED_MEDIA_TYPE, "{path}");
    }
    assert_eq!(world.stored(everything).await, before, "nothing was written");
}

#[tokio::test]
async fn a_form_without_javascript_never_leads_off_the_site() {
    let world = World::new().await;
    for referer in ["https://evil.example/x", "http://127.0.0.1:3000//evil.example", "http://127.0.0.1:3000@evil.example/"] {
        let mut request = own_post("/api/sign-in", "email=x&password=x", "");
        request.headers_mut().insert(ACCEPT, "text/html".parse().unwrap());
        request.headers_mut().insert(REFERER, referer.parse().unwrap());
        let answer = world.send(request).await;
        assert!(answer.status.is_redirection(), "{referer}: {}", answer.status);
        let location = answer.headers[LOCATION].to_str().unwrap();
        assert!(location.starts_with('/') && !location.starts_with("//"), "{location}");
        assert!(!location.contains("evil") && !location.contains("__err"), "{location}");
    }
    for next in ["//evil.example", "/\\evil.example", "https:evil.example", "%2f%2fevil.example", "/x%0d%0aSet-Cookie:a=b"] {
        let form =
            format!("email={}&password={}&next={next}", email(Role::Admin).replace('@', "%40"), PASSWORD.replace(' ', "+"));
        let mut request = own_post("/api/sign-in", &form, "");
        request.headers_mut().insert(ACCEPT, "text/html".parse().unwrap());
        let answer = world.send(request).await;
        let location = answer.headers[LOCATION].to_str().unwrap();
        assert!(location.starts_with('/') && !location[1..].starts_with(['/', '\\']), "{next}: {location}");
        assert!(!answer.headers.iter().any(|(name, value)| name == "set-cookie" && value == "a=b"), "{next}");
    }
}

#[tokio::test]
async fn every_answer_carries_the_headers() {
    let world = World::new().await;
    let cookie = world.cookie(Role::Owner).await;
    for path in ["/", "/sign-in", "/nowhere", "/history.csv", "/healthz", "/api/health/db", "/robots.txt", "/pkg/none.js"] {
        let answer = world.get(path, &cookie).await;
        for (name, value) in [
            ("x-content-type-options", "nosniff"),
            ("referrer-policy", "same-origin"),
            ("cross-origin-opener-policy", "same-origin"),
            ("cross-origin-resource-policy", "same-origin"),
            ("x-frame-options", "DENY"),
        ] {
            assert_eq!(answer.headers[name], value, "{path}");
        }
        assert!(answer.headers.contains_key(CONTENT_SECURITY_POLICY), "{path}");
        assert!(!answer.headers.contains_key(ACCESS_CONTROL_ALLOW_ORIGIN), "{path}");
        assert!(!answer.headers.contains_key("server"), "{path}");
    }
    let policy = |answer: &super::Answer| answer.headers[CONTENT_SECURITY_POLICY].to_str().unwrap().to_owned();
    let (one, other) = (world.get("/sign-in", "").await, world.get("/sign-in", "").await);
    assert_ne!(policy(&one), policy(&other), "the nonce is new each time");
    let nonce = policy(&one).split("'nonce-").nth(1).unwrap().split('\'').next().unwrap().to_owned();
    assert!(one.text.contains(&nonce), "the page's own scripts carry it");
    assert!(!one.text.contains("<script>"), "no script goes without");
}

#[tokio::test]
async fn odd_requests_are_refused_and_harm_nobody() {
    let world = World::new().await;
    for method in ["TRACE", "PUT", "DELETE", "OPTIONS", "PATCH", "NONSENSE"] {
        let method = Method::from_bytes(method.as_bytes()).unwrap();
        let request = Request::builder().method(method.clone()).uri("/").header(HOST, OWN).body(Body::empty()).unwrap();
        assert_eq!(world.send(request).await.status, StatusCode::METHOD_NOT_ALLOWED, "{method}");
    }
    let large = world.post("/api/sign-in", &"x".repeat(2 * 1024 * 1024), "").await;
    assert_eq!(large.status, StatusCode::PAYLOAD_TOO_LARGE);
    let deep = world.post("/api/sign-in", &"[".repeat(10_000), "").await;
    assert_eq!(deep.status, StatusCode::BAD_REQUEST);
    for form in ["email=%ff%fe&password=x", "email=x", "email=x&email=y&password=z", ""] {
        let answer = world.post("/api/sign-in", form, "").await;
        assert!(answer.status.is_client_error(), "{form}: {} {}", answer.status, answer.text);
    }
    let rebound = Request::get("/").header(HOST, "evil.example:3000").body(Body::empty()).unwrap();
    assert_eq!(world.send(rebound).await.status, StatusCode::MISDIRECTED_REQUEST);
    let foreign = Request::get("/history.csv")
        .header(HOST, OWN)
        .header(ORIGIN, "https://evil.example")
        .header(COOKIE, world.cookie(Role::Owner).await)
        .body(Body::empty())
        .unwrap();
    assert_eq!(world.send(foreign).await.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn files_come_from_our_form_alone_and_are_never_held_beyond_the_limit() {
    let world = World::new().await;
    let cookie = world.cookie(Role::Owner).await;
    for (name, value) in [(ORIGIN, "https://evil.example"), (ORIGIN, "null")] {
        let mut forged = imports::small(&cookie);
        forged.headers_mut().insert(name, value.parse().unwrap());
        assert_eq!(world.send(forged).await.status, StatusCode::FORBIDDEN, "{value}");
    }
    let mut blind = imports::small(&cookie);
    blind.headers_mut().remove(ORIGIN);
    blind.headers_mut().remove("sec-fetch-site");
    assert_eq!(world.send(blind).await.status, StatusCode::FORBIDDEN);
    for kind in [
        "multipart/form-data",
        "multipart/form-data; boundary=",
        "multipart/form-data; boundary=\"a b\"",
        "multipart/mixed; boundary=x",
        "application/x-www-form-urlencoded",
        "application/json",
    ] {
        let mut other = imports::small(&cookie);
        other.headers_mut().insert(CONTENT_TYPE, kind.parse().unwrap());
        assert_eq!(world.send(other).await.status, StatusCode::UNSUPPORTED_MEDIA_TYPE, "{kind}");
    }
    for (path, _) in server_fn_paths().filter(|(path, _)| *path != imports::PATH) {
        let mut elsewhere = imports::small(&cookie);
        *elsewhere.uri_mut() = path.parse().unwrap();
        assert_eq!(world.send(elsewhere).await.status, StatusCode::UNSUPPORTED_MEDIA_TYPE, "{path}");
    }
    let auditor = world.cookie(Role::Auditor).await;
    let broken = world.send(imports::own_upload(&cookie, "no part of anything")).await;
    assert_eq!(broken.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", broken.text);
    for megabytes in [65, 300] {
        let large = world.send(imports::endless(&cookie, megabytes)).await;
        assert_eq!(large.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", large.text);
        assert!(large.text.contains("larger than 64 MB"), "{}", large.text);
        let auditor = world.send(imports::endless(&auditor, megabytes)).await;
        assert_eq!(auditor.status, StatusCode::FORBIDDEN, "nothing is read before it is known who sends it: {}", auditor.text);
        let nobody = world.send(imports::endless("", megabytes)).await;
        assert_eq!(nobody.status, StatusCode::UNAUTHORIZED, "{}", nobody.text);
    }
    assert_eq!(world.stored("SELECT count(*) FROM releases").await, ["0"]);
}

#[tokio::test]
async fn no_answer_shows_a_password_of_a_connection() {
    const CANARY: &str = "c4n4ry-secret";
    let world = World::new().await;
    let file = super::folder(&format!("connection-{}", std::process::id()));
    lockstep::engine::files::write_private(&file, format!("postgresql://me:{CANARY}@127.0.0.1:1/db").as_bytes()).unwrap();
    let input = EnvironmentInput {
        name: "production".to_owned(),
        label: "Production".to_owned(),
        connection: format!("file:{}", file.display()),
        policy: Policy::default(),
    };
    add_environment(&world.console, &Actor::command_line(), &input).await.unwrap();
    let cookie = world.cookie(Role::Owner).await;
    for path in ["/", "/environments", "/audit", "/history.json", "/api/health/db"] {
        let answer = world.get(path, &cookie).await;
        assert!(!answer.text.contains(CANARY), "{path}");
    }
    for (name, form) in [
        ("environments", String::new()),
        ("pipeline", String::new()),
        ("test-connection", format!("reference=file:{}", file.display())),
    ] {
        let answer = world.post(&format!("/api/{name}"), &form, &cookie).await;
        assert!(!answer.text.contains(CANARY), "{name}: {}", answer.text);
    }
    std::fs::remove_file(file).unwrap();
}

#[tokio::test]
async fn markup_in_names_stays_text() {
    let world = World::new().await;
    let cookie = world.cookie(Role::Owner).await;
    let evil = "<img src=x onerror=alert(1)></script><script>alert(2)</script>";
    let form =
        format!("name={}&email=evil%40example.org&role=auditor&password=a+sentence+of+several+words", evil.replace('=', "%3D"));
    let added = world.post("/api/add-person", &form, &cookie).await;
    assert_eq!(added.status, StatusCode::OK, "{}", added.text);
    let page = world.get("/people", &cookie).await;
    assert!(page.text.contains("&lt;img src=x"), "the name is shown as it is");
    assert!(!page.text.contains("<img src=x") && !page.text.contains("<script>alert"), "and is no markup");
}
