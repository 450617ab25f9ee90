//! From changes to statements in order: take down what is in the way, build, remove what is left over.

mod alter;
mod columns;
mod create;
mod drop;
mod grants;
mod moved;
mod rights;
mod tables;
mod tablespaces;
mod typed;

pub(super) use drop::aside;

use super::closure::{self, Fate};
use super::hazard::{Hazard, HazardKind, hazard};
use super::needs;
use super::order::{HOLLOW, Key, sort};
use super::{Statement, ddl};
use crate::catalog::{Catalog, Kind, Object, ObjectId};
use crate::diff::{Action, Change, words};
use crate::problem::{Problem, ProblemKind};
use std::collections::{BTreeMap, BTreeSet};

type Nodes = BTreeMap<Key, Vec<Statement>>;

pub(super) struct Steps<'a> {
    source: &'a Catalog,
    target: &'a Catalog,
    fate: Fate,
    /// Columns whose default is set when its function is there.
    late: BTreeSet<&'a ObjectId>,
    down: Nodes,
    build: Nodes,
    remove: Nodes,
    /// New values of enums that stay.
    values: Vec<NewValue>,
    /// Privileges, after everything else.
    rights: Vec<Statement>,
    refused: Vec<Problem>,
}

/// A value that an enum gets: PostgreSQL lets nobody use it before it is committed.
pub(super) struct NewValue {
    pub of: ObjectId,
    pub label: String,
    pub statement: Statement,
}

/// All statements but those of `values`, in order.
pub(super) struct Ordered {
    pub statements: Vec<Statement>,
    pub values: Vec<NewValue>,
    pub refused: Vec<Problem>,
}

impl<'a> Steps<'a> {
    pub fn new(source: &'a Catalog, target: &'a Catalog, changes: &[Change]) -> Self {
        let fate = closure::fate(source, target, changes);
        let late = late(source, target, &fate);
        let (down, build, remove) = (Nodes::new(), Nodes::new(), Nodes::new());
        let (values, rights, refused) = (Vec::new(), Vec::new(), Vec::new());
        let mut steps = Self { source, target, fate, late, down, build, remove, values, rights, refused };
        for change in changes {
            match change.action {
                Action::Create => steps.create(&change.id),
                Action::Drop => steps.drop(&change.id),
                Action::Alter => steps.alter(&change.id),
            }
        }
        steps.tear_down();
        steps.replace_types();
        steps.recheck_domains();
        steps.moved();
        steps.columns();
        steps.typed();
        steps.settings();
        steps.sequences_without_owner();
        steps.hollow_views();
        steps.rights = steps.rights(changes);
        steps.refused.extend(steps.missing_roles(changes));
        steps.refused.extend(steps.missing_tablespaces(changes));
        steps.refused.extend(steps.base_types_in_use(changes));
        steps
    }

    pub fn ordered(mut self) -> Ordered {
        let grants = self.grants();
        let (down, build, remove) =
            (std::mem::take(&mut self.down), std::mem::take(&mut self.build), std::mem::take(&mut self.remove));
        let (needs_down, needs_remove) = (needs::down(self.target, &keys(&down)), needs::down(self.target, &keys(&remove)));
        let needs_build = needs::build(self.source, &keys(&build));
        let mut statements = Vec::new();
        let (keep, give_back) = grants.map_or((None, None), |(keep, back)| (Some(keep), Some(back)));
        statements.extend(keep);
        statements.extend(self.in_order(down, &needs_down, true));
        statements.extend(self.in_order(build, &needs_build, false));
        statements.extend(self.in_order(remove, &needs_remove, true));
        statements.extend(give_back);
        statements.extend(std::mem::take(&mut self.rights));
        Ordered { statements, values: self.values, refused: self.refused }
    }

    fn in_order(&mut self, mut nodes: Nodes, needs: &needs::Needs, reverse: bool) -> Vec<Statement> {
        let mut sorted = sort(keys(&nodes), needs);
        if !sorted.circle.is_empty() {
            let names: BTreeSet<String> = sorted.circle.iter().map(|key| words::object(&key.id)).collect();
            let names: Vec<String> = names.into_iter().collect();
            self.refused.push(
                Problem::new(
                    ProblemKind::Unsupported,
                    format!("These objects need each other in a circle: {}.", names.join(", ")),
                )
                .because("None of them can be made or removed before the others.")
                .way_out("Take one of them out of the circle in a release of its own."),
            );
        }
        if reverse {
            sorted.keys.reverse();
        }
        sorted.keys.into_iter().flat_map(|key| nodes.remove(&key).unwrap_or_default()).collect()
    }

    fn statement(&self, id: &ObjectId, sql: String, summary: String, hazards: Vec<Hazard>) -> Statement {
        Statement::new(sql, id.clone(), summary, hazards)
    }

    /// A statement without risks of its own.
    fn plain(&self, id: &ObjectId, sql: String, summary: String) -> Statement {
        self.statement(id, sql, summary, Vec::new())
    }

    fn push(nodes: &mut Nodes, key: Key, statements: impl IntoIterator<Item = Statement>) {
        let mut statements = statements.into_iter().peekable();
        if statements.peek().is_some() {
            nodes.entry(key).or_default().extend(statements);
        }
    }

    /// The table of the target stays where it is.
    fn stays(&self, table: &ObjectId) -> bool {
        self.source.objects.contains_key(table)
            && self.target.objects.contains_key(table)
            && !self.fate.torn.contains(table)
            && !self.fate.moved.contains(table)
    }

    /// Views in a circle with functions stand empty while the functions come or go.
    fn hollow_views(&mut self) {
        for id in needs::circular_views(self.target) {
            if self.down.contains_key(&Key::new(&id, ""))
                && let Some(Object::View(view)) = self.target.objects.get(&id)
            {
                let sql = ddl::view::hollow(&id, view);
                let statement = self.plain(&id, sql, format!("Empties the {} for a moment.", words::object(&id)));
                Self::push(&mut self.down, Key::new(&id, HOLLOW), [statement]);
            }
        }
        for id in needs::circular_views(self.source) {
            let made = !self.target.objects.contains_key(&id) || self.fate.torn.contains(&id);
            if made && let Some(Object::View(view)) = self.source.objects.get(&id) {
                let sql = ddl::view::hollow(&id, view);
                let statement = self.plain(&id, sql, format!("Makes room for the {}.", words::object(&id)));
                Self::push(&mut self.build, Key::new(&id, HOLLOW), [statement]);
            }
        }
    }
}

fn keys(nodes: &Nodes) -> BTreeSet<Key> {
    nodes.keys().cloned().collect()
}

/// Columns whose default calls a function and can wait for it: those of new tables, and those that the function itself waits for.
fn late<'a>(source: &'a Catalog, target: &Catalog, fate: &Fate) -> BTreeSet<&'a ObjectId> {
    let over_relations = needs::functions_over_relations(source);
    let new = |table: &ObjectId| !target.objects.contains_key(table) || fate.torn.contains(table) || fate.moved.contains(table);
    source
        .depends
        .iter()
        .filter(|edge| edge.dependent.kind == Kind::Column && edge.on.kind == Kind::Function)
        .filter(|edge| new(&edge.dependent.owner()) || over_relations.contains(&edge.on))
        .map(|edge| &edge.dependent)
        .collect()
}

/// The hazards of rows that go with a table.
fn rows_go(id: &ObjectId) -> Vec<Hazard> {
    let name = format!("{}.{}", id.schema, id.name);
    vec![
        hazard(HazardKind::DeletesData, format!("All rows of {name} are deleted.")),
        hazard(HazardKind::CannotBeUndone, format!("Only the backup has the rows of {name} afterwards.")),
    ]
}
