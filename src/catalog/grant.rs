//! Who may use what.

use super::ObjectId;
use serde::{Deserialize, Serialize};

/// One privilege of one grantee.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Grant {
    /// `SELECT`, `EXECUTE`, ...
    pub privilege: String,
    /// When it is of one column alone.
    pub column: Option<String>,
    /// `WITH GRANT OPTION`.
    pub grantable: bool,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Privileges {
    pub on: ObjectId,
    /// By privilege and column.
    pub grants: Vec<Grant>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct DefaultPrivileges {
    /// By grantee and privilege.
    pub grants: Vec<GrantTo>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct GrantTo {
    /// A role, or `public`.
    pub grantee: String,
    pub grant: Grant,
}
