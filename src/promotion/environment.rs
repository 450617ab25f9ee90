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
    /// What is kept of the database before it is changed.
    #[serde(default)]
    pub backup: BackupMode,
    /// The backup is restored into a scratch database and compared, before anything is changed.
    #[serde(default)]
    pub drill: bool,
    /// The whole promotion is carried out on a scratch database restored from the backup, before the target is touched.
    #[serde(default)]
    pub rehearsal: bool,
}

/// What is kept of a database before it is changed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BackupMode {
    /// Everything that is in it.
    #[default]
    Full,
    /// The schema of everything, and the rows of the tables whose rows the promotion may change or lose.
    Touched,
    /// A named moment, to which the provider of the database can bring it back.
    External,
}

impl BackupMode {
    pub const ALL: [Self; 3] = [Self::Full, Self::Touched, Self::External];

    /// As forms send it and as it is stored.
    pub fn name(self) -> &'static str {
        match self {
            Self::Full => "full",
            Self::Touched => "touched",
            Self::External => "external",
        }
    }

    /// In words, as a choice.
    pub fn label(self) -> &'static str {
        match self {
            Self::Full => "Everything",
            Self::Touched => "The whole schema, and the rows that the promotion may change or lose",
            Self::External => "A restore point for the provider's own backups",
        }
    }
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
            backup: BackupMode::Full,
            drill: false,
            rehearsal: false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Policies are stored in environments and in promotions: an old one means what it always meant.
    #[test]
    fn a_policy_that_was_stored_before_there_was_a_choice_asks_for_a_full_backup() {
        let stored = r#"{"version": 3, "approvals": 1, "protected": true, "upstream_first": true, "lock_timeout_ms": 3000,
            "statement_timeout_ms": 600000, "deletes_allowed": true}"#;
        let expected = Policy { version: 3, protected: true, ..Policy::default() };
        assert_eq!(serde_json::from_str::<Policy>(stored).unwrap(), expected);
        assert_eq!(expected.backup, BackupMode::Full);
    }

    #[test]
    fn a_mode_is_stored_under_its_name() {
        for mode in BackupMode::ALL {
            assert_eq!(serde_json::to_string(&mode).unwrap(), format!("\"{}\"", mode.name()));
        }
    }
}
