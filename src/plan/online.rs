//! Online: what would keep clients waiting happens after the transaction, statement by statement, in ways that let them go on.
//!
//! The transaction takes the target to `Online::middle`. Each `Later` then brings one thing that the release has besides; its statements can
//! be run again after an interruption.

use super::closure::Fate;
use super::ddl::{self, column, constraint, index, outside};
use super::hazard::{HazardKind, hazard};
use super::steps::aside;
use super::{Outside, Statement, rename};
use crate::catalog::{Catalog, Constraint, ConstraintType, Kind, Object, ObjectId, Table, ident};
use crate::diff::words;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// What the target gets or loses after the transaction.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "later", rename_all = "snake_case")]
pub enum Later {
    /// An index or a unique constraint, built while clients write.
    Made { id: ObjectId, object: Box<Object> },
    /// An index goes.
    Gone { id: ObjectId },
    /// A rule that the transaction adds for new rows is proven for those that are there.
    Proven { id: ObjectId },
    /// A column becomes required when a check has proven it.
    Required { column: ObjectId, proof: ObjectId },
}

/// A plan in two parts.
pub(super) struct Online {
    /// What the transaction leads to.
    pub middle: Catalog,
    /// The target with the indexes that wait for their successors under another name, and the statements that name them so.
    pub target: Catalog,
    pub renames: Vec<Statement>,
    pub later: Vec<Later>,
    /// After the transaction.
    pub statements: Vec<Statement>,
}

/// What a catalog will be once everything of `later` is done.
pub fn complete(mut catalog: Catalog, later: &[Later]) -> Catalog {
    for one in later {
        match one {
            Later::Made { id, object } => {
                catalog.objects.insert(id.clone(), Object::clone(object));
            }
            Later::Gone { id } => {
                catalog.objects.remove(id);
            }
            Later::Proven { id } => {
                if let Some(Object::Constraint(of)) = catalog.objects.get_mut(id) {
                    of.validated = true;
                    of.definition = of.definition.trim_end_matches(" NOT VALID").to_owned();
                }
            }
            Later::Required { column, proof } => {
                catalog.objects.remove(proof);
                if let Some(Object::Table(table)) = catalog.objects.get_mut(&column.owner()) {
                    let found = table.columns.iter_mut().find(|of| of.name == column.part);
                    found.into_iter().for_each(|of| of.not_null = true);
                }
            }
        }
    }
    catalog
}

pub(super) fn split(source: &Catalog, target: &Catalog, fate: &Fate) -> Online {
    let online =
        Online { middle: source.clone(), target: target.clone(), renames: Vec::new(), later: Vec::new(), statements: Vec::new() };
    let mut split = Split { source, before: target, fate, online };
    for (id, object) in &source.objects {
        match object {
            Object::Index(of) if split.stays(&ObjectId::table(&of.table)) => split.index(id),
            Object::Constraint(of) if split.stays(&id.owner()) => split.constraint(id, of),
            Object::Table(of) if split.stays(id) => split.required(id, of),
            _ => {}
        }
    }
    for (id, object) in &target.objects {
        if let Object::Index(of) = object
            && split.stays(&ObjectId::table(&of.table))
            && !source.objects.contains_key(id)
            && !split.name_is_taken(id)
            && split.keeps_columns(id)
        {
            split.goes(id);
        }
    }
    split.online.middle.depends.retain({
        let there: BTreeSet<ObjectId> = split.online.middle.objects.keys().cloned().collect();
        move |edge| there.contains(&edge.dependent) || !matches!(edge.dependent.kind, Kind::Index | Kind::Constraint)
    });
    split.online
}

struct Split<'a> {
    source: &'a Catalog,
    before: &'a Catalog,
    fate: &'a Fate,
    online: Online,
}

impl Split<'_> {
    /// A plain table that is on both sides and is not made anew. What partitions and children have hangs together with their parents.
    fn stays(&self, table: &ObjectId) -> bool {
        let alone = |catalog: &Catalog| {
            let name = table.qname();
            let is_parent = |of: &Table| of.inherits.contains(&name);
            catalog
                .table(table)
                .is_some_and(|of| of.partition_key.is_none() && of.partition_of.is_none() && of.inherits.is_empty())
                && !catalog.objects.values().any(|object| matches!(object, Object::Table(of) if is_parent(of)))
        };
        alone(self.source)
            && alone(self.before)
            && self.before.table(table).map(|of| of.unlogged) == self.source.table(table).map(|of| of.unlogged)
            && ![&self.fate.torn, &self.fate.moved].iter().any(|set| set.contains(table))
    }

    /// Others cannot be without it, or its table names it.
    fn is_needed(&self, catalog: &Catalog, id: &ObjectId) -> bool {
        let (table, name) = match catalog.objects.get(id) {
            Some(Object::Index(of)) => (ObjectId::table(&of.table), &id.name),
            _ => (id.owner(), &id.part),
        };
        let named = catalog
            .table(&table)
            .is_some_and(|of| of.clustered_on.as_ref() == Some(name) || of.replica_identity == format!("INDEX {name}"));
        named || catalog.depends.iter().any(|edge| edge.on == *id)
    }

    fn name_is_taken(&self, index: &ObjectId) -> bool {
        let relation = |kind| {
            matches!(kind, Kind::Table | Kind::View | Kind::MaterializedView | Kind::Sequence | Kind::Index | Kind::ForeignTable)
        };
        self.source.objects.keys().any(|id| {
            id.schema == index.schema
                && (relation(id.kind) && id.name == index.name || id.kind == Kind::Constraint && id.part == index.name)
        })
    }

    /// What the index is built on is there afterwards, as it is.
    fn keeps_columns(&self, index: &ObjectId) -> bool {
        let column = |catalog: &Catalog, id: &ObjectId| {
            catalog.table(&id.owner()).and_then(|of| of.columns.iter().find(|column| column.name == id.part).cloned())
        };
        let same = |id: &ObjectId| match (column(self.before, id), column(self.source, id)) {
            (Some(a), Some(b)) => a.type_name == b.type_name && a.collation == b.collation && a.generated == b.generated,
            _ => false,
        };
        let needs = self.before.depends.iter().filter(|edge| edge.dependent == *index);
        let stays = |id: &ObjectId| {
            let disturbed = [&self.fate.torn, &self.fate.replaced, &self.fate.remade, &self.fate.switched];
            !disturbed.iter().any(|set| set.contains(id))
                && match id.kind {
                    Kind::Column => same(id),
                    _ => id.kind == Kind::Table || self.before.objects.get(id) == self.source.objects.get(id),
                }
        };
        !self.is_needed(self.before, index) && needs.map(|edge| &edge.on).all(stays)
    }

    fn index(&mut self, id: &ObjectId) {
        let Some(Object::Index(of)) = self.source.objects.get(id) else { return };
        if self.is_needed(self.source, id) || !of.valid || !of.definition.contains(" USING ") {
            return;
        }
        match self.before.objects.get(id) {
            None => {}
            Some(Object::Index(old)) if old.definition != of.definition || !old.valid => {
                let waiting = aside(id);
                let free = !self.before.objects.contains_key(&waiting) && !self.source.objects.contains_key(&waiting);
                if !free || old.table != of.table || !self.keeps_columns(id) {
                    return;
                }
                let sql = index::rename(id, &waiting.name);
                let summary = format!("Lets the old {} work under another name until the new one is there.", words::object(id));
                self.online.renames.push(Statement::new(sql, id.clone(), summary, Vec::new()));
                self.online.target = rename::index(&self.online.target, id, &waiting);
                if let Some(object) = self.online.target.objects.get(&waiting) {
                    self.online.middle.objects.insert(waiting.clone(), object.clone());
                }
                self.make(id);
                return self.goes(&waiting);
            }
            Some(_) => return,
        }
        self.make(id);
    }

    /// Takes the index or constraint out of the transaction.
    fn make(&mut self, id: &ObjectId) {
        let Some(object) = self.online.middle.objects.remove(id) else { return };
        let what = words::object(id);
        let (table, name) = match &object {
            Object::Index(of) => (ObjectId::table(&of.table), id.name.clone()),
            _ => (id.owner(), id.part.clone()),
        };
        let built = ObjectId { kind: Kind::Index, schema: id.schema.clone(), name, part: String::new() };
        let (build, unique, mut rest) = match &object {
            Object::Index(of) => {
                let mut made = index::create(id, of);
                let build = outside::concurrently(&made.remove(0));
                (build, of.unique, made)
            }
            Object::Constraint(of) => (outside::unique_index(&built, &table, of), true, vec![constraint::adopt(id, of)]),
            _ => return,
        };
        rest.extend(ddl::comments(self.source, id, &object));
        let mut hazards = vec![hazard(
            HazardKind::OutsideTransaction,
            format!(
                "The {what} is built after the transaction, while others write: if that fails, the rest of the release stays."
            ),
        )];
        if unique {
            let sentence = format!("Rows of {}.{} with equal values stop the {what}.", table.schema, table.name);
            hazards.push(hazard(HazardKind::MayFail, sentence));
        }
        let outside = Outside { done: outside::index_is_valid(&built), cleanup: Some(outside::drop_index_if_exists(&built)) };
        self.say(id, build, format!("Builds the {what} while others read and write."), hazards, Some(outside));
        let adopted = matches!(object, Object::Constraint(_)).then(|| outside::constraint_is(id, "true"));
        for (at, sql) in rest.into_iter().enumerate() {
            let outside = adopted.clone().filter(|_| at == 0).map(|done| Outside { done, cleanup: None });
            self.say(id, sql, format!("Completes the {what}."), Vec::new(), outside);
        }
        self.online.later.push(Later::Made { id: id.clone(), object: Box::new(object) });
    }

    fn goes(&mut self, id: &ObjectId) {
        if let Some(object) = self.online.target.objects.get(id) {
            self.online.middle.objects.insert(id.clone(), object.clone());
            let edges = self.online.target.depends.iter().filter(|edge| edge.dependent == *id);
            self.online.middle.depends.extend(edges.cloned());
        }
        let what = words::object(id);
        let outside = Outside { done: outside::index_is_gone(id), cleanup: None };
        self.say(
            id,
            outside::drop_index(id),
            format!("Removes the {what} while others read and write."),
            Vec::new(),
            Some(outside),
        );
        self.online.later.push(Later::Gone { id: id.clone() });
    }

    fn constraint(&mut self, id: &ObjectId, of: &Constraint) {
        let old = match self.before.objects.get(id) {
            Some(Object::Constraint(old)) => Some(old),
            _ => None,
        };
        let new = old.is_none_or(|old| old.definition != of.definition);
        match of.constraint_type {
            ConstraintType::Check | ConstraintType::ForeignKey if of.validated && new => {
                let plain = |to: &crate::catalog::References| {
                    self.source.table(&ObjectId::table(&to.table)).is_some_and(|of| of.partition_key.is_none())
                };
                if of.references.as_ref().is_none_or(plain) {
                    self.prove(id);
                }
            }
            ConstraintType::Unique if old.is_none() && constraint::is_plain_unique(of) && !self.is_needed(self.source, id) => {
                self.make(id);
            }
            _ => {}
        }
    }

    /// The transaction adds the rule for new rows only.
    fn prove(&mut self, id: &ObjectId) {
        let Some(Object::Constraint(of)) = self.online.middle.objects.get_mut(id) else { return };
        of.validated = false;
        of.definition.push_str(" NOT VALID");
        self.validate(id, outside::constraint_is(id, "convalidated"));
        self.online.later.push(Later::Proven { id: id.clone() });
    }

    fn validate(&mut self, id: &ObjectId, done: String) {
        let sentence = format!("Rows of {}.{} that break the rule {} stop the proof of it.", id.schema, id.name, id.part);
        let apart =
            format!("The rule {} is proven after the transaction: if that fails, the rest of the release stays.", id.part);
        let hazards = vec![hazard(HazardKind::MayFail, sentence), hazard(HazardKind::OutsideTransaction, apart)];
        let summary = format!("Proves the {} while others read and write.", words::object(id));
        self.say(id, constraint::validate(id), summary, hazards, Some(Outside { done, cleanup: None }));
    }

    /// Columns that get NOT NULL: a check proves it, so that nobody has to wait for a scan.
    fn required(&mut self, id: &ObjectId, of: &Table) {
        let Some(before) = self.before.table(id) else { return };
        for new in of.columns.iter().filter(|column| {
            column.not_null && column.not_null_constraint.is_none() && column.identity.is_none() && column.generated.is_none()
        }) {
            let was = before.columns.iter().find(|old| old.name == new.name && !old.not_null);
            let same = was.is_some_and(|old| old.type_name == new.type_name && old.identity.is_none() && old.generated.is_none());
            let column = ObjectId::column(id, &new.name);
            let proof = proof(&column);
            let taken = [self.source, self.before].iter().any(|catalog| catalog.objects.contains_key(&proof));
            let in_key = self.source.objects.iter().any(|(other, object)| {
                other.owner() == *id
                    && matches!(object, Object::Constraint(of)
                        if of.constraint_type == ConstraintType::PrimaryKey && of.columns.contains(&new.name))
            });
            if same && !taken && !in_key && !self.fate.switched.contains(&column) {
                self.require(&column, &proof);
            }
        }
    }

    fn require(&mut self, id: &ObjectId, proof: &ObjectId) {
        if let Some(Object::Table(table)) = self.online.middle.objects.get_mut(&id.owner()) {
            let found = table.columns.iter_mut().find(|of| of.name == id.part);
            found.into_iter().for_each(|of| of.not_null = false);
        }
        let rule = Constraint {
            constraint_type: ConstraintType::Check,
            definition: outside::proof(&id.part),
            columns: vec![id.part.clone()],
            references: None,
            validated: false,
            comment: None,
        };
        self.online.middle.objects.insert(proof.clone(), Object::Constraint(rule));
        let required = outside::column_is_required(id);
        self.validate(proof, format!("{} OR ({required})", outside::constraint_is(proof, "convalidated")));
        let what = words::object(id);
        let outside = Some(Outside { done: required, cleanup: None });
        self.say(id, column::set_not_null(id, true), format!("Makes the {what} required."), Vec::new(), outside);
        self.say(id, outside::drop_proof(proof), format!("Removes the proof for the {what}."), Vec::new(), None);
        self.online.later.push(Later::Required { column: id.clone(), proof: proof.clone() });
    }

    fn say(&mut self, id: &ObjectId, sql: String, summary: String, hazards: Vec<super::Hazard>, outside: Option<Outside>) {
        self.online.statements.push(Statement { outside, ..Statement::new(sql, id.clone(), summary, hazards) });
    }
}

/// The check that stands for NOT NULL meanwhile.
fn proof(column: &ObjectId) -> ObjectId {
    let part = ident::short(&format!("lockstep_not_null_{}", column.part));
    ObjectId { kind: Kind::Constraint, part, ..column.clone() }
}
