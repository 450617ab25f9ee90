//! The ordered statements that take a target from its catalog to the release's, with hazards and checks.

mod ddl;
pub mod hazard;
mod order;

pub use hazard::{Hazard, HazardKind};

use crate::catalog::{Catalog, Fingerprint, ObjectId, QName};
use crate::diff::Change;
use crate::problem::{Problem, ProblemKind};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// Version of the stored form of a plan.
pub const FORMAT: u32 = 1;

/// Carries what it was computed against; it is only ever applied to exactly that.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Plan {
    pub format: u32,
    /// The target's catalog that the plan starts from.
    pub from: Fingerprint,
    /// The catalog that the target must have afterwards.
    pub to: Fingerprint,
    pub phases: Vec<Phase>,
    /// What differs, object by object, as a person reads it; losses first.
    pub changes: Vec<ChangeSummary>,
    /// What must hold for the target's rows; asked before approval and again before the run.
    pub checks: Vec<Check>,
    /// What cannot be planned; while there is any, the plan must not run.
    pub refused: Vec<Problem>,
}

impl Plan {
    pub fn is_empty(&self) -> bool {
        self.phases.iter().all(|phase| phase.statements.is_empty()) && self.refused.is_empty()
    }

    pub fn statements(&self) -> impl Iterator<Item = &Statement> {
        self.phases.iter().flat_map(|phase| &phase.statements)
    }
}

/// Statements that succeed or fail together.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Phase {
    /// In words, e.g. "New enum values" or "Everything else".
    pub name: String,
    /// False: each statement commits on its own.
    pub transactional: bool,
    pub statements: Vec<Statement>,
}

/// One SQL statement without its closing semicolon.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Statement {
    pub sql: String,
    pub object: ObjectId,
    /// In words: "Adds the optional text column tax_id to merchants".
    pub summary: String,
    pub hazards: Vec<Hazard>,
}

/// One changed object: a sentence for people, and its definition on both sides for engineers.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ChangeSummary {
    pub object: ObjectId,
    pub effect: Effect,
    pub sentences: Vec<String>,
    /// The DDL of the object in the target now; none when it is new.
    pub before: Option<String>,
    /// The DDL of the object in the release; none when it goes.
    pub after: Option<String>,
    pub hazards: Vec<Hazard>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Effect {
    Removed,
    Changed,
    Added,
}

/// A question to the target's rows. The engine runs `count` (one bigint: offending rows) and, when that is not zero,
/// `sample` (one text column, few rows).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Check {
    pub object: ObjectId,
    /// "Every row of merchants has a tax_id".
    pub expects: String,
    /// What to do when it does not hold.
    pub way_out: String,
    pub count: String,
    pub sample: String,
}

/// What a planner cannot see in the catalogs.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Options {
    /// Values of enums that lookup rows of the same release need. A new one of them commits before the transaction begins.
    pub values_used: BTreeSet<EnumValue>,
}

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct EnumValue {
    pub enum_type: QName,
    pub label: String,
}

/// The statements that take `target` to `source`. What cannot be planned is in `refused`.
pub fn plan(source: &Catalog, target: &Catalog, _options: &Options) -> Plan {
    let refused = crate::diff::diff(source, target)
        .iter()
        .map(|change| {
            Problem::new(ProblemKind::Unsupported, format!("No plan can be made for {}.", ddl::name(&change.id)))
                .way_out("Make this change by hand and compare again.")
        })
        .collect();
    let (from, to) = (
        Fingerprint::of(&target.objects.keys().collect::<Vec<_>>()),
        Fingerprint::of(&source.objects.keys().collect::<Vec<_>>()),
    );
    Plan { format: FORMAT, from, to, phases: Vec::new(), changes: Vec::new(), checks: Vec::new(), refused }
}

/// The plan as a script for `psql -v ON_ERROR_STOP=1`; empty when there is nothing to do.
pub fn script(plan: &Plan) -> String {
    ddl::script(plan)
}

/// The statements that would create the object, for people to read; none when the catalog does not hold it.
pub fn definition(catalog: &Catalog, id: &ObjectId) -> Option<String> {
    catalog.objects.get(id).map(|_| ddl::name(id))
}

/// One line for each difference: which object, and what differs in it.
pub fn differences(_source: &Catalog, _target: &Catalog, changes: &[Change]) -> Vec<String> {
    changes.iter().map(|change| ddl::name(&change.id)).collect()
}
