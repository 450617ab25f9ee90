//! One shape for everything that goes wrong, so that a page, the command line and the audit log say the same.

use serde::{Deserialize, Serialize};
use std::fmt;

/// What kind of failure it is; HTTP statuses and exit codes derive from it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ProblemKind {
    /// The person is not signed in.
    SignedOut,
    /// The person may not do this.
    Forbidden,
    /// There is no such thing.
    NotFound,
    /// The input cannot be accepted as it is.
    Invalid,
    /// Somebody or something else was first, or the state does not allow it.
    Conflict,
    /// Too many tries.
    Throttled,
    /// Lockstep does not support this, and says so instead of guessing.
    Unsupported,
    /// A database or another service could not be reached.
    Unreachable,
    /// A database refused.
    Database,
    /// A fault of ours.
    Internal,
}

/// A failure in words. It never holds a secret or a raw connection string.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Problem {
    pub kind: ProblemKind,
    /// What happened, naming the thing; one sentence.
    pub what: String,
    /// Why, in words; empty when `what` says it all.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub cause: String,
    /// What to do next; one sentence.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub way_out: String,
    /// PostgreSQL's error code, where PostgreSQL refused.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sqlstate: Option<String>,
}

impl Problem {
    pub fn new(kind: ProblemKind, what: impl Into<String>) -> Self {
        Self { kind, what: what.into(), cause: String::new(), way_out: String::new(), sqlstate: None }
    }

    #[must_use]
    pub fn because(mut self, cause: impl Into<String>) -> Self {
        self.cause = cause.into();
        self
    }

    #[must_use]
    pub fn way_out(mut self, way_out: impl Into<String>) -> Self {
        self.way_out = way_out.into();
        self
    }

    #[must_use]
    pub fn sqlstate(mut self, code: impl Into<String>) -> Self {
        self.sqlstate = Some(code.into());
        self
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.what)?;
        for part in [&self.cause, &self.way_out] {
            if !part.is_empty() {
                write!(f, " {part}")?;
            }
        }
        match &self.sqlstate {
            Some(code) => write!(f, " (SQLSTATE {code})"),
            None => Ok(()),
        }
    }
}

impl std::error::Error for Problem {}
