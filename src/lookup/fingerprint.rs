//! Equal rows have equal fingerprints, whatever the order of tables, columns and rows in a database.

use super::Digest;
use crate::catalog::{Fingerprint, QName};
use serde::Serialize;

/// What counts of one table: the names of its columns in their order, and the digest of their values.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Counted {
    pub table: QName,
    pub columns: Vec<String>,
    pub digest: Digest,
}

/// Of all lookup tables.
pub fn fingerprint(tables: impl IntoIterator<Item = Counted>) -> Fingerprint {
    let mut tables: Vec<Counted> = tables.into_iter().collect();
    tables.sort_by(|a, b| a.table.cmp(&b.table));
    Fingerprint::of(&tables)
}
