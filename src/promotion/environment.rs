//! An environment of a pipeline: one PostgreSQL database with a name, a rank and a policy.

use super::Terms;
use crate::access::Role;
use crate::catalog::Scope;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct EnvironmentId(pub Uuid);

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Environment {
    pub id: EnvironmentId,
    /// Lower case, unique in its pipeline, used on the command line: `production`.
    pub name: String,
    /// As people read it: `Production`.
    pub label: String,
    /// 0 is the first; a release moves from one rank to the next.
    pub rank: i32,
    /// Where the connection string is: `env:NAME` or `file:/path`. The string itself is never stored.
    pub connection: String,
    /// Host and port only, for people; none when the reference cannot be resolved.
    pub host: Option<String>,
    pub policy: Policy,
}

/// What a promotion into an environment needs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Policy {
    /// Raised with each edit; sealed in the request.
    pub version: i32,
    /// How many approvals, none of them the requester's.
    pub approvals: u32,
    /// Only leads and owners may approve.
    pub protected: bool,
    /// The release must have succeeded in the environment before.
    pub upstream_first: bool,
    /// Milliseconds one statement waits for a lock.
    pub lock_timeout_ms: u32,
    /// Milliseconds one statement may take.
    pub statement_timeout_ms: u32,
    /// Lookup rows that are gone from the release are deleted in the target.
    pub deletes_allowed: bool,
    /// Privileges travel with a release.
    #[serde(default)]
    pub privileges: bool,
    /// Indexes are built and rules are proven after the transaction, while clients work.
    #[serde(default)]
    pub online: bool,
    /// The environment's own triggers do not see how lookup rows are written.
    #[serde(default)]
    pub triggers_off: bool,
}

impl Policy {
    /// What of a catalog counts here.
    pub fn scope(&self) -> Scope {
        Scope { privileges: self.privileges }
    }

    /// How a release is held against this environment.
    pub fn terms<'a>(&self) -> Terms<'a> {
        let Self { deletes_allowed, online, triggers_off, .. } = *self;
        Terms { deletes_allowed, scope: self.scope(), online, triggers_off, renames: &[], choices: &[] }
    }

    /// The least role whose approval counts.
    pub fn approver(&self) -> Role {
        if self.protected { Role::Lead } else { Role::Admin }
    }
}

impl Default for Policy {
    /// One approval, deletes allowed because they are shown and confirmed, short waits for locks.
    fn default() -> Self {
        Self {
            version: 1,
            approvals: 1,
            protected: false,
            upstream_first: true,
            lock_timeout_ms: 3_000,
            statement_timeout_ms: 600_000,
            deletes_allowed: true,
            privileges: false,
            online: false,
            triggers_off: false,
        }
    }
}
