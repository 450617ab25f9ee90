//! Signing in and out, and what a session is worth.

use super::{PASSWORD, World, email, own_post};
use axum::http::StatusCode;
use axum::http::header::{RETRY_AFTER, SET_COOKIE};
use lockstep::access::Role;

fn form(email: &str, password: &str) -> String {
    format!("email={}&password={}", email.replace('@', "%40"), password.replace(' ', "+"))
}

#[tokio::test]
async fn an_unknown_address_and_a_wrong_password_are_answered_alike() {
    let world = World::new().await;
    let known = world.post("/api/sign-in", &form(&email(Role::Admin), "not it at all"), "").await;
    let unknown = world.post("/api/sign-in", &form("nobody@example.org", "not it at all"), "").await;
    assert_eq!(known.status, StatusCode::UNAUTHORIZED);
    assert_eq!((known.status, known.text), (unknown.status, unknown.text));
}

#[tokio::test]
async fn guessing_is_slowed_down_whatever_the_client_says_of_its_address() {
    let world = World::new().await;
    let guess = form(&email(Role::Admin), "not it at all");
    let mut throttled = None;
    for attempt in 0..20 {
        let mut request = own_post("/api/sign-in", &guess, "");
        request.headers_mut().insert("x-forwarded-for", format!("203.0.113.{attempt}").parse().unwrap());
        let answer = world.send(request).await;
        if answer.status == StatusCode::TOO_MANY_REQUESTS {
            throttled = Some((attempt, answer));
            break;
        }
        assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{attempt}");
    }
    let (attempt, answer) = throttled.unwrap();
    assert!((3..=10).contains(&attempt), "after {attempt} guesses");
    assert!(answer.headers.contains_key(RETRY_AFTER), "{:?}", answer.headers);
}

#[tokio::test]
async fn the_cookie_is_for_this_host_alone_and_no_script_reads_it() {
    let world = World::new().await;
    let answer = world.post("/api/sign-in", &form(&email(Role::Admin), PASSWORD), "").await;
    let set = answer.headers[SET_COOKIE].to_str().unwrap();
    assert!(set.starts_with("__Host-lockstep="), "{set}");
    for part in ["Secure", "HttpOnly", "SameSite=Strict", "Path=/"] {
        assert!(set.contains(part), "{set}");
    }
    assert!(!set.contains("Domain"), "{set}");
}

#[tokio::test]
async fn a_session_from_before_signing_in_and_one_that_ended_open_nothing() {
    let world = World::new().await;
    let before = world.cookie(Role::Auditor).await;
    let answer = world.post("/api/sign-in", &form(&email(Role::Admin), PASSWORD), &before).await;
    let after = answer.cookie().unwrap();
    assert_ne!(before, after);
    assert_eq!(world.post("/api/inbox", "", &before).await.status, StatusCode::UNAUTHORIZED);
    assert_eq!(world.post("/api/inbox", "", &after).await.status, StatusCode::OK);
    assert_eq!(world.post("/api/sign-out", "", &after).await.status, StatusCode::OK);
    assert_eq!(world.post("/api/inbox", "", &after).await.status, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn nothing_that_the_store_holds_is_a_cookie() {
    let world = World::new().await;
    let cookie = world.cookie(Role::Owner).await;
    let (name, id) = cookie.split_once('=').unwrap();
    let rows = world.stored("SELECT to_jsonb(s) FROM sessions s").await.join(" ");
    assert!(!rows.contains(id), "{rows}");
    for word in rows.split(|c: char| !c.is_ascii_alphanumeric() && c != '-' && c != '_').filter(|word| word.len() > 8) {
        let answer = world.post("/api/inbox", "", &format!("{name}={word}")).await;
        assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{word}");
    }
}

#[tokio::test]
async fn whoever_is_disabled_is_out_at_once() {
    let world = World::new().await;
    let (owner, admin) = (world.cookie(Role::Owner).await, world.cookie(Role::Admin).await);
    let id = world.stored("SELECT id FROM people WHERE role = 'admin'").await.remove(0);
    assert_eq!(world.post("/api/disable-person", &format!("person={id}"), &owner).await.status, StatusCode::OK);
    assert_eq!(world.post("/api/inbox", "", &admin).await.status, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn a_changed_password_ends_the_other_sessions() {
    let world = World::new().await;
    let (one, other) = (world.cookie(Role::Lead).await, world.cookie(Role::Lead).await);
    let form = format!("old={}&new=another+sentence+of+words", PASSWORD.replace(' ', "+"));
    let answer = world.post("/api/change-password", &form, &one).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
    assert_eq!(world.post("/api/inbox", "", &other).await.status, StatusCode::UNAUTHORIZED);
    assert_eq!(world.post("/api/inbox", "", &answer.cookie().unwrap()).await.status, StatusCode::OK);
}

#[tokio::test]
async fn the_first_owner_needs_the_token_and_there_is_only_one() {
    let world = World::empty().await;
    let token = lockstep::engine::first_run_token(&world.console).await.unwrap().unwrap();
    let owner = |token: &str, email: &str| {
        format!("token={token}&name=Owen&email={email}%40example.org&password=a+sentence+of+several+words")
    };
    let wrong = world.post("/api/create-owner", &owner("guessed", "owen"), "").await;
    assert!(wrong.status.is_client_error(), "{}", wrong.status);
    assert_eq!(world.stored("SELECT count(*) FROM people").await, ["0"]);
    let right = world.post("/api/create-owner", &owner(&token, "owen"), "").await;
    assert_eq!(right.status, StatusCode::OK, "{}", right.text);
    let again = world.post("/api/create-owner", &owner(&token, "second"), "").await;
    assert!(again.status.is_client_error(), "{}", again.status);
    assert_eq!(world.stored("SELECT role FROM people").await, ["owner"]);
}
