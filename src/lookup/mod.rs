//! Lookup tables: rows that travel with a release. Which they are, what differs in them, and the statements that sync them.
//!
//! Values are PostgreSQL's canonical text under the pinned session settings; NULL is `None` and never the empty text.

mod compare;
pub mod dml;
mod fingerprint;
mod order;
mod park;
mod shape;
mod sound;
mod suggest;

pub use compare::{Comparison, Side, diff};
pub use fingerprint::{fingerprint, fingerprint_after};
pub use shape::{Shape, shape};
pub use suggest::{Suggestion, candidates, suggest};

use crate::catalog::QName;
use serde::{Deserialize, Serialize};

/// What may happen to the target's rows of a lookup table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Mode {
    AddOnly,
    AddAndUpdate,
    Mirror,
}

/// One table of a pipeline's lookup set.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LookupTable {
    pub table: QName,
    pub mode: Mode,
    /// Columns that are neither compared nor written on update.
    #[serde(default)]
    pub ignored: Vec<String>,
}

/// The lookup tables of a pipeline.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct LookupSet {
    pub tables: Vec<LookupTable>,
}

/// A column of a lookup table as it was read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RowColumn {
    pub name: String,
    pub type_name: String,
    /// `GENERATED ALWAYS AS IDENTITY`: inserts override it, updates cannot.
    pub identity_always: bool,
    /// A generated column: shown, neither compared nor written, because PostgreSQL computes it.
    pub generated: bool,
}

/// The rows of one lookup table in one environment, at one moment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TableRows {
    pub table: QName,
    pub columns: Vec<RowColumn>,
    /// Positions of the primary key's columns in `columns`.
    pub key: Vec<usize>,
    /// Sorted by key, as text.
    pub rows: Vec<Row>,
}

pub type Row = Vec<Option<String>>;

/// What the sync does to one lookup table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TableChanges {
    pub table: QName,
    /// The columns of the release.
    pub columns: Vec<RowColumn>,
    pub key: Vec<usize>,
    pub inserts: Vec<Row>,
    pub updates: Vec<RowUpdate>,
    pub deletes: Vec<Row>,
    /// Rows of the target that are left as they are because the mode says so.
    pub kept: u64,
    /// Positions of the columns whose present values say nothing: ignored ones, and those that the schema change of the same
    /// promotion makes or gives another type.
    #[serde(default)]
    pub unknown: Vec<usize>,
    /// Done before everything else: rows that step aside because another row takes over their unique value.
    #[serde(default)]
    pub parked: Vec<RowUpdate>,
    /// Foreign keys of this table that cannot hold before the last row is written: tables that refer to each other.
    #[serde(default)]
    pub deferred: Vec<Deferred>,
    /// Sequences that the inserted rows may have overtaken.
    #[serde(default)]
    pub sequences: Vec<SequenceOf>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RowUpdate {
    pub before: Row,
    pub after: Row,
    /// Positions of the cells that differ.
    pub cells: Vec<usize>,
}

/// A foreign key that is checked at the end of the sync only.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Deferred {
    pub constraint: String,
    /// It can be deferred as it is; otherwise it is made so for the length of the transaction.
    pub deferrable: bool,
}

/// A sequence that feeds a column.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SequenceOf {
    pub column: String,
    /// None for the sequence that belongs to the column, which only the server knows by name.
    pub named: Option<QName>,
    pub increment: i64,
}

impl TableRows {
    pub fn key_of<'a>(&self, row: &'a Row) -> RowKey<'a> {
        key_of(&self.key, row)
    }
}

impl TableChanges {
    pub fn key_of<'a>(&self, row: &'a Row) -> RowKey<'a> {
        key_of(&self.key, row)
    }

    /// Nothing is written.
    pub fn is_empty(&self) -> bool {
        self.inserts.is_empty() && self.updates.is_empty() && self.deletes.is_empty()
    }

    /// Rows that are written.
    pub fn len(&self) -> u64 {
        (self.inserts.len() + self.updates.len() + self.deletes.len()) as u64
    }
}

impl LookupSet {
    pub fn find(&self, table: &QName) -> Option<&LookupTable> {
        self.tables.iter().find(|one| one.table == *table)
    }
}

/// The values of a row's primary key, as text; compared byte by byte, whatever the collation of a database.
pub type RowKey<'a> = Vec<Option<&'a str>>;

fn key_of<'a>(key: &[usize], row: &'a Row) -> RowKey<'a> {
    key.iter().map(|at| row.get(*at).and_then(Option::as_deref)).collect()
}
