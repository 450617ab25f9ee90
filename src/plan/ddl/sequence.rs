//! Sequences, also those behind identity columns, and how a counter moves from one to the other.

use super::{do_block, name};
use crate::catalog::ident::{literal, quote};
use crate::catalog::{ObjectId, OwnedBy, Sequence, SequenceOptions};

/// The options as `CREATE SEQUENCE` and `GENERATED ... AS IDENTITY (...)` take them.
pub fn options(of: &SequenceOptions) -> String {
    single_options(of).join(" ")
}

fn single_options(of: &SequenceOptions) -> [String; 6] {
    [
        format!("START WITH {}", of.start),
        format!("INCREMENT BY {}", of.increment),
        format!("MINVALUE {}", of.min),
        format!("MAXVALUE {}", of.max),
        format!("CACHE {}", of.cache),
        if of.cycle { "CYCLE" } else { "NO CYCLE" }.to_owned(),
    ]
}

/// The same as `ALTER COLUMN` takes them.
pub fn identity_options(of: &SequenceOptions) -> Vec<String> {
    single_options(of).iter().map(|option| format!("SET {option}")).collect()
}

/// The type of an identity column's sequence, whose name is not known.
pub fn retype_identity(column: &ObjectId, type_name: &str) -> String {
    do_block(&format!("BEGIN\n  EXECUTE 'ALTER SEQUENCE ' || {} || ' AS {type_name}';\nEND", behind(column)))
}

pub fn describe_identity(column: &ObjectId, comment: Option<&str>) -> String {
    let text = comment.map_or_else(|| "NULL".to_owned(), literal);
    do_block(&format!(
        "BEGIN\n  EXECUTE pg_catalog.format('COMMENT ON SEQUENCE %s IS %L', {}, {text}::text);\nEND",
        behind(column)
    ))
}

/// Another name for an identity column's sequence, whose name is not known.
pub fn identity_aside(column: &ObjectId) -> String {
    do_block(&format!(
        "BEGIN
  EXECUTE pg_catalog.format('ALTER SEQUENCE %s RENAME TO %I', {0}, (SELECT 'lockstep_old_' || oid FROM pg_catalog.pg_class WHERE oid = {0}));
END",
        behind(column)
    ))
}

pub fn drop(id: &ObjectId) -> String {
    format!("DROP SEQUENCE {}", name(id))
}

pub fn create(id: &ObjectId, of: &Sequence) -> String {
    let unlogged = if of.unlogged { "UNLOGGED " } else { "" };
    format!("CREATE {unlogged}SEQUENCE {} AS {} {}", name(id), of.options.type_name, options(&of.options))
}

pub fn rename(id: &ObjectId, to: &str) -> String {
    format!("ALTER SEQUENCE {} RENAME TO {}", name(id), quote(to))
}

pub fn alter(id: &ObjectId, before: &Sequence, after: &Sequence) -> Vec<String> {
    let mut statements = Vec::new();
    if before.options != after.options {
        let change = format!("ALTER SEQUENCE {} AS {} {}", name(id), after.options.type_name, options(&after.options));
        statements.push(match leaves_bounds(&before.options, &after.options) {
            Some(condition) => do_block(&format!(
                "BEGIN\n  IF (SELECT last_value {condition} FROM {}) THEN\n    {change} RESTART WITH {};\n  ELSE\n    {change};\n  END IF;\nEND",
                name(id),
                after.options.start
            )),
            None => change,
        });
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

/// A counter that has not come to the new bounds yet starts there; none when the bounds leave it room in any case.
fn leaves_bounds(before: &SequenceOptions, after: &SequenceOptions) -> Option<String> {
    if after.increment > 0 {
        (before.min < after.min).then(|| format!("< {}", after.min))
    } else {
        (before.max > after.max).then(|| format!("> {}", after.max))
    }
}

/// The options of an identity column's sequence, from one to the other.
pub fn alter_identity(column: &ObjectId, before: &SequenceOptions, after: &SequenceOptions, sets: &str) -> String {
    let change = super::column::alter(column, sets);
    match leaves_bounds(before, after) {
        Some(condition) => do_block(&format!(
            "DECLARE\n  outside boolean;\nBEGIN\n  EXECUTE 'SELECT last_value {condition} FROM ' || {} INTO outside;\n  IF outside THEN\n    {change} RESTART WITH {};\n  ELSE\n    {change};\n  END IF;\nEND",
            behind(column),
            after.start
        )),
        None => change,
    }
}

/// Moves the counter of a new identity column on to that of the column whose place it takes.
pub fn identity_goes_on(column: &ObjectId, from: &ObjectId, start: i64) -> String {
    let last = format!("pg_catalog.pg_sequence_last_value({})", behind(from));
    format!("SELECT pg_catalog.setval({}, COALESCE({last}, {start}), {last} IS NOT NULL)", behind(column))
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
    let part = quote(&column.part);
    let (end, from, to) = match options.increment > 0 {
        true => ("max", options.start, options.max),
        false => ("min", options.min, options.start),
    };
    let last = format!("pg_catalog.{end}({part}) FILTER (WHERE {part} BETWEEN {from} AND {to})");
    let start = options.start;
    format!("SELECT pg_catalog.setval({counter}, COALESCE({last}, {start}), {last} IS NOT NULL) FROM {}", name(column))
}
