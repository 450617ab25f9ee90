//! Equal rows have equal fingerprints, whatever the order of tables, columns and rows in a database.

use super::{LookupSet, Row, TableChanges, TableRows};
use crate::catalog::{Fingerprint, QName};
use std::collections::BTreeSet;

/// Of the rows as they are. Ignored and generated columns do not count.
pub fn fingerprint(set: &LookupSet, tables: &[TableRows]) -> Fingerprint {
    of(set, tables, |_, _, _| false)
}

/// Of the rows after the sync. Cells that the schema change made, in rows that the sync did not write, do not count either: their
/// value is whatever the column's default or conversion gives, and nobody can know it before.
pub fn fingerprint_after(set: &LookupSet, changes: &[TableChanges], tables: &[TableRows]) -> Fingerprint {
    let written: Vec<(&TableChanges, BTreeSet<_>)> = changes
        .iter()
        .filter(|one| !one.unknown.is_empty())
        .map(|one| {
            let rows = one.inserts.iter().chain(one.updates.iter().map(|update| &update.after));
            (one, rows.map(|row| one.key_of(row)).collect())
        })
        .collect();
    of(set, tables, |table, row, column| {
        written.iter().find(|(one, _)| one.table == table.table).is_some_and(|(one, keys)| {
            one.unknown.iter().any(|at| one.columns.get(*at).is_some_and(|unknown| unknown.name == column))
                && !keys.contains(&table.key_of(row))
        })
    })
}

/// The table, the names that count, and per row the values in the order of the names.
type Canonical<'a> = (&'a QName, Vec<&'a str>, Vec<Vec<Option<&'a str>>>);

fn of(set: &LookupSet, tables: &[TableRows], hidden: impl Fn(&TableRows, &Row, &str) -> bool) -> Fingerprint {
    let mut canonical: Vec<Canonical<'_>> = tables.iter().map(|table| one(set, table, &hidden)).collect();
    canonical.sort_by_key(|(name, _, _)| *name);
    Fingerprint::of(&canonical)
}

fn one<'a>(set: &LookupSet, table: &'a TableRows, hidden: &impl Fn(&TableRows, &Row, &str) -> bool) -> Canonical<'a> {
    let ignored = set.find(&table.table).map_or(&[][..], |one| &one.ignored);
    let mut positions: Vec<usize> = (0..table.columns.len())
        .filter(|at| table.columns.get(*at).is_some_and(|column| !column.generated && !ignored.contains(&column.name)))
        .collect();
    let name = |at: &usize| table.columns.get(*at).map_or("", |column| column.name.as_str());
    positions.sort_by_key(|at| name(at));
    let mut rows: Vec<&Row> = table.rows.iter().collect();
    rows.sort_by(|a, b| table.key_of(a).cmp(&table.key_of(b)));
    let values = rows
        .into_iter()
        .map(|row| {
            let value = |at: &usize| row.get(*at).and_then(Option::as_deref).filter(|_| !hidden(table, row, name(at)));
            positions.iter().map(value).collect()
        })
        .collect();
    (&table.table, positions.iter().map(name).collect(), values)
}
