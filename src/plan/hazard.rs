//! The named risks of one statement.

use super::{Lock, LockMode};
use crate::catalog::QName;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum HazardKind {
    /// Rows, values or objects that hold them are deleted.
    DeletesData,
    /// PostgreSQL writes every row again.
    RewritesTable,
    /// Others wait: reads or writes of the table are blocked for longer than an instant.
    BlocksClients,
    /// It may fail on the rows that are there now.
    MayFail,
    /// Clients that run the old code may break.
    BreaksClients,
    /// The reverse statement cannot bring back what was there.
    CannotBeUndone,
    /// It runs outside the transaction.
    OutsideTransaction,
    /// PostgreSQL lets only a superuser do it.
    NeedsSuperuser,
    /// Somebody may do more or less than before.
    ChangesPrivileges,
}

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Hazard {
    pub kind: HazardKind,
    /// One sentence for people, naming the table and the effect.
    pub sentence: String,
    /// The same for engineers, in PostgreSQL's words.
    pub detail: String,
    /// The table of the target whose size matters.
    pub table: Option<QName>,
}

impl HazardKind {
    pub const ALL: [Self; 9] = [
        Self::DeletesData,
        Self::RewritesTable,
        Self::BlocksClients,
        Self::MayFail,
        Self::BreaksClients,
        Self::CannotBeUndone,
        Self::OutsideTransaction,
        Self::NeedsSuperuser,
        Self::ChangesPrivileges,
    ];

    /// As the command line names it: `deletes-data`.
    pub fn name(self) -> String {
        let mut name = String::new();
        for letter in format!("{self:?}").chars() {
            if letter.is_uppercase() && !name.is_empty() {
                name.push('-');
            }
            name.extend(letter.to_lowercase());
        }
        name
    }

    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name.replace('_', "-"))
    }

    /// Each change with such a hazard is ticked one by one before a request.
    pub fn must_be_confirmed(self) -> bool {
        matches!(self, Self::DeletesData | Self::CannotBeUndone)
    }

    pub fn label(self) -> &'static str {
        match self {
            Self::DeletesData => "Deletes data",
            Self::RewritesTable => "Rewrites the table",
            Self::BlocksClients => "Blocks clients",
            Self::MayFail => "May fail on existing rows",
            Self::BreaksClients => "Breaks old code",
            Self::CannotBeUndone => "Cannot be undone",
            Self::OutsideTransaction => "Outside the transaction",
            Self::NeedsSuperuser => "Needs a superuser",
            Self::ChangesPrivileges => "Changes privileges",
        }
    }
}

/// Without what only the finished statement tells.
pub(super) fn hazard(kind: HazardKind, sentence: String) -> Hazard {
    Hazard { kind, sentence, detail: String::new(), table: None }
}

/// What PostgreSQL does, for people who know it.
pub(super) fn detail(kind: HazardKind, sql: &str, locks: &[Lock]) -> String {
    match kind {
        HazardKind::DeletesData => "The stored values go with the COMMIT; only a restore of the backup has them.".to_owned(),
        HazardKind::RewritesTable => {
            "Writes a new heap and builds every index again; both copies need room on disk until the COMMIT.".to_owned()
        }
        HazardKind::BlocksClients => {
            let modes: BTreeSet<LockMode> = locks.iter().map(|lock| lock.mode).collect();
            let held = modes.iter().rev().map(|mode| {
                let tables = locks
                    .iter()
                    .filter(|lock| lock.mode == *mode)
                    .map(|lock| format!("{}.{}", lock.table.schema, lock.table.name));
                format!("{} on {} ({})", mode.name(), tables.collect::<Vec<_>>().join(", "), mode.blocks())
            });
            format!("Until the COMMIT it holds {}.", held.collect::<Vec<_>>().join("; "))
        }
        HazardKind::MayFail => {
            format!("Reads the rows and fails with SQLSTATE {}; everything is then rolled back.", failure(sql))
        }
        HazardKind::BreaksClients => {
            "Statements that still use the old name or type fail with SQLSTATE 42703, 42P01 or 42883.".to_owned()
        }
        HazardKind::CannotBeUndone => "No statement brings it back; pg_restore from the backup does.".to_owned(),
        HazardKind::OutsideTransaction => "It commits on its own: a later ROLLBACK does not take it back.".to_owned(),
        HazardKind::NeedsSuperuser => "Fails with SQLSTATE 42501 for a role without SUPERUSER.".to_owned(),
        HazardKind::ChangesPrivileges => "Changes the access privileges of the object.".to_owned(),
    }
}

/// What PostgreSQL answers when rows stand in the way.
fn failure(sql: &str) -> &'static str {
    let first = |texts: &[&str]| texts.iter().any(|text| sql.contains(text));
    match () {
        () if first(&[" SET NOT NULL", " ADD COLUMN "]) => "23502",
        () if first(&[" FOREIGN KEY "]) => "23503",
        () if first(&[" UNIQUE", " PRIMARY KEY"]) => "23505",
        () if first(&[" EXCLUDE "]) => "23P01",
        () if first(&[" TYPE "]) => "22P02, 22001, 22003 or 42804",
        () => "23514",
    }
}
