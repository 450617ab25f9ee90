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
    /// The newest progress, e.g. "statement 4 of 12".
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
                let view = self.step(*step);
                view.status = StepStatus::Running;
                view.started = Some(at);
                view.finished = None;
            }
            EventKind::Progress { step, done, total, unit, what } => {
                let text = format!("{unit} {done} of {total}: {what}");
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
                view.status = StepStatus::Done;
                view.finished = Some(at);
                view.waiting = None;
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
