//! The ordered statements that take a target from its catalog to the release's, with hazards and checks.

mod checks;
mod closure;
mod columns;
mod ddl;
pub mod hazard;
mod needs;
pub mod online;
mod order;
mod question;
mod rename;
mod retitle;
pub mod size;

mod steps;

pub use ddl::locks::{Lock, LockMode};
pub use hazard::{Hazard, HazardKind};
pub use online::Later;
pub use rename::Rename;
pub use size::TableSize;

use crate::catalog::ident::literal;
use crate::catalog::{Catalog, Fingerprint, Kind, ObjectId, QName, Scope};
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
    /// Those before the transaction, the transaction, those after it.
    pub phases: Vec<Phase>,
    /// What the phases after the transaction bring.
    pub later: Vec<Later>,
    /// What differs, object by object, as a person reads it: partitions that only follow their table are not told; losses first.
    pub changes: Vec<ChangeSummary>,
    /// What may be a rename and is planned as a loss and something new until a person says so.
    pub questions: Vec<Rename>,
    /// What a person said is a rename.
    pub renames: Vec<Rename>,
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
    /// What would keep clients waiting comes after the transaction.
    pub online: bool,
}

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct EnumValue {
    pub enum_type: QName,
    pub label: String,
}

/// What takes the schema of `target` to that of `source`.
pub fn plan(source: &Catalog, target: &Catalog, options: &Options) -> Plan {
    let source = &*source.beside(target);
    let renamed = (!options.renames.is_empty()).then(|| rename::apply(source, target, &options.renames));
    let (before, target) = (target, renamed.as_ref().map_or(target, |renamed| &renamed.target));
    let changes = diff::diff(source, target);
    let online = options.online.then(|| online::split(source, target, &closure::fate(source, target, &changes)));
    let steps::Ordered { statements, values, mut refused } = match &online {
        None => steps::Steps::new(source, target, &changes).ordered(),
        Some(of) => steps::Steps::new(&of.middle, &of.target, &diff::diff(&of.middle, &of.target)).ordered(),
    };
    let used = |value: &steps::NewValue| {
        let label = literal(&value.label);
        options.values_used.contains(&EnumValue { enum_type: value.of.qname(), label: value.label.clone() })
            || statements.iter().any(|statement| statement.sql.contains(&label))
    };
    // The new values of an enum find their places by each other: they stay together.
    let first: BTreeSet<ObjectId> = values.iter().filter(|value| used(value)).map(|value| value.of.clone()).collect();
    let (early, together): (Vec<_>, Vec<_>) = values.into_iter().partition(|value| first.contains(&value.of));
    let (renames, problems) = renamed.as_ref().map_or((Vec::new(), Vec::new()), |of| (of.statements.clone(), of.refused.clone()));
    refused.extend(problems);
    let told: Vec<ChangeSummary> = renames.iter().map(rename::summary).collect();
    let (aside, later, after) = online.map_or_else(Default::default, |of| (of.renames, of.later, of.statements));
    let main: Vec<Statement> =
        renames.into_iter().chain(aside).chain(together.into_iter().map(|value| value.statement)).chain(statements).collect();
    let mut plan = Plan {
        format: FORMAT,
        scope: options.scope,
        from: before.fingerprint(),
        to: source.fingerprint(),
        phases: phases(early, main, after),
        later,
        changes: Vec::new(),
        questions: question::questions(source, target),
        renames: options.renames.clone(),
        checks: rename::under_old_names(checks::checks(source, target, &changes, options), &options.renames),
        refused,
    };
    for statement in plan.phases.iter_mut().flat_map(|phase| &mut phase.statements) {
        statement.complete(source, target);
    }
    plan.changes = diff::told(source, target).iter().map(|change| summary(source, target, &plan, change)).chain(told).collect();
    plan.changes
        .sort_by_key(|change| (!change.hazards.iter().any(|hazard| hazard.kind == HazardKind::DeletesData), change.effect));
    plan
}

/// What commits on its own, the transaction, and what commits on its own after it. The transaction is there for what comes after it, too.
fn phases(early: Vec<steps::NewValue>, main: Vec<Statement>, after: Vec<Statement>) -> Vec<Phase> {
    let commits_first = |value: steps::NewValue| {
        let mut statement = value.statement;
        let sentence = "PostgreSQL uses a new enum value only after it is committed: it stays even if the rest fails.".to_owned();
        statement.hazards.push(hazard::hazard(HazardKind::OutsideTransaction, sentence));
        statement
    };
    let early: Vec<Statement> = early.into_iter().map(commits_first).collect();
    let together = !main.is_empty() || !after.is_empty();
    let phase = |name: &str, transactional, statements| Phase { name: name.to_owned(), transactional, statements };
    let mut phases = Vec::new();
    phases.extend((!early.is_empty()).then(|| phase("New enum values", false, early)));
    phases.extend(together.then(|| phase("Schema", true, main)));
    phases.extend((!after.is_empty()).then(|| phase("While others work", false, after)));
    phases
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

    /// What differs, where something else than statements makes it the same. Who waits and what may fail is of the statements.
    pub fn differences(mut self) -> Self {
        for change in &mut self.changes {
            let table_goes = change.object.kind == Kind::Table && change.effect == Effect::Removed;
            change.hazards.retain(|hazard| match hazard.kind {
                HazardKind::DeletesData | HazardKind::CannotBeUndone => !table_goes,
                HazardKind::BreaksClients | HazardKind::ChangesPrivileges => true,
                _ => false,
            });
        }
        let (phases, later, questions, checks, refused) = Default::default();
        Self { phases, later, questions, checks, refused, ..self }
    }

    /// What the target calls a table now: the plan takes it as if its renames had happened.
    pub fn name_now(&self, table: &QName) -> QName {
        let renamed = |one: &&Rename| one.column.is_none() && one.table.schema == table.schema && one.to == table.name;
        self.renames.iter().find(renamed).map_or_else(|| table.clone(), |one| one.table.clone())
    }

    pub fn statements(&self) -> impl Iterator<Item = &Statement> {
        self.phases.iter().flat_map(|phase| &phase.statements)
    }

    /// Statements that commit on their own before the transaction.
    pub fn before(&self) -> impl Iterator<Item = &Statement> {
        self.phases.iter().take_while(|phase| !phase.transactional).flat_map(|phase| &phase.statements)
    }

    /// The statements of the transaction.
    pub fn together(&self) -> impl Iterator<Item = &Statement> {
        self.phases.iter().filter(|phase| phase.transactional).flat_map(|phase| &phase.statements)
    }

    /// Statements that commit on their own after the transaction.
    pub fn after(&self) -> impl Iterator<Item = &Statement> {
        self.phases
            .iter()
            .skip_while(|phase| !phase.transactional)
            .filter(|phase| !phase.transactional)
            .flat_map(|phase| &phase.statements)
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
    /// On tables that the target has.
    pub locks: Vec<Lock>,
    /// How it is run again after an interruption; for statements after the transaction.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub outside: Option<Outside>,
}

/// What is known of a statement outside the transaction that may have been interrupted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Outside {
    /// A query with one boolean: is it done already?
    pub done: String,
    /// Removes what an attempt left behind.
    pub cleanup: Option<String>,
}

impl Statement {
    pub fn new(sql: String, object: ObjectId, summary: String, hazards: Vec<Hazard>) -> Self {
        Self { sql, object, summary, hazards, locks: Vec::new(), outside: None }
    }

    /// Which tables it locks, and what its hazards mean for engineers.
    fn complete(&mut self, source: &Catalog, target: &Catalog) {
        self.locks.extend(ddl::locks::locks(source, target, self));
        let table = needs::relation(target, &self.object);
        for hazard in &mut self.hazards {
            hazard.detail = hazard::detail(hazard.kind, &self.sql, &self.locks);
            hazard.table = target.table(&table).map(|_| table.qname());
        }
    }
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
    /// A statement that finds the answer, for `count` and `sample` to read; most need none.
    pub prepare: Option<String>,
    pub count: String,
    pub sample: String,
}
