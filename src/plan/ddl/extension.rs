//! Extensions. Their members are never touched one by one.

use crate::catalog::ident::quote;
use crate::catalog::{Extension, ObjectId};

pub fn create(id: &ObjectId, extension: &Extension) -> String {
    format!("CREATE EXTENSION {} WITH SCHEMA {} VERSION {}", quote(&id.name), quote(&extension.schema), quote(&extension.version))
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
