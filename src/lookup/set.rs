//! The lookup set of a pipeline.

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
    /// The columns that pair the rows of two environments; empty for the primary key. With another key the numbers of the primary key are
    /// each environment's own, and references to them are translated.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub key: Vec<String>,
    /// Columns that are neither compared nor written on update.
    #[serde(default)]
    pub ignored: Vec<String>,
    /// Columns of which each environment keeps its own values, which never leave it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub pinned: Vec<String>,
    /// Columns that travel and whose values nobody is shown.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub masked: Vec<String>,
    /// A condition in SQL: only rows that meet it travel, and only those are touched.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub filter: Option<String>,
}

/// The lookup tables of a pipeline.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct LookupSet {
    pub tables: Vec<LookupTable>,
}

impl LookupTable {
    /// By primary key, with all columns and rows.
    pub fn new(table: QName, mode: Mode) -> Self {
        Self { table, mode, key: Vec::new(), ignored: Vec::new(), pinned: Vec::new(), masked: Vec::new(), filter: None }
    }
}

impl LookupSet {
    pub fn find(&self, table: &QName) -> Option<&LookupTable> {
        self.tables.iter().find(|one| one.table == *table)
    }
}
