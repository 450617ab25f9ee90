//! What can be taken away: the SQL and the evidence of a promotion, the history.

use axum::Json;
use axum::extract::{FromRef, FromRequestParts, Path, Query, RawQuery, State};
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::http::request::Parts;
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use lockstep::access::{Actor, PersonId};
use lockstep::engine::{self, Console};
use lockstep::problem::{Problem, ProblemKind};
use lockstep::promotion::{
    EnvironmentId, HistoryFilter, PromotionId, PromotionSummary, Proposal, ReleaseId, RowKind, RowsWanted,
};
use lockstep_app::ssr::{PeerIp, SESSION_PERSON};
use serde::Deserialize;
use tower_sessions::Session;
use uuid::Uuid;

/// A problem as an answer: its words, and nothing of the inside.
pub struct Refusal(Problem);

impl From<Problem> for Refusal {
    fn from(problem: Problem) -> Self {
        Self(problem)
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let Self(problem) = self;
        let status = StatusCode::from_u16(lockstep_app::error::status(problem.kind)).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        if problem.kind == ProblemKind::Internal {
            tracing::error!(%problem, "a download failed");
            return (status, "The console failed; the log says why.").into_response();
        }
        (status, problem.to_string()).into_response()
    }
}

/// Whoever asks is signed in.
pub struct SignedIn(Actor);

impl<S> FromRequestParts<S> for SignedIn
where
    S: Send + Sync,
    Console: FromRef<S>,
{
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Refusal> {
        let signed_out = || Problem::new(ProblemKind::SignedOut, "You are not signed in.");
        let (Some(session), Some(PeerIp(ip))) = (parts.extensions.get::<Session>(), parts.extensions.get::<PeerIp>()) else {
            return Err(signed_out().into());
        };
        let person = session.get::<PersonId>(SESSION_PERSON).await.map_err(|_| signed_out())?.ok_or_else(signed_out)?;
        Ok(Self(engine::actor(&Console::from_ref(state), person, *ip).await?.ok_or_else(signed_out)?))
    }
}

type Download = Result<Response, Refusal>;

pub async fn sql(State(console): State<Console>, SignedIn(actor): SignedIn, Path(id): Path<Uuid>) -> Download {
    let promotion = engine::promotion(&console, &actor, PromotionId(id)).await?.summary;
    let text = engine::promotion_sql(&console, &actor, PromotionId(id)).await?;
    Ok(file(&format!("{} to {}.sql", promotion.version, promotion.target), "application/sql; charset=utf-8", text))
}

pub async fn evidence(State(console): State<Console>, SignedIn(actor): SignedIn, Path(id): Path<Uuid>) -> Download {
    let text = engine::evidence(&console, &actor, PromotionId(id)).await?;
    Ok(file(&format!("evidence {id}.json"), "application/json", text))
}

/// The lookup rows of an environment as an archive.
pub async fn lookup_data(State(console): State<Console>, SignedIn(actor): SignedIn, Path(id): Path<Uuid>) -> Download {
    let (manifest, bytes) = engine::data::export_environment(&console, &actor, EnvironmentId(id)).await?;
    Ok(file(&format!("lookup data of {}.zip", manifest.source), "application/zip", bytes))
}

/// The changed rows of one lookup table of a promotion.
pub async fn rows(
    State(console): State<Console>,
    SignedIn(actor): SignedIn,
    Path(id): Path<Uuid>,
    Query(wanted): Query<RowsAsked>,
) -> Download {
    let text = engine::promotion_rows_csv(&console, &actor, PromotionId(id), &wanted.rows()).await?;
    Ok(file(&format!("{}.csv", wanted.table), "text/csv; charset=utf-8", text))
}

/// The same of a draft.
pub async fn draft_rows(
    State(console): State<Console>,
    SignedIn(actor): SignedIn,
    Path((release, target)): Path<(Uuid, Uuid)>,
    Query(wanted): Query<RowsAsked>,
    RawQuery(query): RawQuery,
) -> Download {
    let answers = |name: &str| -> Vec<String> {
        let pairs = url::form_urlencoded::parse(query.as_deref().unwrap_or_default().as_bytes());
        pairs.filter(|(key, _)| key == name).map(|(_, value)| value.into_owned()).collect()
    };
    let renames = answers("renamed").iter().map(|text| text.parse()).collect::<Result<_, Problem>>()?;
    let choices =
        answers("kept").iter().filter(|text| !text.is_empty()).map(|text| text.parse()).collect::<Result<_, Problem>>()?;
    let proposal = Proposal { release: ReleaseId(release), target: EnvironmentId(target), renames, choices };
    let text = engine::preview_rows_csv(&console, &actor, &proposal, &wanted.rows()).await?;
    Ok(file(&format!("{}.csv", wanted.table), "text/csv; charset=utf-8", text))
}

/// Which rows, as the address says it.
#[derive(Deserialize)]
pub struct RowsAsked {
    table: String,
    #[serde(default)]
    kind: String,
    #[serde(default)]
    search: String,
}

impl RowsAsked {
    fn rows(&self) -> RowsWanted {
        RowsWanted { table: self.table.clone(), kind: RowKind::parse(&self.kind), search: self.search.clone(), page: 0 }
    }
}

pub async fn history_json(State(console): State<Console>, SignedIn(actor): SignedIn) -> Download {
    let mut answer = Json(history(&console, &actor).await?).into_response();
    attach(&mut answer, "history.json");
    Ok(answer)
}

pub async fn history_csv(State(console): State<Console>, SignedIn(actor): SignedIn) -> Download {
    Ok(file("history.csv", "text/csv; charset=utf-8", csv(&history(&console, &actor).await?)))
}

/// All pages of it.
async fn history(console: &Console, actor: &Actor) -> Result<Vec<PromotionSummary>, Problem> {
    let mut filter = HistoryFilter::default();
    let mut all = Vec::new();
    loop {
        let page = engine::history(console, actor, &filter).await?;
        all.extend(page.items);
        filter.page += 1;
        if filter.page >= page.pages {
            return Ok(all);
        }
    }
}

fn csv(all: &[PromotionSummary]) -> String {
    let mut text = "promotion,version,from,to,requested by,requested at,state,schema changes,lookup rows\r\n".to_owned();
    for one in all {
        let cells = [
            one.id.0.to_string(),
            one.version.clone(),
            one.source.clone(),
            one.target.clone(),
            one.requested_by.clone(),
            one.requested_at.to_rfc3339_opts(chrono::SecondsFormat::Secs, true),
            one.state.label().to_owned(),
            one.schema_changes.to_string(),
            one.lookup_rows.to_string(),
        ];
        text.push_str(&engine::csv::line(cells.iter().map(|cell| Some(cell.as_str()))));
    }
    text
}

fn file(name: &str, kind: &'static str, content: impl IntoResponse) -> Response {
    let mut answer = content.into_response();
    answer.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(kind));
    attach(&mut answer, name);
    answer
}

fn attach(answer: &mut Response, name: &str) {
    if let Ok(value) = HeaderValue::from_str(&disposition(name)) {
        answer.headers_mut().insert(CONTENT_DISPOSITION, value);
    }
}

/// RFC 6266: a plain name for old browsers and the real one, percent-encoded, for all others. Neither can leave the folder or the header.
fn disposition(name: &str) -> String {
    let safe: String = name.chars().map(|c| if c.is_control() || matches!(c, '/' | '\\' | '"') { '-' } else { c }).collect();
    let safe = safe.trim_start_matches('.').to_owned();
    let plain: String = safe.chars().map(|c| if c.is_ascii() { c } else { '_' }).collect();
    let mut encoded = String::new();
    for byte in safe.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'.' | b'-' | b'_' | b'~' => encoded.push(byte.into()),
            _ => encoded.push_str(&format!("%{byte:02X}")),
        }
    }
    format!("attachment; filename=\"{plain}\"; filename*=UTF-8''{encoded}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_name_stays_in_its_header_and_its_folder() {
        assert_eq!(disposition("history.csv"), "attachment; filename=\"history.csv\"; filename*=UTF-8''history.csv");
        let evil = disposition("../../a\"b\r\nSet-Cookie: x.sql");
        assert!(!evil.contains("../") && !evil.contains('\r') && !evil.contains('\n'), "{evil}");
        assert_eq!(evil.matches('"').count(), 2);
        assert!(disposition("Größe.sql").contains("filename=\"Gr__e.sql\"; filename*=UTF-8''Gr%C3%B6%C3%9Fe.sql"));
    }
}
