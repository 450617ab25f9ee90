//! The rows of a release as they are called in the target: where a key of the rows' own pairs them, the numbers of their primary key are
//! each environment's own, and what refers to them is translated.

use super::compare::Side;
use super::order::parents_first;
use super::rows::RowKey;
use super::shape::{foreign_keys, refused};
use super::{LookupSet, Row, TableDigest, TableRows};
use crate::catalog::{Catalog, QName};
use crate::problem::Problem;
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

/// From the number of a row in the release to its number in the target.
type Numbers = BTreeMap<String, String>;

/// The tables with numbers of their own and those that refer to them: only together can their rows be called as the target calls them.
pub fn entangled(catalog: &Catalog, tables: &[TableDigest]) -> BTreeSet<QName> {
    let own: BTreeSet<&QName> = tables.iter().filter(|one| one.shape.surrogate.is_some()).map(|one| &one.table).collect();
    let entangled =
        |table: &&QName| own.contains(table) || foreign_keys(catalog, table).any(|(_, _, to)| own.contains(&to.table));
    tables.iter().map(|one| &one.table).filter(entangled).cloned().collect()
}

/// The same rows when no table has numbers of its own.
pub(super) fn translated<'a>(
    set: &LookupSet,
    release: Side<'a>,
    target: &[TableRows],
) -> (Cow<'a, [TableRows]>, BTreeMap<QName, Problem>) {
    if release.rows.iter().all(|rows| rows.surrogate.is_none()) {
        return (Cow::Borrowed(release.rows), BTreeMap::new());
    }
    let mut work = Translation {
        catalog: release.catalog,
        target,
        rows: release.rows.to_vec(),
        numbers: BTreeMap::new(),
        problems: BTreeMap::new(),
    };
    let order = parents_first(release.catalog, set.tables.iter().map(|one| one.table.clone()).collect());
    let mut late = Vec::new();
    for table in order.tables {
        late.extend(work.table(&table));
    }
    for (table, reference) in late {
        work.refer(&table, &reference);
    }
    (Cow::Owned(work.rows), work.problems)
}

struct Translation<'a> {
    catalog: &'a Catalog,
    target: &'a [TableRows],
    rows: Vec<TableRows>,
    numbers: BTreeMap<QName, Numbers>,
    problems: BTreeMap<QName, Problem>,
}

/// A column of a table that holds the numbers of another.
#[derive(Clone)]
struct Reference {
    column: usize,
    parent: QName,
}

impl Translation<'_> {
    fn place(&self, table: &QName) -> Option<usize> {
        self.rows.iter().position(|rows| rows.table == *table)
    }

    /// Translates what is known already, numbers the rows, and gives the references that have to wait: to the table itself and to those
    /// that it is in a circle with.
    fn table(&mut self, table: &QName) -> Vec<(QName, Reference)> {
        let Some(at) = self.place(table) else { return Vec::new() };
        let references = self.references(at);
        let mut late = Vec::new();
        for reference in references {
            if self.numbers.contains_key(&reference.parent) {
                self.refer(table, &reference);
            } else if self.rows.get(at).is_some_and(|rows| rows.key.contains(&reference.column)) {
                let cause = format!(
                    "Its key holds numbers of {}, which are known only when its own rows are paired.",
                    reference.parent.shown()
                );
                self.refuse(table, &cause, "Choose a key without that column.");
            } else {
                late.push((table.clone(), reference));
            }
        }
        self.number(at);
        late
    }

    fn refuse(&mut self, table: &QName, cause: &str, way_out: &str) {
        self.problems.entry(table.clone()).or_insert_with(|| refused(table, cause, way_out));
    }

    /// The columns that refer to the numbers of tables with numbers of their own.
    fn references(&mut self, at: usize) -> Vec<Reference> {
        let Some(rows) = self.rows.get(at).cloned() else { return Vec::new() };
        let mut found: Vec<Reference> = Vec::new();
        for (name, constraint, to) in foreign_keys(self.catalog, &rows.table) {
            let parent = self.rows.iter().find(|other| other.table == to.table);
            let Some(number) = parent.and_then(|parent| parent.columns.get(parent.surrogate?)) else { continue };
            match (constraint.columns.as_slice(), to.columns.as_slice()) {
                ([own], [theirs]) if *theirs == number.name => {
                    let reference = rows.position(own).map(|column| Reference { column, parent: to.table.clone() });
                    let new = reference.filter(|one| !found.iter().any(|other| other.column == one.column));
                    found.extend(new);
                }
                (_, theirs) if theirs.contains(&number.name) => {
                    let cause =
                        format!("Its foreign key {name} refers to numbers of {} together with other columns.", to.table.shown());
                    self.refuse(&rows.table, &cause, "Pair the rows by primary key, or refer to the number alone.");
                }
                _ => {}
            }
        }
        found
    }

    fn refer(&mut self, table: &QName, reference: &Reference) {
        let (Some(at), Some(numbers)) = (self.place(table), self.numbers.get(&reference.parent)) else { return };
        let Some(rows) = self.rows.get_mut(at) else { return };
        let mut lost = None;
        for cell in rows.rows.iter_mut().filter_map(|row| row.get_mut(reference.column)) {
            let Some(number) = cell.as_deref() else { continue };
            match numbers.get(number) {
                Some(there) => *cell = Some(there.clone()),
                None => lost = lost.or_else(|| cell.clone()),
            }
        }
        if let Some(number) = lost {
            let cause = format!("A row refers to number {number} of {}, and that row does not travel.", reference.parent.shown());
            self.refuse(table, &cause, "Let the filters of both tables take rows that belong together.");
        }
    }

    /// Rows that the target has keep their numbers; new ones keep the release's where they are free.
    fn number(&mut self, at: usize) {
        let Some(rows) = self.rows.get_mut(at) else { return };
        let Some(surrogate) = rows.surrogate else { return };
        let now = self.target.iter().find(|other| other.table == rows.table);
        let (paired, mut used) = now.map_or_else(Default::default, |now| numbered(now, &rows.columns, surrogate));
        let own: Vec<Option<String>> = rows
            .rows
            .iter()
            .map(|row| {
                let key: Vec<Option<String>> = rows.key_of(row).into_iter().map(|value| value.map(Cow::into_owned)).collect();
                paired.get(&key).cloned()
            })
            .collect();
        let mut next = rows
            .rows
            .iter()
            .filter_map(|row| row.get(surrogate)?.as_deref())
            .chain(used.iter().map(String::as_str))
            .filter_map(|number| number.parse::<i64>().ok())
            .max()
            .unwrap_or(0);
        let mut numbers = Numbers::new();
        let mut taken = None;
        for (row, own) in rows.rows.iter_mut().zip(own) {
            let Some(cell) = row.get_mut(surrogate) else { continue };
            let Some(number) = cell.clone() else { continue };
            let there = match own {
                Some(own) => own,
                None if !used.contains(&number) => number.clone(),
                None if number.parse::<i64>().is_ok() => {
                    next += 1;
                    next.to_string()
                }
                None => {
                    taken = taken.or(Some(number));
                    continue;
                }
            };
            used.insert(there.clone());
            *cell = Some(there.clone());
            numbers.insert(number, there);
        }
        let table = rows.table.clone();
        self.numbers.insert(table.clone(), numbers);
        if let Some(number) = taken {
            let cause = format!("A new row has the number {number}, which another row of the target has.");
            self.refuse(&table, &cause, "Give the row another number in the source.");
        }
    }
}

/// The numbers of the target's rows by their keys, and all of them.
fn numbered(
    now: &TableRows,
    columns: &[super::RowColumn],
    surrogate: usize,
) -> (BTreeMap<Vec<Option<String>>, String>, BTreeSet<String>) {
    let Some(at) = columns.get(surrogate).and_then(|column| now.position(&column.name)) else { return Default::default() };
    let owned = |key: RowKey<'_>| key.into_iter().map(|value| value.map(Cow::into_owned)).collect();
    let number = |row: &Row| row.get(at).cloned().flatten();
    let paired = now.rows.iter().filter_map(|row| Some((owned(now.key_of(row)), number(row)?))).collect();
    (paired, now.rows.iter().filter_map(number).collect())
}
