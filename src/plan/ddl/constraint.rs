//! Constraints of tables.

use super::name;
use crate::catalog::ident::quote;
use crate::catalog::{Constraint, ObjectId};

pub fn add(id: &ObjectId, constraint: &Constraint) -> String {
    format!("ALTER TABLE {} ADD CONSTRAINT {} {}", name(id), quote(&id.part), constraint.definition)
}

pub fn drop(id: &ObjectId) -> String {
    format!("ALTER TABLE {} DROP CONSTRAINT {}", name(id), quote(&id.part))
}

pub fn validate(id: &ObjectId) -> String {
    format!("ALTER TABLE {} VALIDATE CONSTRAINT {}", name(id), quote(&id.part))
}
