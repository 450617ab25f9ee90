//! The named risks of one statement.

use serde::{Deserialize, Serialize};

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

pub(super) fn hazard(kind: HazardKind, sentence: String) -> Hazard {
    Hazard { kind, sentence }
}
