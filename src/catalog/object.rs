//! The objects of a catalog, one type per kind.

use super::grant::{DefaultPrivileges, Privileges};
use super::table::Table;
use super::{ObjectId, QName};
use serde::{Deserialize, Serialize};

/// One object with all that is compared of it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Object {
    Schema(Schema),
    Extension(Extension),
    Collation(Collation),
    Enum(Enum),
    Domain(Domain),
    Composite(Composite),
    Sequence(Sequence),
    Table(Box<Table>),
    Constraint(Constraint),
    Index(Index),
    View(View),
    Function(Function),
    Trigger(Trigger),
    Policy(Policy),
    Range(Range),
    ForeignDataWrapper(ForeignDataWrapper),
    ForeignServer(ForeignServer),
    Plain(Plain),
    Privileges(Privileges),
    DefaultPrivileges(DefaultPrivileges),
}

impl Object {
    pub fn comment(&self) -> Option<&str> {
        match self {
            Self::Schema(object) => object.comment.as_deref(),
            Self::Extension(object) => object.comment.as_deref(),
            Self::Collation(object) => object.comment.as_deref(),
            Self::Enum(object) => object.comment.as_deref(),
            Self::Domain(object) => object.comment.as_deref(),
            Self::Composite(object) => object.comment.as_deref(),
            Self::Sequence(object) => object.comment.as_deref(),
            Self::Table(object) => object.comment.as_deref(),
            Self::Constraint(object) => object.comment.as_deref(),
            Self::Index(object) => object.comment.as_deref(),
            Self::View(object) => object.comment.as_deref(),
            Self::Function(object) => object.comment.as_deref(),
            Self::Trigger(object) => object.comment.as_deref(),
            Self::Policy(object) => object.comment.as_deref(),
            Self::Range(object) => object.comment.as_deref(),
            Self::ForeignDataWrapper(object) => object.comment.as_deref(),
            Self::ForeignServer(object) => object.comment.as_deref(),
            Self::Plain(object) => object.comment.as_deref(),
            Self::Privileges(_) | Self::DefaultPrivileges(_) => None,
        }
    }

    /// With a table's columns by name, and without saying which it has from its parents: both are reported, never compared. No statement
    /// puts a column elsewhere, and a column that was there before its parent's stays the table's own.
    pub fn without_order(&self) -> Self {
        let mut object = self.clone();
        if let Self::Table(table) = &mut object {
            table.columns.sort_by(|a, b| a.name.cmp(&b.name));
            for column in &mut table.columns {
                column.local = true;
            }
        }
        object
    }
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Schema {
    pub comment: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Extension {
    pub schema: String,
    pub version: String,
    pub comment: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Collation {
    pub provider: String,
    pub deterministic: bool,
    pub locale: String,
    pub rules: Option<String>,
    pub comment: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Enum {
    /// In their order.
    pub labels: Vec<String>,
    pub comment: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Domain {
    pub base_type: String,
    pub collation: Option<QName>,
    pub default: Option<String>,
    pub not_null: bool,
    /// By name.
    pub checks: Vec<DomainCheck>,
    pub comment: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct DomainCheck {
    pub name: String,
    /// As `pg_get_constraintdef` prints it.
    pub definition: String,
    pub comment: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Composite {
    pub attributes: Vec<Attribute>,
    pub comment: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Attribute {
    pub name: String,
    pub type_name: String,
    pub collation: Option<QName>,
    pub comment: Option<String>,
}

/// The options of a sequence, and of the sequence behind an identity column.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SequenceOptions {
    pub type_name: String,
    pub start: i64,
    pub increment: i64,
    pub min: i64,
    pub max: i64,
    pub cache: i64,
    pub cycle: bool,
}

/// A sequence that stands on its own or serves a serial column; those of identity columns are part of the column.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Sequence {
    pub options: SequenceOptions,
    pub unlogged: bool,
    pub owned_by: Option<OwnedBy>,
    pub comment: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OwnedBy {
    pub table: QName,
    pub column: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ConstraintType {
    PrimaryKey,
    Unique,
    Check,
    ForeignKey,
    Exclusion,
}

/// A constraint of its own; those that come from a partitioned or parent table are part of that one's.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Constraint {
    pub constraint_type: ConstraintType,
    /// As `pg_get_constraintdef` prints it, with `NOT VALID` where it is so.
    pub definition: String,
    /// The columns of its own table, in order.
    pub columns: Vec<String>,
    /// For a foreign key: the table and columns it refers to.
    pub references: Option<References>,
    pub validated: bool,
    pub comment: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct References {
    pub table: QName,
    pub columns: Vec<String>,
}

/// An index that no constraint owns. Those of partitions that come from the partitioned table are part of its index.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Index {
    pub table: QName,
    /// As `pg_get_indexdef` prints it, without `ONLY` for a partitioned table.
    pub definition: String,
    pub unique: bool,
    /// `indisvalid`: false for what a failed concurrent build left behind.
    pub valid: bool,
    /// `SET STATISTICS` of its expressions, by position.
    pub statistics: Vec<(i16, i32)>,
    /// Only when it is not the database's own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tablespace: Option<String>,
    pub comment: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct View {
    pub materialized: bool,
    /// False for a materialized view that was never filled.
    pub populated: bool,
    /// As `pg_get_viewdef` prints it, without the closing semicolon.
    pub query: String,
    pub columns: Vec<ViewColumn>,
    /// `name=value`, sorted; the check option is among them.
    pub options: Vec<String>,
    /// Of a materialized view, only when it is not the database's own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tablespace: Option<String>,
    pub comment: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ViewColumn {
    pub name: String,
    pub type_name: String,
    /// A view's own column default.
    pub default: Option<String>,
    pub comment: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FunctionType {
    Function,
    Procedure,
    Aggregate,
    Window,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Function {
    pub function_type: FunctionType,
    /// As `pg_get_functiondef` prints it (`CREATE OR REPLACE ...`); composed for aggregates.
    pub definition: String,
    /// As `pg_get_function_arguments` prints it, with names and defaults.
    pub arguments: String,
    /// As `pg_get_function_result` prints it; empty for procedures.
    pub result: String,
    pub language: String,
    pub comment: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Trigger {
    /// As `pg_get_triggerdef` prints it.
    pub definition: String,
    pub function: ObjectId,
    /// `O` origin, `D` disabled, `R` replica, `A` always.
    pub enabled: char,
    pub comment: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Policy {
    /// `ALL`, `SELECT`, `INSERT`, `UPDATE` or `DELETE`.
    pub command: String,
    pub permissive: bool,
    /// Sorted; `public` for everybody.
    pub roles: Vec<String>,
    pub using: Option<String>,
    pub check: Option<String>,
    pub comment: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Range {
    /// The name of the multirange type that came with it, in the same schema.
    pub multirange: String,
    /// As `format_type` prints it.
    pub subtype: String,
    /// What stands between the parentheses of `CREATE TYPE ... AS RANGE`.
    pub definition: String,
    pub comment: Option<String>,
}

/// `OPTIONS (name 'value')`, by name.
pub type ForeignOptions = Vec<(String, String)>;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ForeignDataWrapper {
    pub handler: Option<String>,
    pub validator: Option<String>,
    pub options: ForeignOptions,
    pub comment: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ForeignServer {
    pub wrapper: String,
    pub server_type: Option<String>,
    pub version: Option<String>,
    pub options: ForeignOptions,
    pub comment: Option<String>,
}

/// An object that holds nothing of its own and is made anew when it changes: base types, rules, event triggers, statistics, publications, foreign
/// tables, operators and their classes and families, casts, conversions, text search objects, transforms, languages.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Plain {
    /// The statements that make it, in order, without its comment.
    pub statements: Vec<String>,
    pub comment: Option<String>,
}

/// Maps with structured keys travel as lists of pairs: JSON knows string keys only.
pub(super) mod as_list {
    use super::{Object, ObjectId};
    use serde::{Deserialize, Deserializer, Serializer};
    use std::collections::BTreeMap;

    pub fn serialize<S: Serializer>(map: &BTreeMap<ObjectId, Object>, to: S) -> Result<S::Ok, S::Error> {
        to.collect_seq(map.iter())
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<BTreeMap<ObjectId, Object>, D::Error> {
        Ok(Vec::<(ObjectId, Object)>::deserialize(from)?.into_iter().collect())
    }
}
