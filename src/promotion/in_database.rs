//! What is in the target of a promotion now, read from it and not from what the console remembers.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct InDatabase {
    /// What the target's ledger says was promoted last; none when it has no row.
    pub last: Option<LedgerRow>,
    /// The ledger has this promotion's run: its transaction was committed.
    pub committed: bool,
    pub schema: Like,
    /// None for a restore, which is about all rows.
    pub lookup: Option<Like>,
    /// What comes after the transaction and is not done.
    pub left: Vec<LeftStatement>,
    /// Sessions of the run that are still there, as `pg_stat_activity` has them.
    pub sessions: Vec<String>,
    /// What a person looks at first, with the SQL that shows or does it; none where nothing needs attention.
    pub runbook: Vec<RunbookStep>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LedgerRow {
    pub version: String,
    pub by: String,
    /// The target's clock.
    pub at: DateTime<Utc>,
}

/// To what the target is equal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Like {
    /// To what it was before and to what the promotion makes of it: there is no difference.
    Both,
    /// To what it was when the promotion was requested.
    Before,
    /// To what the promotion makes of it.
    After,
    /// To neither.
    Neither,
}

impl Like {
    pub fn of(before: bool, after: bool) -> Self {
        match (before, after) {
            (true, true) => Self::Both,
            (true, false) => Self::Before,
            (false, true) => Self::After,
            (false, false) => Self::Neither,
        }
    }

    pub fn sentence(self, what: &str) -> String {
        match self {
            Self::Both => format!("{what}: as before, and as approved; the promotion changes nothing there."),
            Self::Before => format!("{what}: exactly as before the promotion."),
            Self::After => format!("{what}: exactly as approved."),
            Self::Neither => {
                format!("{what}: neither as before nor as approved. Somebody has changed it since, or a part is not done.")
            }
        }
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LeftStatement {
    pub summary: String,
    pub sql: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RunbookStep {
    pub text: String,
    pub sql: Option<String>,
}
