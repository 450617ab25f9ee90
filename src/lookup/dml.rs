//! The only printer of statements on rows. Each value is a literal with a cast to its column's type, and each statement knows how many
//! rows it must touch: fewer means that somebody changed a row meanwhile.

mod triggers;

use super::{Packed, Row, RowColumn, RowUpdate, SequenceOf, TableChanges};
use crate::catalog::QName;
use crate::catalog::ident::{literal, quote};
use std::collections::BTreeMap;

/// Rows in one statement.
pub const BATCH: usize = 500;

/// One statement of a sync, without its closing semicolon.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RowStatement {
    pub sql: String,
    pub table: QName,
    /// How many rows it must touch; none for statements that touch no rows.
    pub rows: Option<u64>,
    /// In words: "Adds 12 rows to public.fee_groups".
    pub summary: String,
}

/// The statements of the whole sync in their order. They need one transaction.
pub fn statements(changes: &[TableChanges]) -> impl Iterator<Item = RowStatement> {
    let written = if changes.iter().all(TableChanges::is_empty) { &[] } else { changes };
    let (off, on) = triggers::silenced(written).unzip();
    let rows = |table| inserts(table).chain(updates(table, &table.updates, "Changes"));
    (off.into_iter())
        .chain(written.iter().flat_map(deferred))
        .chain(written.iter().flat_map(|table| updates(table, &table.parked, "Moves aside")))
        .chain(written.iter().flat_map(rows))
        .chain(written.iter().rev().flat_map(deletes))
        .chain(settled(written))
        .chain(on)
}

/// The statements that move sequences past the rows, to be run last. They take the sequence's lock before they look, so that a
/// session that draws a number at the same moment cannot be overtaken, and they are undone by a rollback, as `setval` is not.
pub fn sequences(changes: &[TableChanges]) -> Vec<RowStatement> {
    changes.iter().flat_map(|table| table.sequences.iter().map(|sequence| past_rows(table, sequence))).collect()
}

/// The statement as a block that fails when it touches another number of rows, for tools that do not count.
pub fn guarded(statement: &RowStatement) -> String {
    let Some(rows) = statement.rows else { return statement.sql.clone() };
    let text = format!("{} was changed meanwhile: % rows instead of {rows}", statement.table.shown())
        .replace('%', "%%")
        .replacen("%%", "%", 1);
    let body = format!(
        "DECLARE\n  touched bigint;\nBEGIN\n{};\n  GET DIAGNOSTICS touched = ROW_COUNT;\n  IF touched <> {rows} THEN\n    RAISE EXCEPTION {}, touched;\n  END IF;\nEND",
        statement.sql,
        literal(&text)
    );
    block(&body)
}

fn block(body: &str) -> String {
    let mut tag = "$rows$".to_owned();
    while body.contains(&tag) {
        tag.insert(1, 'x');
    }
    format!("DO {tag}\n{body}\n{tag}")
}

fn deferred(table: &TableChanges) -> Vec<RowStatement> {
    let one = |constraint: &super::Deferred| {
        let sql = if constraint.deferrable {
            format!("SET CONSTRAINTS {}.{} DEFERRED", quote(&table.table.schema), quote(&constraint.constraint))
        } else {
            format!(
                "ALTER TABLE {} ALTER CONSTRAINT {} DEFERRABLE INITIALLY DEFERRED",
                table.table,
                quote(&constraint.constraint)
            )
        };
        RowStatement {
            sql,
            table: table.table.clone(),
            rows: None,
            summary: format!("Lets {} be checked last", constraint.constraint),
        }
    };
    table.deferred.iter().map(one).collect()
}

/// Checks what was deferred, then takes back what was made deferrable; PostgreSQL refuses the latter while a check is pending.
fn settled(changes: &[TableChanges]) -> Vec<RowStatement> {
    let Some(first) = changes.first() else { return Vec::new() };
    let mut all = vec![RowStatement {
        sql: "SET CONSTRAINTS ALL IMMEDIATE".to_owned(),
        table: first.table.clone(),
        rows: None,
        summary: "Checks every constraint".to_owned(),
    }];
    for table in changes {
        for constraint in table.deferred.iter().filter(|constraint| !constraint.deferrable) {
            all.push(RowStatement {
                sql: format!("ALTER TABLE {} ALTER CONSTRAINT {} NOT DEFERRABLE", table.table, quote(&constraint.constraint)),
                table: table.table.clone(),
                rows: None,
                summary: format!("Lets {} be checked at once again", constraint.constraint),
            });
        }
    }
    all
}

fn counted(count: usize) -> String {
    if count == 1 { "1 row".to_owned() } else { format!("{count} rows") }
}

fn statement(table: &TableChanges, sql: String, rows: usize, summary: String) -> RowStatement {
    RowStatement { sql, table: table.table.clone(), rows: Some(rows as u64), summary }
}

fn value(row: &Row, at: usize, column: &RowColumn) -> String {
    match row.get(at).and_then(Option::as_deref) {
        Some(text) => format!("{}::{}", literal(text), column.type_name),
        None => format!("NULL::{}", column.type_name),
    }
}

fn written(table: &TableChanges) -> Vec<(usize, &RowColumn)> {
    table.columns.iter().enumerate().filter(|(_, column)| !column.generated).collect()
}

fn inserts(table: &TableChanges) -> impl Iterator<Item = RowStatement> {
    let columns = written(table);
    let names: Vec<String> = columns.iter().map(|(_, column)| quote(&column.name)).collect();
    let overriding = if columns.iter().any(|(_, column)| column.identity_always) { " OVERRIDING SYSTEM VALUE" } else { "" };
    table.inserts.chunks(BATCH).map(move |rows| {
        let row = |row: &Row| {
            let values: Vec<String> = columns.iter().map(|(at, column)| value(row, *at, column)).collect();
            format!("  ({})", values.join(", "))
        };
        let lines: Vec<String> = rows.iter().map(row).collect();
        let sql = format!("INSERT INTO {} ({}){overriding} VALUES\n{}", table.table, names.join(", "), lines.join(",\n"));
        statement(table, sql, rows.len(), format!("Adds {} to {}", counted(rows.len()), table.table.shown()))
    })
}

/// Rows that change the same cells share a statement. The old values are a condition, compared as text because not every type can be
/// compared (json), and byte by byte because a collation may call different texts equal.
fn updates(table: &TableChanges, rows: &Packed<RowUpdate>, does: &'static str) -> impl Iterator<Item = RowStatement> {
    let mut alike: BTreeMap<Vec<usize>, Vec<RowUpdate>> = BTreeMap::new();
    let mut rows = rows.iter();
    std::iter::from_fn(move || {
        let full = rows.by_ref().find_map(|row| {
            let cells = row.cells.clone();
            let batch = alike.entry(cells.clone()).or_default();
            batch.push(row);
            (batch.len() == BATCH).then(|| alike.remove_entry(&cells)).flatten()
        });
        let (cells, rows) = full.or_else(|| alike.pop_first())?;
        let summary = format!("{does} {} of {}", counted(rows.len()), table.table.shown());
        Some(statement(table, update(table, &cells, &rows), rows.len(), summary))
    })
}

fn update(table: &TableChanges, cells: &[usize], rows: &[RowUpdate]) -> String {
    let column = |at: &usize| table.columns.get(*at).map(|column| (*at, column));
    let key: Vec<(usize, &RowColumn)> = table.key.iter().filter_map(column).collect();
    let cells: Vec<(usize, &RowColumn)> = cells.iter().filter_map(column).collect();
    let seen: Vec<&(usize, &RowColumn)> = cells.iter().filter(|(at, _)| !table.unknown.contains(at)).collect();
    let name = |prefix: &str, at: usize| format!("{prefix}{at}");
    let names: Vec<String> = (key.iter().map(|(at, _)| name("key_", *at)))
        .chain(cells.iter().map(|(at, _)| name("new_", *at)))
        .chain(seen.iter().map(|(at, _)| name("old_", *at)))
        .collect();
    let row = |row: &RowUpdate| {
        let values: Vec<String> = (key.iter().map(|(at, column)| value(&row.before, *at, column)))
            .chain(cells.iter().map(|(at, column)| value(&row.after, *at, column)))
            .chain(seen.iter().map(|(at, column)| value(&row.before, *at, column)))
            .collect();
        format!("  ({})", values.join(", "))
    };
    let lines: Vec<String> = rows.iter().map(row).collect();
    let set: Vec<String> =
        cells.iter().map(|(at, column)| format!("{} = v.{}", quote(&column.name), name("new_", *at))).collect();
    let nullable = |at: usize| rows.iter().any(|row| row.before.get(at).is_none_or(Option::is_none));
    let same = key.iter().map(|(at, column)| equal(column, &format!("v.{}", name("key_", *at)), nullable(*at)));
    let unchanged = seen.iter().map(|(at, column)| unchanged(column, &format!("v.{}", name("old_", *at))));
    let conditions: Vec<String> = same.chain(unchanged).collect();
    format!(
        "UPDATE {} AS t SET {}\nFROM (VALUES\n{}\n) AS v ({})\nWHERE {}",
        table.table,
        set.join(", "),
        lines.join(",\n"),
        names.join(", "),
        conditions.join("\n  AND ")
    )
}

/// An index serves for `=` only.
fn equal(column: &RowColumn, value: &str, nullable: bool) -> String {
    let operator = if nullable { "IS NOT DISTINCT FROM" } else { "=" };
    format!("t.{} {operator} {value}", quote(&column.name))
}

fn unchanged(column: &RowColumn, old: &str) -> String {
    format!("t.{}::text COLLATE \"C\" IS NOT DISTINCT FROM {old}::text", quote(&column.name))
}

fn deletes(table: &TableChanges) -> impl Iterator<Item = RowStatement> {
    table.deletes.chunks(BATCH).map(|rows| {
        let summary = format!("Deletes {} of {}", counted(rows.len()), table.table.shown());
        statement(table, delete(table, &rows), rows.len(), summary)
    })
}

fn delete(table: &TableChanges, rows: &[Row]) -> String {
    let seen: Vec<(usize, &RowColumn)> = written(table).into_iter().filter(|(at, _)| !table.unknown.contains(at)).collect();
    let names: Vec<String> = seen.iter().map(|(at, _)| format!("old_{at}")).collect();
    let row = |row: &Row| {
        let values: Vec<String> = seen.iter().map(|(at, column)| value(row, *at, column)).collect();
        format!("  ({})", values.join(", "))
    };
    let nullable = |at: usize| rows.iter().any(|row| row.get(at).is_none_or(Option::is_none));
    let same = |(at, column): &(usize, &RowColumn)| match table.key.contains(at) {
        true => equal(column, &format!("v.old_{at}"), nullable(*at)),
        false => unchanged(column, &format!("v.old_{at}")),
    };
    let conditions: Vec<String> = seen.iter().map(same).collect();
    let lines: Vec<String> = rows.iter().map(row).collect();
    format!(
        "DELETE FROM {} AS t\nUSING (VALUES\n{}\n) AS v ({})\nWHERE {}",
        table.table,
        lines.join(",\n"),
        names.join(", "),
        conditions.join("\n  AND ")
    )
}

fn past_rows(table: &TableChanges, of: &SequenceOf) -> RowStatement {
    let column = quote(&of.column);
    let found = match &of.named {
        Some(name) => literal(&name.to_string()),
        None => format!("pg_catalog.pg_get_serial_sequence({}, {})", literal(&table.table.to_string()), literal(&of.column)),
    };
    // An option set to what it is takes the lock and changes nothing.
    let (end, behind) = if of.increment > 0 { ("max", "<=") } else { ("min", ">=") };
    let body = format!(
        "#variable_conflict use_column\nDECLARE\n  name regclass := {found};\n  last bigint;\n  next bigint;\nBEGIN\n  EXECUTE pg_catalog.format('ALTER SEQUENCE %s INCREMENT BY {increment}', name);\n  SELECT {end}({column}) INTO last FROM {table};\n  EXECUTE pg_catalog.format('SELECT CASE WHEN is_called THEN last_value + {increment} ELSE last_value END FROM %s', name) INTO next;\n  IF next {behind} last THEN\n    EXECUTE pg_catalog.format('ALTER SEQUENCE %s RESTART WITH %s', name, last + {increment});\n  END IF;\nEND",
        increment = of.increment,
        table = table.table,
    );
    RowStatement {
        sql: block(&body),
        table: table.table.clone(),
        rows: None,
        summary: format!("Moves the sequence of {}.{} past its rows", table.table.shown(), of.column),
    }
}
