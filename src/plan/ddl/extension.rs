//! Extensions. Their members are never touched one by one.

use crate::catalog::ident::quote;
use crate::catalog::{Extension, ObjectId};

/// Without a version it is the server's own.
pub fn create(id: &ObjectId, extension: &Extension) -> String {
    let version = match extension.version.as_str() {
        "" => String::new(),
        version => format!(" VERSION {}", quote(version)),
    };
    format!("CREATE EXTENSION {} WITH SCHEMA {}{version}", quote(&id.name), quote(&extension.schema))
}

pub fn alter(id: &ObjectId, before: &Extension, after: &Extension) -> Vec<String> {
    let mut statements = Vec::new();
    if before.schema != after.schema {
        statements.push(format!("ALTER EXTENSION {} SET SCHEMA {}", quote(&id.name), quote(&after.schema)));
    }
    if before.version != after.version {
        statements.push(format!("ALTER EXTENSION {} UPDATE TO {}", quote(&id.name), quote(&after.version)));
    }
    statements
}
