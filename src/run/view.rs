//! The one fold over a run's events, used by the server, the browser and the command line.

use super::{Event, EventKind, Step};
use crate::promotion::Outcome;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RunView {
    pub steps: Vec<StepView>,
    pub events: Vec<Event>,
    pub cancel_requested: bool,
    pub outcome: Option<Outcome>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct StepView {
    pub step: Step,
    pub status: StepStatus,
    pub started: Option<DateTime<Utc>>,
    pub finished: Option<DateTime<Utc>>,
    /// The newest progress, e.g. "Adds a column (4 of 12 statements)".
    pub progress: Option<String>,
    pub waiting: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StepStatus {
    Pending,
    Running,
    Done,
    Failed,
    Skipped,
}

impl Default for RunView {
    fn default() -> Self {
        let steps = Step::ALL.map(|step| StepView {
            step,
            status: StepStatus::Pending,
            started: None,
            finished: None,
            progress: None,
            waiting: None,
        });
        Self { steps: steps.into(), events: Vec::new(), cancel_requested: false, outcome: None }
    }
}

impl RunView {
    /// The number of the last event, 0 before the first.
    pub fn seq(&self) -> i64 {
        self.events.last().map_or(0, |event| event.seq)
    }

    /// Takes the next event; one that was seen before changes nothing.
    pub fn apply(&mut self, event: Event) {
        if event.seq <= self.seq() {
            return;
        }
        match &event.kind {
            EventKind::StepStarted { step } => {
                let at = event.at;
                // Runs of older versions know fewer steps.
                for passed in self.steps.iter_mut().filter(|one| one.step < *step && one.status == StepStatus::Pending) {
                    passed.status = StepStatus::Skipped;
                }
                let view = self.step(*step);
                view.status = StepStatus::Running;
                view.started = Some(at);
                view.finished = None;
            }
            EventKind::StepSkipped { step } => self.step(*step).status = StepStatus::Skipped,
            EventKind::Progress { step, .. } => {
                let text = event.kind.sentence();
                let view = self.step(*step);
                view.progress = Some(text);
                view.waiting = None;
            }
            EventKind::Waiting { step, for_whom } => {
                let text = for_whom.clone();
                self.step(*step).waiting = Some(text);
            }
            EventKind::StepFinished { step } => {
                let at = event.at;
                let view = self.step(*step);
                if view.status != StepStatus::Done {
                    view.status = StepStatus::Done;
                    view.finished = Some(at);
                    view.waiting = None;
                }
            }
            EventKind::CancelRequested { .. } => self.cancel_requested = true,
            EventKind::Finished { outcome } => {
                let (at, outcome) = (event.at, outcome.clone());
                self.finish(at, outcome);
            }
            EventKind::Started { .. } | EventKind::Resumed { .. } | EventKind::Note { .. } => {}
        }
        self.events.push(event);
    }

    /// Whether a step was skipped because the run does without it, and not because the run did not come so far.
    pub fn does_without(&self, step: &StepView) -> bool {
        let went_on = self.outcome.is_none() || self.steps.iter().any(|later| later.step > step.step && later.started.is_some());
        step.status == StepStatus::Skipped && went_on
    }

    fn step(&mut self, step: Step) -> &mut StepView {
        let position = Step::ALL.iter().position(|known| *known == step).unwrap_or(0);
        &mut self.steps[position]
    }

    fn finish(&mut self, at: DateTime<Utc>, outcome: Outcome) {
        for view in &mut self.steps {
            match view.status {
                StepStatus::Running => {
                    view.status = StepStatus::Failed;
                    view.finished = Some(at);
                    view.waiting = None;
                }
                StepStatus::Pending => view.status = StepStatus::Skipped,
                StepStatus::Done | StepStatus::Failed | StepStatus::Skipped => {}
            }
        }
        self.outcome = Some(outcome);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::problem::{Problem, ProblemKind};

    fn at(second: i64) -> DateTime<Utc> {
        DateTime::UNIX_EPOCH + chrono::TimeDelta::seconds(second)
    }

    fn fold(kinds: Vec<EventKind>) -> RunView {
        let mut view = RunView::default();
        for (kind, seq) in kinds.into_iter().zip(1..) {
            view.apply(Event { seq, at: at(seq), kind });
        }
        view
    }

    fn statuses(view: &RunView) -> Vec<StepStatus> {
        view.steps.iter().map(|step| step.status).collect()
    }

    fn failed() -> Outcome {
        Outcome::Failed { problem: Problem::new(ProblemKind::Database, "It failed.") }
    }

    #[test]
    fn a_failed_step_is_marked_and_the_later_ones_are_skipped() {
        let view = fold(vec![
            EventKind::StepStarted { step: Step::Preflight },
            EventKind::StepFinished { step: Step::Preflight },
            EventKind::StepStarted { step: Step::Backup },
            EventKind::Finished { outcome: failed() },
        ]);
        use StepStatus::{Done, Failed, Skipped};
        assert_eq!(statuses(&view), [Done, Failed, Skipped, Skipped, Skipped, Skipped]);
        assert!(view.steps.iter().all(|step| !view.does_without(step)));
        assert_eq!(view.steps[1].finished, Some(at(4)));
        assert_eq!(view.outcome, Some(failed()));
    }

    #[test]
    fn a_step_that_is_not_asked_for_reads_as_skipped_in_old_runs_too() {
        let [backup, skipped, apply] = [
            EventKind::StepStarted { step: Step::Backup },
            EventKind::StepSkipped { step: Step::Rehearse },
            EventKind::StepStarted { step: Step::Apply },
        ];
        for (kinds, without) in [
            (vec![backup.clone()], false),
            (vec![skipped, backup.clone()], true),
            (vec![backup.clone(), apply.clone()], true),
            (vec![backup, apply, EventKind::Finished { outcome: failed() }], true),
        ] {
            let view = fold(kinds);
            assert_eq!(view.does_without(&view.steps[2]), without, "{view:#?}");
            assert_ne!(view.steps[2].status, StepStatus::Failed);
        }
    }

    #[test]
    fn an_event_that_was_seen_before_changes_nothing() {
        let mut view = fold(vec![EventKind::StepStarted { step: Step::Preflight }]);
        let before = view.clone();
        view.apply(Event { seq: 1, at: at(9), kind: EventKind::StepFinished { step: Step::Preflight } });
        assert_eq!(view, before);
    }

    #[test]
    fn a_step_that_is_taken_up_again_runs_again() {
        let view = fold(vec![
            EventKind::StepStarted { step: Step::Apply },
            EventKind::Resumed { found: "Nothing was changed.".to_owned() },
            EventKind::StepStarted { step: Step::Apply },
        ]);
        assert_eq!(view.steps[3].status, StepStatus::Running);
        assert_eq!(view.steps[3].started, Some(at(3)));
    }

    #[test]
    fn progress_ends_a_wait() {
        let waiting = EventKind::Waiting { step: Step::Apply, for_whom: "session 4711".to_owned() };
        let progress = EventKind::Progress {
            step: Step::Apply,
            done: 2,
            total: 3,
            unit: "statements".to_owned(),
            what: "Adds a column".to_owned(),
        };
        let view = fold(vec![EventKind::StepStarted { step: Step::Apply }, waiting.clone()]);
        assert_eq!(view.steps[3].waiting.as_deref(), Some("session 4711"));
        let view = fold(vec![EventKind::StepStarted { step: Step::Apply }, waiting, progress]);
        assert_eq!(view.steps[3].waiting, None);
        assert_eq!(view.steps[3].progress.as_deref(), Some("Adds a column (2 of 3 statements)"));
    }

    #[test]
    fn the_fold_takes_any_order_of_events() {
        let kinds = [
            EventKind::Finished { outcome: Outcome::Succeeded },
            EventKind::StepFinished { step: Step::Record },
            EventKind::CancelRequested { by: "Ada".to_owned() },
            EventKind::StepStarted { step: Step::Verify },
        ];
        for skip in 0..kinds.len() {
            let mut order = kinds.to_vec();
            order.rotate_left(skip);
            let view = fold(order);
            assert_eq!(view.seq(), 4);
            assert_eq!(view.outcome, Some(Outcome::Succeeded));
        }
    }
}
