//! What rows are called that cells refer to: "3" says little, "3, Adults" does.

use super::shape::foreign_keys;
use super::{LookupSet, LookupTable, Shape, TableChanges, TableDigest};
use crate::catalog::Catalog;
use std::collections::BTreeSet;

/// Columns that people give names in.
const NAMES: [&str; 6] = ["name", "title", "label", "subject", "code", "description"];

/// A column whose cells refer to rows of another lookup table.
pub struct Referring<'a> {
    /// Position in the columns of the changes.
    pub column: usize,
    pub lookup: &'a LookupTable,
    pub shape: &'a Shape,
    /// The position of the column that is referred to.
    pub key: usize,
    /// That of the column with the name.
    pub name: usize,
}

/// The columns of one table that refer to lookup tables with names. Tables whose numbers are each environment's own are left out: the
/// release calls their rows otherwise.
pub fn referring<'a>(
    catalog: &Catalog,
    set: &'a LookupSet,
    tables: &'a [TableDigest],
    changes: &TableChanges,
) -> Vec<Referring<'a>> {
    let found = foreign_keys(catalog, &changes.table).filter_map(|(_, constraint, to)| {
        let ([own], [theirs]) = (constraint.columns.as_slice(), to.columns.as_slice()) else { return None };
        let (lookup, parent) = set.find(&to.table).zip(tables.iter().find(|one| one.table == to.table))?;
        let shape = &parent.shape;
        let column = changes.columns.iter().position(|column| column.name == *own)?;
        let shown = |name: &&&str| **name != theirs.as_str() && !lookup.masked.iter().any(|masked| masked == **name);
        let name = NAMES.iter().filter(shown).find_map(|name| shape.position(name))?;
        let key = shape.position(theirs).filter(|_| shape.surrogate.is_none())?;
        Some(Referring { column, lookup, shape, key, name })
    });
    found.collect()
}

/// The values of a column in all rows that are shown.
pub fn values(changes: &TableChanges, column: usize) -> BTreeSet<String> {
    let updates = changes.updates.iter().flat_map(|update| [update.before, update.after]);
    let conflicts = changes.conflicts.iter().flat_map(|one| [one.promoted, one.now, one.wanted]).flatten();
    let rows = changes.inserts.iter().chain(changes.deletes.iter()).chain(updates).chain(conflicts);
    rows.filter_map(|row| row.get(column).cloned().flatten()).collect()
}
