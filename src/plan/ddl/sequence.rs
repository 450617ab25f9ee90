//! Sequences, also those behind identity columns, and how a counter moves from one to the other.

use super::name;
use crate::catalog::ident::{literal, quote};
use crate::catalog::{ObjectId, OwnedBy, Sequence, SequenceOptions};

/// The options as `CREATE SEQUENCE` and `GENERATED ... AS IDENTITY (...)` take them.
pub fn options(of: &SequenceOptions) -> String {
    format!(
        "START WITH {} INCREMENT BY {} MINVALUE {} MAXVALUE {} CACHE {}{}",
        of.start,
        of.increment,
        of.min,
        of.max,
        of.cache,
        if of.cycle { " CYCLE" } else { " NO CYCLE" }
    )
}

pub fn create(id: &ObjectId, of: &Sequence) -> String {
    let unlogged = if of.unlogged { "UNLOGGED " } else { "" };
    format!("CREATE {unlogged}SEQUENCE {} AS {} {}", name(id), of.options.type_name, options(&of.options))
}

pub fn alter(id: &ObjectId, before: &Sequence, after: &Sequence) -> Vec<String> {
    let mut statements = Vec::new();
    if before.options != after.options {
        statements.push(format!("ALTER SEQUENCE {} AS {} {}", name(id), after.options.type_name, options(&after.options)));
    }
    if before.unlogged != after.unlogged {
        statements.push(format!("ALTER SEQUENCE {} SET {}", name(id), if after.unlogged { "UNLOGGED" } else { "LOGGED" }));
    }
    statements
}

pub fn owned_by(id: &ObjectId, owner: Option<&OwnedBy>) -> String {
    match owner {
        Some(owner) => format!("ALTER SEQUENCE {} OWNED BY {}.{}", name(id), owner.table, quote(&owner.column)),
        None => format!("ALTER SEQUENCE {} OWNED BY NONE", name(id)),
    }
}

/// The sequence behind an identity or serial column, as an expression.
fn behind(column: &ObjectId) -> String {
    format!("pg_catalog.pg_get_serial_sequence({}, {})::pg_catalog.regclass", literal(&name(column)), literal(&column.part))
}

/// Moves an identity column's counter on to that of `from`.
pub fn identity_takes_over(column: &ObjectId, from: &ObjectId) -> String {
    format!("SELECT pg_catalog.setval({}, last_value, is_called) FROM {}", behind(column), name(from))
}

/// Moves the counter of `to` on to that of an identity column.
pub fn takes_over_identity(to: &ObjectId, column: &ObjectId, start: i64) -> String {
    let last = format!("pg_catalog.pg_sequence_last_value({})", behind(column));
    format!(
        "SELECT pg_catalog.setval({}::pg_catalog.regclass, COALESCE({last}, {start}), {last} IS NOT NULL)",
        literal(&name(to))
    )
}

/// Moves a new counter past the values that are there.
pub fn past_the_rows(sequence: Option<&ObjectId>, column: &ObjectId, options: &SequenceOptions) -> String {
    let counter = sequence.map_or_else(|| behind(column), |id| format!("{}::pg_catalog.regclass", literal(&name(id))));
    let (end, part) = (if options.increment > 0 { "max" } else { "min" }, quote(&column.part));
    format!(
        "SELECT pg_catalog.setval({counter}, COALESCE(pg_catalog.{end}({part}), {}), pg_catalog.{end}({part}) IS NOT NULL) FROM {}",
        options.start,
        name(column)
    )
}
