//! How large the tables are that hazards name. They grow: a plan says nothing of them.

use super::{Hazard, HazardKind};
use crate::catalog::QName;
use crate::diff::words::number;
use serde::{Deserialize, Serialize};
use std::fmt;

/// How large a table of the target is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TableSize {
    pub table: QName,
    /// As the statistics know it; none before the first ANALYZE.
    pub rows: Option<u64>,
    /// With its indexes, and of all its partitions together.
    pub bytes: u64,
}

impl TableSize {
    /// What a hazard's sentence is followed by where size makes the difference.
    pub fn words(sizes: &[Self], hazard: &Hazard) -> String {
        if !matches!(hazard.kind, HazardKind::DeletesData | HazardKind::RewritesTable | HazardKind::BlocksClients) {
            return String::new();
        }
        let of = hazard.table.as_ref().and_then(|table| sizes.iter().find(|size| size.table == *table));
        of.map(|size| format!(" {size}")).unwrap_or_default()
    }
}

impl fmt::Display for TableSize {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let QName { schema, name } = &self.table;
        write!(f, "{schema}.{name} has ")?;
        match self.rows {
            Some(1) => write!(f, "1 row in ")?,
            Some(rows) => write!(f, "about {} rows in ", number(rows))?,
            None => {}
        }
        let (unit, size) = match self.bytes {
            0..1_000_000 => ("kB", self.bytes / 1_000),
            1_000_000..1_000_000_000 => ("MB", self.bytes / 1_000_000),
            _ => ("GB", self.bytes / 1_000_000_000),
        };
        write!(f, "{} {unit}.", number(size))
    }
}
