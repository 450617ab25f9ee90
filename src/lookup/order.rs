//! Parents before children, and what to do where tables refer to each other.

use super::dml::BATCH;
use super::shape::{foreign_keys, table};
use super::{Deferred, SequenceOf, TableChanges};
use crate::catalog::{Catalog, Column, Object, QName, Sequence};
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

/// The sequences that give the table's columns their next values.
pub(super) fn sequences(catalog: &Catalog, name: &QName) -> Vec<SequenceOf> {
    let Some(found) = table(catalog, name) else { return Vec::new() };
    let of = |column: &Column| {
        if let Some(identity) = &column.identity {
            return Some(SequenceOf { column: column.name.clone(), named: None, increment: identity.sequence.increment });
        }
        let (id, sequence) = nextval(catalog, column.default.as_deref()?)?;
        Some(SequenceOf { column: column.name.clone(), named: Some(id), increment: sequence.options.increment })
    };
    found.columns.iter().filter_map(of).collect()
}

/// The sequence behind `nextval('schema.name'::regclass)`.
fn nextval<'a>(catalog: &'a Catalog, default: &str) -> Option<(QName, &'a Sequence)> {
    let named = default.strip_prefix("nextval('")?.split("'::regclass").next()?;
    catalog.objects.iter().find_map(|(id, object)| match object {
        Object::Sequence(sequence) => {
            let plain = format!("{}.{}", id.schema, id.name);
            let name = QName::new(&id.schema, &id.name);
            let quoted = name.to_string();
            (named == plain || named.replace('"', "") == plain || named == quoted).then_some((name, sequence))
        }
        _ => None,
    })
}
