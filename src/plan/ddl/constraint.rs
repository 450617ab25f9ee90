//! Constraints of tables.

use super::name;
use crate::catalog::ident::quote;
use crate::catalog::{Constraint, ConstraintType, ObjectId};

pub fn add(id: &ObjectId, constraint: &Constraint) -> String {
    format!("ALTER TABLE {} ADD CONSTRAINT {} {}", name(id), quote(&id.part), constraint.definition)
}

pub fn rename(id: &ObjectId, to: &str) -> String {
    format!("ALTER TABLE {} RENAME CONSTRAINT {} TO {}", name(id), quote(&id.part), quote(to))
}

pub fn drop(id: &ObjectId) -> String {
    format!("ALTER TABLE {} DROP CONSTRAINT {}", name(id), quote(&id.part))
}

/// In place: a foreign key waits for the end of the transaction or not, a rule is proven. None when it has to be made anew.
pub fn alter(id: &ObjectId, before: &Constraint, after: &Constraint) -> Option<String> {
    if before.definition.strip_suffix(" NOT VALID") == Some(&after.definition) {
        return Some(validate(id));
    }
    let (a, b) = (waits(&before.definition), waits(&after.definition));
    let foreign_key = after.constraint_type == ConstraintType::ForeignKey;
    (foreign_key && a.0 == b.0).then(|| {
        let when = if b.1.is_empty() { " NOT DEFERRABLE" } else { b.1 };
        format!("ALTER TABLE {} ALTER CONSTRAINT {}{when}", name(id), quote(&id.part))
    })
}

/// A definition without its last words, and those: whether it is deferrable.
fn waits(definition: &str) -> (&str, &str) {
    [" DEFERRABLE INITIALLY DEFERRED", " DEFERRABLE"]
        .iter()
        .find_map(|end| definition.strip_suffix(end).map(|rest| (rest, *end)))
        .unwrap_or((definition, ""))
}

/// Unique columns and nothing more: an index can be built for them while others write, and become the constraint.
pub fn is_plain_unique(constraint: &Constraint) -> bool {
    let (head, _) = waits(&constraint.definition);
    head.starts_with("UNIQUE (")
        && head.ends_with(')')
        && ![" INCLUDE (", " WITH (", " WITHOUT OVERLAPS"].iter().any(|more| head.contains(more))
}

/// The index of the same name becomes the constraint.
pub fn adopt(id: &ObjectId, constraint: &Constraint) -> String {
    let (_, when) = waits(&constraint.definition);
    format!("ALTER TABLE {0} ADD CONSTRAINT {1} UNIQUE USING INDEX {1}{when}", name(id), quote(&id.part))
}

pub fn validate(id: &ObjectId) -> String {
    format!("ALTER TABLE {} VALIDATE CONSTRAINT {}", name(id), quote(&id.part))
}
