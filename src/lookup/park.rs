//! Unique values that move between rows: PostgreSQL checks an ordinary unique index row by row, so the row that holds a value steps
//! aside before another one takes it over.

use super::shape::{Unique, refused, uniques};
use super::sound::Facts;
use super::{Row, RowUpdate, TableChanges};
use crate::catalog::Catalog;
use crate::problem::Problem;
use std::collections::{BTreeMap, BTreeSet};

type Values<'a> = Vec<Option<&'a str>>;

/// Adds the rows that step aside to `changes.parked`, and lets the statements after them start from there.
pub(super) fn step_aside(catalog: &Catalog, changes: &mut TableChanges, facts: &Facts) -> Result<(), Problem> {
    for unique in uniques(catalog, &changes.table).iter().filter(|unique| !unique.deferrable) {
        let Some(columns) = positions(changes, unique) else { continue };
        let leaving = in_the_way(changes, &columns);
        if leaving.is_empty() {
            continue;
        }
        let Some(place) = Place::find(catalog, changes, unique, &columns, facts) else {
            let cause = format!("Rows exchange values of ({}), which must be unique at every moment.", unique.columns.join(", "));
            return Err(refused(
                &changes.table,
                &cause,
                "Make the constraint DEFERRABLE, or exchange the values in two releases.",
            ));
        };
        for (count, row) in leaving.into_iter().enumerate() {
            park(changes, &row, &place, count as i64);
        }
    }
    Ok(())
}

fn positions(changes: &TableChanges, unique: &Unique) -> Option<Vec<usize>> {
    unique.columns.iter().map(|name| changes.columns.iter().position(|column| column.name == *name)).collect()
}

fn values<'a>(row: &'a Row, columns: &[usize]) -> Values<'a> {
    columns.iter().map(|at| row.get(*at).and_then(Option::as_deref)).collect()
}

/// The rows of the target, as they are before the sync, whose value another row takes over.
fn in_the_way(changes: &TableChanges, columns: &[usize]) -> Vec<Row> {
    let moved = |update: &&RowUpdate| values(&update.before, columns) != values(&update.after, columns);
    let taken: BTreeSet<Values<'_>> = changes
        .inserts
        .iter()
        .map(|row| values(row, columns))
        .chain(changes.updates.iter().filter(moved).map(|update| values(&update.after, columns)))
        .filter(|values| values.iter().all(Option::is_some))
        .collect();
    let leaving = changes.updates.iter().filter(moved).map(|update| &update.before).chain(&changes.deletes);
    leaving.filter(|row| taken.contains(&values(row, columns))).cloned().collect()
}

/// Where rows step aside to: one column, and the values that nobody has.
struct Place {
    column: usize,
    aside: Aside,
}

enum Aside {
    /// No value at all, which is never a duplicate.
    Null,
    /// Numbers from here on.
    Numbers(i64),
    /// Text that nobody would type, with a number.
    Text,
}

impl Place {
    fn find(catalog: &Catalog, changes: &TableChanges, unique: &Unique, columns: &[usize], facts: &Facts) -> Option<Self> {
        let table = super::shape::table(catalog, &changes.table)?;
        let free: Vec<(usize, &crate::catalog::Column)> = columns
            .iter()
            .filter(|at| !changes.key.contains(at) && !changes.unknown.contains(at))
            .filter_map(|at| {
                let name = &changes.columns.get(*at)?.name;
                Some((*at, table.columns.iter().find(|column| column.name == *name)?))
            })
            .filter(|(_, column)| column.identity.is_none() && column.generated.is_none())
            .collect();
        if unique.nulls_distinct
            && let Some((column, _)) = free.iter().find(|(_, column)| !column.not_null)
        {
            return Some(Self { column: *column, aside: Aside::Null });
        }
        let own = |column: &str, with_checks: bool| {
            super::shape::constraints(catalog, &changes.table).any(|(_, constraint)| {
                let counts = match constraint.constraint_type {
                    crate::catalog::ConstraintType::ForeignKey | crate::catalog::ConstraintType::Exclusion => true,
                    crate::catalog::ConstraintType::Check => with_checks,
                    _ => false,
                };
                counts && constraint.columns.iter().any(|one| one == column)
            })
        };
        for (at, column) in free {
            match column.type_name.as_str() {
                // Numbers beyond the highest pass the usual rules (not negative, not zero); one that they break is refused by PostgreSQL.
                "integer" | "bigint" if !own(&column.name, false) => {
                    let limit = if column.type_name == "integer" { i64::from(i32::MAX) } else { i64::MAX };
                    let first = highest(changes, facts, at)?.checked_add(1)?;
                    if first.checked_add(i64::try_from(changes.updates.len() + changes.deletes.len()).ok()?)? < limit {
                        return Some(Self { column: at, aside: Aside::Numbers(first) });
                    }
                }
                "text" | "character varying" if !own(&column.name, true) => return Some(Self { column: at, aside: Aside::Text }),
                _ => {}
            }
        }
        None
    }
}

fn highest(changes: &TableChanges, facts: &Facts, at: usize) -> Option<i64> {
    let name = &changes.columns.get(at)?.name;
    let written = changes.inserts.iter().chain(changes.updates.iter().map(|update| &update.after));
    let written = written.filter_map(|row| row.get(at)?.as_deref()?.parse().ok());
    Some(written.chain(facts.highest(&changes.table, name)).max().unwrap_or(0))
}

fn park(changes: &mut TableChanges, row: &Row, place: &Place, count: i64) {
    let value = match &place.aside {
        Aside::Null => None,
        Aside::Numbers(first) => Some((first + count).to_string()),
        Aside::Text => Some(format!("lockstep parks this value {}.{count}", place.column)),
    };
    let mut aside = row.clone();
    if let Some(cell) = aside.get_mut(place.column) {
        *cell = value;
    }
    let key: BTreeMap<usize, Option<String>> = changes.key.iter().map(|at| (*at, row.get(*at).cloned().flatten())).collect();
    let same = |other: &Row| key.iter().all(|(at, value)| other.get(*at) == Some(value));
    if let Some(update) = changes.updates.iter_mut().find(|update| same(&update.before)) {
        update.before.clone_from(&aside);
        if !update.cells.contains(&place.column) {
            update.cells.push(place.column);
            update.cells.sort_unstable();
        }
    } else if let Some(delete) = changes.deletes.iter_mut().find(|delete| same(delete)) {
        delete.clone_from(&aside);
    }
    changes.parked.push(RowUpdate { before: row.clone(), after: aside, cells: vec![place.column] });
}
