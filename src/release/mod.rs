//! A release: frozen once from a source, promoted many times, never changed.

pub mod archive;
mod held;

pub use held::{Held, HeldTable, families, shared_columns, stored_columns};

use crate::catalog::{Catalog, Fingerprint};
use crate::lookup::{LookupSet, TableDigest};
use crate::problem::{Problem, ProblemKind};
use serde::{Deserialize, Serialize};

/// Version of the stored form of a release.
pub const FORMAT: u32 = 3;

/// Everything that is promoted. Its digest names it, the rows included: they are kept beside it, and what is known of them names them.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Content {
    pub format: u32,
    pub catalog: Catalog,
    pub lookup_set: LookupSet,
    pub lookup: Vec<TableDigest>,
    /// It brings rows and leaves every schema as it is; `catalog` is that of the first target.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub rows_only: bool,
    /// It is what a backup holds: all rows come from there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub backup: Option<Held>,
}

impl Content {
    /// What was read from a source: the rows are those of the tables of the set that the catalog has.
    pub fn new(catalog: Catalog, lookup_set: LookupSet, lookup: Vec<TableDigest>) -> Self {
        Self { format: FORMAT, catalog, lookup_set, lookup, rows_only: false, backup: None }
    }

    /// Rows that came in a file.
    pub fn rows_only(catalog: Catalog, lookup_set: LookupSet, lookup: Vec<TableDigest>) -> Self {
        Self { rows_only: true, ..Self::new(catalog, lookup_set, lookup) }
    }

    /// What a backup holds.
    pub fn backup(catalog: Catalog, held: Held) -> Self {
        Self { backup: Some(held), ..Self::new(catalog, LookupSet::default(), Vec::new()) }
    }

    /// Names this content: whatever is changed in a stored release, its digest no longer fits.
    pub fn digest(&self) -> Fingerprint {
        Fingerprint::of(self)
    }

    /// All lookup rows.
    pub fn rows(&self) -> u64 {
        self.lookup.iter().map(|table| table.digest.rows).sum()
    }

    /// Reads the stored form, and refuses what another version wrote or what is not what `digest` names.
    pub fn stored(json: &str, digest: &Fingerprint) -> Result<Self, Problem> {
        #[derive(Deserialize)]
        struct Format {
            format: u32,
        }
        let unreadable = |error: serde_json::Error| {
            Problem::new(ProblemKind::Internal, "The stored release cannot be read.").because(format!("{error}."))
        };
        let Format { format } = serde_json::from_str(json).map_err(unreadable)?;
        if format != FORMAT {
            return Err(Problem::new(ProblemKind::Unsupported, format!("The stored release has format {format}."))
                .because(format!("This version of Lockstep reads format {FORMAT}."))
                .way_out("Freeze the release again."));
        }
        let content: Self = serde_json::from_str(json).map_err(unreadable)?;
        if content.digest() != *digest {
            return Err(Problem::new(ProblemKind::Conflict, "The stored release is not what was frozen.")
                .because("Its content does not fit its digest: somebody altered it.")
                .way_out("Freeze the release again and look at the audit log."));
        }
        Ok(content)
    }
}
