//! What differs between two catalogs: `Catalog x Catalog -> Vec<Change>`. Prints no SQL and knows nothing of order.

mod attributes;
pub mod words;

use crate::catalog::{Catalog, Column, Kind, Object, ObjectId};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// One object that differs. Columns are part of their table: a changed column is an altered table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Change {
    pub id: ObjectId,
    pub action: Action,
}

/// What happens to the object of the target.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Action {
    Drop,
    Alter,
    Create,
}

/// What takes `target` to `source`, sorted by object.
pub fn diff(source: &Catalog, target: &Catalog) -> Vec<Change> {
    let source = source.beside(target);
    let created_or_altered = source.objects.iter().filter_map(|(id, after)| {
        let action = match target.objects.get(id) {
            None => Action::Create,
            Some(before) if !same(before, after) => Action::Alter,
            Some(_) => return None,
        };
        Some(Change { id: id.clone(), action })
    });
    let dropped = target
        .objects
        .keys()
        .filter(|id| !source.objects.contains_key(id))
        .map(|id| Change { id: id.clone(), action: Action::Drop });
    let mut changes: Vec<Change> = created_or_altered.chain(dropped).collect();
    changes.sort_by(|a, b| a.id.cmp(&b.id));
    changes
}

/// The changes that people are told: without those of partitions and child tables that only follow their parent's, without the parts of
/// tables that come or go as a whole, and without the privileges on what comes or goes.
pub fn told(source: &Catalog, target: &Catalog) -> Vec<Change> {
    let mut changes = diff(source, target);
    let whole = |change: &Change| change.id.kind == Kind::Table && change.action != Action::Alter;
    let tables: BTreeSet<ObjectId> = changes.iter().filter(|change| whole(change)).map(|change| change.id.clone()).collect();
    let part = |id: &ObjectId| [source, target].iter().find_map(|side| side.table_of(id)).is_some_and(|of| tables.contains(&of));
    let with_its_object = |id: &ObjectId| {
        let on = [source, target].iter().find_map(|side| match side.objects.get(id) {
            Some(Object::Privileges(of)) => Some(&of.on),
            _ => None,
        });
        on.is_some_and(|on| !source.objects.contains_key(on) || !target.objects.contains_key(on))
    };
    changes.retain(|change| !part(&change.id) && !with_its_object(&change.id) && !follows(source, target, &change.id));
    changes
}

/// The table differs only in inherited columns, and those as in a parent.
fn follows(source: &Catalog, target: &Catalog, id: &ObjectId) -> bool {
    let (Some(after), Some(before)) = (source.table(id), target.table(id)) else { return false };
    let rest = crate::catalog::Table { columns: after.columns.clone(), ..before.clone() };
    let parents: Vec<ObjectId> =
        after.partition_of.iter().map(|of| &of.parent).chain(&after.inherits).map(ObjectId::table).collect();
    let as_in_parent = |old: Option<&Column>, new: Option<&Column>| {
        let alike = |mine: Option<&Column>, parent: Option<&Column>| match (mine, parent) {
            (Some(mine), Some(parent)) => {
                !mine.local
                    && Column { local: parent.local, not_null_constraint: parent.not_null_constraint.clone(), ..mine.clone() }
                        == *parent
            }
            (None, None) => true,
            _ => false,
        };
        let Some(name) = new.or(old).map(|column| &column.name) else { return false };
        let find = |catalog: &'_ Catalog, parent: &ObjectId| {
            catalog.table(parent).and_then(|table| table.columns.iter().find(|column| column.name == *name)).cloned()
        };
        parents.iter().any(|parent| alike(old, find(target, parent).as_ref()) && alike(new, find(source, parent).as_ref()))
    };
    rest == *after && columns(&before.columns, &after.columns).into_iter().all(|(old, new)| as_in_parent(old, new))
}

/// Equal in everything that counts: the order of a table's columns does not, and nobody wants an index that is broken in the source.
fn same(before: &Object, after: &Object) -> bool {
    match (before, after) {
        (Object::Table(_), Object::Table(_)) => before.without_order() == after.without_order(),
        (Object::Index(a), Object::Index(b)) if !b.valid => a == &crate::catalog::Index { valid: a.valid, ..b.clone() },
        _ => before == after,
    }
}

/// A column of a table that is on both sides: before and after, in the order of the source, those that go last.
pub fn columns<'a>(before: &'a [Column], after: &'a [Column]) -> Vec<(Option<&'a Column>, Option<&'a Column>)> {
    let find = |list: &'a [Column], name: &str| list.iter().find(|column| column.name == name);
    let kept = after.iter().map(|new| (find(before, &new.name), Some(new)));
    let gone = before.iter().filter(|old| find(after, &old.name).is_none()).map(|old| (Some(old), None));
    let differ = |old: &Option<&Column>, new: &Option<&Column>| match (old, new) {
        (Some(old), Some(new)) => Column { local: new.local, ..(*old).clone() } != **new,
        _ => true,
    };
    kept.chain(gone).filter(|(old, new)| differ(old, new)).collect()
}
