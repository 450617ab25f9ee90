//! The one transaction that changes a target, and how an attempt at it ended.
//!
//! Everything is checked before the COMMIT: the target is read again under locks before the first statement, and read back after the last.

use super::super::sql_error::problem;
use super::alive::while_it_answers;
use super::connect::{self, TargetUrl};
use super::measure::Stopwatch;
use super::restore::{self, Source};
use super::script::PRELUDE;
use super::session::{Session, Stop};
use super::settle::conclude;
use super::verify::State;
use super::{Cancel, Tell, Told, ledger, session_name};
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
    /// Which claim of the run this is: a later one ends the sessions of an earlier one, never the other way round.
    pub fence: i64,
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
    /// The backup that takes the place of everything; none where statements make the change.
    pub restore: Option<&'a Source>,
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

pub use super::settle::{settle, terminate_orphans};

/// How often the transaction, or a statement outside it, is begun again when another session holds a lock.
pub(super) const TRIES: u32 = 5;

/// Applies what is sealed. Reports while it works; stops before the COMMIT when asked to.
pub async fn apply(order: &Order<'_>, tell: Tell<'_>, cancel: &Cancel) -> Applied {
    let name = session_name(order.run, order.fence, "apply");
    // Without a session nothing was asked of the target: there is nothing to be unclear about.
    let conn = match connect::open(order.url, &name).await {
        Ok(conn) => conn,
        Err(problem) => return Applied::NothingChanged { problem },
    };
    let mut done = Vec::new();
    let attempted = while_it_answers(order.url, Some(&name), attempt(conn, order, tell, cancel, &mut done)).await;
    match attempted.unwrap_or_else(|silent| Err(Stop::Failed(silent))) {
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
) -> Result<Done, Stop> {
    let mut session = Session::new(conn, order, tell, cancel).await?;
    if ledger::find(&mut session.conn, order.run).await?.is_some() {
        return Ok(Done::AlreadyThere);
    }
    session.claim().await?;
    let first = outside(&mut session, done).await?;
    for round in 1.. {
        match Box::pin(inside(&mut session, first.as_ref())).await {
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
async fn outside(session: &mut Session<'_>, done: &mut Vec<String>) -> Result<Option<State>, Stop> {
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
async fn inside(session: &mut Session<'_>, first: Option<&State>) -> Result<(), Stop> {
    let order = session.order;
    session.begin().await?;
    let drops = match order.restore {
        None => session.lock_tables().await.map(|()| Vec::new())?,
        Some(source) => restore::lock(session, source).await?,
    };
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
    match order.restore {
        None => write(session).await?,
        Some(source) => restore::write(session, source, &drops, &before.catalog).await?,
    }
    session.tell(Told::Verifying);
    let mut after = State::read_back(&mut session.conn, order.set, order.sealed).await?;
    after.catalog = complete(after.catalog, &order.sealed.plan.later);
    if let Some(problem) = after.failed(&mut session.conn, order.set, order.sealed, &before).await? {
        return Err(Stop::Failed(problem));
    }
    if let Some(source) = order.restore
        && let Some(problem) = restore::differs(session, source, &after.catalog).await?
    {
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
async fn write(session: &mut Session<'_>) -> Result<(), Stop> {
    let sealed = session.order.sealed;
    let (first, last) = around_rows(&sealed.plan, &sealed.lookup);
    let rows = || dml::statements(&sealed.lookup);
    let sequences = dml::sequences(&sealed.lookup);
    let total = (first.len() + rows().count() + last.len() + sequences.len()) as u64;
    let mut done = 0;
    for statement in first {
        session.step(&mut done, total, &statement.sql, &statement.summary).await?;
    }
    for statement in rows() {
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

impl Stop {
    /// What a driver's error means for the attempt.
    pub(super) fn from_error(what: &str, error: &sqlx::Error) -> Self {
        match super::super::sql_error::code(error).as_deref() {
            Some("55P03" | "40P01") => Self::Busy(problem(what, error)),
            _ => Self::Failed(problem(what, error)),
        }
    }
}
