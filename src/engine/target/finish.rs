//! What comes after the COMMIT of a promotion: statements that commit on their own, tried again and cleaned up one by one.

use super::alive::while_it_answers;
use super::apply::{Order, TRIES};
use super::session::{Session, Stop};
use super::{Cancel, Tell, Told, connect, introspect, session_name};
use crate::plan::Statement;
use crate::problem::{Problem, ProblemKind};
use std::time::Duration;

/// How the statements after the transaction ended.
#[derive(Debug, Clone, PartialEq)]
pub enum Finished {
    /// All are done, and the target is what the release says.
    Whole,
    /// These are not done; everything before them is, and stays.
    Left { what: Vec<String>, problem: Problem },
    /// The target does not answer; they can be taken up again.
    Unreachable { problem: Problem },
}

/// Does what is left after the transaction, and reads the target back. May be called again after an interruption.
pub async fn finish(order: &Order<'_>, tell: Tell<'_>, cancel: &Cancel) -> Finished {
    let statements: Vec<&Statement> = order.sealed.plan.after().collect();
    if statements.is_empty() {
        return Finished::Whole;
    }
    let mut done = 0;
    let finished = while_it_answers(order.url, None, remainder(order, tell, cancel, &statements, &mut done)).await;
    let problem = match finished.unwrap_or_else(|silent| Err(Stop::Failed(silent))) {
        Ok(()) => return Finished::Whole,
        Err(Stop::Failed(problem)) if problem.kind == ProblemKind::Unreachable => return Finished::Unreachable { problem },
        Err(Stop::Busy(problem) | Stop::Failed(problem)) => problem,
        Err(Stop::Cancelled) => Problem::new(ProblemKind::Conflict, "Somebody stopped the run after its COMMIT."),
    };
    Finished::Left { what: statements[done..].iter().map(|statement| statement.summary.clone()).collect(), problem }
}

async fn remainder(
    order: &Order<'_>,
    tell: Tell<'_>,
    cancel: &Cancel,
    statements: &[&Statement],
    done: &mut usize,
) -> Result<(), Stop> {
    let conn = connect::open(order.url, &session_name(order.run, order.fence, "finish")).await?;
    let mut session = Session::new(conn, order, tell, cancel).await?;
    session.claim().await?;
    for statement in statements {
        session.progress(*done as u64, statements.len() as u64, &statement.summary);
        session.settings_for(statement).await?;
        again_and_again(&mut session, statement).await?;
        *done += 1;
    }
    session.progress(*done as u64, *done as u64, "All statements after the transaction are done");
    let catalog = {
        let mut snapshot = connect::snapshot(&mut session.conn).await?;
        introspect::read(&mut snapshot, order.sealed.plan.scope).await?
    };
    match catalog.fingerprint() == order.sealed.plan.to {
        true => Ok(()),
        false => Err(Stop::Failed(
            Problem::new(ProblemKind::Conflict, format!("Read back, {} is not what the release says.", order.sealed.target))
                .because("Another session changed its schema after the transaction.")
                .way_out("Preview the release again: it shows what differs."),
        )),
    }
}

/// One statement outside a transaction. An attempt that fails leaves nothing behind.
async fn again_and_again(session: &mut Session<'_>, statement: &Statement) -> Result<(), Stop> {
    let cleanup = statement.outside.as_ref().and_then(|outside| outside.cleanup.as_deref());
    for round in 1.. {
        if session.is_done(statement.outside.as_ref()).await? {
            return Ok(());
        }
        clean_up(session, cleanup).await?;
        let problem = match session.alone(statement).await {
            Ok(()) => {
                session.tell(Told::Note(format!("Done for good: {}", statement.summary)));
                return Ok(());
            }
            Err(Stop::Busy(problem)) if round < TRIES => problem,
            Err(Stop::Cancelled) => return Err(Stop::Cancelled),
            Err(stop) => {
                clean_up(session, cleanup).await?;
                return Err(stop);
            }
        };
        session.tell(Told::Note(format!("{} Try {} of {TRIES} follows.", problem.cause, round + 1)));
        session.pause(Duration::from_millis(u64::from(200 * round))).await?;
    }
    Ok(())
}

async fn clean_up(session: &mut Session<'_>, cleanup: Option<&str>) -> Result<(), Stop> {
    match cleanup {
        Some(sql) => session.execute(sql, "Removes what an interrupted attempt left behind").await.map(|_| ()),
        None => Ok(()),
    }
}
