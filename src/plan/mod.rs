//! The ordered statements that take a target from its catalog to the release's, with hazards and checks.

mod checks;
mod closure;
mod columns;
mod ddl;
pub mod hazard;
mod needs;
mod order;
mod rename;

mod steps;

pub use hazard::{Hazard, HazardKind};
pub use rename::Rename;

use crate::catalog::ident::literal;
use crate::catalog::{Catalog, Fingerprint, ObjectId, QName, Scope};
use crate::diff::{self, Action, Change, words};
use crate::problem::Problem;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// Version of the stored form of a plan.
pub const FORMAT: u32 = 2;

/// Carries what it was computed against; it is only ever applied to exactly that.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Plan {
    pub format: u32,
    /// What of both catalogs was compared.
    pub scope: Scope,
    /// The target's catalog that the plan starts from.
    pub from: Fingerprint,
    /// The catalog that the target must have afterwards.
    pub to: Fingerprint,
    pub phases: Vec<Phase>,
    /// What differs, object by object, as a person reads it: partitions that only follow their table are not told; losses first.
    pub changes: Vec<ChangeSummary>,
    /// What may be a rename and is planned as a loss and something new until a person says so.
    pub questions: Vec<Rename>,
    /// What must hold for the target's rows; asked before approval and again before the run.
    pub checks: Vec<Check>,
    /// What cannot be planned; while there is any, the plan must not run.
    pub refused: Vec<Problem>,
}

/// What a planner cannot see in the catalogs.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Options {
    /// What of both catalogs counts; both are read in it.
    pub scope: Scope,
    /// Values of enums that lookup rows of the same release need. A new one of them commits before the transaction begins.
    pub values_used: BTreeSet<EnumValue>,
    /// Tables whose rows the sync changes.
    pub synced: BTreeSet<QName>,
    /// What a person said is the same under another name.
    pub renames: Vec<Rename>,
}

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct EnumValue {
    pub enum_type: QName,
    pub label: String,
}

/// What takes the schema of `target` to that of `source`.
pub fn plan(source: &Catalog, target: &Catalog, options: &Options) -> Plan {
    let renamed = (!options.renames.is_empty()).then(|| rename::apply(source, target, &options.renames));
    let (before, target) = (target, renamed.as_ref().map_or(target, |renamed| &renamed.target));
    let changes = diff::diff(source, target);
    let steps::Ordered { statements, values, mut refused } = steps::Steps::new(source, target, &changes).ordered();
    let used = |value: &steps::NewValue| {
        let label = literal(&value.label);
        options.values_used.contains(&EnumValue { enum_type: value.of.qname(), label: value.label.clone() })
            || statements.iter().any(|statement| statement.sql.contains(&label))
    };
    let (early, together): (Vec<_>, Vec<_>) = values.into_iter().partition(used);
    let mut phases = Vec::new();
    let early: Vec<Statement> = early
        .into_iter()
        .map(|value| {
            let mut statement = value.statement;
            let sentence =
                "PostgreSQL uses a new enum value only after it is committed: it stays even if the rest fails.".to_owned();
            statement.hazards.push(Hazard { kind: HazardKind::OutsideTransaction, sentence });
            statement
        })
        .collect();
    let (renames, problems) = renamed.as_ref().map_or((Vec::new(), Vec::new()), |of| (of.statements.clone(), of.refused.clone()));
    refused.extend(problems);
    let told: Vec<ChangeSummary> = renames.iter().map(rename::summary).collect();
    let main: Vec<Statement> =
        renames.into_iter().chain(together.into_iter().map(|value| value.statement)).chain(statements).collect();
    if !early.is_empty() {
        phases.push(Phase { name: "New enum values".to_owned(), transactional: false, statements: early });
    }
    if !main.is_empty() {
        phases.push(Phase { name: "Schema".to_owned(), transactional: true, statements: main });
    }
    let mut plan = Plan {
        format: FORMAT,
        scope: options.scope,
        from: before.fingerprint(),
        to: source.fingerprint(),
        phases,
        changes: Vec::new(),
        questions: rename::questions(source, target),
        checks: rename::under_old_names(checks::checks(source, target, &changes, options), &options.renames),
        refused,
    };
    plan.changes = diff::told(source, target).iter().map(|change| summary(source, target, &plan, change)).chain(told).collect();
    plan.changes
        .sort_by_key(|change| (!change.hazards.iter().any(|hazard| hazard.kind == HazardKind::DeletesData), change.effect));
    plan
}

fn summary(source: &Catalog, target: &Catalog, plan: &Plan, change: &Change) -> ChangeSummary {
    let whole = change.action != Action::Alter;
    let part = |id: &ObjectId| whole && [source, target].iter().any(|side| side.table_of(id).as_ref() == Some(&change.id));
    let mut hazards: Vec<Hazard> = plan
        .statements()
        .filter(|statement| statement.object == change.id || statement.object.owner() == change.id || part(&statement.object))
        .flat_map(|statement| statement.hazards.iter().cloned())
        .collect();
    hazards.sort();
    hazards.dedup();
    ChangeSummary {
        object: change.id.clone(),
        effect: match change.action {
            Action::Drop => Effect::Removed,
            Action::Alter => Effect::Changed,
            Action::Create => Effect::Added,
        },
        sentences: words::sentences(source, target, change),
        before: definition(target, &change.id, whole),
        after: definition(source, &change.id, whole),
        hazards,
    }
}

/// The DDL that makes one object as it is in `catalog`; `whole` with the indexes, constraints, triggers and policies of a table.
fn definition(catalog: &Catalog, id: &ObjectId, whole: bool) -> Option<String> {
    let parts = catalog.objects.keys().filter(|part| whole && catalog.table_of(part).as_ref() == Some(id));
    let statements: Vec<String> = std::iter::once(id).chain(parts).flat_map(|one| ddl::create(catalog, one)).collect();
    (!statements.is_empty()).then(|| statements.join(";\n") + ";")
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
