//! The steps of a run.

use super::execution::{Execution, Halt, Job, Steps, failed};
use super::recovery::LOOKS;
use super::watch::Why;
use crate::engine::preview::blocked;
use crate::engine::requests::{counting, policy_moved};
use crate::engine::store::{people, promotions};
use crate::engine::target::apply::{self, Applied};
use crate::engine::target::backup::{self, Trial};
use crate::engine::target::finish::{Finished, finish};
use crate::engine::target::{Cancel, Told, preflight, while_it_answers};
use crate::problem::{Problem, ProblemKind};
use crate::promotion::{Decision, Outcome};
use crate::run::{EventKind, Step};
use chrono::Utc;
use std::future::Future;
use tokio::sync::mpsc::{self, UnboundedReceiver};

impl Execution {
    /// Whose approvals count now, and everything that would stop the run, before anything is touched. The step goes on.
    pub async fn preflight(&self, job: &Job, cancel: &Cancel) -> Steps<()> {
        self.go_on(cancel)?;
        self.begin(Step::Preflight).await?;
        if !job.kept.policy.rehearsal {
            self.journal.write(EventKind::StepSkipped { step: Step::Rehearse }).await?;
        }
        let approved = self.approved(job).await?;
        self.journal.note(Step::Preflight, approved).await?;
        let look = async {
            let mut problems = preflight::preflight(&job.url, &job.preview.sealed).await?;
            let trial = Trial::of(&job.kept.policy, &job.preview.sealed);
            problems.extend(backup::obstacles(&self.backup_order(job, "", Utc::now()), trial).await?);
            Ok(problems)
        };
        let problems = while_it_answers(&job.url, None, look).await.flatten().map_err(failed)?;
        if let Some(problem) = blocked(&problems) {
            return Err(failed(problem));
        }
        self.clear_scratch(job).await?;
        let text =
            format!("{} can be reached, is the approved database, and lets this user do what is needed.", job.environment.label);
        Ok(self.journal.note(Step::Preflight, text).await?)
    }

    /// In words whose approvals count. A role that was lost since, or a policy that was changed, ends the run here.
    async fn approved(&self, job: &Job) -> Steps<String> {
        if job.environment.policy.version != job.kept.policy.version {
            return Err(failed(policy_moved(&job.environment.label)));
        }
        let mut connection = self.journal.console.connection().await?;
        let approvals = promotions::approvals(&mut connection, job.kept.summary.id).await?;
        let people = people::all(&mut connection).await?;
        let (count, needed) = (counting(&job.kept, &approvals, &people), job.kept.policy.approvals);
        if count < needed {
            return Err(failed(
                Problem::new(ProblemKind::Forbidden, format!("{count} of {needed} needed approvals count now."))
                    .because("A person who approved has lost the role or was disabled since.")
                    .way_out("Request the promotion again."),
            ));
        }
        let names: Vec<&str> =
            approvals.iter().filter(|one| one.decision == Decision::Approve).map(|one| one.name.as_str()).collect();
        Ok(match names.is_empty() {
            true => "The policy asks for no approval.".to_owned(),
            false => format!("Approved by {}; {needed} needed.", names.join(", ")),
        })
    }

    /// The one transaction, with the verification inside it.
    pub async fn apply(&self, job: &Job, cancel: &Cancel) -> Steps<()> {
        self.go_on(cancel)?;
        self.backup_holds().await?;
        self.begin(Step::Apply).await?;
        let order = self.order(job);
        let (tell, told) = reports();
        let work = async move { apply::apply(&order, &tell, cancel).await };
        let applied = self.journalled(Step::Apply, work, told).await?;
        let applied = match applied {
            Applied::Unclear { problem } => self.settle(job, Step::Apply, problem).await?,
            clear => clear,
        };
        self.judge(applied)?;
        self.finish(job, cancel).await?;
        self.end(Step::Verify).await
    }

    /// What comes after the COMMIT, until it is done or cannot be done. The change itself stays whatever happens here.
    pub async fn finish(&self, job: &Job, cancel: &Cancel) -> Steps<()> {
        let order = self.order(job);
        for round in 1.. {
            let (tell, told) = reports();
            let work = async move { finish(&order, &tell, cancel).await };
            let problem = match self.journalled(Step::Verify, work, told).await? {
                Finished::Whole => return Ok(()),
                _ if self.why.get() == Some(&Why::Shutdown) => {
                    return Err(Halt::Left(Problem::new(ProblemKind::Conflict, "The console stops.")));
                }
                Finished::Left { what, problem } => return Err(left(&what, problem)),
                Finished::Unreachable { problem } if round == LOOKS => return Err(left(&[], problem)),
                Finished::Unreachable { problem } => problem,
            };
            let for_whom =
                format!("{} to answer, to finish what comes after the COMMIT: {}", job.environment.label, problem.cause);
            self.journal.write(EventKind::Waiting { step: Step::Verify, for_whom }).await?;
            self.pause().await?;
        }
        Ok(())
    }

    /// What an attempt means for the run.
    pub fn judge(&self, applied: Applied) -> Steps<()> {
        match applied {
            Applied::Committed | Applied::AlreadyThere => Ok(()),
            Applied::NothingChanged { problem } => Err(failed(problem)),
            Applied::Cancelled if self.why.get() == Some(&Why::Shutdown) => {
                Err(Halt::Left(Problem::new(ProblemKind::Conflict, "The console stops.")))
            }
            Applied::Cancelled => Err(Halt::Ended(Outcome::Cancelled)),
            Applied::Partly { done, problem } => Err(Halt::Ended(Outcome::NeedsAttention {
                problem: Problem {
                    what: format!("A part of the promotion is done and stays: {}.", done.join("; ")),
                    cause: format!("{} {}", problem.what, problem.cause).trim().to_owned(),
                    way_out:
                        "Let a lead look at what is in the database and say that it is settled, then promote the release again."
                            .to_owned(),
                    ..problem
                },
            })),
            Applied::Unclear { problem } => Err(Halt::Ended(Outcome::NeedsAttention { problem: self.unjudged(problem) })),
        }
    }

    /// The end of the step and of the run are written together, by `Journal::finish`.
    pub async fn record(&self, job: &Job) -> Steps<()> {
        self.begin(Step::Record).await?;
        self.retain(job).await
    }

    pub async fn begin(&self, step: Step) -> Steps<()> {
        Ok(self.journal.write(EventKind::StepStarted { step }).await?)
    }

    pub async fn end(&self, step: Step) -> Steps<()> {
        Ok(self.journal.write(EventKind::StepFinished { step }).await?)
    }

    /// Journals what `work` tells while it goes on; the sender of `told` ends with it. Work that cannot be journalled is not waited for:
    /// its session ends, and what became of it is settled when the run is taken up again.
    pub async fn journalled<T>(&self, step: Step, work: impl Future<Output = T>, mut told: UnboundedReceiver<Told>) -> Steps<T> {
        let journal = async {
            let mut step = step;
            while let Some(told) = told.recv().await {
                self.journal_told(&mut step, told).await?;
            }
            Ok::<(), Problem>(())
        };
        let (done, ()) = tokio::try_join!(async { Ok(work.await) }, journal)?;
        Ok(done)
    }

    async fn journal_told(&self, step: &mut Step, told: Told) -> Result<(), Problem> {
        let kind = match told {
            Told::Note(text) => EventKind::Note { step: *step, text },
            Told::Progress { done, total, unit, what } => {
                EventKind::Progress { step: *step, done, total, unit: unit.to_owned(), what }
            }
            Told::Waiting { for_whom } => EventKind::Waiting { step: *step, for_whom },
            Told::Verifying => {
                self.journal.write(EventKind::StepFinished { step: *step }).await?;
                *step = Step::Verify;
                EventKind::StepStarted { step: *step }
            }
        };
        self.journal.write(kind).await
    }
}

/// The release is in, and something after its COMMIT is not.
fn left(what: &[String], problem: Problem) -> Halt {
    let open = match what {
        [] => "what comes after the COMMIT".to_owned(),
        what => what.join(" "),
    };
    Halt::Ended(Outcome::NeedsAttention {
        problem: Problem {
            what: format!("The change was committed, and this is not done: {open}"),
            cause: format!("{} {}", problem.what, problem.cause).trim().to_owned(),
            way_out: format!("{} Then let a lead say that it is settled, and promote the release again.", problem.way_out)
                .trim()
                .to_owned(),
            ..problem
        },
    })
}

/// What the work on a target tells, and where it is heard.
pub fn reports() -> (impl Fn(Told) + Send + Sync, UnboundedReceiver<Told>) {
    let (sender, receiver) = mpsc::unbounded_channel();
    let tell = move |told| {
        // Nobody listens only when the run is left.
        let _unheard = sender.send(told);
    };
    (tell, receiver)
}
