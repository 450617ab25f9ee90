//! What happens in a run: numbered, versioned, stored, streamed.

use crate::promotion::Outcome;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use std::time::Duration;

/// Version of the stored form of an event. The first knew no steps that are skipped, and no rehearsal; all versions are read.
pub const FORMAT: u32 = 2;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Event {
    /// From 1, without gaps.
    pub seq: i64,
    /// The store's clock.
    pub at: DateTime<Utc>,
    #[serde(flatten)]
    pub kind: EventKind,
}

/// The steps of a run, in order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Step {
    Preflight,
    Backup,
    Rehearse,
    Apply,
    Verify,
    Record,
}

impl Step {
    pub const ALL: [Self; 6] = [Self::Preflight, Self::Backup, Self::Rehearse, Self::Apply, Self::Verify, Self::Record];

    pub fn label(self) -> &'static str {
        match self {
            Self::Preflight => "Preflight",
            Self::Backup => "Back up",
            Self::Rehearse => "Rehearse",
            Self::Apply => "Apply",
            Self::Verify => "Verify",
            Self::Record => "Record",
        }
    }
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "snake_case")]
pub enum EventKind {
    Started {
        by: String,
    },
    /// The console was restarted and took the run up again.
    Resumed {
        found: String,
    },
    StepStarted {
        step: Step,
    },
    /// The policy does not ask for it.
    StepSkipped {
        step: Step,
    },
    /// A line worth reading: what was checked, found, decided.
    Note {
        step: Step,
        text: String,
    },
    /// `done` of `total` in `unit`: statements, rows, bytes.
    Progress {
        step: Step,
        done: u64,
        total: u64,
        unit: String,
        what: String,
    },
    /// Waiting for a lock: for whom, as PostgreSQL sees it.
    Waiting {
        step: Step,
        for_whom: String,
    },
    StepFinished {
        step: Step,
    },
    CancelRequested {
        by: String,
    },
    Finished {
        outcome: Outcome,
    },
}

impl EventKind {
    /// What happened, as a line of the run's story.
    pub fn sentence(&self) -> String {
        match self {
            Self::Started { by } => format!("{by} started the run."),
            Self::Resumed { found } => format!("The console was restarted and took the run up again: {found}"),
            Self::StepStarted { step } => format!("{} began.", step.label()),
            Self::StepSkipped { step } => format!("{} is left out, as the policy does not ask for it.", step.label()),
            Self::Note { text, .. } => text.clone(),
            Self::Progress { done, total, unit, what, .. } if unit == "bytes" => match total {
                0 => format!("{what}: {} so far", size(*done)),
                _ => format!("{what}: {}", size(*done)),
            },
            Self::Progress { done, total, unit, what, .. } => format!("{what} ({done} of {total} {unit})"),
            Self::Waiting { for_whom, .. } => format!("Waiting for {for_whom}"),
            Self::StepFinished { step } => format!("{} is done.", step.label()),
            Self::CancelRequested { by } => format!("{by} asked it to stop."),
            Self::Finished { outcome } => format!("{}.", outcome.label()),
        }
    }
}

/// `8 ms`, `0.4 s`, `12 s`, `3 min 5 s`.
pub fn took(time: Duration) -> String {
    match time.as_millis() {
        under @ 0..100 => format!("{under} ms"),
        100..10_000 => format!("{:.1} s", time.as_secs_f64()),
        10_000..60_000 => format!("{} s", time.as_secs()),
        _ => format!("{} min {} s", time.as_secs() / 60, time.as_secs() % 60),
    }
}

/// `1.4 MB`.
pub fn size(bytes: u64) -> String {
    const UNITS: [&str; 5] = ["bytes", "KB", "MB", "GB", "TB"];
    let mut value = bytes as f64;
    let mut unit = 0;
    while value >= 1000.0 && unit + 1 < UNITS.len() {
        value /= 1000.0;
        unit += 1;
    }
    if unit == 0 { format!("{bytes} bytes") } else { format!("{value:.1} {}", UNITS[unit]) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::problem::{Problem, ProblemKind};

    #[test]
    fn sizes_are_in_units_that_people_read() {
        assert_eq!([size(999), size(1_400_000)], ["999 bytes", "1.4 MB"]);
    }

    #[test]
    fn times_are_as_exact_as_people_need_them() {
        let told = [8, 430, 12_700, 185_000].map(|milliseconds| took(Duration::from_millis(milliseconds)));
        assert_eq!(told, ["8 ms", "0.4 s", "12 s", "3 min 5 s"]);
    }

    /// Events are stored for years: what was written once must be read for ever, byte by byte.
    #[test]
    fn the_stored_form_stays_as_it_is() {
        let problem = Problem::new(ProblemKind::Database, "It failed.").sqlstate("23502");
        let cases = [
            (EventKind::Started { by: "Ada".to_owned() }, r#"{"event":"started","by":"Ada"}"#),
            (EventKind::Resumed { found: "Nothing.".to_owned() }, r#"{"event":"resumed","found":"Nothing."}"#),
            (EventKind::StepStarted { step: Step::Preflight }, r#"{"event":"step_started","step":"preflight"}"#),
            (EventKind::StepStarted { step: Step::Rehearse }, r#"{"event":"step_started","step":"rehearse"}"#),
            (EventKind::StepSkipped { step: Step::Rehearse }, r#"{"event":"step_skipped","step":"rehearse"}"#),
            (
                EventKind::Note { step: Step::Backup, text: "Read in full.".to_owned() },
                r#"{"event":"note","step":"backup","text":"Read in full."}"#,
            ),
            (
                EventKind::Progress {
                    step: Step::Apply,
                    done: 1,
                    total: 2,
                    unit: "statement".to_owned(),
                    what: "Adds a table".to_owned(),
                },
                r#"{"event":"progress","step":"apply","done":1,"total":2,"unit":"statement","what":"Adds a table"}"#,
            ),
            (
                EventKind::Waiting { step: Step::Apply, for_whom: "4711".to_owned() },
                r#"{"event":"waiting","step":"apply","for_whom":"4711"}"#,
            ),
            (EventKind::StepFinished { step: Step::Verify }, r#"{"event":"step_finished","step":"verify"}"#),
            (EventKind::CancelRequested { by: "Ada".to_owned() }, r#"{"event":"cancel_requested","by":"Ada"}"#),
            (EventKind::Finished { outcome: Outcome::Succeeded }, r#"{"event":"finished","outcome":{"outcome":"succeeded"}}"#),
            (
                EventKind::Finished { outcome: Outcome::Failed { problem } },
                r#"{"event":"finished","outcome":{"outcome":"failed","problem":{"kind":"database","what":"It failed.","sqlstate":"23502"}}}"#,
            ),
        ];
        for (kind, stored) in cases {
            assert_eq!(serde_json::to_string(&kind).unwrap(), stored);
            assert_eq!(serde_json::from_str::<EventKind>(stored).unwrap(), kind);
        }
        let event = Event { seq: 1, at: DateTime::UNIX_EPOCH, kind: EventKind::StepStarted { step: Step::Record } };
        let streamed = r#"{"seq":1,"at":"1970-01-01T00:00:00Z","event":"step_started","step":"record"}"#;
        assert_eq!(serde_json::to_string(&event).unwrap(), streamed);
        assert_eq!(serde_json::from_str::<Event>(streamed).unwrap(), event);
    }
}
