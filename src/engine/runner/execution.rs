//! One run from its claim to its end.

use super::faults::Faults;
use super::journal::Journal;
use super::recovery::MOST_LOOKS;
use super::watch::{Why, watch};
use crate::engine::store::runs::Claimed;
use crate::engine::store::{promotions, releases, runs};
use crate::engine::target::backup::{Extent, Shelf};
use crate::engine::target::connect::{self, TargetUrl};
use crate::engine::target::restore::Source;
use crate::engine::target::{Cancel, apply, cancellation};
use crate::engine::{Console, Result, environments, undo};
use crate::lookup::LookupSet;
use crate::problem::{Problem, ProblemKind};
use crate::promotion::policy::Origin;
use crate::promotion::{BackupSummary, Environment, Outcome, Preview};
use crate::release::Held;
use crate::run::{EventKind, Step};
use std::sync::{Arc, OnceLock};
use tokio::sync::watch as signal;

/// Why the steps of a run do not go on.
pub(super) enum Halt {
    /// It has ended.
    Ended(Outcome),
    /// It is left as it stands, for this console's next start or for another console.
    Left(Problem),
}

/// A store that refuses leaves the run as it stands: nothing is done that cannot be written down.
impl From<Problem> for Halt {
    fn from(problem: Problem) -> Self {
        Self::Left(problem)
    }
}

pub(super) fn failed(problem: Problem) -> Halt {
    Halt::Ended(Outcome::Failed { problem })
}

pub(super) type Steps<T> = std::result::Result<T, Halt>;

/// What is to be done, as it was sealed.
pub(super) struct Job {
    pub kept: promotions::Kept,
    pub preview: Preview,
    /// Of the release.
    pub set: LookupSet,
    pub version: String,
    pub environment: Environment,
    pub url: TargetUrl,
    /// What is kept of the target before it is changed.
    pub extent: Extent,
    /// None for a promotion that restores nothing.
    pub restoring: Option<Restoring>,
    /// Once it is prepared.
    pub source: Option<Source>,
}

/// Which backup is restored, and from where.
pub(super) struct Restoring {
    pub backup: BackupSummary,
    pub held: Held,
    pub shelf: Shelf,
}

pub(super) struct Execution {
    pub journal: Journal,
    pub why: OnceLock<Why>,
    pub stopping: signal::Receiver<bool>,
}

impl Execution {
    pub fn new(console: Console, faults: Arc<Faults>, claimed: Claimed, stopping: signal::Receiver<bool>) -> Self {
        Self { journal: Journal { console, claimed, faults }, why: OnceLock::new(), stopping }
    }

    pub async fn run(self) {
        let (canceller, cancel) = cancellation();
        let halt = tokio::select! {
            // Dropping the steps drops their sessions; whoever has taken over ends what is left of them in the target.
            lost = watch(&self.journal, &canceller, &self.why, self.stopping.clone()) => Halt::Left(lost),
            halt = self.steps(&cancel) => halt,
        };
        let run = self.journal.claimed.run;
        let left = match halt {
            Halt::Left(problem) => Some(problem),
            Halt::Ended(outcome) => self.journal.finish(&outcome).await.err(),
        };
        if let Some(problem) = left {
            tracing::warn!(run = %run.0, %problem, "the run is left to be taken up again");
        }
    }

    async fn steps(&self, cancel: &Cancel) -> Halt {
        match Box::pin(self.all_steps(cancel)).await {
            Ok(()) => Halt::Ended(Outcome::Succeeded),
            Err(halt) => halt,
        }
    }

    async fn all_steps(&self, cancel: &Cancel) -> Steps<()> {
        // What was never touched cannot be unclear: before the first write to the target each refusal is a plain failure.
        let begun = self.apply_begun().await?;
        let claims = self.journal.claimed.fence;
        if claims > MOST_LOOKS {
            let problem = Problem::new(ProblemKind::Internal, format!("The run was interrupted {} times.", claims - 1));
            let problem = if begun { self.unjudged(problem) } else { problem.because("Nothing was changed.") };
            return Err(match begun {
                true => Halt::Ended(Outcome::NeedsAttention { problem }),
                false => failed(problem),
            });
        }
        let mut job = match self.load().await {
            Ok(job) => job,
            Err(problem) if begun => return Err(Halt::Ended(Outcome::NeedsAttention { problem: self.unjudged(problem) })),
            Err(problem) if problem.kind == ProblemKind::Unreachable => return Err(Halt::Left(problem)),
            Err(problem) => return Err(failed(problem)),
        };
        if self.journal.claimed.fence > 1 && self.recover(&job, begun, cancel).await? {
            self.remove_source(&job).await;
            return self.record(&job).await;
        }
        self.preflight(&job, cancel).await?;
        job.source = self.source(&job, cancel).await?;
        self.end(Step::Preflight).await?;
        let changed = self.change(&job, cancel).await;
        self.remove_source(&job).await;
        changed?;
        self.record(&job).await
    }

    async fn change(&self, job: &Job, cancel: &Cancel) -> Steps<()> {
        let manifest = self.backup(job, cancel).await?;
        self.rehearse(job, &manifest, cancel).await?;
        self.apply(job, cancel).await
    }

    async fn apply_begun(&self) -> Result<bool> {
        let mut connection = self.journal.console.connection().await?;
        let events = runs::events(&mut connection, self.journal.claimed.run, 0).await?;
        let apply = |kind: &EventKind| matches!(kind, EventKind::StepStarted { step: Step::Apply });
        Ok(events.iter().any(|event| apply(&event.kind)))
    }

    async fn load(&self) -> Result<Job> {
        let console = &self.journal.console;
        let mut connection = console.connection().await?;
        let gone = || Problem::new(ProblemKind::NotFound, "The promotion of this run is not in the store.");
        let kept = promotions::by_id(&mut connection, self.journal.claimed.promotion).await?.ok_or_else(gone)?;
        let preview = promotions::preview(&mut connection, &kept).await?;
        let release = releases::by_id(&mut connection, kept.release).await?.ok_or_else(gone)?;
        let (content, _) = releases::content(&mut connection, &release.summary.digest).await?;
        let restoring = match (release.origin, content.backup) {
            (Origin::Restore { of }, Some(held)) => {
                let (backup, shelf) = undo::backup_of(console, &mut connection, of).await?;
                Some(Restoring { backup, held, shelf })
            }
            _ => None,
        };
        drop(connection);
        let environment = environments::find(console, kept.target).await?;
        let url = connect::resolve(&environment.connection)?;
        let (set, version) = (content.lookup_set, release.summary.version);
        let extent = Extent::of(&kept.policy, &preview.sealed, &set);
        Ok(Job { kept, preview, set, version, environment, url, extent, restoring, source: None })
    }

    pub fn order<'a>(&'a self, job: &'a Job) -> apply::Order<'a> {
        apply::Order {
            url: &job.url,
            run: self.journal.claimed.run,
            fence: self.journal.claimed.fence,
            promotion: self.journal.claimed.promotion,
            digest: &job.kept.digest,
            version: &job.version,
            notes: &job.kept.notes,
            by: &self.journal.claimed.started_by,
            sealed: &job.preview.sealed,
            set: &job.set,
            policy: &job.kept.policy,
            restore: job.source.as_ref(),
            stopwatch: None,
        }
    }

    /// Between steps: a wish to stop ends the run, a stop of the console leaves it.
    pub fn go_on(&self, cancel: &Cancel) -> Steps<()> {
        let shutdown = *self.stopping.borrow() || self.why.get() == Some(&Why::Shutdown);
        match self.why.get() {
            Some(Why::Person) => Err(Halt::Ended(Outcome::Cancelled)),
            _ if shutdown => Err(Halt::Left(Problem::new(ProblemKind::Conflict, "The console stops."))),
            _ if cancel.requested() => Err(Halt::Ended(Outcome::Cancelled)),
            _ => Ok(()),
        }
    }

    /// In words for the one who has to look.
    pub fn unjudged(&self, cause: Problem) -> Problem {
        let run = self.journal.claimed.run.0;
        Problem {
            what: "It is not known whether the promotion happened.".to_owned(),
            cause: format!("{} {}", cause.what, cause.cause).trim().to_owned(),
            way_out: format!(
                "Look for the run {run} in the table lockstep.ledger of the target: if its row is there, the promotion happened in full; \
                 if not, nothing was changed."
            ),
            ..cause
        }
    }
}
