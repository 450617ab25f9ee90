//! The order of statements: what must exist before what, and what must be gone first.

use crate::catalog::{Kind, ObjectId};
use std::collections::{BTreeMap, BTreeSet};

/// What is done to one object at one point; `aspect` tells apart several points of one object.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Key {
    pub rank: u8,
    pub id: ObjectId,
    pub aspect: &'static str,
}

impl Key {
    pub fn new(id: &ObjectId, aspect: &'static str) -> Self {
        Self { rank: rank(id.kind) + u8::from(aspect == LATE) * 20, id: id.clone(), aspect }
    }
}

/// The aspect that comes after everything of its kind.
pub(super) const LATE: &str = "late";

/// The aspect of a table whose rows come from the one that it replaces.
pub(super) const COPY: &str = "copy";

/// The aspect of a sequence that stays when its column goes.
pub(super) const FREE: &str = "free";

/// The aspect of a view that stands empty while what it needs and what needs it come or go.
pub(super) const HOLLOW: &str = "hollow";

/// Without a dependency between them, objects are made in this order and removed in reverse.
fn rank(kind: Kind) -> u8 {
    match kind {
        Kind::Schema => 0,
        Kind::Extension => 1,
        Kind::Collation => 2,
        Kind::Enum => 3,
        Kind::Domain => 4,
        Kind::Composite => 5,
        Kind::Sequence => 6,
        Kind::Table => 7,
        Kind::Column => 8,
        Kind::Function => 9,
        Kind::Constraint => 10,
        Kind::Index => 11,
        Kind::View => 12,
        Kind::MaterializedView => 13,
        Kind::Trigger => 14,
        Kind::Policy => 15,
    }
}

/// Keys in order, and those that could not be put in order because they need each other.
pub(super) struct Sorted {
    pub keys: Vec<Key>,
    pub circle: Vec<Key>,
}

/// Sorts `keys` so that each comes after those that it `needs`, else by rank and name.
pub(super) fn sort(keys: BTreeSet<Key>, needs: &BTreeMap<Key, BTreeSet<Key>>) -> Sorted {
    let mut open: BTreeMap<Key, usize> = BTreeMap::new();
    let mut wanted: BTreeMap<&Key, Vec<&Key>> = BTreeMap::new();
    for key in &keys {
        let of: Vec<&Key> = needs.get(key).into_iter().flatten().filter(|need| *need != key && keys.contains(need)).collect();
        open.insert(key.clone(), of.len());
        for need in of {
            wanted.entry(need).or_default().push(key);
        }
    }
    let mut ready: BTreeSet<Key> = open.iter().filter(|(_, left)| **left == 0).map(|(key, _)| key.clone()).collect();
    let mut sorted = Vec::with_capacity(keys.len());
    while let Some(next) = ready.pop_first() {
        open.remove(&next);
        for dependent in wanted.remove(&next).unwrap_or_default() {
            if let Some(left) = open.get_mut(dependent) {
                *left -= 1;
                if *left == 0 {
                    ready.insert(dependent.clone());
                }
            }
        }
        sorted.push(next);
    }
    Sorted { keys: sorted, circle: open.into_keys().collect() }
}
