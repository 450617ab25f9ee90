//! Renames that a person answered for: the target is taken as if it had them already. What is guessed wrong is only made anew, or found
//! by the read-back; rows are never at risk.

use super::ddl::{column, constraint, index, sequence, table};
use super::hazard::{HazardKind, hazard};
use super::retitle::{NAMES_NOT_NULL, keep_not_null_names, recolumn, reidentify, reindex, retitle};
use super::{ChangeSummary, Check, Effect, Lock, LockMode, Statement};
use crate::catalog::{Catalog, Dependency, Kind, Object, ObjectId, QName, ident, rewrite};
use crate::problem::{Problem, ProblemKind};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use std::fmt;
use std::str::FromStr;

/// A table or a column that has another name in the release.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Rename {
    /// As it is called in the target.
    pub table: QName,
    /// None when the table itself is renamed.
    pub column: Option<String>,
    pub to: String,
}

/// `schema.table=name` or `schema.table.column=name`, as `FromStr` reads it.
impl fmt::Display for Rename {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let old = [&self.table.schema, &self.table.name].into_iter().chain(&self.column);
        write!(f, "{}={}", old.map(|name| ident::shown(name)).collect::<Vec<_>>().join("."), ident::shown(&self.to))
    }
}

impl FromStr for Rename {
    type Err = Problem;

    fn from_str(text: &str) -> Result<Self, Problem> {
        // A quoted name may hold the sign that parts the old from the new.
        let halves = text.match_indices('=').map(|(at, _)| (ident::parts(&text[..at]), ident::parts(&text[at + 1..])));
        let parsed = halves.into_iter().find_map(|(old, new)| match (old.as_slice(), new.as_slice()) {
            ([schema, table], [to]) => Some(Self { table: QName::new(schema, table), column: None, to: to.clone() }),
            ([schema, table, column], [to]) => {
                Some(Self { table: QName::new(schema, table), column: Some(column.clone()), to: to.clone() })
            }
            _ => None,
        });
        parsed.ok_or_else(|| {
            Problem::new(ProblemKind::Invalid, format!("{text} says no rename."))
                .way_out("Write schema.table=new_name or schema.table.column=new_name, with quotes where PostgreSQL needs them.")
        })
    }
}

/// The target with its new names, and the statements that give it them.
pub(super) struct Renamed {
    pub target: Catalog,
    pub statements: Vec<Statement>,
    pub refused: Vec<Problem>,
}

pub(super) fn apply(source: &Catalog, target: &Catalog, renames: &[Rename]) -> Renamed {
    let mut renamed = Renamed { target: target.clone(), statements: Vec::new(), refused: Vec::new() };
    for rename in renames {
        match rename.column {
            Some(_) => renamed.column(source, rename),
            None => renamed.table(source, rename),
        }
    }
    renamed
}

/// The catalog with an index under another name.
pub(super) fn index(catalog: &Catalog, old: &ObjectId, new: &ObjectId) -> Catalog {
    let place = |id: ObjectId| if id == *old { new.clone() } else { id };
    mapped(catalog, place, |id, object| {
        if id == old {
            reindex(object, &old.name, &new.name);
        }
    })
}

/// A rename as a change; partitions and parts that follow are not told apart.
pub(super) fn summary(statement: &Statement) -> ChangeSummary {
    ChangeSummary {
        object: statement.object.clone(),
        effect: Effect::Changed,
        sentences: vec![statement.summary.clone()],
        before: None,
        after: Some(format!("{};", statement.sql)),
        hazards: statement.hazards.clone(),
    }
}

/// Checks are asked before anything is renamed.
pub(super) fn under_old_names(mut checks: Vec<Check>, renames: &[Rename]) -> Vec<Check> {
    for rename in renames.iter().rev() {
        let new = QName::new(&rename.table.schema, &rename.to);
        let back = |text: &str, of: &ObjectId| match &rename.column {
            Some(old) if of.owner() == ObjectId::table(&rename.table) => rewrite::bare(text, &rename.to, old),
            Some(_) => text.to_owned(),
            None => rewrite::qualified(text, &new, &rename.table),
        };
        for check in &mut checks {
            check.prepare = check.prepare.as_deref().map(|text| back(text, &check.object));
            check.count = back(&check.count, &check.object);
            check.sample = back(&check.sample, &check.object);
        }
    }
    checks
}

impl Renamed {
    fn refuse(&mut self, rename: &Rename, why: String) {
        let problem = Problem::new(ProblemKind::Invalid, format!("{rename} cannot be a rename."))
            .because(why)
            .way_out("Name a table or column that the target has and the release has not, and its new name in the release.");
        self.refused.push(problem);
    }

    fn say(&mut self, id: &ObjectId, sql: String, summary: String, breaks: Option<String>) {
        let hazards = breaks.map(|sentence| hazard(HazardKind::BreaksClients, sentence)).into_iter().collect();
        self.statements.push(Statement::new(sql, id.clone(), summary, hazards));
    }

    fn table(&mut self, source: &Catalog, rename: &Rename) {
        let (from, to) = (rename.table.clone(), QName::new(&rename.table.schema, &rename.to));
        let (old, new) = (ObjectId::table(&from), ObjectId::table(&to));
        let there = |catalog: &Catalog, id: &ObjectId| catalog.table(id).is_some();
        if !there(&self.target, &old) || there(source, &old) || there(&self.target, &new) || !there(source, &new) {
            return self.refuse(rename, format!("The target must have {from} and not {to}, the release {to} and not {from}."));
        }
        let sentence = format!("Programs that use the name {from} fail.");
        self.say(&new, table::rename(&old, &rename.to), format!("Renames the table {from} to {}.", rename.to), Some(sentence));
        let lock = Lock { table: from.clone(), mode: LockMode::AccessExclusive };
        self.statements.last_mut().into_iter().for_each(|statement| statement.locks.push(lock.clone()));
        let named = self.target.server_version >= NAMES_NOT_NULL;
        self.target = mapped(
            &self.target,
            |id| moved(id, &from, &to),
            |id, object| {
                if named && *id == old {
                    keep_not_null_names(object, id, None);
                }
                retitle(object, &from, &to);
            },
        );
        self.parts(source, &new);
    }

    fn column(&mut self, source: &Catalog, rename: &Rename) {
        // A table that was renamed before has its new name by now.
        let table = ObjectId::table(&rename.table);
        let Some(from) = &rename.column else { return };
        let has =
            |catalog: &Catalog, name: &str| catalog.table(&table).is_some_and(|of| of.columns.iter().any(|c| c.name == name));
        if !has(&self.target, from) || has(source, from) || has(&self.target, &rename.to) || !has(source, &rename.to) {
            let why = format!(
                "In {} the target must have {from} and not {1}, the release {1} and not {from}.",
                rename.table, rename.to
            );
            return self.refuse(rename, why);
        }
        let id = ObjectId::column(&table, from);
        let sentence = format!("Programs that use the name {from} of {} fail.", rename.table);
        let summary = format!("Renames the column {from} of {} to {}.", rename.table, rename.to);
        self.say(&table, column::rename(&id, &rename.to), summary, Some(sentence));
        let tables = with_children(&self.target, &table);
        let users: BTreeSet<ObjectId> = self
            .target
            .depends
            .iter()
            .filter(|edge| edge.on.kind == Kind::Column && edge.on.part == *from && tables.contains(&edge.on.owner()))
            .map(|edge| edge.dependent.clone())
            .collect();
        let to = rename.to.clone();
        let named = self.target.server_version >= NAMES_NOT_NULL;
        let place = |id: ObjectId| match id.kind == Kind::Column && id.part == *from && tables.contains(&id.owner()) {
            true => ObjectId { part: to.clone(), ..id },
            false => id,
        };
        self.target = mapped(&self.target, place, |id, object| {
            let own = tables.contains(id);
            if own && named {
                keep_not_null_names(object, id, Some(from));
            }
            if own || users.contains(id) || tables.contains(&id.owner()) {
                recolumn(object, own, &tables, from, &to);
            }
        });
        self.parts(source, &table);
    }

    /// Constraints, indexes and sequences of the table that only have another name.
    fn parts(&mut self, source: &Catalog, of: &ObjectId) {
        let here: Vec<(ObjectId, Object)> = self
            .target
            .objects
            .iter()
            .filter(|(id, object)| !source.objects.contains_key(*id) && belongs(id, object, of))
            .map(|(id, object)| (id.clone(), object.clone()))
            .collect();
        for (old, object) in here {
            let same = |(id, other): (&ObjectId, &Object)| {
                belongs(id, other, of) && !self.target.objects.contains_key(id) && nameless(other) == nameless(&object)
            };
            let Some(new) = source.objects.iter().find(|(id, other)| same((id, other))).map(|(id, _)| id.clone()) else {
                continue;
            };
            let (sql, name) = match old.kind {
                Kind::Constraint => (constraint::rename(&old, &new.part), &new.part),
                Kind::Index => (index::rename(&old, &new.name), &new.name),
                _ => (sequence::rename(&old, &new.name), &new.name),
            };
            self.say(&new, sql, format!("Renames the {} to {name}.", crate::diff::words::object(&old)), None);
            let place = |id: ObjectId| if id == old { new.clone() } else { id };
            let (from, to) = (old.qname(), new.qname());
            self.target = mapped(&self.target, place, |id, object| {
                if *id == old && old.kind == Kind::Index {
                    reindex(object, &from.name, &to.name);
                } else if old.kind == Kind::Sequence {
                    retitle(object, &from, &to);
                } else if id == of {
                    reidentify(object, &old, &new);
                }
            });
        }
    }
}

/// The same catalog with other ids and changed objects.
fn mapped(catalog: &Catalog, place: impl Fn(ObjectId) -> ObjectId, change: impl Fn(&ObjectId, &mut Object)) -> Catalog {
    let objects = catalog.objects.iter().map(|(id, object)| {
        let mut object = object.clone();
        change(id, &mut object);
        if let Object::Privileges(of) = &mut object {
            of.on = place(of.on.clone());
        }
        (place(id.clone()), object)
    });
    let edges = catalog.depends.iter().cloned();
    Catalog {
        objects: objects.collect(),
        depends: edges.map(|edge| Dependency { dependent: place(edge.dependent), on: place(edge.on) }).collect(),
        ..catalog.clone()
    }
}

fn moved(id: ObjectId, from: &QName, to: &QName) -> ObjectId {
    let part = matches!(id.kind, Kind::Table | Kind::Column | Kind::Constraint | Kind::Trigger | Kind::Policy | Kind::Rule);
    match id.kind {
        _ if part && id.qname() == *from => ObjectId { name: to.name.clone(), ..id },
        Kind::Function => ObjectId { part: rewrite::qualified(&id.part, from, to), ..id },
        Kind::Privileges => ObjectId {
            name: id.name.replace(&format!("table {}.{}", from.schema, from.name), &format!("table {}.{}", to.schema, to.name)),
            ..id
        },
        _ => id,
    }
}

fn belongs(id: &ObjectId, object: &Object, table: &ObjectId) -> bool {
    match object {
        Object::Constraint(_) => id.owner() == *table,
        Object::Index(of) => ObjectId::table(&of.table) == *table,
        Object::Sequence(of) => of.owned_by.as_ref().is_some_and(|by| ObjectId::table(&by.table) == *table),
        _ => false,
    }
}

/// What is left of a part when its name is taken away.
fn nameless(object: &Object) -> Object {
    let mut object = object.clone();
    if let Object::Index(of) = &mut object
        && let Some((_, rest)) = of.definition.split_once(" ON ")
    {
        of.definition = rest.to_owned();
    }
    object
}

fn with_children(catalog: &Catalog, table: &ObjectId) -> BTreeSet<ObjectId> {
    let mut all = BTreeSet::from([table.clone()]);
    loop {
        let more: Vec<ObjectId> = catalog
            .objects
            .iter()
            .filter(|(id, object)| match object {
                Object::Table(of) => {
                    let parents = of.partition_of.iter().map(|of| &of.parent).chain(&of.inherits);
                    !all.contains(*id) && parents.map(ObjectId::table).any(|parent| all.contains(&parent))
                }
                _ => false,
            })
            .map(|(id, _)| id.clone())
            .collect();
        if more.is_empty() {
            return all;
        }
        all.extend(more);
    }
}
