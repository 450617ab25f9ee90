//! What differs between two catalogs: `Catalog x Catalog -> Vec<Change>`. Prints no SQL and knows nothing of order.

use crate::catalog::{Catalog, ObjectId};
use serde::{Deserialize, Serialize};

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
    let created_or_altered = source.objects.iter().filter_map(|(id, after)| {
        let action = match target.objects.get(id) {
            None => Action::Create,
            Some(before) if before != after => Action::Alter,
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
