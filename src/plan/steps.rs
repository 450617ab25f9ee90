//! From changes to statements in order: tear down, build, remove.

use super::closure::{self, Fate};
use super::ddl::{self, constraint, extension, sequence, table, trigger, types, view};
use super::hazard::{Hazard, HazardKind, hazard};
use super::order::{Key, LATE, sort};
use super::{Statement, columns};
use crate::catalog::{Catalog, Column, Constraint, ConstraintType, Kind, Object, ObjectId, Table};
use crate::diff::{Action, Change, words};
use crate::problem::{Problem, ProblemKind};
use std::collections::{BTreeMap, BTreeSet};

type Nodes = BTreeMap<Key, Vec<Statement>>;

/// Prefix of the name under which a type waits until nothing uses it any more.
const OLD: &str = "lockstep_old_";

pub(super) struct Steps<'a> {
    source: &'a Catalog,
    target: &'a Catalog,
    fate: Fate,
    /// Who depends on what in the source, by the dependent: for defaults that wait.
    late: BTreeSet<&'a ObjectId>,
    down: Nodes,
    build: Nodes,
    remove: Nodes,
    /// New values of enums that stay.
    values: Vec<NewValue>,
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
        let late = source
            .depends
            .iter()
            .filter(|edge| edge.dependent.kind == Kind::Column && edge.on.kind == Kind::Function)
            .map(|edge| &edge.dependent)
            .collect();
        let (down, build, remove) = (Nodes::new(), Nodes::new(), Nodes::new());
        let mut steps = Self { source, target, fate, late, down, build, remove, values: Vec::new(), refused: Vec::new() };
        for change in changes {
            match change.action {
                Action::Create => steps.create(&change.id),
                Action::Drop => steps.drop(&change.id),
                Action::Alter => steps.alter(&change.id),
            }
        }
        steps.tear_down();
        steps.replace_types();
        steps.columns();
        steps.settings();
        steps
    }

    pub fn ordered(self) -> Ordered {
        let down = ordered(self.down, &needs_of(self.target, self.target, &[]), true);
        let build_keys: Vec<Key> = self.build.keys().cloned().collect();
        let build = ordered(self.build, &needs_of(self.source, self.source, &build_keys), false);
        let remove = ordered(self.remove, &needs_of(self.target, self.target, &[]), true);
        Ordered { statements: down.into_iter().chain(build).chain(remove).collect(), values: self.values, refused: self.refused }
    }

    fn statement(&self, id: &ObjectId, sql: String, summary: String, hazards: Vec<Hazard>) -> Statement {
        Statement { sql, object: id.clone(), summary, hazards }
    }

    fn push(nodes: &mut Nodes, key: Key, statements: impl IntoIterator<Item = Statement>) {
        nodes.entry(key).or_default().extend(statements);
    }

    fn create(&mut self, id: &ObjectId) {
        let what = words::object(id);
        let statements: Vec<String> = match self.source.objects.get(id) {
            Some(Object::Table(of)) => {
                let late = |column: &Column| !self.late.contains(&ObjectId::column(id, &column.name));
                let mut made = table::create(id, of, &late);
                made.extend(ddl::comments(self.source, id, &self.source.objects[id]));
                made
            }
            // Every database has it; only a bare one lacks it.
            _ => ddl::create(self.source, id),
        };
        let mut hazards = creation_hazards(self.source, self.target, id);
        let statements: Vec<Statement> = statements
            .into_iter()
            .map(|sql| self.statement(id, sql, format!("Adds the {what}."), std::mem::take(&mut hazards)))
            .collect();
        Self::push(&mut self.build, Key::new(id, create_aspect(self.source, id)), statements);
        if let Some(Object::Sequence(of)) = self.source.objects.get(id)
            && of.owned_by.is_some()
        {
            let sql = sequence::owned_by(id, of.owned_by.as_ref());
            let statement = self.statement(id, sql, format!("Ties the {what} to its column."), Vec::new());
            Self::push(&mut self.build, Key::new(id, LATE), [statement]);
        }
        if let Some(of) = self.source.table(id) {
            self.late_parts(id, of);
        }
    }

    /// What a new table gets only when other things are there: defaults with functions, and what a partition has for itself.
    fn late_parts(&mut self, id: &ObjectId, of: &Table) {
        let parent = of.partition_of.as_ref().and_then(|of| self.source.table(&ObjectId::table(&of.parent)));
        for column in &of.columns {
            let part = ObjectId::column(id, &column.name);
            let given = parent.and_then(|table| table.columns.iter().find(|c| c.name == column.name));
            let mut sql = Vec::new();
            match given {
                Some(given) => {
                    if given.default != column.default {
                        sql.push(ddl::column::set_default(&part, column.default.as_deref()));
                    }
                    if column.not_null && !given.not_null {
                        sql.push(ddl::column::set_not_null(&part, true));
                    }
                }
                None if self.late.contains(&part) && column.generated.is_none() => {
                    sql.extend(column.default.as_deref().map(|text| ddl::column::set_default(&part, Some(text))));
                }
                None => {}
            }
            let statements: Vec<Statement> = sql
                .into_iter()
                .map(|sql| self.statement(&part, sql, format!("Completes the {}.", words::object(&part)), Vec::new()))
                .collect();
            if !statements.is_empty() {
                Self::push(&mut self.build, Key::new(&part, ""), statements);
            }
        }
    }

    fn drop(&mut self, id: &ObjectId) {
        if self.fate.torn.contains(id) || self.goes_with_owner(id) {
            return;
        }
        let what = words::object(id);
        let mut hazards = Vec::new();
        if matches!(id.kind, Kind::Table) {
            hazards.push(hazard(HazardKind::DeletesData, format!("All rows of {}.{} are deleted.", id.schema, id.name)));
            hazards.push(hazard(
                HazardKind::CannotBeUndone,
                format!("Only the backup has the rows of {}.{} afterwards.", id.schema, id.name),
            ));
        }
        if matches!(id.kind, Kind::View | Kind::Function | Kind::MaterializedView | Kind::Table) {
            hazards.push(hazard(HazardKind::BreaksClients, format!("Programs that use the {what} fail.")));
        }
        let statement = self.statement(id, ddl::drop(self.target, id), format!("Removes the {what}."), hazards);
        Self::push(&mut self.remove, Key::new(id, ""), [statement]);
    }

    /// Dropped together with the table, view or column that it belongs to.
    fn goes_with_owner(&self, id: &ObjectId) -> bool {
        let gone = |owner: &ObjectId| {
            self.target.objects.contains_key(owner)
                && (!self.source.objects.contains_key(owner) || self.fate.torn.contains(owner))
        };
        match (id.kind, self.target.objects.get(id)) {
            (Kind::Constraint, Some(Object::Constraint(of))) if of.constraint_type == ConstraintType::ForeignKey => false,
            (Kind::Constraint, Some(Object::Constraint(_))) => gone(&id.owner()),
            (Kind::Trigger | Kind::Policy, _) => {
                let view = |kind| ObjectId { kind, ..id.owner() };
                gone(&id.owner()) || gone(&view(Kind::View)) || gone(&view(Kind::MaterializedView))
            }
            (Kind::Index, Some(Object::Index(of))) => {
                let table = ObjectId::table(&of.table);
                gone(&table) || gone(&ObjectId { kind: Kind::MaterializedView, ..table })
            }
            (Kind::Sequence, Some(Object::Sequence(of))) => of.owned_by.as_ref().is_some_and(|by| {
                let table = ObjectId::table(&by.table);
                let column_stays = self.source.table(&table).is_some_and(|t| t.columns.iter().any(|c| c.name == by.column));
                gone(&table) || !column_stays || self.fate.remade.contains(&ObjectId::column(&table, &by.column))
            }),
            _ => false,
        }
    }

    fn tear_down(&mut self) {
        for id in self.fate.torn.clone() {
            if !self.goes_with_owner(&id) {
                let what = words::object(&id);
                let back = self.source.objects.contains_key(&id);
                let mut hazards = Vec::new();
                if id.kind == Kind::Table {
                    hazards.push(hazard(HazardKind::DeletesData, format!("All rows of {}.{} are deleted.", id.schema, id.name)));
                    hazards.push(hazard(
                        HazardKind::CannotBeUndone,
                        format!("Only the backup has the rows of {}.{} afterwards.", id.schema, id.name),
                    ));
                }
                let summary =
                    if back { format!("Takes down the {what}; it is built again.") } else { format!("Removes the {what}.") };
                let statement = self.statement(&id, ddl::drop(self.target, &id), summary, hazards);
                Self::push(&mut self.down, Key::new(&id, ""), [statement]);
            }
            if self.source.objects.contains_key(&id) {
                self.create(&id);
            }
        }
        for id in self.fate.undefaulted.clone() {
            let torn = self.fate.torn.contains(&id.owner()) || !self.source.objects.contains_key(&id.owner());
            if !torn {
                let statement = self.statement(
                    &id,
                    ddl::column::set_default(&id, None),
                    format!("Takes the default off the {}.", words::object(&id)),
                    Vec::new(),
                );
                Self::push(&mut self.down, Key::new(&id, ""), [statement]);
            }
        }
    }

    fn replace_types(&mut self) {
        for id in self.fate.replaced.clone() {
            let old = ObjectId { name: format!("{OLD}{}", id.name), ..id.clone() };
            let what = words::object(&id);
            if self.source.objects.contains_key(&id) {
                let word = if id.kind == Kind::Domain { "DOMAIN" } else { "TYPE" };
                let rename =
                    self.statement(&id, types::rename(&id, word, &old.name), format!("Sets the old {what} aside."), Vec::new());
                Self::push(&mut self.build, Key::new(&id, ""), [rename]);
                self.create(&id);
                let gone = self.statement(&id, ddl::drop(self.target, &old), format!("Removes the old {what}."), Vec::new());
                Self::push(&mut self.remove, Key::new(&id, ""), [gone]);
            }
        }
    }

    fn alter(&mut self, id: &ObjectId) {
        if self.fate.torn.contains(id) || self.fate.replaced.contains(id) {
            return;
        }
        let (before, after) = (&self.target.objects[id], &self.source.objects[id]);
        let mut hazards = Vec::new();
        let mut sql = match (before, after) {
            (Object::Extension(a), Object::Extension(b)) => extension::alter(id, a, b),
            (Object::Enum(a), Object::Enum(b)) => {
                for (label, sql) in types::add_values(id, a, b).unwrap_or_default() {
                    let statement =
                        self.statement(id, sql, format!("Adds the value {label} to the {}.", words::object(id)), Vec::new());
                    self.values.push(NewValue { of: id.clone(), label, statement });
                }
                Vec::new()
            }
            (Object::Domain(a), Object::Domain(b)) => types::alter_domain(id, a, b),
            (Object::Composite(a), Object::Composite(b)) => types::alter_composite(id, a, b).unwrap_or_default(),
            (Object::Sequence(a), Object::Sequence(b)) => {
                if a.owned_by != b.owned_by {
                    let statement = self.statement(
                        id,
                        sequence::owned_by(id, b.owned_by.as_ref()),
                        format!("Ties the {} to its column.", words::object(id)),
                        Vec::new(),
                    );
                    Self::push(&mut self.build, Key::new(id, LATE), [statement]);
                }
                sequence::alter(id, a, b)
            }
            (Object::Constraint(a), Object::Constraint(b)) if closure::validates(a, b) => {
                hazards.push(hazard(
                    HazardKind::MayFail,
                    format!("Rows of {}.{} that break the rule stop the promotion.", id.schema, id.name),
                ));
                vec![constraint::validate(id)]
            }
            (Object::View(a), Object::View(b)) => view::alter(id, a, b),
            (Object::Function(a), Object::Function(b)) if a.definition != b.definition => vec![ddl::function::create(b)],
            (Object::Trigger(a), Object::Trigger(b)) if a.enabled != b.enabled => vec![trigger::enable(id, b.enabled)],
            (Object::Table(a), Object::Table(b)) => self.table(id, a, b),
            _ => Vec::new(),
        };
        sql.extend(changed_comments(self.source, id, before, after));
        let what = words::object(id);
        let statements: Vec<Statement> = sql
            .into_iter()
            .map(|sql| self.statement(id, sql, format!("Changes the {what}."), std::mem::take(&mut hazards)))
            .collect();
        if !statements.is_empty() {
            Self::push(&mut self.build, Key::new(id, create_aspect(self.source, id)), statements);
        }
    }

    fn table(&mut self, id: &ObjectId, before: &Table, after: &Table) -> Vec<String> {
        if before.partition_key != after.partition_key {
            self.refused.push(
                Problem::new(
                    ProblemKind::Unsupported,
                    format!("The partition key of the table {}.{} differs.", id.schema, id.name),
                )
                .because("PostgreSQL cannot change how a table is partitioned while it holds rows.")
                .way_out(
                    "Make a new table with the new key, copy the rows, and exchange the names in the source and the target.",
                ),
            );
        }
        let what = words::object(id);
        let mut sql = Vec::new();
        if before.unlogged != after.unlogged {
            sql.push(table::persistence(id, after.unlogged));
        }
        sql.extend(table::options("TABLE", id, &before.options, &after.options));
        sql.extend(table::row_security(id, Some(before), after));
        let parent = |table: &Table| table.partition_of.clone();
        if parent(before) != parent(after) {
            if let Some(of) = parent(before) {
                let statement = self.statement(
                    id,
                    table::detach(id, &of.parent),
                    format!("Takes the {what} out of its partitioned table."),
                    Vec::new(),
                );
                Self::push(&mut self.down, Key::new(id, ""), [statement]);
            }
            if let Some(of) = parent(after) {
                let statement = self.statement(id, table::attach(id, &of), format!("Makes the {what} a partition."), Vec::new());
                Self::push(&mut self.build, Key::new(id, LATE), [statement]);
            }
        }
        for parent in before.inherits.iter().filter(|parent| !after.inherits.contains(parent)) {
            let statement =
                self.statement(id, table::inherit(id, parent, false), format!("Parts the {what} from its parent."), Vec::new());
            Self::push(&mut self.down, Key::new(id, ""), [statement]);
        }
        for parent in after.inherits.iter().filter(|parent| !before.inherits.contains(parent)) {
            let statement =
                self.statement(id, table::inherit(id, parent, true), format!("Ties the {what} to its parent."), Vec::new());
            Self::push(&mut self.build, Key::new(id, LATE), [statement]);
        }
        sql
    }

    /// Columns of the tables that stay.
    fn columns(&mut self) {
        let touched: BTreeSet<ObjectId> =
            self.fate.remade.iter().chain(&self.fate.switched).chain(&self.fate.undefaulted).map(ObjectId::owner).collect();
        for (id, object) in &self.source.objects {
            let (Object::Table(after), Some(before)) = (object, self.target.table(id)) else { continue };
            if self.fate.torn.contains(id) || before == after && !touched.contains(id) {
                continue;
            }
            let names: BTreeSet<&String> = before.columns.iter().chain(&after.columns).map(|column| &column.name).collect();
            for name in names {
                let new = after.columns.iter().find(|column| &column.name == name);
                let old = columns::inherited(self.source, self.target, id, name);
                self.column(
                    &ObjectId::column(id, name),
                    before.columns.iter().find(|column| &column.name == name),
                    old.as_ref(),
                    new,
                );
            }
        }
    }

    /// `was` is the column of the target; `old` the same after the parent's change has reached it.
    fn column(&mut self, id: &ObjectId, was: Option<&Column>, old: Option<&Column>, new: Option<&Column>) {
        let by_itself = new.or(was).is_some_and(|column| column.local);
        let work = match (old, new) {
            (None, Some(new)) => columns::add(id, new, self.late.contains(id) && new.generated.is_none()),
            (Some(_), Some(new)) if self.fate.remade.contains(id) && by_itself && new.generated.is_some() => {
                let drop = hazard(HazardKind::RewritesTable, format!("The column {} is computed anew for every row.", id.part));
                let mut steps = vec![(ddl::column::drop(id), vec![drop])];
                steps.extend(columns::add(id, new, false));
                steps
            }
            (Some(old), Some(new)) => {
                let mut fate = Fate::default();
                if self.fate.undefaulted.contains(id) {
                    fate.undefaulted.insert(id.clone());
                }
                if by_itself && self.fate.switched.contains(id) {
                    fate.switched.insert(id.clone());
                }
                columns::alter(self.source, self.target, &fate, id, old, new)
            }
            _ => Vec::new(),
        };
        let what = words::object(id);
        let verb = if old.is_none() { "Adds" } else { "Changes" };
        let mut statements: Vec<Statement> =
            work.into_iter().map(|(sql, hazards)| self.statement(id, sql, format!("{verb} the {what}."), hazards)).collect();
        if let (None, Some(new), true) = (old, new, self.late.contains(id)) {
            let text = new.default.as_deref().filter(|_| new.generated.is_none());
            statements.extend(text.map(|text| {
                self.statement(id, ddl::column::set_default(id, Some(text)), format!("Completes the {what}."), Vec::new())
            }));
        }
        let comment = |column: Option<&Column>| column.and_then(|column| column.comment.clone());
        let remade = self.fate.remade.contains(id) && comment(new).is_some();
        if new.is_some() && (comment(was) != comment(new) || remade) {
            let sql = ddl::comment(self.source, id, comment(new).as_deref());
            statements.push(self.statement(id, sql, format!("Describes the {what}."), Vec::new()));
        }
        if !statements.is_empty() {
            Self::push(&mut self.build, Key::new(id, ""), statements);
        }
        if old.is_some() && new.is_none() {
            let table = format!("{}.{}", id.schema, id.name);
            let hazards = vec![
                hazard(HazardKind::DeletesData, format!("All values of the column {} of {table} are deleted.", id.part)),
                hazard(HazardKind::CannotBeUndone, format!("Only the backup has the values of {} afterwards.", id.part)),
                hazard(HazardKind::BreaksClients, format!("Programs that use the column {} of {table} fail.", id.part)),
            ];
            let statement = self.statement(id, ddl::drop(self.target, id), format!("Removes the {what}."), hazards);
            Self::push(&mut self.remove, Key::new(id, ""), [statement]);
        }
    }

    /// What a table says about its indexes, once they are there.
    fn settings(&mut self) {
        for (id, object) in &self.source.objects {
            let Object::Table(after) = object else { continue };
            let before = self.target.table(id).filter(|_| !self.fate.torn.contains(id));
            let rebuilt = |name: &str| {
                let index = ObjectId { kind: Kind::Index, schema: id.schema.clone(), name: name.to_owned(), part: String::new() };
                let constraint = ObjectId { kind: Kind::Constraint, part: name.to_owned(), ..id.clone() };
                self.build.contains_key(&Key::new(&index, "")) && self.fate.torn.contains(&index)
                    || self.fate.torn.contains(&constraint)
            };
            let mut sql = Vec::new();
            let identity = before.map_or("DEFAULT", |table| &table.replica_identity);
            if identity != after.replica_identity || after.replica_identity.strip_prefix("INDEX ").is_some_and(rebuilt) {
                sql.push(table::replica_identity(id, &after.replica_identity));
            }
            let clustered = before.and_then(|table| table.clustered_on.as_deref());
            let gone = clustered.is_some_and(rebuilt) && after.clustered_on.is_none();
            if clustered != after.clustered_on.as_deref() && !gone || after.clustered_on.as_deref().is_some_and(rebuilt) {
                sql.push(table::cluster_on(id, after.clustered_on.as_deref()));
            }
            let statements: Vec<Statement> = sql
                .into_iter()
                .map(|sql| self.statement(id, sql, format!("Changes the {}.", words::object(id)), Vec::new()))
                .collect();
            if !statements.is_empty() {
                Self::push(&mut self.build, Key::new(id, LATE), statements);
            }
        }
    }
}

/// Foreign keys come after all other constraints and indexes.
fn create_aspect(catalog: &Catalog, id: &ObjectId) -> &'static str {
    match catalog.objects.get(id) {
        Some(Object::Constraint(Constraint { constraint_type: ConstraintType::ForeignKey, .. })) => LATE,
        _ => "",
    }
}

fn changed_comments(source: &Catalog, id: &ObjectId, before: &Object, after: &Object) -> Vec<String> {
    let mut sql = Vec::new();
    if before.comment() != after.comment() {
        sql.push(ddl::comment(source, id, after.comment()));
    }
    if id.kind != Kind::Table {
        let was = ddl::part_comments(id, before);
        for (part, text) in ddl::part_comments(id, after) {
            let old = was.iter().find(|(other, _)| *other == part).and_then(|(_, text)| *text);
            if old != text {
                sql.push(ddl::comment_on(&part, text));
            }
        }
    }
    sql
}

/// What making an object may do to the rows and clients of a table that is there already.
fn creation_hazards(source: &Catalog, target: &Catalog, id: &ObjectId) -> Vec<Hazard> {
    let there = |table: &ObjectId| target.objects.contains_key(table);
    let name = format!("{}.{}", id.schema, id.name);
    match source.objects.get(id) {
        Some(Object::Constraint(of)) if there(&id.owner()) && of.validated => {
            let mut hazards =
                vec![hazard(HazardKind::MayFail, format!("Rows of {name} that break the rule {} stop the promotion.", id.part))];
            let why = format!("{name} is read in full; nobody can write to it meanwhile.");
            hazards.push(hazard(HazardKind::BlocksClients, why));
            hazards
        }
        Some(Object::Index(of)) if there(&ObjectId::table(&of.table)) => {
            let mut hazards = vec![hazard(
                HazardKind::BlocksClients,
                format!("Nobody can write to {} while the index is built.", of.table.name),
            )];
            if of.unique {
                hazards.push(hazard(
                    HazardKind::MayFail,
                    format!("Rows of {} with equal values stop the promotion.", of.table.name),
                ));
            }
            hazards
        }
        _ => Vec::new(),
    }
}

fn ordered(mut nodes: Nodes, needs: &BTreeMap<Key, BTreeSet<Key>>, reverse: bool) -> Vec<Statement> {
    let mut keys = sort(nodes.keys().cloned().collect(), needs);
    if reverse {
        keys.reverse();
    }
    keys.into_iter().flat_map(|key| nodes.remove(&key).unwrap_or_default()).collect()
}

/// Which point needs which, from the dependencies of a catalog and the way its objects are built from each other.
fn needs_of(catalog: &Catalog, structure: &Catalog, built: &[Key]) -> BTreeMap<Key, BTreeSet<Key>> {
    let mut needs: BTreeMap<Key, BTreeSet<Key>> = BTreeMap::new();
    let mut columns: BTreeMap<ObjectId, Vec<Key>> = BTreeMap::new();
    for key in built.iter().filter(|key| key.id.kind == Kind::Column) {
        columns.entry(key.id.owner()).or_default().push(key.clone());
    }
    let by_themselves: BTreeSet<&ObjectId> = built.iter().filter(|key| key.id.kind == Kind::Column).map(|key| &key.id).collect();
    let aspects = |id: &ObjectId| [Key::new(id, ""), Key::new(id, create_aspect(structure, id))];
    let mut add = |key: &Key, on: Key| {
        needs.entry(key.clone()).or_default().insert(on);
    };
    for edge in &catalog.depends {
        for dependent in aspects(&edge.dependent) {
            for on in aspects(&edge.on) {
                add(&dependent, on);
            }
            if edge.on.kind == Kind::Column {
                add(&dependent, Key::new(&edge.on.owner(), ""));
            }
            // A column of a table that is made is made with it.
            if edge.dependent.kind == Kind::Column
                && !by_themselves.contains(&edge.dependent)
                && edge.on.owner() != edge.dependent.owner()
            {
                add(&Key::new(&edge.dependent.owner(), ""), Key::new(&edge.on, ""));
            }
        }
    }
    for (id, object) in &structure.objects {
        structural(id, object, &columns, &mut add);
    }
    for key in built {
        if key.id.kind == Kind::Column {
            add(key, Key::new(&key.id.owner(), ""));
        }
        if key.aspect == LATE {
            add(key, Key::new(&key.id, ""));
        }
        let schema = ObjectId { kind: Kind::Schema, schema: String::new(), name: key.id.schema.clone(), part: String::new() };
        add(key, Key::new(&schema, ""));
        if !matches!(key.id.kind, Kind::Schema | Kind::Extension) {
            for extension in built.iter().filter(|other| other.id.kind == Kind::Extension) {
                add(key, extension.clone());
            }
        }
    }
    needs
}

fn structural(id: &ObjectId, object: &Object, columns: &BTreeMap<ObjectId, Vec<Key>>, add: &mut impl FnMut(&Key, Key)) {
    let mut after_table = |key: Key, table: &ObjectId| {
        add(&key, Key::new(table, ""));
        for column in columns.get(table).into_iter().flatten() {
            add(&key, column.clone());
        }
    };
    match object {
        Object::Constraint(of) => {
            let aspect = if of.constraint_type == ConstraintType::ForeignKey { LATE } else { "" };
            after_table(Key::new(id, aspect), &id.owner());
            if let Some(to) = &of.references {
                after_table(Key::new(id, aspect), &ObjectId::table(&to.table));
            }
        }
        Object::Index(of) => after_table(Key::new(id, ""), &ObjectId::table(&of.table)),
        Object::Trigger(_) | Object::Policy(_) => after_table(Key::new(id, ""), &id.owner()),
        Object::Sequence(of) => {
            if let Some(by) = &of.owned_by {
                after_table(Key::new(id, LATE), &ObjectId::table(&by.table));
            }
        }
        Object::Table(of) => {
            let parents = of.partition_of.iter().map(|of| &of.parent).chain(&of.inherits);
            for parent in parents {
                let parent = ObjectId::table(parent);
                after_table(Key::new(id, ""), &parent);
                for column in columns.get(id).into_iter().flatten() {
                    after_table(column.clone(), &parent);
                }
            }
            for column in columns.get(id).into_iter().flatten() {
                add(&Key::new(id, LATE), column.clone());
            }
        }
        _ => {}
    }
}
