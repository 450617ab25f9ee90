//! How an attempt at a target ended. It is never guessed: the ledger in the target decides, after every session of the run is gone.

use super::super::Result;
use super::super::sql_error::explain;
use super::alive::while_it_answers;
use super::apply::{Applied, Order, TRIES};
use super::connect::{self, TargetUrl};
use super::ledger;
use super::session::Stop;
use super::verify::State;
use crate::problem::{Problem, ProblemKind};
use crate::run::RunId;
use sqlx::PgConnection;
use std::time::{Duration, Instant};

/// A target that cannot be reached within this time is asked again later.
const REACHING: Duration = Duration::from_secs(8);

/// What is true after an attempt that did not end with a clear COMMIT.
pub(super) async fn conclude(order: &Order<'_>, stop: Stop, done: Vec<String>) -> Applied {
    let (cancelled, problem) = match stop {
        Stop::Cancelled => (true, Problem::new(ProblemKind::Conflict, "The run was stopped before its COMMIT.")),
        Stop::Busy(problem) | Stop::Failed(problem) => (false, problem),
    };
    let found = match asked(order).await {
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

/// As `look`, unless the target falls silent meanwhile.
async fn asked(order: &Order<'_>) -> Result<Found> {
    while_it_answers(order.url, None, look(order)).await?
}

/// Ends what is left of the run in the target, then reads which way it went.
async fn look(order: &Order<'_>) -> Result<Found> {
    let mut conn = reach(order.url).await?;
    end_sessions(&mut conn, order.run, order.fence).await?;
    let mut snapshot = connect::snapshot(&mut conn).await?;
    if ledger::find(&mut snapshot, order.run).await?.is_some() {
        return Ok(Found::Applied);
    }
    let state = State::read(&mut snapshot, order.set, order.sealed.plan.scope).await?;
    Ok(if state.is_before(order.sealed) { Found::Before } else { Found::Else })
}

/// A server that was restarted answers again after a moment. One that says nothing at all has had its time already.
async fn reach(url: &TargetUrl) -> Result<PgConnection> {
    let begun = Instant::now();
    let mut last = connect::open(url, "lockstep:look").await;
    for round in 1..=TRIES {
        let away = last.as_ref().is_err_and(|problem| problem.kind == ProblemKind::Unreachable);
        if !away || begun.elapsed() > REACHING {
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
    match asked(order).await {
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

/// Ends the sessions that claims of a run up to this one left in the target, and waits until they are gone. Gives their number.
pub async fn terminate_orphans(url: &TargetUrl, run: RunId, fence: i64) -> Result<u64> {
    let mut conn = connect::open(url, "lockstep:recover").await?;
    let ended = end_sessions(&mut conn, run, fence).await?;
    connect::close(conn).await;
    Ok(ended)
}

async fn end_sessions(conn: &mut PgConnection, run: RunId, fence: i64) -> Result<u64> {
    const ENDING: &str = "The sessions that the run left in the target could not be ended.";
    const ROUNDS: u32 = 6;
    let mut ended = 0;
    for _ in 0..ROUNDS {
        let found: i64 = sqlx::query_scalar(include_str!("queries/orphans.sql"))
            .bind(run.0.to_string())
            .bind(fence)
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
