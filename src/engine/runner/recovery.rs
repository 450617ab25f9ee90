//! Taking up a run that another process, or this one before a restart, has begun.

use super::execution::{Execution, Halt, Job, Steps, failed};
use crate::engine::target::Cancel;
use crate::engine::target::apply::{self, Applied};
use crate::problem::{Problem, ProblemKind};
use crate::run::{EventKind, Step};
use std::time::Duration;

/// A run that is interrupted again and again is probably what interrupts.
const MOST_CLAIMS: i64 = 5;

/// One that is interrupted even while it is looked at is not looked at any more.
pub(super) const MOST_LOOKS: i64 = 2 * MOST_CLAIMS;

/// How long to wait between two looks at a target that does not answer, and how often to look: about ten minutes in all.
const PAUSE: Duration = Duration::from_secs(10);
pub(super) const LOOKS: u32 = 60;

impl Execution {
    /// True when the change happened; false when nothing was changed and the run starts over.
    pub async fn recover(&self, job: &Job, begun: bool, cancel: &Cancel) -> Steps<bool> {
        let happened = match begun {
            true => self.look(job).await?,
            false => self.clear(job).await,
        };
        let label = &job.environment.label;
        let found = match (begun, happened) {
            (_, true) => format!("The change is in the ledger of {label}: it happened in full."),
            (true, false) => format!("The change is not in the ledger of {label}: nothing was changed. The run starts over."),
            (false, false) => "Nothing was applied yet. The run starts over.".to_owned(),
        };
        self.journal.write(EventKind::Resumed { found }).await?;
        if happened {
            // The ledger row is the last thing that the transaction wrote: everything before it was applied and read back.
            self.journal.write(EventKind::StepFinished { step: Step::Apply }).await?;
            if job.preview.sealed.plan.after().next().is_some() {
                self.begin(Step::Verify).await?;
                self.finish(job, cancel).await?;
            }
            self.journal.write(EventKind::StepFinished { step: Step::Verify }).await?;
            return Ok(true);
        }
        self.go_on(cancel)?;
        let claims = self.journal.claimed.fence;
        if claims > MOST_CLAIMS {
            return Err(failed(
                Problem::new(ProblemKind::Internal, format!("The run was interrupted {} times.", claims - 1))
                    .because("Nothing was changed.")
                    .way_out("Look into the log of the console for what stopped it, then request the promotion again."),
            ));
        }
        Ok(false)
    }

    /// Ends what an earlier claim has left in a target that it did not begin to change, such as its pg_dump. Gives that it did not happen.
    async fn clear(&self, job: &Job) -> bool {
        let order = self.order(job);
        if let Err(problem) = apply::terminate_orphans(order.url, order.run, order.fence).await {
            // What keeps us from the target is what the preflight says next.
            tracing::warn!(%problem, "sessions of an interrupted run may be left");
        }
        false
    }

    /// Ends what is left of the run in the target and asks its ledger.
    async fn look(&self, job: &Job) -> Steps<bool> {
        let applied = match apply::settle(&self.order(job)).await {
            Applied::Unclear { problem } => self.settle(job, Step::Apply, problem).await?,
            clear => clear,
        };
        match applied {
            Applied::Committed | Applied::AlreadyThere => Ok(true),
            Applied::NothingChanged { .. } | Applied::Cancelled => Ok(false),
            unfinished @ (Applied::Partly { .. } | Applied::Unclear { .. }) => self.judge(unfinished).map(|()| false),
        }
    }

    /// Asks again and again until the target answers: a lost connection says nothing about what happened.
    pub async fn settle(&self, job: &Job, step: Step, first: Problem) -> Steps<Applied> {
        let label = &job.environment.label;
        let for_whom = format!("{label} to answer, to see in its ledger whether the change happened");
        self.journal.write(EventKind::Waiting { step, for_whom }).await?;
        let mut last = first;
        for _ in 0..LOOKS {
            match apply::settle(&self.order(job)).await {
                Applied::Unclear { problem } => last = problem,
                clear => return Ok(clear),
            }
            self.pause().await?;
        }
        Ok(Applied::Unclear { problem: last })
    }

    /// Before the next look, unless the console stops.
    pub async fn pause(&self) -> Steps<()> {
        let mut stopping = self.stopping.clone();
        tokio::select! {
            () = tokio::time::sleep(PAUSE) => Ok(()),
            _ = stopping.wait_for(|stop| *stop) => Err(Halt::Left(Problem::new(ProblemKind::Conflict, "The console stops."))),
        }
    }
}
