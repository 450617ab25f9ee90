//! What a sync does to lookup tables, row by row.

use super::rows::{RowColumn, RowKey, key_of};
use super::{Conflict, Packed, Row};
use crate::catalog::QName;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What is shown for a value that nobody may see.
const MASK: &str = "•••";

/// What the sync does to one lookup table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TableChanges {
    pub table: QName,
    /// The columns of the release.
    pub columns: Vec<RowColumn>,
    pub key: Vec<usize>,
    pub inserts: Packed<Row>,
    pub updates: Packed<RowUpdate>,
    pub deletes: Packed<Row>,
    /// Rows of the target that are left as they are because the mode says so.
    pub kept: u64,
    /// Rows that somebody edited in the target since the last release was promoted there, and that this one changes.
    pub conflicts: Packed<Conflict>,
    /// Positions of the columns whose present values say nothing: ignored ones, and those that the schema change of the same
    /// promotion makes or gives another type.
    pub unknown: Vec<usize>,
    /// Positions of the columns whose values nobody is shown.
    pub masked: Vec<usize>,
    /// Done before everything else: rows that step aside because another row takes over their unique value.
    pub parked: Packed<RowUpdate>,
    /// Foreign keys of this table that cannot hold before the last row is written: tables that refer to each other.
    pub deferred: Vec<Deferred>,
    /// Sequences that the inserted rows may have overtaken.
    pub sequences: Vec<SequenceOf>,
    /// The target's own triggers do not see what is written.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub triggers_off: bool,
    /// By column and value, what rows of other tables are called that cells refer to. Filled in where people are shown the changes.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub names: BTreeMap<usize, BTreeMap<String, String>>,
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

impl TableChanges {
    /// Of a table in which nothing changes.
    pub fn none(table: QName, columns: Vec<RowColumn>, key: Vec<usize>) -> Self {
        Self {
            table,
            columns,
            key,
            inserts: Packed::default(),
            updates: Packed::default(),
            deletes: Packed::default(),
            kept: 0,
            conflicts: Packed::default(),
            unknown: Vec::new(),
            masked: Vec::new(),
            parked: Packed::default(),
            deferred: Vec::new(),
            sequences: Vec::new(),
            names: BTreeMap::new(),
            triggers_off: false,
        }
    }

    pub fn key_of<'a>(&self, row: &'a Row) -> RowKey<'a> {
        key_of(&self.columns, &self.key, row)
    }

    /// As people may see it: without the values of masked columns.
    pub fn shown(mut self) -> Self {
        let masked = std::mem::take(&mut self.masked);
        if masked.is_empty() {
            return self;
        }
        let hide = |mut row: Row| {
            for at in &masked {
                if let Some(Some(text)) = row.get_mut(*at) {
                    MASK.clone_into(text);
                }
            }
            row
        };
        self.inserts.map(hide);
        self.deletes.map(hide);
        self.updates.map(|update| RowUpdate { before: hide(update.before), after: hide(update.after), ..update });
        self.conflicts.map(|of| {
            let [promoted, now, wanted] = [of.promoted, of.now, of.wanted].map(|row| row.map(hide));
            Conflict { promoted, now, wanted, ..of }
        });
        Self { masked, ..self }
    }

    /// Whether any value that people may see has the text in it.
    pub fn finds(&self, row: &Row, text: &str) -> bool {
        let text = text.trim().to_lowercase();
        let visible = row.iter().enumerate().filter(|(at, _)| !self.masked.contains(at));
        text.is_empty() || visible.filter_map(|(_, value)| value.as_ref()).any(|value| value.to_lowercase().contains(&text))
    }

    /// Rows as they are written: new and changed ones.
    pub fn written(&self) -> impl Iterator<Item = Row> {
        self.inserts.iter().chain(self.updates.iter().map(|update| update.after))
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
