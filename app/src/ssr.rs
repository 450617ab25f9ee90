//! The server's side of a request. The server crate provides these contexts, for pages and for server functions alike:
//! [`lockstep::engine::Console`] and [`PeerIp`]; and `tower_sessions::Session` among the request's extensions.

pub mod upload;

use crate::error::{self, AppError};
use axum::http::{HeaderValue, StatusCode, header, request::Parts};
use futures::Stream;
use leptos::prelude::{expect_context, use_context};
use leptos_axum::ResponseOptions;
use lockstep::access::{Actor, PersonId};
use lockstep::engine::{self, Console, Viewer};
use lockstep::problem::{Problem, ProblemKind};
use lockstep::run::Event;
use std::net::IpAddr;
use std::sync::Arc;
use tower_sessions::Session;

/// Who asks, as far as the network tells: the peer, or what a trusted proxy says.
#[derive(Debug, Clone, Copy)]
pub struct PeerIp(pub IpAddr);

/// Seconds after which a failed try counts no more.
const FORGOTTEN_AFTER: &str = "600";

/// Under this key a session holds the id of its person.
pub const SESSION_PERSON: &str = "person";
/// Under this key a session holds the problem that the next page shows once: the answer to a form sent without JavaScript.
pub const SESSION_NOTICE: &str = "notice";
/// Where server functions are mounted.
pub const API: &str = "/api/";
/// Holds `light` or `dark`; absent for the system's own.
pub const THEME_COOKIE: &str = "theme";

pub fn console() -> Console {
    expect_context::<Console>()
}

pub fn peer_ip() -> IpAddr {
    expect_context::<PeerIp>().0
}

pub async fn session() -> Result<Session, Problem> {
    leptos_axum::extract::<Session>().await.map_err(|_| Problem::new(ProblemKind::Internal, "The session could not be read."))
}

/// The signed-in person as they are now; none without a good session.
pub async fn who() -> Result<Option<Actor>, Problem> {
    // A request that was given up takes its context with it while we wait.
    let (console, ip) = (console(), peer_ip());
    match session().await?.get::<PersonId>(SESSION_PERSON).await.map_err(session_failed)? {
        Some(person) => engine::actor(&console, person, ip).await,
        None => Ok(None),
    }
}

/// The signed-in person, or the refusal that sends the browser to the sign-in page.
pub async fn actor() -> Result<Actor, Problem> {
    who().await?.ok_or_else(|| Problem::new(ProblemKind::SignedOut, "You are not signed in."))
}

/// Opens a new session for the person: a session id from before signing in is worth nothing afterwards.
pub async fn remember(actor: &Actor) -> Result<(), Problem> {
    let session = session().await?;
    session.cycle_id().await.map_err(session_failed)?;
    session.insert(SESSION_PERSON, actor.id).await.map_err(session_failed)
}

/// Ends the session; its cookie opens nothing any more.
pub async fn forget() -> Result<(), Problem> {
    session().await?.flush().await.map_err(session_failed)
}

/// Takes the problem that the last form left for this page.
pub async fn notice() -> Result<Option<AppError>, Problem> {
    session().await?.remove(SESSION_NOTICE).await.map_err(session_failed)
}

fn session_failed(error: tower_sessions::session::Error) -> Problem {
    tracing::error!(%error, "session");
    Problem::new(ProblemKind::Internal, "The session could not be read or kept.")
}

/// Turns a use-case's answer into the server function's: sets the status, keeps faults of ours in the log under a reference, leads
/// who is not signed in to the sign-in page, and a form without JavaScript back to its page, which then shows the problem.
pub async fn answer<T>(result: Result<T, Problem>) -> Result<T, AppError> {
    answer_at(result, None).await
}

/// The same for a form whose page is shown again at `page`, filled in.
pub async fn answer_at<T>(result: Result<T, Problem>, page: Option<String>) -> Result<T, AppError> {
    match result {
        Ok(value) => Ok(value),
        Err(problem) => Err(refuse(problem, page).await),
    }
}

async fn refuse(problem: Problem, page: Option<String>) -> AppError {
    let kind = problem.kind;
    let mut refusal = AppError::from(problem);
    if kind == ProblemKind::Internal {
        refusal = hide(refusal);
    }
    set_status(error::status(kind));
    if let Some(response) = use_context::<ResponseOptions>().filter(|_| kind == ProblemKind::Throttled) {
        response.insert_header(header::RETRY_AFTER, HeaderValue::from_static(FORGOTTEN_AFTER));
    }
    let Some(parts) = use_context::<Parts>() else { return refusal };
    let back = if parts.uri.path().starts_with(API) { referer(&parts) } else { this_page(&parts) };
    if kind == ProblemKind::SignedOut {
        leptos_axum::redirect(&format!("/sign-in?next={}", encode(&back)));
    } else if is_plain_form(&parts) {
        if let Ok(session) = session().await
            && let Err(error) = session.insert(SESSION_NOTICE, &refusal).await
        {
            tracing::warn!(%error, "a notice was lost");
        }
        leptos_axum::redirect(&page.unwrap_or(back));
    }
    refusal
}

/// Of the answer that is being made, when one is.
pub fn set_status(status: u16) {
    if let (Some(response), Ok(status)) = (use_context::<ResponseOptions>(), StatusCode::from_u16(status)) {
        response.set_status(status);
    }
}

/// What failed inside stays inside: the person gets a reference to it.
fn hide(refusal: AppError) -> AppError {
    let reference = uuid::Uuid::now_v7().simple().to_string()[20..].to_owned();
    tracing::error!(%reference, problem = %refusal.problem, "a request failed");
    AppError { problem: refusal.problem, reference: Some(reference) }
}

fn is_plain_form(parts: &Parts) -> bool {
    parts.uri.path().starts_with(API) && header(parts, header::ACCEPT).contains("text/html")
}

fn header(parts: &Parts, name: header::HeaderName) -> &str {
    parts.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
}

fn this_page(parts: &Parts) -> String {
    same_site(parts.uri.path_and_query().map_or("/", |uri| uri.as_str()))
}

/// The page that a form or a call came from: only the path, so that it never leads off the site.
fn referer(parts: &Parts) -> String {
    let referer = header(parts, header::REFERER);
    let path = referer.split_once("://").and_then(|(_, rest)| rest.find('/').map(|at| &rest[at..]));
    same_site(path.unwrap_or("/"))
}

/// `path` when it is a path on this site, else the home page.
pub fn same_site(path: &str) -> String {
    let plain = path.starts_with('/') && !path[1..].starts_with(['/', '\\']);
    let printable = path.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'\\');
    if plain && printable && !path.to_ascii_lowercase().starts_with("/%2f") { path.to_owned() } else { "/".to_owned() }
}

/// Percent-encodes a path for use as a query value.
fn encode(path: &str) -> String {
    let mut encoded = String::with_capacity(path.len());
    for byte in path.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' | b'/' => encoded.push(byte.into()),
            _ => encoded.push_str(&format!("%{byte:02X}")),
        }
    }
    encoded
}

/// After a form: leads to `path` when it is on this site.
pub fn go(path: &str) {
    leptos_axum::redirect(&same_site(path));
}

/// After a form that stays on its page.
pub fn go_back() {
    if let Some(parts) = use_context::<Parts>()
        && is_plain_form(&parts)
    {
        leptos_axum::redirect(&referer(&parts));
    }
}

/// Says that there is no such page.
pub fn not_found() {
    if let Some(response) = use_context::<ResponseOptions>() {
        response.set_status(StatusCode::NOT_FOUND);
    }
}

/// The theme that the person chose: `light`, `dark`, or none for the system's own.
pub fn theme() -> Option<&'static str> {
    let parts = use_context::<Parts>()?;
    let cookies = header(&parts, header::COOKIE);
    let value = cookies.split(';').find_map(|cookie| cookie.trim().strip_prefix(THEME_COOKIE)?.strip_prefix('='))?;
    ["light", "dark"].into_iter().find(|theme| *theme == value)
}

/// Keeps the theme for a year, or forgets it.
pub fn keep_theme(theme: &str) {
    let cookie = match theme {
        "light" | "dark" => format!("{THEME_COOKIE}={theme}; Path=/; Max-Age=31536000; SameSite=Lax; HttpOnly"),
        _ => format!("{THEME_COOKIE}=; Path=/; Max-Age=0; SameSite=Lax; HttpOnly"),
    };
    if let (Some(response), Ok(value)) = (use_context::<ResponseOptions>(), HeaderValue::from_str(&cookie)) {
        response.append_header(header::SET_COOKIE, value);
    }
}

/// Does `work` for the signed-in person.
pub async fn run<T, Work, Done>(work: Work) -> Result<T, AppError>
where
    Work: FnOnce(Console, Actor) -> Done,
    Done: Future<Output = Result<T, Problem>>,
{
    let console = console();
    let result = match actor().await {
        Ok(actor) => work(console, actor).await,
        Err(problem) => Err(problem),
    };
    answer(result).await
}

/// The events of a run as they come, one JSON document per line; an empty line says that nothing happened and the console is still there.
pub fn run_lines(viewer: Viewer) -> impl Stream<Item = Result<Vec<u8>, AppError>> + Send {
    futures::stream::try_unfold(
        viewer,
        |mut viewer| async move { Ok(viewer.next().await?.map(|events| (lines(&events), viewer))) },
    )
}

fn lines(events: &[Arc<Event>]) -> Vec<u8> {
    let mut text = String::new();
    for event in events {
        text.push_str(&serde_json::to_string(event.as_ref()).unwrap_or_default());
        text.push('\n');
    }
    if text.is_empty() { b"\n".to_vec() } else { text.into_bytes() }
}
