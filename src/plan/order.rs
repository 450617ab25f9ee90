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
        Self { rank: rank(id.kind) + u8::from(aspect == LATE) * 64, id: id.clone(), aspect }
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

/// Without a dependency between them, objects are made in this order and removed in reverse: event triggers see nothing of what is done.
fn rank(kind: Kind) -> u8 {
    match kind {
        Kind::Schema => 0,
        Kind::Extension => 1,
        Kind::Language => 2,
        Kind::ForeignDataWrapper => 3,
        Kind::ForeignServer => 4,
        Kind::Collation => 5,
        Kind::Enum => 6,
        Kind::Domain => 7,
        Kind::Composite => 8,
        Kind::Range | Kind::Base => 9,
        Kind::Conversion => 10,
        Kind::TextSearchTemplate => 11,
        Kind::TextSearchParser => 12,
        Kind::TextSearchDictionary => 13,
        Kind::TextSearchConfiguration => 14,
        Kind::Sequence => 15,
        Kind::Table => 16,
        Kind::Column => 17,
        Kind::ForeignTable => 18,
        Kind::Function => 19,
        Kind::Operator => 20,
        Kind::OperatorFamily => 21,
        Kind::OperatorClass => 22,
        Kind::Cast => 23,
        Kind::Transform => 24,
        Kind::Constraint => 25,
        Kind::Index => 26,
        Kind::Statistics => 27,
        Kind::View => 28,
        Kind::MaterializedView => 29,
        Kind::Rule => 30,
        Kind::Trigger => 31,
        Kind::Policy => 32,
        Kind::Publication => 33,
        Kind::EventTrigger => 34,
        Kind::Privileges => 35,
        Kind::DefaultPrivileges => 36,
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
