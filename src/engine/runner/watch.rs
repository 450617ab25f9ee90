//! Beside the steps of a run: keeps the lease, and passes on the wish to stop.

use super::journal::Journal;
use crate::engine::Result;
use crate::engine::store::{commit, runs, wake};
use crate::engine::target::Canceller;
use crate::problem::{Problem, ProblemKind};
use std::sync::OnceLock;
use std::time::{Duration, Instant};
use tokio::sync::watch;

/// Why a run was asked to stop.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Why {
    /// Somebody pressed the button: the run ends.
    Person,
    /// The console stops: the run is taken up again.
    Shutdown,
}

/// A stop lets a run go on this long before it asks it to roll back.
const PATIENCE: Duration = Duration::from_secs(20);

/// Returns only when the run is lost to another console.
pub(super) async fn watch(
    journal: &Journal,
    canceller: &Canceller,
    why: &OnceLock<Why>,
    mut stopping: watch::Receiver<bool>,
) -> Problem {
    let mut hints = journal.console.wake().subscribe();
    let mut held = Instant::now();
    let mut stop_at: Option<Instant> = None;
    let mut gate = canceller.gate();
    let mut leave = None;
    loop {
        tokio::select! {
            Some(asked) = gate.recv() => leave = Some(asked),
            () = wake::wait(&mut hints, Some(journal.claimed.run)) => {}
            changed = stopping.changed(), if stop_at.is_none() => {
                // A runner that was killed drops the sender; then nobody waits for us either.
                stop_at = changed.is_ok().then(|| Instant::now() + PATIENCE);
            }
        }
        if stop_at.is_some_and(|at| at <= Instant::now()) && why.set(Why::Shutdown).is_ok() {
            canceller.cancel();
        }
        match look(journal, leave.is_some() || held.elapsed() >= journal.console.lease() / 3).await {
            Ok(look) => {
                if look.held {
                    held = Instant::now();
                }
                if look.cancelled && why.set(Why::Person).is_ok() {
                    canceller.cancel();
                }
                // Whoever takes a run over ends its sessions first. A session that was opened only afterwards gets no leave any more.
                if let Some(leave) = leave.take().filter(|_| why.get().is_none()) {
                    leave.give();
                }
            }
            Err(problem) if problem.kind == ProblemKind::Conflict => return problem,
            // The store is away: the steps go on but for a COMMIT, which waits for it.
            Err(problem) => tracing::warn!(%problem, "the store could not be asked about a run"),
        }
    }
}

struct Look {
    held: bool,
    cancelled: bool,
}

async fn look(journal: &Journal, hold: bool) -> Result<Look> {
    let mut tx = journal.console.begin().await?;
    if hold {
        runs::hold(&mut tx, &journal.claimed, journal.console.lease()).await?;
    }
    let cancelled = runs::cancelled_by(&mut tx, journal.claimed.run).await?.is_some();
    commit(tx).await?;
    Ok(Look { held: hold, cancelled })
}
