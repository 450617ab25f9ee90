//! Who may do what, in one table. The server decides everything by it; a hidden button is never the protection.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    Auditor,
    Admin,
    Lead,
    Owner,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct PersonId(pub Uuid);

/// The signed-in person on whose behalf something is done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Actor {
    pub id: PersonId,
    pub name: String,
    pub email: String,
    pub role: Role,
    /// Where the request came from, for the audit log; never sent to the browser.
    #[serde(skip)]
    pub ip: String,
}

impl Actor {
    /// The operator at the machine itself: who can start the binary on the store may administer it.
    pub fn command_line() -> Self {
        Self {
            id: PersonId(Uuid::nil()),
            name: "command line".to_owned(),
            email: String::new(),
            role: Role::Owner,
            ip: String::new(),
        }
    }
}

/// A row of the people page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Person {
    pub id: PersonId,
    pub name: String,
    pub email: String,
    pub role: Role,
    pub disabled: bool,
    pub since: DateTime<Utc>,
    pub last_sign_in: Option<DateTime<Utc>>,
}

/// What a person may want to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Action {
    /// Promotions, history, audit, drift; export evidence; verify the audit chain.
    See,
    /// Preview, freeze, request, run what is approved, cancel one's own.
    Promote,
    /// Approve or reject; `protected` for environments that only leads and owners may approve into.
    Approve { protected: bool },
    /// People, environments, policies, settings.
    Administer,
}

impl Role {
    pub const ALL: [Self; 4] = [Self::Auditor, Self::Admin, Self::Lead, Self::Owner];

    pub fn label(self) -> &'static str {
        match self {
            Self::Auditor => "auditor",
            Self::Admin => "admin",
            Self::Lead => "lead",
            Self::Owner => "owner",
        }
    }
}

/// The table of product.md, row by row.
pub fn allowed(role: Role, action: Action) -> bool {
    match action {
        Action::See => true,
        Action::Promote | Action::Approve { protected: false } => role >= Role::Admin,
        Action::Approve { protected: true } => role >= Role::Lead,
        Action::Administer => role == Role::Owner,
    }
}
