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
        Kind::Function => 7,
        Kind::Table => 8,
        Kind::Column => 9,
        Kind::Constraint => 10,
        Kind::Index => 11,
        Kind::View => 12,
        Kind::MaterializedView => 13,
        Kind::Trigger => 14,
        Kind::Policy => 15,
    }
}

/// Sorts `keys` so that each comes after those that it `needs`, else by rank and name. A circle is broken at its lowest key.
pub(super) fn sort(keys: BTreeSet<Key>, needs: &BTreeMap<Key, BTreeSet<Key>>) -> Vec<Key> {
    let mut open: BTreeMap<Key, BTreeSet<Key>> = BTreeMap::new();
    let mut wanted: BTreeMap<Key, Vec<Key>> = BTreeMap::new();
    for key in &keys {
        let of: BTreeSet<Key> =
            needs.get(key).into_iter().flatten().filter(|need| *need != key && keys.contains(need)).cloned().collect();
        for need in &of {
            wanted.entry(need.clone()).or_default().push(key.clone());
        }
        open.insert(key.clone(), of);
    }
    let mut ready: BTreeSet<Key> = open.iter().filter(|(_, of)| of.is_empty()).map(|(key, _)| key.clone()).collect();
    let mut sorted = Vec::with_capacity(keys.len());
    while !open.is_empty() {
        let next = ready.pop_first().or_else(|| open.keys().next().cloned());
        let Some(next) = next else { break };
        if open.remove(&next).is_none() {
            continue;
        }
        for dependent in wanted.remove(&next).unwrap_or_default() {
            if let Some(of) = open.get_mut(&dependent) {
                of.remove(&next);
                if of.is_empty() {
                    ready.insert(dependent);
                }
            }
        }
        sorted.push(next);
    }
    sorted
}
