//! Lookup data in files: out of one environment with the button, and into another with the form.

use super::{Answer, OWN, World, database, folder};
use axum::body::{Body, Bytes};
use axum::http::header::{ACCEPT, CONTENT_TYPE, COOKIE, HOST, LOCATION, ORIGIN, REFERER};
use axum::http::{Request, StatusCode};
use lockstep::access::{Actor, Role};
use lockstep::catalog::QName;
use lockstep::engine::{self, add_environment, edit_lookup_set};
use lockstep::lookup::{LookupSet, LookupTable, Mode};
use lockstep::promotion::{EnvironmentId, EnvironmentInput, Policy};
use lockstep_app::forms::LARGEST_ARCHIVE;
use sqlx::{Connection, PgConnection};

pub const PATH: &str = "/api/import-lookup-data";
const BOUNDARY: &str = "----lockstep-0123456789";

/// An environment with three fees, or one whose database is not there.
async fn environment(world: &World, name: &str, reachable: bool) -> EnvironmentId {
    let url = if reachable { database().await } else { "postgresql://me@127.0.0.1:1/none".to_owned() };
    if reachable {
        let mut session = PgConnection::connect(&url).await.unwrap();
        let fees =
            "CREATE TABLE fees (id int PRIMARY KEY, name text); INSERT INTO fees VALUES (1, 'low'), (2, 'high'), (3, 'new')";
        sqlx::raw_sql(fees).execute(&mut session).await.unwrap();
    }
    let file = folder(&format!("url-{}", uuid::Uuid::now_v7().simple()));
    engine::files::write_private(&file, url.as_bytes()).unwrap();
    let input = EnvironmentInput {
        name: name.to_owned(),
        label: name.to_owned(),
        connection: format!("file:{}", file.display()),
        policy: Policy::default(),
    };
    add_environment(&world.console, &Actor::command_line(), &input).await.unwrap()
}

/// Two environments, and the archive that the export of the first gives.
async fn exported(world: &World, cookie: &str) -> (EnvironmentId, Vec<u8>) {
    let from = environment(world, "development", true).await;
    let into = environment(world, "test", true).await;
    let set = LookupSet { tables: vec![LookupTable::new(QName::new("public", "fees"), Mode::Mirror)] };
    edit_lookup_set(&world.console, &Actor::command_line(), &set).await.unwrap();
    let file = world.get(&format!("/environments/{}/lookup-data.zip", from.0), cookie).await;
    assert_eq!((file.status, &file.headers[CONTENT_TYPE]), (StatusCode::OK, &"application/zip".parse().unwrap()));
    (into, file.bytes)
}

/// The body of the form, the file last.
fn body(target: EnvironmentId, version: &str, notes: &str, archive: &[u8]) -> Vec<u8> {
    let field =
        |name: &str, value: &str| format!("--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n");
    let mut all = field("target", &target.0.to_string()) + &field("version", version) + &field("notes", notes);
    all += &format!(
        "--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"archive\"; filename=\"fees.zip\"\r\nContent-Type: application/zip\r\n\r\n"
    );
    let mut all = all.into_bytes();
    all.extend_from_slice(archive);
    all.extend_from_slice(format!("\r\n--{BOUNDARY}--\r\n").as_bytes());
    all
}

/// As the page's own script sends it.
pub fn own_upload(cookie: &str, body: impl Into<Body>) -> Request<Body> {
    Request::post(PATH)
        .header(HOST, OWN)
        .header(ORIGIN, format!("http://{OWN}"))
        .header("sec-fetch-site", "same-origin")
        .header(CONTENT_TYPE, format!("multipart/form-data; boundary={BOUNDARY}"))
        .header(ACCEPT, "application/json")
        .header(COOKIE, cookie)
        .body(body.into())
        .unwrap()
}

/// A small form that names nothing.
pub fn small(cookie: &str) -> Request<Body> {
    own_upload(cookie, body(EnvironmentId(uuid::Uuid::nil()), "1", "", b"PK"))
}

/// A form whose file never seems to end; it is made while it is sent.
pub fn endless(cookie: &str, megabytes: usize) -> Request<Body> {
    let mut head = body(EnvironmentId(uuid::Uuid::nil()), "1", "", b"");
    head.truncate(head.len() - BOUNDARY.len() - 8);
    let zeros = Bytes::from(vec![0; 64 * 1024]);
    let pieces = std::iter::once(Bytes::from(head)).chain(std::iter::repeat_n(zeros, megabytes * 16));
    own_upload(cookie, Body::from_stream(futures::stream::iter(pieces.map(Ok::<_, std::io::Error>))))
}

/// As a browser without scripts sends it from the page.
async fn without_scripts(world: &World, cookie: &str, page: &str, mut request: Request<Body>) -> Answer {
    request.headers_mut().insert(ACCEPT, "text/html".parse().unwrap());
    request.headers_mut().insert(REFERER, format!("http://{OWN}{page}").parse().unwrap());
    let answer = world.send(request).await;
    assert!(answer.status.is_redirection(), "{}: {}", answer.status, answer.text);
    let next = answer.headers[LOCATION].to_str().unwrap().to_owned();
    let mut shown = world.get(&next, cookie).await;
    shown.text = format!("{next}\n{}", shown.text);
    shown
}

#[tokio::test]
async fn what_the_export_gives_becomes_a_release_with_its_preview() {
    let world = World::new().await;
    let cookie = world.cookie(Role::Admin).await;
    let (target, archive) = exported(&world, &cookie).await;
    let answer = world.send(own_upload(&cookie, body(target, "fees of November", "By hand", &archive))).await;
    let next = answer.headers[LOCATION].to_str().unwrap().to_owned();
    assert!(next.starts_with("/preview/") && next.ends_with(&target.0.to_string()), "{} {next}", answer.text);
    let preview = world.get(&next, &cookie).await;
    assert_eq!(preview.status, StatusCode::OK);
    assert!(preview.text.contains("Release fees of November into test"), "{}", preview.text);
    let kept = "SELECT concat_ws(' ', version, notes, lookup_rows, imported) FROM releases";
    assert_eq!(world.stored(kept).await, ["fees of November By hand 3 t"]);
    let page = format!("/environments/{}/import", target.0);
    let again = own_upload(&cookie, body(target, "fees of November", "By hand", &archive));
    let shown = without_scripts(&world, &cookie, &page, again).await;
    assert!(shown.text.starts_with(&next), "the same file under the same version is the same release: {}", shown.text);
}

#[tokio::test]
async fn what_is_wrong_is_said_on_the_page_and_what_was_typed_is_kept() {
    let world = World::new().await;
    let cookie = world.cookie(Role::Admin).await;
    let (target, archive) = exported(&world, &cookie).await;
    let lost = environment(&world, "lost", false).await;
    let frozen = format!("source={0}&target={0}&version=taken&notes=", target.0);
    let taken = world.post("/api/freeze", &frozen, &cookie).await;
    assert_eq!(taken.status, StatusCode::OK, "{}", taken.text);
    let mut damaged = archive.clone();
    let middle = damaged.len() / 2;
    damaged[middle] ^= 0x55;
    for (target, version, archive, why) in [
        (target, "1 &amp; 2", &damaged, "The archive is damaged, or somebody changed it."),
        (target, "1", &b"id,name".to_vec(), "The file is no archive of lookup data."),
        (target, "1", &Vec::new(), "No file was chosen, or it is empty."),
        (target, "", &archive, "The version cannot be used."),
        (target, "taken", &archive, "Version taken is already another release."),
        (target, "1", &vec![0; LARGEST_ARCHIVE + 1], "The file is larger than 64 MB."),
        (lost, "1", &archive, "The database none on 127.0.0.1:1 cannot be reached."),
    ] {
        let page = format!("/environments/{}/import", target.0);
        let plain = version.replace("&amp;", "&");
        let refused = world.send(own_upload(&cookie, body(target, &plain, "Read the \"notes\"", archive))).await;
        assert!(refused.status.is_client_error() || refused.status == StatusCode::BAD_GATEWAY, "{why}: {}", refused.status);
        assert!(refused.text.contains(why), "{why}: {}", refused.text);
        let form = own_upload(&cookie, body(target, &plain, "Read the \"notes\"", archive));
        let shown = without_scripts(&world, &cookie, &page, form).await;
        assert!(shown.text.starts_with(&page), "{why}: {}", shown.text);
        assert!(shown.text.contains(why), "{why}: {}", shown.text);
        assert!(shown.text.contains(&format!("value=\"{version}\"")), "{why}: {}", shown.text);
        assert!(shown.text.contains("Read the \"notes\"</textarea>"), "{why}: {}", shown.text);
    }
    assert_eq!(world.stored("SELECT version FROM releases").await, ["taken"]);
}

#[tokio::test]
async fn only_those_who_may_promote_bring_files_in() {
    let world = World::new().await;
    let owner = world.cookie(Role::Owner).await;
    let (target, archive) = exported(&world, &owner).await;
    let form = |cookie: &str| own_upload(cookie, body(target, "1", "", &archive));
    let nobody = world.send(form("")).await;
    assert_eq!(nobody.status, StatusCode::UNAUTHORIZED, "{}", nobody.text);
    let page = format!("/environments/{}/import", target.0);
    let door = without_scripts(&world, "", &page, form("")).await;
    assert!(door.text.starts_with("/sign-in?next=/environments/"), "{}", door.text);
    let auditor = world.cookie(Role::Auditor).await;
    let refused = world.send(form(&auditor)).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN, "{}", refused.text);
    let shown = without_scripts(&world, &auditor, &page, form(&auditor)).await;
    assert!(shown.text.contains("The role auditor may not do this"), "{}", shown.text);
    assert_eq!(world.stored("SELECT count(*) FROM releases").await, ["0"]);
    let told = "SELECT result FROM audit WHERE action = 'import lookup data' ORDER BY 1";
    assert_eq!(world.stored(told).await, vec!["refused: The role auditor may not do this: import lookup data."; 2]);
    let cookie = world.cookie(Role::Lead).await;
    let led = world.send(form(&cookie)).await;
    assert!(led.headers[LOCATION].to_str().unwrap().starts_with("/preview/"), "{}", led.text);
}
