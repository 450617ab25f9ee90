//! A release: frozen once from a source, promoted many times, never changed.

use crate::catalog::Catalog;
use crate::lookup::{LookupSet, TableRows};
use serde::{Deserialize, Serialize};

/// Version of the stored form of a release.
pub const FORMAT: u32 = 1;

/// Everything that is promoted. Its digest names it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Content {
    pub format: u32,
    pub catalog: Catalog,
    pub lookup_set: LookupSet,
    pub lookup: Vec<TableRows>,
}
