//! Statements outside a transaction, in forms that let others write meanwhile, and the questions whether they are done.

use super::name;
use crate::catalog::ident::{literal, quote};
use crate::catalog::{Constraint, ObjectId};

/// `CREATE INDEX` so that others can write meanwhile.
pub fn concurrently(create: &str) -> String {
    create.replacen(" INDEX ", " INDEX CONCURRENTLY ", 1)
}

/// The index behind a plain unique constraint of `table`.
pub fn unique_index(id: &ObjectId, table: &ObjectId, constraint: &Constraint) -> String {
    let columns: Vec<String> = constraint.columns.iter().map(|column| quote(column)).collect();
    format!("CREATE UNIQUE INDEX CONCURRENTLY {} ON {} ({})", quote(&id.name), name(table), columns.join(", "))
}

pub fn drop_index(id: &ObjectId) -> String {
    format!("DROP INDEX CONCURRENTLY {}", name(id))
}

pub fn drop_index_if_exists(id: &ObjectId) -> String {
    format!("DROP INDEX CONCURRENTLY IF EXISTS {}", name(id))
}

/// The definition of a check that stands for NOT NULL of a column, for new rows only.
pub fn proof(column: &str) -> String {
    format!("CHECK ({} IS NOT NULL) NOT VALID", quote(column))
}

pub fn drop_proof(id: &ObjectId) -> String {
    format!("ALTER TABLE {} DROP CONSTRAINT IF EXISTS {}", name(id), quote(&id.part))
}

pub fn index_is_valid(id: &ObjectId) -> String {
    let this = literal(&name(id));
    format!("SELECT EXISTS (SELECT FROM pg_catalog.pg_index WHERE indexrelid = pg_catalog.to_regclass({this}) AND indisvalid)")
}

pub fn index_is_gone(id: &ObjectId) -> String {
    format!("SELECT pg_catalog.to_regclass({}) IS NULL", literal(&name(id)))
}

/// Is there such a constraint, of which `condition` is true?
pub fn constraint_is(id: &ObjectId, condition: &str) -> String {
    format!(
        "SELECT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass({}) AND conname = {} AND {condition})",
        literal(&name(&id.owner())),
        literal(&id.part)
    )
}

pub fn column_is_required(id: &ObjectId) -> String {
    format!(
        "SELECT EXISTS (SELECT FROM pg_catalog.pg_attribute WHERE attrelid = pg_catalog.to_regclass({}) AND attname = {} AND attnotnull)",
        literal(&name(&id.owner())),
        literal(&id.part)
    )
}
