//! What a promotion would do, as a person reads it, and what of it is sealed.

use super::{EnvironmentId, LookupTotal, ReleaseId};
use crate::catalog::{Fingerprint, NotCompared, ObjectId};
use crate::lookup::{Choice, TableChanges};
use crate::plan::{Check, Hazard, Plan, Rename, TableSize};
use crate::problem::Problem;
use serde::{Deserialize, Serialize};

/// Version of the stored form of a preview.
pub const FORMAT: u32 = 3;

/// What a person asks to see, and then to promote.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Proposal {
    pub release: ReleaseId,
    pub target: EnvironmentId,
    /// What the person said is the same under another name.
    #[serde(default)]
    pub renames: Vec<Rename>,
    /// Whose rows stay where lookup rows were edited in the target.
    #[serde(default)]
    pub choices: Vec<Choice>,
}

/// Release + target + plan + lookup changes + checks.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Preview {
    pub format: u32,
    pub sealed: Sealed,
    pub checks: Vec<CheckResult>,
    pub not_compared: Vec<NotCompared>,
    /// Of the tables that hazards name. They grow: what is sealed says nothing of them.
    pub sizes: Vec<TableSize>,
    /// What stands in the way; a request is refused while there is any.
    pub blockers: Vec<Problem>,
    /// What is worth knowing and stops nothing.
    pub warnings: Vec<String>,
}

/// Everything that an approval binds to; its fingerprint is the digest of the request.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Sealed {
    pub release: Fingerprint,
    pub target: String,
    /// `system_identifier` of the target's cluster and the database's oid: the same URL may lead elsewhere tomorrow.
    pub target_identity: String,
    pub policy_version: i32,
    pub plan: Plan,
    /// In the order in which they are synced: parents first.
    pub lookup: Vec<TableChanges>,
    /// Fingerprint of the target's lookup rows before.
    pub lookup_from: Fingerprint,
    /// Fingerprint of the target's lookup rows afterwards.
    pub lookup_to: Fingerprint,
}

/// A loss that the requester ticks, one by one, before the request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Confirmation {
    /// What the form sends and the request compares.
    pub id: String,
    pub sentences: Vec<String>,
}

impl Preview {
    /// The losses of the schema, in the plan's order, then those of the lookup tables.
    pub fn to_confirm(&self, lookup: &[LookupTotal]) -> Vec<Confirmation> {
        let must_be_confirmed = |hazards: &[Hazard]| hazards.iter().any(|hazard| hazard.kind.must_be_confirmed());
        let changes = self.sealed.plan.changes.iter().filter(|change| must_be_confirmed(&change.hazards));
        let schema = changes.map(|change| {
            let ObjectId { kind, schema, name, part } = &change.object;
            let losses = change.hazards.iter().filter(|hazard| hazard.kind.must_be_confirmed());
            let sentences = losses.map(|hazard| hazard.sentence.clone());
            Confirmation { id: format!("{kind:?} {schema}.{name}.{part}"), sentences: sentences.collect() }
        });
        let deletes = lookup.iter().filter(|total| total.deletes > 0).map(|total| Confirmation {
            id: format!("rows of {}", total.table),
            sentences: vec![match total.deletes {
                1 => format!("Deletes 1 lookup row of {}.", total.name()),
                n => format!("Deletes {n} lookup rows of {}.", total.name()),
            }],
        });
        schema.chain(deletes).collect()
    }
}

impl Sealed {
    pub fn digest(&self) -> Fingerprint {
        Fingerprint::of(self)
    }
}

/// The answer of the target's rows to a check.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CheckResult {
    pub check: Check,
    /// None when the check was not finished in time.
    pub offending: Option<u64>,
    pub samples: Vec<String>,
}

impl CheckResult {
    pub fn holds(&self) -> bool {
        self.offending == Some(0)
    }
}
