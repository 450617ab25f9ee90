//! The states of a promotion. A transition consumes the state and is pure; time and people are arguments.

use crate::access::{PersonId, Role};
use crate::problem::Problem;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum State {
    AwaitingApproval,
    Approved,
    Rejected,
    Cancelled { by: String, at: DateTime<Utc> },
    Running,
    Finished { outcome: Outcome, at: DateTime<Utc> },
}

/// One person's decision. It copies the name and role: it outlives the person.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Approval {
    pub by: PersonId,
    pub name: String,
    pub role: Role,
    pub decision: Decision,
    pub comment: String,
    pub at: DateTime<Utc>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Decision {
    Approve,
    Reject,
}

/// The end states of product.md.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "outcome", rename_all = "snake_case")]
pub enum Outcome {
    Succeeded,
    /// Failed, nothing was changed.
    Failed {
        problem: Problem,
    },
    RolledBack {
        problem: Problem,
    },
    NeedsAttention {
        problem: Problem,
    },
    Cancelled,
}

/// Why a transition is refused.
pub type Rejected = Problem;
