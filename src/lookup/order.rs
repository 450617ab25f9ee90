//! Parents before children, and what to do where tables refer to each other.

use super::dml::BATCH;
use super::shape::foreign_keys;
use super::{Deferred, TableChanges};
use crate::catalog::{Catalog, QName};
use std::collections::BTreeSet;

pub(super) struct Order {
    /// Parents first.
    pub tables: Vec<QName>,
    /// Foreign keys, as table and name, that lead to a table further down.
    pub deferred: BTreeSet<(QName, String)>,
}

/// Sorts by foreign keys, then by name. A circle is entered at its first table by name.
pub(super) fn parents_first(catalog: &Catalog, tables: BTreeSet<QName>) -> Order {
    let mut open = tables;
    let mut order = Order { tables: Vec::new(), deferred: BTreeSet::new() };
    while let Some(first) = open.first().cloned() {
        let waits = |name: &QName| foreign_keys(catalog, name).any(|(_, _, to)| to.table != *name && open.contains(&to.table));
        let next = open.iter().find(|name| !waits(name)).cloned().unwrap_or(first);
        open.remove(&next);
        let back = foreign_keys(catalog, &next).filter(|(_, _, to)| open.contains(&to.table));
        order.deferred.extend(back.map(|(name, _, _)| (next.clone(), name.to_owned())));
        order.tables.push(next);
    }
    order
}

/// Notes the foreign keys of a table that must wait for the end of the sync. A table that refers to itself is fine within one
/// statement, where PostgreSQL checks at the end, and needs more when its rows take several.
pub(super) fn defer(catalog: &Catalog, changes: &mut TableChanges, back: &BTreeSet<(QName, String)>) {
    let several = changes.inserts.len() > BATCH || changes.deletes.len() > BATCH;
    changes.deferred = foreign_keys(catalog, &changes.table)
        .filter(|(name, _, to)| {
            back.contains(&(changes.table.clone(), (*name).to_owned())) || (several && to.table == changes.table)
        })
        .map(|(name, constraint, _)| Deferred {
            constraint: name.to_owned(),
            deferrable: constraint.definition.contains(" DEFERRABLE") && !constraint.definition.contains("NOT DEFERRABLE"),
        })
        .collect();
}
