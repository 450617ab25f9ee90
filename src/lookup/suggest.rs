//! Which tables look like lookup tables. A suggestion only: a person decides.

use super::shape::{foreign_keys, shape, tables};
use super::{LookupTable, Mode};
use crate::catalog::{Catalog, Column, QName};
use std::collections::{BTreeMap, BTreeSet};

/// A table that looks like reference data, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Suggestion {
    pub table: LookupTable,
    /// One sentence for people.
    pub reason: String,
}

/// More rows than this are hardly kept by hand.
const FEW: u64 = 1_000;

/// Tables worth counting: they could be synced, and refer to nothing but each other.
pub fn candidates(catalog: &Catalog) -> Vec<QName> {
    let possible: BTreeSet<QName> = tables(catalog)
        .filter(|(name, table)| {
            table.partition_key.is_none() && matches!(shape(catalog, &LookupTable::new(name.clone(), Mode::Mirror)), Ok(Some(_)))
        })
        .map(|(name, _)| name)
        .filter(|name| !bookkeeping(&name.name))
        .collect();
    closed(catalog, possible).into_iter().collect()
}

/// Candidates that others refer to, or that refer to one of those, with few rows. `counts` has the rows of each table, where known.
pub fn suggest(catalog: &Catalog, counts: &BTreeMap<QName, u64>) -> Vec<Suggestion> {
    let few = candidates(catalog).into_iter().filter(|table| counts.get(table).is_none_or(|rows| *rows <= FEW)).collect();
    let few = closed(catalog, few);
    few.iter()
        .map(|name| {
            let users = tables(catalog)
                .filter(|(other, _)| other != name && foreign_keys(catalog, other).any(|(_, _, to)| to.table == *name))
                .count();
            let rows = counts.get(name).map_or_else(
                || "Its rows".to_owned(),
                |rows| if *rows == 1 { "1 row".to_owned() } else { format!("{rows} rows") },
            );
            let reason = match users {
                0 => format!("{rows} that refer to no ordinary table."),
                1 => format!("{rows} that 1 other table refers to."),
                users => format!("{rows} that {users} other tables refer to."),
            };
            let table = LookupTable { ignored: clocks(catalog, name), ..LookupTable::new(name.clone(), Mode::Mirror) };
            Suggestion { table, reason }
        })
        .collect()
}

/// Without the tables that refer to one outside: reference data never hangs on the rows of an application.
fn closed(catalog: &Catalog, mut set: BTreeSet<QName>) -> BTreeSet<QName> {
    loop {
        let out: Vec<QName> =
            set.iter().filter(|name| foreign_keys(catalog, name).any(|(_, _, to)| !set.contains(&to.table))).cloned().collect();
        if out.is_empty() {
            return set;
        }
        for name in out {
            set.remove(&name);
        }
    }
}

/// Histories of migration tools describe one database; they never travel.
fn bookkeeping(name: &str) -> bool {
    name.starts_with('_') || name.ends_with("schema_migrations") || name == "schema_versions"
}

/// Columns that tell when a row was written in one database.
fn clocks(catalog: &Catalog, name: &QName) -> Vec<String> {
    let clock = |column: &&Column| {
        column.type_name.starts_with("timestamp")
            && column.default.as_deref().is_some_and(|default| default.contains("now()") || default.contains("CURRENT_TIMESTAMP"))
    };
    super::shape::table(catalog, name)
        .map_or_else(Vec::new, |table| table.columns.iter().filter(clock).map(|c| c.name.clone()).collect())
}
