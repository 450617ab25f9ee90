//! A schema as a value: every object read from `pg_catalog`, normalised so that equal schemas are equal values.
//!
//! Knows nothing of databases, differences or SQL statements. Definitions that PostgreSQL prints (`pg_get_*`) are kept
//! as text, printed with an empty `search_path`, so that every name in them is qualified.

mod bookkeeping;
mod filter;
pub mod fingerprint;
mod grant;
pub mod ident;
pub mod normalise;
mod object;
mod qualifiers;
pub mod rewrite;
mod table;

pub use bookkeeping::VERSIONS;
pub use filter::{Filter, Pattern};
pub use fingerprint::Fingerprint;
pub use grant::*;
pub use ident::{Ident, QName};
pub use object::*;
pub use table::*;

use serde::{Deserialize, Serialize};
use std::borrow::Cow;
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
    Range,
    /// With the functions that read and write its values.
    Base,
    Rule,
    EventTrigger,
    Statistics,
    Publication,
    ForeignDataWrapper,
    ForeignServer,
    ForeignTable,
    Operator,
    OperatorClass,
    OperatorFamily,
    Cast,
    Conversion,
    TextSearchParser,
    TextSearchTemplate,
    TextSearchDictionary,
    TextSearchConfiguration,
    Transform,
    Language,
    /// What one role, or everybody (`public`), may do with one object.
    Privileges,
    /// What new objects of a role grant by themselves.
    DefaultPrivileges,
}

/// Names one object of a catalog. Two catalogs are compared by it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct ObjectId {
    pub kind: Kind,
    /// Empty for objects outside schemas (schemas themselves, extensions).
    pub schema: String,
    /// The object; for columns, constraints, triggers, policies and rules the table they belong to; for casts both types, for transforms the
    /// type; for privileges the object in words, for default privileges the role.
    pub name: String,
    /// The column, constraint, trigger, policy or rule; for functions and operators the arguments, for operator classes and families the index
    /// method, for transforms the language, for privileges the grantee, for default privileges the kind of objects; else empty.
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
    /// Who there is on the server. Neither stored nor part of the fingerprint.
    #[serde(skip)]
    pub roles: BTreeSet<String>,
    /// Which tablespaces the server has. Neither stored nor part of the fingerprint.
    #[serde(skip)]
    pub tablespaces: BTreeSet<String>,
}

/// What of a catalog counts.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Scope {
    /// Privileges and default privileges are compared.
    pub privileges: bool,
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
    /// Of everything that is compared: not of the server's version and what comes with it, dependencies, or the order of columns.
    pub fn fingerprint(&self) -> Fingerprint {
        let counts = |object: &Object| match object {
            Object::Extension(of) => Object::Extension(Extension { version: String::new(), ..of.clone() }),
            object => object.without_order(),
        };
        Fingerprint::of_each(self.objects.iter().map(|(id, object)| (id, counts(object))))
    }

    /// As it can be on the server of `other`: another major brings its extensions in versions of its own, and NOT NULL has a name only since
    /// PostgreSQL 18.
    pub fn beside(&self, other: &Self) -> Cow<'_, Self> {
        let major = |catalog: &Self| catalog.server_version / 10_000;
        let versioned = |object: &Object| match object {
            Object::Extension(_) => true,
            Object::Table(of) => of.columns.iter().any(|column| column.not_null_constraint.is_some()),
            _ => false,
        };
        if major(self) == major(other) || !self.objects.values().chain(other.objects.values()).any(versioned) {
            return Cow::Borrowed(self);
        }
        let mut copy = self.clone();
        for (id, object) in &mut copy.objects {
            match (object, other.objects.get(id)) {
                (Object::Extension(of), Some(Object::Extension(there))) => of.version.clone_from(&there.version),
                (Object::Extension(of), _) => of.version.clear(),
                (Object::Table(of), there) => {
                    for column in &mut of.columns {
                        let beside = match there {
                            Some(Object::Table(there)) => there.columns.iter().find(|other| other.name == column.name),
                            _ => None,
                        };
                        column.not_null_constraint = beside.and_then(|column| column.not_null_constraint.clone());
                    }
                }
                _ => {}
            }
        }
        Cow::Owned(copy)
    }

    /// Only what counts.
    pub fn keep(&mut self, scope: Scope) {
        if scope.privileges {
            self.not_compared.retain(|rest| !matches!(rest.kind.as_str(), "privileges" | "default privileges"));
        } else {
            self.objects.retain(|id, _| id.kind < Kind::Privileges);
        }
    }

    /// The same catalog, or a copy with only what counts.
    pub fn within(&self, scope: Scope) -> Cow<'_, Self> {
        if scope.privileges || self.objects.keys().all(|id| id.kind < Kind::Privileges) {
            return Cow::Borrowed(self);
        }
        let mut copy = self.clone();
        copy.keep(scope);
        Cow::Owned(copy)
    }

    /// The table that an index, constraint, trigger, policy or rule is part of.
    pub fn table_of(&self, part: &ObjectId) -> Option<ObjectId> {
        match self.objects.get(part)? {
            Object::Index(index) => Some(ObjectId::table(&index.table)),
            Object::Constraint(_) | Object::Trigger(_) | Object::Policy(_) => Some(part.owner()),
            _ if part.kind == Kind::Rule => Some(part.owner()),
            _ => None,
        }
    }

    /// Every table, partitions included.
    pub fn tables(&self) -> impl Iterator<Item = (QName, &Table)> {
        self.objects.iter().filter_map(|(id, object)| match object {
            Object::Table(table) => Some((id.qname(), &**table)),
            _ => None,
        })
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

    /// The table that a column, constraint, trigger, policy or rule belongs to; the object itself otherwise.
    pub fn owner(&self) -> Self {
        match self.kind {
            Kind::Column | Kind::Constraint | Kind::Trigger | Kind::Policy | Kind::Rule => {
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
