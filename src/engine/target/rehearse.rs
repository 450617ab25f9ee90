//! The rehearsal: the whole promotion, by the very code that will change the target, on a scratch database restored from the fresh backup.

use super::super::Result;
use super::apply::{self, Applied};
use super::backup::drill::restore_and_compare;
use super::backup::scratch::{self, Ownership};
use super::backup::{self, Manifest};
use super::connect::{self, TargetUrl};
use super::finish::{Finished, finish};
use super::measure::Stopwatch;
use super::{Cancel, Tell, Told, introspect};
use crate::diff::words::number;
use crate::problem::{Problem, ProblemKind};
use std::path::Path;
use std::time::Instant;

/// Carries out `real` on what `archive` restores to, and tells what was measured. Whatever comes of it, the scratch database is gone
/// afterwards; after a crash, `scratch::left` finds it.
pub async fn rehearse(
    order: &backup::Order<'_>,
    archive: &Path,
    manifest: &Manifest,
    real: &apply::Order<'_>,
    tell: Tell<'_>,
    cancel: &Cancel,
) -> Result<()> {
    let url = scratch::url(order.url, real.run);
    tell(Told::Note(format!("Restoring the backup into the scratch database {}", url.database())));
    let rehearsed = tokio::select! {
        biased;
        () = cancel.wait() => Err(stopped()),
        rehearsed = restored_and_applied(order, &url, archive, manifest, real, tell, cancel) => rehearsed,
    };
    let removed = scratch::remove(order.url, &url).await;
    let lines = rehearsed.and_then(|lines| removed.map(|()| lines))?;
    lines.into_iter().for_each(|line| tell(Told::Note(line)));
    Ok(())
}

async fn restored_and_applied(
    order: &backup::Order<'_>,
    url: &TargetUrl,
    archive: &Path,
    manifest: &Manifest,
    real: &apply::Order<'_>,
    tell: Tell<'_>,
    cancel: &Cancel,
) -> Result<Vec<String>> {
    let ownership = if real.sealed.plan.scope.privileges { Ownership::AsBackedUp } else { Ownership::User };
    if let Some(complaint) = restore_and_compare(order, url, archive, manifest, ownership).await? {
        other_rights(url, real, &complaint).await?;
        tell(Told::Note(format!("What was restored is complete, though {complaint}")));
    }
    let tables = number(manifest.rows.len() as u64);
    tell(Told::Note(format!(
        "The backup was restored: its schema and the rows of {tables} tables are what was backed up. The promotion is rehearsed on them."
    )));
    let stopwatch = Stopwatch::default();
    let begun = Instant::now();
    carried_out(&apply::Order { url, stopwatch: Some(&stopwatch), ..*real }, tell, cancel).await?;
    Ok(stopwatch.words(begun.elapsed()))
}

/// Owners that the user may not set leave other privileges than those that the plan starts from.
async fn other_rights(url: &TargetUrl, real: &apply::Order<'_>, complaint: &str) -> Result<()> {
    let mut conn = connect::open(url, "lockstep:scratch").await?;
    let catalog = introspect::read(&mut conn, real.sealed.plan.scope).await?;
    connect::close(conn).await;
    if catalog.fingerprint() == real.sealed.plan.from {
        return Ok(());
    }
    let what = format!("The privileges of {} cannot be rehearsed.", real.sealed.target);
    Err(Problem::new(ProblemKind::Forbidden, what)
        .because(format!("The scratch database could not be given the same owners and privileges: {complaint}"))
        .way_out("Nothing was changed. Give the user what is missing there, or take the rehearsal out of the policy."))
}

/// Everything that a run does to its target, and nothing else.
async fn carried_out(order: &apply::Order<'_>, tell: Tell<'_>, cancel: &Cancel) -> Result<()> {
    let told = |told| {
        tell(match told {
            Told::Verifying => Told::Note("Reading back what came of it.".to_owned()),
            other => other,
        });
    };
    match apply::apply(order, &told, cancel).await {
        Applied::Committed | Applied::AlreadyThere => {}
        Applied::Cancelled => return Err(stopped()),
        Applied::NothingChanged { problem } | Applied::Partly { problem, .. } | Applied::Unclear { problem } => {
            return Err(failed(problem));
        }
    }
    match finish(order, &told, cancel).await {
        Finished::Whole => Ok(()),
        Finished::Left { problem, .. } | Finished::Unreachable { problem } => Err(failed(problem)),
    }
}

fn failed(problem: Problem) -> Problem {
    Problem { what: format!("The rehearsal failed, and the target was not touched. {}", problem.what), ..problem }
}

fn stopped() -> Problem {
    Problem::new(ProblemKind::Conflict, "The rehearsal was stopped.").because("Somebody asked for it; nothing of it is left.")
}
