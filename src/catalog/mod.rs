//! A schema as a value: every object read from `pg_catalog`, normalised so that equal schemas are equal values.
//!
//! Knows nothing of databases, differences or SQL statements. Definitions that PostgreSQL prints (`pg_get_*`) are kept
//! as text, printed with an empty `search_path`, so that every name in them is qualified.

mod bookkeeping;
pub mod fingerprint;
pub mod ident;
pub mod normalise;
mod object;

pub use bookkeeping::VERSIONS;
pub use fingerprint::Fingerprint;
pub use ident::{Ident, QName};
pub use object::*;

use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// The kind of an object, in the words of PostgreSQL.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    Schema,
    Extension,
    Collation,
    Enum,
    Domain,
    Composite,
    Sequence,
    Table,
    Column,
    Constraint,
    Index,
    View,
    MaterializedView,
    Function,
    Trigger,
    Policy,
}

/// Names one object of a catalog. Two catalogs are compared by it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct ObjectId {
    pub kind: Kind,
    /// Empty for objects outside schemas (schemas themselves, extensions).
    pub schema: String,
    /// The object; for columns, constraints, triggers and policies the table they belong to.
    pub name: String,
    /// The column, constraint, trigger or policy; for functions the identity arguments; else empty.
    pub part: String,
}

/// Everything that Lockstep compares in one database, at one moment.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Catalog {
    /// `server_version_num` of the server that was read, e.g. 150018. Not part of the fingerprint.
    pub server_version: u32,
    #[serde(with = "object::as_list")]
    pub objects: BTreeMap<ObjectId, Object>,
    /// What PostgreSQL tracks in `pg_depend`, between objects of this catalog. Not part of the fingerprint.
    pub depends: BTreeSet<Dependency>,
    /// What is in the database and is not compared, so that nothing is passed over in silence.
    pub not_compared: Vec<NotCompared>,
}

/// `dependent` cannot exist without `on`. Either may be a column.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Dependency {
    pub dependent: ObjectId,
    pub on: ObjectId,
}

/// Objects of a kind that this version does not compare.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NotCompared {
    /// In words, plural: "row security policies".
    pub kind: String,
    /// All of them, sorted.
    pub names: Vec<String>,
}

impl Catalog {
    /// Of everything that is compared: not of the server's version, dependencies, or the order of columns.
    pub fn fingerprint(&self) -> Fingerprint {
        let compared: Vec<(&ObjectId, Object)> = self.objects.iter().map(|(id, object)| (id, object.without_order())).collect();
        Fingerprint::of(&compared)
    }

    /// The table that an index, constraint, trigger or policy is part of.
    pub fn table_of(&self, part: &ObjectId) -> Option<ObjectId> {
        match self.objects.get(part)? {
            Object::Index(index) => Some(ObjectId::table(&index.table)),
            Object::Constraint(_) | Object::Trigger(_) | Object::Policy(_) => Some(part.owner()),
            _ => None,
        }
    }

    pub fn table(&self, id: &ObjectId) -> Option<&Table> {
        match self.objects.get(id) {
            Some(Object::Table(table)) => Some(table),
            _ => None,
        }
    }
}

impl ObjectId {
    /// A column of the table `of`.
    pub fn column(of: &Self, name: impl Into<String>) -> Self {
        Self { kind: Kind::Column, schema: of.schema.clone(), name: of.name.clone(), part: name.into() }
    }

    /// The table that a column, constraint, trigger or policy belongs to; the object itself otherwise.
    pub fn owner(&self) -> Self {
        match self.kind {
            Kind::Column | Kind::Constraint | Kind::Trigger | Kind::Policy => {
                Self { kind: Kind::Table, schema: self.schema.clone(), name: self.name.clone(), part: String::new() }
            }
            _ => self.clone(),
        }
    }

    pub fn table(name: &QName) -> Self {
        Self { kind: Kind::Table, schema: name.schema.clone(), name: name.name.clone(), part: String::new() }
    }

    pub fn qname(&self) -> QName {
        QName::new(&self.schema, &self.name)
    }
}
