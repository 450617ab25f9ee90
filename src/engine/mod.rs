//! The use-cases: everything a page, the command line or a script may ask for. The actor is the first argument after the
//! console; who may do what is decided here and nowhere else.

pub mod private_pg;
pub mod store;
pub mod target;

use crate::access::{Actor, PersonId, Role};
use crate::problem::{Problem, ProblemKind};
use crate::promotion::{
    AuditEntry, Decision, DraftPreview, EnvironmentId, HistoryFilter, LookupPage, Page, Pipeline, PromotionDetail, PromotionId,
    PromotionSummary, ReleaseId, ReleaseSummary,
};
use crate::run::{Event, RunId};
use std::net::IpAddr;
use std::path::PathBuf;

pub type Result<T> = std::result::Result<T, Problem>;

/// An open console: its store, its directories, its way to wake waiting viewers and the runner.
#[derive(Clone)]
pub struct Console {
    pub backup_dir: PathBuf,
}

fn unbuilt<T>() -> Result<T> {
    Err(Problem::new(ProblemKind::Unsupported, "This is not built yet."))
}

/// True while there is no person at all: the first-run page asks for the one-time token and creates the owner.
pub async fn first_run(_console: &Console) -> Result<bool> {
    unbuilt()
}

/// Creates the owner; `token` was printed when the console started.
pub async fn create_owner(_console: &Console, _token: &str, _name: &str, _email: &str, _password: &str) -> Result<Actor> {
    unbuilt()
}

/// Environments that DEV_DATABASE_URL, TEST_DATABASE_URL and DATABASE_URL offer, and that are not set up yet.
pub async fn offered_environments(_console: &Console, _actor: &Actor) -> Result<Vec<String>> {
    unbuilt()
}

pub async fn sign_in(_console: &Console, _email: &str, _password: &str, _ip: IpAddr) -> Result<Actor> {
    unbuilt()
}

/// The person behind a session, as they are now: a changed role counts at once, a disabled person is none.
pub async fn actor(_console: &Console, _person: PersonId) -> Result<Option<Actor>> {
    unbuilt()
}

/// Writes the audit row of a sign-out.
pub async fn sign_out(_console: &Console, _actor: &Actor) -> Result<()> {
    unbuilt()
}

pub async fn add_person(
    _console: &Console,
    _actor: &Actor,
    _name: &str,
    _email: &str,
    _role: Role,
    _password: &str,
) -> Result<PersonId> {
    unbuilt()
}

pub async fn pipeline(_console: &Console, _actor: &Actor) -> Result<Pipeline> {
    unbuilt()
}

/// Newest first; `target` keeps those that may go into that environment now.
pub async fn releases(_console: &Console, _actor: &Actor, _target: Option<EnvironmentId>) -> Result<Vec<ReleaseSummary>> {
    unbuilt()
}

/// Reads the source in one snapshot and keeps it. The same content under the same version is the same release.
pub async fn freeze(
    _console: &Console,
    _actor: &Actor,
    _source: EnvironmentId,
    _version: &str,
    _notes: &str,
) -> Result<ReleaseSummary> {
    unbuilt()
}

/// Reads the target and says what the promotion would do. Nothing is stored.
pub async fn preview(_console: &Console, _actor: &Actor, _release: ReleaseId, _target: EnvironmentId) -> Result<DraftPreview> {
    unbuilt()
}

/// One page of changed lookup rows of a draft.
pub async fn preview_lookup(
    _console: &Console,
    _actor: &Actor,
    _release: ReleaseId,
    _target: EnvironmentId,
    _table: &str,
    _page: u64,
) -> Result<LookupPage> {
    unbuilt()
}

/// Seals the preview that has `digest`; refused when the target or the policy has moved on since it was shown.
pub async fn request(
    _console: &Console,
    _actor: &Actor,
    _release: ReleaseId,
    _target: EnvironmentId,
    _digest: &str,
    _confirmed: &[String],
    _notes: &str,
) -> Result<PromotionId> {
    unbuilt()
}

pub async fn promotion(_console: &Console, _actor: &Actor, _promotion: PromotionId) -> Result<PromotionDetail> {
    unbuilt()
}

pub async fn promotion_lookup(
    _console: &Console,
    _actor: &Actor,
    _promotion: PromotionId,
    _table: &str,
    _page: u64,
) -> Result<LookupPage> {
    unbuilt()
}

/// The plan's SQL and the lookup statements, as one runnable script.
pub async fn promotion_sql(_console: &Console, _actor: &Actor, _promotion: PromotionId) -> Result<String> {
    unbuilt()
}

/// One file with everything an auditor needs, as JSON.
pub async fn evidence(_console: &Console, _actor: &Actor, _promotion: PromotionId) -> Result<String> {
    unbuilt()
}

/// Promotions that wait for this person's decision.
pub async fn inbox(_console: &Console, _actor: &Actor) -> Result<Vec<PromotionSummary>> {
    unbuilt()
}

/// Approves or rejects what has `digest`. A reject needs a comment; approving into a protected environment needs its name typed.
pub async fn decide(
    _console: &Console,
    _actor: &Actor,
    _promotion: PromotionId,
    _digest: &str,
    _decision: Decision,
    _comment: &str,
    _typed_name: &str,
) -> Result<()> {
    unbuilt()
}

/// Hands an approved promotion to the runner. Asking twice gives the same run.
pub async fn start_run(_console: &Console, _actor: &Actor, _promotion: PromotionId) -> Result<RunId> {
    unbuilt()
}

/// Withdraws a request, or asks a run to stop: before COMMIT nothing is changed, afterwards it is refused.
pub async fn cancel(_console: &Console, _actor: &Actor, _promotion: PromotionId) -> Result<()> {
    unbuilt()
}

/// The stored events after `after`, in order.
pub async fn run_events(_console: &Console, _actor: &Actor, _run: RunId, _after: i64) -> Result<Vec<Event>> {
    unbuilt()
}

/// Returns when the run may have new events, or after a while: a hint, never the data.
pub async fn run_changed(_console: &Console, _run: RunId) {}

pub async fn history(_console: &Console, _actor: &Actor, _filter: &HistoryFilter) -> Result<Page<PromotionSummary>> {
    unbuilt()
}

pub async fn audit(_console: &Console, _actor: &Actor, _page: u64) -> Result<Page<AuditEntry>> {
    unbuilt()
}

/// Recomputes the hash chain; the text says how many rows hold, or which row was altered.
pub async fn verify_audit(_console: &Console, _actor: &Actor) -> Result<String> {
    unbuilt()
}
