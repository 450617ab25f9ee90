//! Whether the rows hold together after the sync: found before approval, where PostgreSQL would find it in the middle of a run.

use super::shape::{foreign_keys, uniques};
use super::{Row, TableChanges, TableRows};
use crate::catalog::{Catalog, QName};
use crate::problem::{Problem, ProblemKind};
use std::collections::{BTreeMap, BTreeSet};

/// `after` are the rows as they will be, in the order of `changes`.
pub(super) fn problems(catalog: &Catalog, changes: &[TableChanges], after: &[TableRows]) -> Vec<Problem> {
    let unknown = |table: &QName| changes.iter().find(|one| one.table == *table).map_or(&[][..], |one| &one.unknown);
    let mut found = Vec::new();
    for rows in after {
        found.extend(orphans(catalog, rows, after, &unknown));
        found.extend(duplicates(catalog, rows, unknown(&rows.table)));
    }
    found
}

fn orphans<'a>(
    catalog: &Catalog,
    rows: &TableRows,
    after: &[TableRows],
    unknown: &impl Fn(&QName) -> &'a [usize],
) -> Vec<Problem> {
    let mut found = Vec::new();
    for (_, constraint, to) in foreign_keys(catalog, &rows.table) {
        let Some(parents) = after.iter().find(|other| other.table == to.table) else { continue };
        let (Some(own), Some(theirs)) = (positions(rows, &constraint.columns), positions(parents, &to.columns)) else { continue };
        if own.iter().any(|at| unknown(&rows.table).contains(at)) || theirs.iter().any(|at| unknown(&to.table).contains(at)) {
            continue;
        }
        let there: BTreeSet<Vec<&str>> = parents.rows.iter().filter_map(|row| whole(row, &theirs)).collect();
        let lost: Vec<Vec<&str>> =
            rows.rows.iter().filter_map(|row| whole(row, &own)).filter(|key| !there.contains(key)).collect();
        if let Some(first) = lost.first() {
            found.push(
                Problem::new(
                    ProblemKind::Conflict,
                    format!(
                        "{} would refer to rows of {} that are not there.",
                        counted(lost.len(), &rows.table),
                        to.table.shown()
                    ),
                )
                .because(format!("For example {} = {}.", constraint.columns.join(", "), first.join(", ")))
                .way_out("Let both tables be synced in full, or correct the rows in the source and freeze again."),
            );
        }
    }
    found
}

fn duplicates(catalog: &Catalog, rows: &TableRows, unknown: &[usize]) -> Vec<Problem> {
    let mut found = Vec::new();
    for unique in uniques(catalog, &rows.table) {
        let Some(columns) = positions(rows, &unique.columns) else { continue };
        if columns.iter().any(|at| unknown.contains(at)) {
            continue;
        }
        let mut counts: BTreeMap<Vec<&str>, usize> = BTreeMap::new();
        for key in rows.rows.iter().filter_map(|row| whole(row, &columns)) {
            *counts.entry(key).or_default() += 1;
        }
        if let Some((key, count)) = counts.into_iter().find(|(_, count)| *count > 1) {
            found.push(
                Problem::new(
                    ProblemKind::Conflict,
                    format!("{} would have the same {}.", counted(count, &rows.table), unique.columns.join(", ")),
                )
                .because(format!("The value is {}, in rows of the release and rows that stay in the target.", key.join(", ")))
                .way_out("Change one of the rows, or let the promotion delete the target's row."),
            );
        }
    }
    found
}

fn counted(count: usize, table: &QName) -> String {
    let table = table.shown();
    if count == 1 { format!("1 row of {table}") } else { format!("{count} rows of {table}") }
}

fn positions(rows: &TableRows, names: &[String]) -> Option<Vec<usize>> {
    names.iter().map(|name| rows.columns.iter().position(|column| column.name == *name)).collect()
}

/// The values, when none of them is NULL: only then a key refers to anything or can be a duplicate.
fn whole<'a>(row: &'a Row, columns: &[usize]) -> Option<Vec<&'a str>> {
    columns.iter().map(|at| row.get(*at).and_then(Option::as_deref)).collect()
}
