//! Unique values that move between rows: PostgreSQL checks an ordinary unique index row by row, so the row that holds a value steps
//! aside before another one takes it over.

use super::shape::{Unique, refused, uniques};
use super::sound::Facts;
use super::{Row, RowUpdate, TableChanges};
use crate::catalog::Catalog;
use crate::problem::Problem;
use std::collections::{BTreeMap, BTreeSet};

type Values = Vec<Option<String>>;

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
        park(changes, leaving, &place);
    }
    Ok(())
}

fn positions(changes: &TableChanges, unique: &Unique) -> Option<Vec<usize>> {
    unique.columns.iter().map(|name| changes.columns.iter().position(|column| column.name == *name)).collect()
}

fn values(row: &Row, columns: &[usize]) -> Values {
    columns.iter().map(|at| row.get(*at).cloned().flatten()).collect()
}

/// The rows of the target, as they are before the sync, whose value another row takes over.
fn in_the_way(changes: &TableChanges, columns: &[usize]) -> Vec<Row> {
    let moved = |update: &RowUpdate| values(&update.before, columns) != values(&update.after, columns);
    let leaving = || changes.updates.iter().filter(moved).map(|update| update.before).chain(changes.deletes.iter());
    let held: BTreeSet<Values> =
        leaving().map(|row| values(&row, columns)).filter(|values| values.iter().all(Option::is_some)).collect();
    if held.is_empty() {
        return Vec::new();
    }
    let brought = changes.inserts.iter().chain(changes.updates.iter().filter(moved).map(|update| update.after));
    let taken: BTreeSet<Values> = brought.map(|row| values(&row, columns)).filter(|values| held.contains(values)).collect();
    leaving().filter(|row| taken.contains(&values(row, columns))).collect()
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
    fn value(&self, count: i64) -> Option<String> {
        match &self.aside {
            Aside::Null => None,
            Aside::Numbers(first) => Some((first + count).to_string()),
            Aside::Text => Some(format!("lockstep parks this value {}.{count}", self.column)),
        }
    }

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
    let written = changes.written().filter_map(|row| row.get(at)?.as_deref()?.parse().ok());
    Some(written.chain(facts.highest(&changes.table, name)).max().unwrap_or(0))
}

fn park(changes: &mut TableChanges, leaving: Vec<Row>, place: &Place) {
    let mut aside: BTreeMap<Values, Row> = BTreeMap::new();
    for (count, before) in (0_i64..).zip(leaving) {
        let mut after = before.clone();
        if let Some(cell) = after.get_mut(place.column) {
            *cell = place.value(count);
        }
        aside.insert(values(&before, &changes.key), after.clone());
        changes.parked.push(&RowUpdate { before, after, cells: vec![place.column] });
    }
    let stepped = |row: &Row| aside.get(&values(row, &changes.key)).cloned();
    changes.updates.map(|mut update| {
        if let Some(row) = stepped(&update.before) {
            update.before = row;
            if !update.cells.contains(&place.column) {
                update.cells.push(place.column);
                update.cells.sort_unstable();
            }
        }
        update
    });
    changes.deletes.map(|row| stepped(&row).unwrap_or(row));
}
