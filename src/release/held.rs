//! What a backup holds besides the schema: enough to tell which rows of a target are not in it.

use crate::catalog::{Catalog, ObjectId, QName, Table};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Held {
    /// The archive, and its SHA-256.
    pub file: String,
    pub sha256: String,
    pub taken_at: DateTime<Utc>,
    /// The database that it was taken of, by `system_identifier` and oid.
    pub target_identity: String,
    pub tables: Vec<HeldTable>,
    /// What PostgreSQL complained of when the backup was restored to be read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub complaint: Option<String>,
}

/// The rows of a table and of its partitions. Those of foreign tables are elsewhere, and in no backup.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HeldTable {
    /// None for all large objects.
    pub table: Option<QName>,
    /// By which rows are told apart: those that the target had, too.
    pub columns: Vec<String>,
    pub rows: u64,
    /// Of the hashes of all rows.
    pub sum: String,
}

/// Tables that are no partitions, each with those that have its rows: itself, or its partitions.
pub fn families(catalog: &Catalog) -> BTreeMap<QName, Vec<QName>> {
    let mut families: BTreeMap<QName, Vec<QName>> = BTreeMap::new();
    for (name, table) in catalog.tables() {
        let root = root(catalog, &name, table);
        let family = families.entry(root).or_default();
        if table.partition_key.is_none() {
            family.push(name);
        }
    }
    families
}

fn root(catalog: &Catalog, name: &QName, table: &Table) -> QName {
    let parent = table.partition_of.as_ref().map(|of| &of.parent);
    match parent.and_then(|parent| Some((parent, catalog.table(&ObjectId::table(parent))?))) {
        Some((parent, table)) => root(catalog, parent, table),
        None => name.clone(),
    }
}

/// The columns of a table whose values are kept and not computed, in its order.
pub fn stored_columns(catalog: &Catalog, table: &QName) -> Vec<String> {
    let columns = catalog.table(&ObjectId::table(table)).map_or(&[][..], |table| &table.columns);
    columns.iter().filter(|column| column.generated.is_none()).map(|column| column.name.clone()).collect()
}

/// Those of `backup` that `target` has, too; all of them where it has no such table.
pub fn shared_columns(backup: &Catalog, target: &Catalog, table: &QName) -> Vec<String> {
    let mut columns = stored_columns(backup, table);
    if target.table(&ObjectId::table(table)).is_some() {
        let there = stored_columns(target, table);
        columns.retain(|column| there.contains(column));
    }
    columns
}
