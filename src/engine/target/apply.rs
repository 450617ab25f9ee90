//! The one transaction that changes a target, and how an attempt at it ended.
//!
//! Everything is checked before the COMMIT: the target is read again under locks before the first statement, and read back after the last.
//! How it ended is never guessed: the ledger in the target decides, after every session of the run is gone.

use super::super::Result;
use super::super::sql_error::{explain, problem};
use super::connect::{self, TargetUrl};
use super::measure::Stopwatch;
use super::script::PRELUDE;
use super::session::{Session, Stop};
use super::verify::State;
use super::{Cancel, Tell, Told, ledger};
use crate::catalog::Fingerprint;
use crate::lookup::{LookupSet, dml};
use crate::plan::online::complete;
use crate::problem::{Problem, ProblemKind};
use crate::promotion::{Policy, PromotionId, Sealed, around_rows};
use crate::run::RunId;
use sqlx::PgConnection;
use std::time::Duration;

/// What is to be applied, where, and on whose behalf.
#[derive(Clone, Copy)]
pub struct Order<'a> {
    pub url: &'a TargetUrl,
    pub run: RunId,
    pub promotion: PromotionId,
    /// Of the sealed request.
    pub digest: &'a Fingerprint,
    /// The release's version label and notes.
    pub version: &'a str,
    pub notes: &'a str,
    /// Who started the run.
    pub by: &'a str,
    pub sealed: &'a Sealed,
    /// The lookup set of the release.
    pub set: &'a LookupSet,
    pub policy: &'a Policy,
    /// Measures a rehearsal; none for the target itself, which nothing is asked that need not be.
    pub stopwatch: Option<&'a Stopwatch>,
}

/// How an attempt to change the target ended.
#[derive(Debug, Clone, PartialEq)]
pub enum Applied {
    /// The target is what the release says, and its ledger says so.
    Committed,
    /// The ledger has this run already; nothing was done again.
    AlreadyThere,
    /// It failed, and the target was asked again: nothing of the run is in it.
    NothingChanged { problem: Problem },
    /// Somebody asked for it before the COMMIT; nothing was changed.
    Cancelled,
    /// Statements that run before the transaction are done and stay; what came after them failed.
    Partly { done: Vec<String>, problem: Problem },
    /// The target cannot be asked. Its ledger decides once it answers: `settle`.
    Unclear { problem: Problem },
}

/// How often the transaction, or a statement outside it, is begun again when another session holds a lock.
pub(super) const TRIES: u32 = 5;

/// Applies what is sealed. Reports while it works; stops before the COMMIT when asked to.
pub async fn apply(order: &Order<'_>, tell: Tell<'_>, cancel: &Cancel) -> Applied {
    let name = application(order.run);
    // Without a session nothing was asked of the target: there is nothing to be unclear about.
    let conn = match connect::open(order.url, &format!("{name}:apply")).await {
        Ok(conn) => conn,
        Err(problem) => return Applied::NothingChanged { problem },
    };
    let mut done = Vec::new();
    match attempt(conn, order, tell, cancel, &mut done).await {
        Ok(Done::Committed) => Applied::Committed,
        Ok(Done::AlreadyThere) => Applied::AlreadyThere,
        Err(stop) => conclude(order, stop, done).await,
    }
}

enum Done {
    Committed,
    AlreadyThere,
}

/// One attempt on one session, which ends with it: whatever is still open in it is rolled back by the server.
async fn attempt(
    conn: PgConnection,
    order: &Order<'_>,
    tell: Tell<'_>,
    cancel: &Cancel,
    done: &mut Vec<String>,
) -> std::result::Result<Done, Stop> {
    let mut session = Session::new(conn, order, tell, cancel).await?;
    if ledger::find(&mut session.conn, order.run).await?.is_some() {
        return Ok(Done::AlreadyThere);
    }
    session.claim().await?;
    let first = outside(&mut session, done).await?;
    for round in 1.. {
        match inside(&mut session, first.as_ref()).await {
            Ok(()) => break,
            Err(Stop::Busy(problem)) if round < TRIES => {
                tell(Told::Note(format!("{} Try {} of {TRIES} follows.", problem.cause, round + 1)));
                session.run("ROLLBACK").await?;
                session.pause(Duration::from_millis(u64::from(200 * round))).await?;
            }
            Err(stop) => return Err(stop),
        }
    }
    session.commit().await?;
    Ok(Done::Committed)
}

/// Statements that commit on their own before the transaction. Gives the target as it was before the first.
async fn outside(session: &mut Session<'_>, done: &mut Vec<String>) -> std::result::Result<Option<State>, Stop> {
    let order = session.order;
    if order.sealed.plan.before().next().is_none() {
        return Ok(None);
    }
    let mut snapshot = connect::snapshot(&mut session.conn).await?;
    let before = State::read(&mut snapshot, order.set, order.sealed.plan.scope).await?;
    drop(snapshot);
    if let Some(problem) = before.stale(order.sealed) {
        return Err(Stop::Failed(problem));
    }
    for statement in order.sealed.plan.before() {
        session.alone(statement).await?;
        session.tell(Told::Note(format!("Done for good, outside the transaction: {}", statement.summary)));
        done.push(statement.summary.clone());
    }
    Ok(Some(before))
}

/// The transaction up to its COMMIT.
async fn inside(session: &mut Session<'_>, first: Option<&State>) -> std::result::Result<(), Stop> {
    let order = session.order;
    session.begin().await?;
    session.lock_tables().await?;
    let before = State::read(&mut session.conn, order.set, order.sealed.plan.scope).await?;
    let stale = match first {
        None => before.stale(order.sealed),
        Some(first) => moved_on(first, &before, order),
    };
    if let Some(problem) = stale {
        return Err(Stop::Failed(problem));
    }
    for setting in PRELUDE {
        session.run(&setting.replacen("SET ", "SET LOCAL ", 1)).await?;
    }
    write(session).await?;
    session.tell(Told::Verifying);
    let mut after = State::read_back(&mut session.conn, order.set, order.sealed).await?;
    after.catalog = complete(after.catalog, &order.sealed.plan.later);
    if let Some(problem) = after.failed(&mut session.conn, order.set, order.sealed, &before).await? {
        return Err(Stop::Failed(problem));
    }
    session.settings().await?;
    let recording = |error: sqlx::Error| Stop::from_error("The ledger row could not be written.", &error);
    ledger::prepare(&mut session.conn).await.map_err(recording)?;
    ledger::record(&mut session.conn, order).await.map_err(recording)?;
    if let Some(note) = ledger::note_version(&mut session.conn, order).await.map_err(recording)? {
        session.tell(Told::Note(note));
    }
    Ok(())
}

/// Besides what the statements outside the transaction changed, the target must be as it was before them.
fn moved_on(first: &State, now: &State, order: &Order<'_>) -> Option<Problem> {
    let ours = |id: &crate::catalog::ObjectId| order.sealed.plan.before().any(|statement| statement.object == *id);
    let others = crate::diff::diff(&now.catalog, &first.catalog).iter().any(|change| !ours(&change.id));
    let rows = now.lookup != order.sealed.lookup_from;
    (others || rows).then(|| {
        Problem::new(ProblemKind::Conflict, format!("{} was changed while the promotion ran.", order.sealed.target))
            .because("Another session changed it between the statements outside the transaction and the transaction.")
            .way_out("Look at the new preview and request the rest of the promotion again.")
    })
}

/// All statements in their order: schema, rows, deferred checks, sequences.
async fn write(session: &mut Session<'_>) -> std::result::Result<(), Stop> {
    let sealed = session.order.sealed;
    let (first, last) = around_rows(&sealed.plan, &sealed.lookup);
    let rows = dml::statements(&sealed.lookup);
    let sequences = dml::sequences(&sealed.lookup);
    let total = (first.len() + rows.len() + last.len() + sequences.len()) as u64;
    let mut done = 0;
    for statement in first {
        session.step(&mut done, total, &statement.sql, &statement.summary).await?;
    }
    for statement in &rows {
        let touched = session.step(&mut done, total, &statement.sql, &statement.summary).await?;
        if let Some(wanted) = statement.rows.filter(|wanted| *wanted != touched) {
            return Err(Stop::Failed(
                Problem::new(
                    ProblemKind::Conflict,
                    format!("Rows of {} are not as they were approved.", statement.table.shown()),
                )
                .because(format!("A statement was to touch {wanted} rows and touched {touched}."))
                .way_out("Look for triggers or rules that change what is written, then request the promotion again."),
            ));
        }
    }
    for statement in last {
        session.step(&mut done, total, &statement.sql, &statement.summary).await?;
    }
    session.statement("SET CONSTRAINTS ALL IMMEDIATE", "Checks every constraint").await?;
    // A sequence is moved last and by ALTER SEQUENCE, not setval: the move is undone with everything else, and the lock that keeps others
    // from drawing numbers meanwhile is held for the read-back only.
    for statement in &sequences {
        session.step(&mut done, total, &statement.sql, &statement.summary).await?;
    }
    session.progress(total, total, "All statements are done");
    Ok(())
}

/// The beginning of the name of every session of a run.
pub(super) fn application(run: RunId) -> String {
    format!("lockstep:{}", run.0)
}

/// What is true after an attempt that did not end with a clear COMMIT.
async fn conclude(order: &Order<'_>, stop: Stop, done: Vec<String>) -> Applied {
    let (cancelled, problem) = match stop {
        Stop::Cancelled => (true, Problem::new(ProblemKind::Conflict, "The run was stopped before its COMMIT.")),
        Stop::Busy(problem) | Stop::Failed(problem) => (false, problem),
    };
    let found = match look(order).await {
        Ok(found) => found,
        Err(unreachable) => {
            let cause = format!("{} {} Whether the promotion happened is not known yet.", problem.what, unreachable.what);
            return Applied::Unclear { problem: Problem { cause, ..unreachable } };
        }
    };
    match found {
        Found::Applied => Applied::Committed,
        _ if !done.is_empty() => Applied::Partly { done, problem },
        Found::Before | Found::Else if cancelled => Applied::Cancelled,
        Found::Before => Applied::NothingChanged { problem },
        Found::Else if problem.kind == ProblemKind::Conflict => Applied::NothingChanged { problem },
        Found::Else => {
            let cause = format!("{} Meanwhile somebody else changed the target.", problem.cause).trim_start().to_owned();
            Applied::NothingChanged { problem: Problem { cause, ..problem } }
        }
    }
}

enum Found {
    /// The ledger has the run.
    Applied,
    /// It has not, and schema and lookup rows are exactly those that the request was made for.
    Before,
    /// It has not, and the target is otherwise.
    Else,
}

/// Ends what is left of the run in the target, then reads which way it went.
async fn look(order: &Order<'_>) -> Result<Found> {
    let mut conn = reach(order.url).await?;
    end_sessions(&mut conn, order.run).await?;
    let mut snapshot = connect::snapshot(&mut conn).await?;
    if ledger::find(&mut snapshot, order.run).await?.is_some() {
        return Ok(Found::Applied);
    }
    let state = State::read(&mut snapshot, order.set, order.sealed.plan.scope).await?;
    Ok(if state.is_before(order.sealed) { Found::Before } else { Found::Else })
}

/// A server that was restarted answers again after a moment.
async fn reach(url: &TargetUrl) -> Result<PgConnection> {
    let mut last = connect::open(url, "lockstep:look").await;
    for round in 1..=TRIES {
        if !last.as_ref().is_err_and(|problem| problem.kind == ProblemKind::Unreachable) {
            break;
        }
        tokio::time::sleep(Duration::from_millis(u64::from(400 * round))).await;
        last = connect::open(url, "lockstep:look").await;
    }
    last
}

/// After a crash or a lost connection: ends what is left of the run in the target and looks which way it went.
pub async fn settle(order: &Order<'_>) -> Applied {
    let outside = order.sealed.plan.before().next().is_some();
    let interrupted = Problem::new(ProblemKind::Conflict, "The run was interrupted before its COMMIT.")
        .way_out("Look at the new preview and request the promotion again.");
    match look(order).await {
        Err(problem) => Applied::Unclear { problem },
        Ok(Found::Applied) => Applied::AlreadyThere,
        Ok(Found::Before) => Applied::NothingChanged { problem: interrupted },
        Ok(Found::Else) if outside => Applied::Partly {
            done: vec!["Some of the statements that run outside the transaction".to_owned()],
            problem: interrupted,
        },
        Ok(Found::Else) => {
            Applied::NothingChanged { problem: interrupted.because("Meanwhile somebody else changed the target.") }
        }
    }
}

/// Ends the sessions that a run left in the target, and waits until they are gone. Gives their number.
pub async fn terminate_orphans(url: &TargetUrl, run: RunId) -> Result<u64> {
    let mut conn = connect::open(url, "lockstep:recover").await?;
    let ended = end_sessions(&mut conn, run).await?;
    connect::close(conn).await;
    Ok(ended)
}

async fn end_sessions(conn: &mut PgConnection, run: RunId) -> Result<u64> {
    const ENDING: &str = "The sessions that the run left in the target could not be ended.";
    const ROUNDS: u32 = 6;
    let mut ended = 0;
    for _ in 0..ROUNDS {
        let found: i64 = sqlx::query_scalar(include_str!("queries/orphans.sql"))
            .bind(application(run))
            .fetch_one(&mut *conn)
            .await
            .map_err(explain(ENDING))?;
        if found == 0 {
            return Ok(ended);
        }
        ended += found.unsigned_abs();
    }
    Err(Problem::new(ProblemKind::Unreachable, ENDING)
        .because("They do not end.")
        .way_out("End the sessions whose application_name starts with lockstep: on the server."))
}

impl Stop {
    /// What a driver's error means for the attempt.
    pub(super) fn from_error(what: &str, error: &sqlx::Error) -> Self {
        match super::super::sql_error::code(error).as_deref() {
            Some("55P03" | "40P01") => Self::Busy(problem(what, error)),
            _ => Self::Failed(problem(what, error)),
        }
    }
}
