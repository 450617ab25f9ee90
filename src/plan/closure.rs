//! What has to be torn down besides what differs: PostgreSQL refuses to change a thing under those that depend on it.

use super::ddl::{self, constraint, types, view};
use super::needs;
use crate::catalog::{Catalog, Column, Kind, Object, ObjectId};
use crate::diff::{self, Action, Change};
use std::collections::{BTreeMap, BTreeSet, VecDeque};

/// What happens to objects of the target beyond their own differences.
#[derive(Default)]
pub(super) struct Fate {
    /// Dropped before anything is made; made again when the source has them.
    pub torn: BTreeSet<ObjectId>,
    /// Enums, domains, composites, ranges and collations that wait under another name until nothing uses them any more.
    pub replaced: BTreeSet<ObjectId>,
    /// Tables that wait under another name until their rows are in the one that takes their place; their partitions with them.
    pub moved: BTreeSet<ObjectId>,
    /// Domains whose checks and default are taken off and put on again.
    pub rechecked: BTreeSet<ObjectId>,
    /// Columns that are dropped and added again: generated ones, whose values are computed.
    pub remade: BTreeSet<ObjectId>,
    /// Columns whose type is replaced under them.
    pub switched: BTreeSet<ObjectId>,
    /// Columns whose default is dropped before anything is made.
    pub undefaulted: BTreeSet<ObjectId>,
}

struct Closure<'a> {
    source: &'a Catalog,
    target: &'a Catalog,
    dependents: BTreeMap<&'a ObjectId, Vec<&'a ObjectId>>,
    /// What hangs on a table by being part of it.
    parts: BTreeMap<ObjectId, Vec<&'a ObjectId>>,
    fate: Fate,
    queue: VecDeque<ObjectId>,
    /// Columns that only get more room: indexes and constraints stay.
    widened: BTreeSet<ObjectId>,
}

pub(super) fn fate(source: &Catalog, target: &Catalog, changes: &[Change]) -> Fate {
    let mut dependents: BTreeMap<&ObjectId, Vec<&ObjectId>> = BTreeMap::new();
    for edge in &target.depends {
        dependents.entry(&edge.on).or_default().push(&edge.dependent);
    }
    let mut parts: BTreeMap<ObjectId, Vec<&ObjectId>> = BTreeMap::new();
    for id in target.objects.keys().filter(|id| PARTS.contains(&id.kind)) {
        parts.entry(needs::relation(target, id)).or_default().push(id);
    }
    let (queue, widened) = (VecDeque::new(), BTreeSet::new());
    let mut closure = Closure { source, target, dependents, parts, fate: Fate::default(), queue, widened };
    for change in changes {
        match change.action {
            Action::Create => {}
            Action::Drop => closure.dropped(&change.id),
            Action::Alter => closure.altered(&change.id),
        }
    }
    while let Some(id) = closure.queue.pop_front() {
        closure.disturb(&id);
    }
    closure.fate
}

const PARTS: &[Kind] = &[Kind::Constraint, Kind::Index, Kind::Trigger, Kind::Policy, Kind::Rule];

/// What columns have or are made of.
const fn is_type(kind: Kind) -> bool {
    matches!(kind, Kind::Enum | Kind::Domain | Kind::Composite | Kind::Range | Kind::Collation)
}

/// What defaults, like other expressions, use.
const fn in_expressions(kind: Kind) -> bool {
    matches!(
        kind,
        Kind::Function
            | Kind::Sequence
            | Kind::Operator
            | Kind::Cast
            | Kind::TextSearchConfiguration
            | Kind::TextSearchDictionary
    )
}

impl Closure<'_> {
    fn dropped(&mut self, id: &ObjectId) {
        match id.kind {
            Kind::Schema | Kind::Extension | Kind::Privileges | Kind::DefaultPrivileges => {}
            kind if (is_type(kind) || kind == Kind::Base) && takes_name(self.source, id) => self.replace(id.clone()),
            kind if is_type(kind) || kind == Kind::Base => {}
            Kind::Sequence if !takes_name(self.source, id) => {}
            _ => self.tear(id.clone()),
        }
    }

    fn altered(&mut self, id: &ObjectId) {
        let (Some(before), Some(after)) = (self.target.objects.get(id), self.source.objects.get(id)) else { return };
        match (before, after) {
            (Object::Table(before), Object::Table(after)) => {
                if before.partition_key != after.partition_key {
                    self.move_away(id);
                }
                if before.unlogged != after.unlogged {
                    self.tear_foreign_keys(id);
                }
                for (old, new) in diff::columns(&before.columns, &after.columns) {
                    self.column(id, old, new);
                }
            }
            (Object::Enum(before), Object::Enum(after)) if types::add_values(id, before, after).is_none() => {
                self.replace(id.clone())
            }
            (Object::Domain(a), Object::Domain(b)) if a.base_type != b.base_type || a.collation != b.collation => {
                self.replace(id.clone())
            }
            (Object::Composite(a), Object::Composite(b)) if types::alter_composite(id, a, b).is_none() => {
                self.replace(id.clone())
            }
            (Object::Collation(_), Object::Collation(_)) | (Object::Range(_), Object::Range(_))
                if !in_place(id, before, after) =>
            {
                self.replace(id.clone())
            }
            _ if !in_place(id, before, after) => self.tear(id.clone()),
            _ => {}
        }
    }

    fn column(&mut self, table: &ObjectId, old: Option<&Column>, new: Option<&Column>) {
        let Some(old) = old else { return };
        let id = ObjectId::column(table, &old.name);
        let Some(new) = new else {
            self.queue.push_back(id);
            return;
        };
        let expression = |column: &Column| column.generated.as_ref().map(|of| (of.expression.clone(), of.stored));
        let retyped = old.type_name != new.type_name || old.collation != new.collation;
        // A generated column is not altered but computed anew; one that becomes plain keeps its values.
        let remade = new.generated.is_some() && (expression(old) != expression(new) || retyped);
        if remade {
            self.fate.remade.insert(id.clone());
        }
        if retyped && old.collation == new.collation && widens(&old.type_name, &new.type_name) {
            self.widened.insert(id.clone());
        }
        if remade || retyped {
            self.queue.push_back(id);
        }
    }

    fn tear(&mut self, id: ObjectId) {
        if !self.fate.torn.contains(&id) && !self.fate.moved.contains(&id) {
            self.fate.torn.insert(id.clone());
            self.gone(id);
        }
    }

    /// A relation goes: with its columns and its parts.
    fn gone(&mut self, id: ObjectId) {
        if let Some(table) = self.target.table(&id) {
            self.queue.extend(table.columns.iter().map(|column| ObjectId::column(&id, &column.name)));
        }
        for part in self.parts.get(&id).cloned().unwrap_or_default() {
            if self.source.objects.contains_key(part) || self.fate.moved.contains(&id) {
                self.tear(part.clone());
            }
        }
        self.queue.push_back(id);
    }

    fn move_away(&mut self, id: &ObjectId) {
        if !self.fate.moved.insert(id.clone()) {
            return;
        }
        self.fate.torn.remove(id);
        self.gone(id.clone());
        let name = id.qname();
        let of =
            |table: &Object| matches!(table, Object::Table(of) if of.partition_of.as_ref().is_some_and(|of| of.parent == name));
        let partitions: Vec<ObjectId> =
            self.target.objects.iter().filter(|(_, object)| of(object)).map(|(id, _)| id.clone()).collect();
        for partition in partitions {
            self.move_away(&partition);
        }
    }

    /// Tables that forget and tables that do not may not refer to each other: the keys are off while they change.
    fn tear_foreign_keys(&mut self, table: &ObjectId) {
        let touches = |id: &ObjectId, object: &Object| match object {
            Object::Constraint(of) => {
                of.references.as_ref().is_some_and(|to| id.owner() == *table || ObjectId::table(&to.table) == *table)
            }
            _ => false,
        };
        for (id, _) in self.target.objects.iter().filter(|(id, object)| touches(id, object)) {
            self.tear(id.clone());
        }
    }

    fn replace(&mut self, id: ObjectId) {
        if self.fate.replaced.insert(id.clone()) {
            self.queue.push_back(id);
        }
    }

    /// `id` is torn down, replaced or changes its type: what depends on it has to make room.
    fn disturb(&mut self, id: &ObjectId) {
        let widened = self.widened.contains(id) && !self.fate.remade.contains(id);
        for dependent in self.dependents.get(id).cloned().unwrap_or_default() {
            match dependent.kind {
                Kind::Constraint | Kind::Index if widened => {}
                Kind::Domain if id.kind == Kind::Function => {
                    self.fate.rechecked.insert(dependent.clone());
                }
                Kind::Enum | Kind::Domain | Kind::Composite | Kind::Range => self.replace(dependent.clone()),
                Kind::Column => self.disturb_column(id, dependent),
                Kind::Schema | Kind::Extension | Kind::Collation | Kind::Sequence | Kind::Table => {}
                _ => self.tear(dependent.clone()),
            }
        }
    }

    fn disturb_column(&mut self, id: &ObjectId, dependent: &ObjectId) {
        let table = dependent.owner();
        let column = self.target.table(&table).and_then(|table| table.columns.iter().find(|c| c.name == dependent.part));
        let Some(column) = column else { return };
        let kept = self.source.table(&table).and_then(|table| table.columns.iter().find(|c| c.name == dependent.part));
        let first = match (column.generated.is_some(), kept.map(|new| new.generated.is_some()), id.kind) {
            (true, Some(true), _) => self.fate.remade.insert(dependent.clone()),
            // Its values stay when the expression goes; where that is too late, it is not the expression that keeps `id`.
            (true, _, kind) if in_expressions(kind) || kind == Kind::Column => {
                self.fate.undefaulted.insert(dependent.clone());
                false
            }
            (_, _, kind) if is_type(kind) || kind == Kind::Base => self.fate.switched.insert(dependent.clone()),
            (false, _, kind) if in_expressions(kind) => {
                self.fate.undefaulted.insert(dependent.clone());
                false
            }
            _ => false,
        };
        if first {
            self.queue.push_back(dependent.clone());
        }
    }
}

/// Whether a statement changes the object where it is.
fn in_place(id: &ObjectId, before: &Object, after: &Object) -> bool {
    match (before, after) {
        (Object::Collation(a), Object::Collation(b)) => {
            (&a.provider, a.deterministic, &a.locale, &a.rules) == (&b.provider, b.deterministic, &b.locale, &b.rules)
        }
        (Object::Constraint(a), Object::Constraint(b)) => a.definition == b.definition || constraint::alter(id, a, b).is_some(),
        (Object::Index(a), Object::Index(b)) => a.definition == b.definition && a.valid == b.valid,
        (Object::View(a), Object::View(b)) => view::replaceable(a, b) || a.query == b.query && same_columns(a, b),
        (Object::Function(a), Object::Function(b)) => ddl::replaceable(a, b),
        (Object::Trigger(a), Object::Trigger(b)) => a.definition == b.definition,
        (Object::Policy(a), Object::Policy(b)) => {
            (&a.command, a.permissive, &a.roles, &a.using, &a.check) == (&b.command, b.permissive, &b.roles, &b.using, &b.check)
        }
        (Object::Range(a), Object::Range(b)) => a.definition == b.definition,
        (Object::ForeignServer(a), Object::ForeignServer(b)) => (&a.wrapper, &a.server_type) == (&b.wrapper, &b.server_type),
        (Object::Plain(a), Object::Plain(b)) => a.statements == b.statements,
        _ => true,
    }
}

fn same_columns(a: &crate::catalog::View, b: &crate::catalog::View) -> bool {
    a.columns.len() == b.columns.len()
        && a.columns.iter().zip(&b.columns).all(|(a, b)| (&a.name, &a.type_name) == (&b.name, &b.type_name))
}

/// The same constraint, not yet proven in the target.
pub(super) fn validates(before: &crate::catalog::Constraint, after: &crate::catalog::Constraint) -> bool {
    !before.validated && after.validated && before.definition == format!("{} NOT VALID", after.definition)
}

/// Whether the source has another kind of object under a relation's name; both cannot be there at once.
pub(super) fn takes_name(source: &Catalog, id: &ObjectId) -> bool {
    const RELATIONS: &[Kind] =
        &[Kind::Sequence, Kind::Table, Kind::Index, Kind::View, Kind::MaterializedView, Kind::Composite, Kind::ForeignTable];
    const TYPES: &[Kind] = &[
        Kind::Enum,
        Kind::Domain,
        Kind::Composite,
        Kind::Range,
        Kind::Base,
        Kind::Table,
        Kind::View,
        Kind::MaterializedView,
        Kind::ForeignTable,
    ];
    let clashes = |kinds: &[Kind]| {
        kinds.contains(&id.kind)
            && kinds.iter().any(|kind| {
                *kind != id.kind && source.objects.contains_key(&ObjectId { kind: *kind, part: String::new(), ..id.clone() })
            })
    };
    // The index of a constraint has the constraint's name.
    let constraint = RELATIONS.contains(&id.kind)
        && source.objects.iter().any(|(other, object)| {
            other.kind == Kind::Constraint
                && other.schema == id.schema
                && other.part == id.name
                && matches!(object, Object::Constraint(c) if c.references.is_none() && c.constraint_type != crate::catalog::ConstraintType::Check)
        });
    clashes(RELATIONS) || clashes(TYPES) || constraint
}

/// More room in the same representation: no row is read, no index rebuilt.
pub(super) fn widens(before: &str, after: &str) -> bool {
    let split = |text: &str| match text.split_once('(') {
        Some((base, rest)) => (
            base.to_owned(),
            rest.trim_end_matches(')').split(',').filter_map(|n| n.trim().parse::<i64>().ok()).collect::<Vec<_>>(),
        ),
        None => (text.to_owned(), Vec::new()),
    };
    let ((from, a), (to, b)) = (split(before), split(after));
    match (from.as_str(), to.as_str()) {
        ("character varying", "text") => true,
        ("character varying", "character varying") | ("bit varying", "bit varying") => {
            b.is_empty() || !a.is_empty() && a[0] <= b[0]
        }
        ("numeric", "numeric") => b.is_empty() || a.len() == 2 && b.len() == 2 && a[0] <= b[0] && a[1] == b[1],
        _ => false,
    }
}
