//! What happens in a run: numbered, versioned, stored, streamed.

use crate::promotion::Outcome;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// Version of the stored form of an event.
pub const FORMAT: u32 = 1;

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
    Apply,
    Verify,
    Record,
}

impl Step {
    pub const ALL: [Self; 5] = [Self::Preflight, Self::Backup, Self::Apply, Self::Verify, Self::Record];

    pub fn label(self) -> &'static str {
        match self {
            Self::Preflight => "Preflight",
            Self::Backup => "Back up",
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
