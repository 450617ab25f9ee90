//! Who may call what: every server function against every role. A function that is not in the table fails the test.

use super::World;
use axum::http::StatusCode;
use leptos::server_fn::axum::server_fn_paths;
use lockstep::access::Role;

/// Who gets past the door; what is behind it may still say that there is no such thing.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Who {
    Everybody,
    AtLeast(Role),
    /// Has rules of its own, tested in `sign_in`.
    Door,
}

const NONE: &str = "00000000-0000-7000-8000-000000000000";

/// Path below `/api/`, a form that can be read, and who may send it. `?` stands for an id that nothing has.
const FUNCTIONS: &[(&str, &str, Who)] = &[
    ("frame", "", Who::Everybody),
    ("is-first-run", "", Who::Everybody),
    ("missing", "", Who::Everybody),
    ("theme", "theme=dark", Who::Everybody),
    ("create-owner", "token=x&name=x&email=x&password=x", Who::Door),
    ("sign-in", "email=x&password=x", Who::Door),
    ("sign-out", "", Who::Door),
    ("change-password", "old=x&new=x", Who::Door),
    ("pipeline", "", Who::AtLeast(Role::Auditor)),
    ("pairs", "", Who::AtLeast(Role::Auditor)),
    ("releases", "target=?", Who::AtLeast(Role::Auditor)),
    ("promotion", "promotion=?", Who::AtLeast(Role::Auditor)),
    ("promotion-lookup", "promotion=?&wanted[table]=public.t", Who::AtLeast(Role::Auditor)),
    ("promotion-sql", "promotion=?", Who::AtLeast(Role::Auditor)),
    ("inbox", "", Who::AtLeast(Role::Auditor)),
    ("run", "promotion=?", Who::AtLeast(Role::Auditor)),
    ("history", "filter[target]=&filter[outcome]=&filter[text]=&filter[page]=0", Who::AtLeast(Role::Auditor)),
    ("audit", "page=0", Who::AtLeast(Role::Auditor)),
    ("verify-audit", "", Who::AtLeast(Role::Auditor)),
    ("environments", "", Who::AtLeast(Role::Auditor)),
    ("lookup-set", "", Who::AtLeast(Role::Auditor)),
    ("freeze", "source=?&target=?&version=1&notes=", Who::AtLeast(Role::Admin)),
    ("preview", "proposal[release]=?&proposal[target]=?", Who::AtLeast(Role::Admin)),
    ("preview-lookup", "proposal[release]=?&proposal[target]=?&wanted[table]=public.t", Who::AtLeast(Role::Admin)),
    ("request", "release=?&target=?&digest=x", Who::AtLeast(Role::Admin)),
    ("decide", "promotion=?&digest=x&decision=approve", Who::AtLeast(Role::Admin)),
    ("start-run", "promotion=?", Who::AtLeast(Role::Admin)),
    ("cancel", "promotion=?", Who::AtLeast(Role::Admin)),
    ("in-database", "promotion=?", Who::AtLeast(Role::Auditor)),
    ("settle", "promotion=?&note=Seen.", Who::AtLeast(Role::Lead)),
    ("undo-promotion", "promotion=?&version=1", Who::AtLeast(Role::Admin)),
    ("restore-promotion", "promotion=?&version=1", Who::AtLeast(Role::Admin)),
    ("undo-rows", "promotion=?&rows[0]=public.t&version=1", Who::AtLeast(Role::Admin)),
    ("people", "", Who::AtLeast(Role::Owner)),
    ("add-person", "name=x&email=x&role=owner&password=x", Who::AtLeast(Role::Owner)),
    ("change-role", "person=?&role=owner", Who::AtLeast(Role::Owner)),
    ("disable-person", "person=?", Who::AtLeast(Role::Owner)),
    ("enable-person", "person=?", Who::AtLeast(Role::Owner)),
    ("add-environment", ENVIRONMENT, Who::AtLeast(Role::Owner)),
    ("edit-environment", EDITED, Who::AtLeast(Role::Owner)),
    ("remove-environment", "id=?", Who::AtLeast(Role::Owner)),
    ("test-connection", "reference=env:NOT_SET", Who::AtLeast(Role::Owner)),
    ("offered-environments", "", Who::AtLeast(Role::Owner)),
    ("accept-offered-environments", "", Who::AtLeast(Role::Owner)),
    ("edit-lookup-set", "", Who::AtLeast(Role::Owner)),
];

const ENVIRONMENT: &str = "input[name]=x&input[label]=X&input[connection]=env:NOT_SET&input[approvals]=1&input[lock_timeout_s]=5&input[statement_timeout_s]=60";
const EDITED: &str = "id=?&input[name]=x&input[label]=X&input[connection]=env:NOT_SET&input[approvals]=1&input[lock_timeout_s]=5&input[statement_timeout_s]=60";

/// Answers with a stream; it asks like the others before it begins.
const STREAM: &str = "run-stream";

/// Takes a file; for admins and above, see `imports`.
const FILE: &str = "import-lookup-data";

#[tokio::test]
async fn every_function_lets_in_exactly_those_who_may() {
    let world = World::new().await;
    let listed: Vec<&str> = FUNCTIONS.iter().map(|(name, ..)| *name).chain([STREAM, FILE]).collect();
    for (path, _) in server_fn_paths() {
        assert!(listed.contains(&path.trim_start_matches("/api/")), "{path} is in no table");
    }
    let mut cookies = Vec::new();
    for role in Role::ALL {
        cookies.push((role, world.cookie(role).await));
    }
    for (name, form, who) in FUNCTIONS.iter().filter(|(_, _, who)| *who != Who::Door) {
        let (path, form) = (format!("/api/{name}"), form.replace('?', NONE));
        let refused = |status: StatusCode| [StatusCode::UNAUTHORIZED, StatusCode::FORBIDDEN].contains(&status);
        let anonymous = world.post(&path, &form, "").await;
        assert_eq!(
            refused(anonymous.status),
            *who != Who::Everybody,
            "{name} for nobody: {} {}",
            anonymous.status,
            anonymous.text
        );
        for (role, cookie) in &cookies {
            let answer = world.post(&path, &form, cookie).await;
            let may = match who {
                Who::AtLeast(least) => role >= least,
                _ => true,
            };
            assert_eq!(refused(answer.status), !may, "{name} for {}: {} {}", role.label(), answer.status, answer.text);
            assert!(!answer.status.is_server_error(), "{name} for {}: {} {}", role.label(), answer.status, answer.text);
        }
    }
    for (role, cookie) in &cookies {
        let answer = world.send(super::imports::small(cookie)).await;
        let refused = answer.status == StatusCode::FORBIDDEN;
        assert_eq!(refused, *role < Role::Admin, "{FILE} for {}: {} {}", role.label(), answer.status, answer.text);
        assert!(!answer.status.is_server_error(), "{FILE} for {}: {} {}", role.label(), answer.status, answer.text);
    }
    let answer = world.post(&format!("/api/{STREAM}"), &format!("run={NONE}&after=0"), "").await;
    assert_eq!(answer.status, StatusCode::UNAUTHORIZED);
}

const IMPORT: &str = "/environments/00000000-0000-7000-8000-000000000000/import";

#[tokio::test]
async fn pages_and_downloads_lead_strangers_to_the_door() {
    let world = World::new().await;
    for path in ["/", "/promote", "/approvals", "/history", "/audit", "/people", "/environments", "/password", IMPORT] {
        let answer = world.get(path, "").await;
        assert!(answer.status.is_redirection(), "{path}: {}", answer.status);
        assert!(answer.headers["location"].to_str().unwrap().starts_with("/sign-in?next="), "{path}");
    }
    let promotion = ["sql", "evidence", "rows.csv?table=t"].map(|file| format!("/promotions/{NONE}/{file}"));
    let draft = format!("/preview/{NONE}/{NONE}/rows.csv?table=t");
    let data = format!("/environments/{NONE}/lookup-data.zip");
    for path in promotion.iter().chain([&draft, &data]).map(String::as_str).chain(["/history.csv", "/history.json"]) {
        let answer = world.get(path, "").await;
        assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{path}: {}", answer.text);
    }
}

#[tokio::test]
async fn a_field_that_no_form_has_is_refused() {
    let world = World::new().await;
    let owner = world.cookie(Role::Owner).await;
    let form = format!("{ENVIRONMENT}&input[version]=7");
    let answer = world.post("/api/add-environment", &form, &owner).await;
    assert!(answer.status.is_client_error() || answer.status.is_server_error(), "{}", answer.status);
    assert_eq!(world.stored("SELECT count(*) FROM environments").await, ["0"]);
}
