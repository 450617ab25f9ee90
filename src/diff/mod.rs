//! What differs between two catalogs: `Catalog x Catalog -> Vec<Change>`. Prints no SQL and knows nothing of order.

use crate::catalog::{Catalog, Object, ObjectId};
use serde::{Deserialize, Serialize};

/// One object that differs. Columns are part of their table: a changed column is an altered table.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Change {
    pub id: ObjectId,
    #[serde(flatten)]
    pub action: Action,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "action", rename_all = "snake_case")]
pub enum Action {
    Create { after: Object },
    Drop { before: Object },
    Alter { before: Object, after: Object },
}

/// What takes `target` to `source`, sorted by object.
pub fn diff(source: &Catalog, target: &Catalog) -> Vec<Change> {
    let created_or_altered = source.objects.iter().filter_map(|(id, after)| {
        let action = match target.objects.get(id) {
            None => Action::Create { after: after.clone() },
            Some(before) if before != after => Action::Alter { before: before.clone(), after: after.clone() },
            Some(_) => return None,
        };
        Some(Change { id: id.clone(), action })
    });
    let dropped = target
        .objects
        .iter()
        .filter(|(id, _)| !source.objects.contains_key(id))
        .map(|(id, before)| Change { id: id.clone(), action: Action::Drop { before: before.clone() } });
    let mut changes: Vec<Change> = created_or_altered.chain(dropped).collect();
    changes.sort_by(|a, b| a.id.cmp(&b.id));
    changes
}
