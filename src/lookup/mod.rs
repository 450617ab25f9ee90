//! Lookup tables: rows that travel with a release. Which they are, what differs in them, and the statements that sync them.
//!
//! Values are PostgreSQL's canonical text under the pinned session settings; NULL is `None` and never the empty text.

use crate::catalog::{Fingerprint, QName};
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
    /// A generated column: compared, never written.
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

impl TableRows {
    pub fn fingerprint(&self) -> Fingerprint {
        Fingerprint::of(self)
    }
}

/// What the sync does to one lookup table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TableChanges {
    pub table: QName,
    pub columns: Vec<RowColumn>,
    pub key: Vec<usize>,
    pub inserts: Vec<Row>,
    pub updates: Vec<RowUpdate>,
    pub deletes: Vec<Row>,
    /// Rows of the target that are left as they are because the mode says so.
    pub kept: u64,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RowUpdate {
    pub before: Row,
    pub after: Row,
    /// Positions of the cells that differ.
    pub cells: Vec<usize>,
}
