//! Which point of a plan needs which: from the dependencies that PostgreSQL tracks, and from the way objects are built from each other.

use super::order::{COPY, FREE, HOLLOW, Key, LATE};
use crate::catalog::{Catalog, Constraint, ConstraintType, Kind, Object, ObjectId};
use std::collections::{BTreeMap, BTreeSet};

pub(super) type Needs = BTreeMap<Key, BTreeSet<Key>>;

/// Views that need a function that needs the view: neither can be made whole before the other.
pub(super) fn circular_views(catalog: &Catalog) -> BTreeSet<ObjectId> {
    let mut needs: BTreeMap<&ObjectId, Vec<&ObjectId>> = BTreeMap::new();
    for edge in &catalog.depends {
        needs.entry(&edge.dependent).or_default().push(&edge.on);
    }
    let reaches_itself = |view: &ObjectId| {
        let mut seen = BTreeSet::new();
        let mut open: Vec<&ObjectId> = needs.get(view).cloned().unwrap_or_default();
        while let Some(id) = open.pop() {
            if id == view {
                return true;
            }
            if seen.insert(id) {
                open.extend(needs.get(id).into_iter().flatten());
            }
        }
        false
    };
    needs.keys().filter(|id| id.kind == Kind::View && reaches_itself(id)).map(|id| (*id).clone()).collect()
}

/// Functions that cannot exist without a table, a view or a row type: those may hang on the very table whose parts call them.
pub(super) fn functions_over_relations(catalog: &Catalog) -> BTreeSet<&ObjectId> {
    let relation = |kind| matches!(kind, Kind::Table | Kind::View | Kind::MaterializedView | Kind::ForeignTable | Kind::Column);
    let mut found: BTreeSet<&ObjectId> = BTreeSet::new();
    loop {
        let more: Vec<&ObjectId> = catalog
            .depends
            .iter()
            .filter(|edge| edge.dependent.kind == Kind::Function && (relation(edge.on.kind) || found.contains(&edge.on)))
            .map(|edge| &edge.dependent)
            .filter(|id| !found.contains(id))
            .collect();
        if more.is_empty() {
            return found;
        }
        found.extend(more);
    }
}

/// For taking down: a dependent goes before what it depends on. Said the other way round, as the order is reversed.
pub(super) fn down(catalog: &Catalog, keys: &BTreeSet<Key>) -> Needs {
    let mut needs = Needs::new();
    let point = |id: &ObjectId| {
        let own = Key::new(id, "");
        if keys.contains(&own) {
            return Some(own);
        }
        let owner = Key::new(&relation(catalog, id), "");
        keys.contains(&owner).then_some(owner)
    };
    let mut add = |dependent: &ObjectId, on: &ObjectId| {
        let Some(on) = point(on) else { return };
        let hollow = Key::new(dependent, HOLLOW);
        if keys.contains(&hollow) {
            needs.entry(hollow).or_default().insert(on.clone());
        } else if let Some(dependent) = point(dependent) {
            needs.entry(dependent).or_default().insert(on);
        }
    };
    for edge in &catalog.depends {
        add(&edge.dependent, &edge.on);
    }
    for (id, object) in &catalog.objects {
        for on in structure(catalog, id, object) {
            add(id, &on);
        }
    }
    for key in keys.iter().filter(|key| key.aspect == FREE) {
        if let Some(Object::Sequence(of)) = catalog.objects.get(&key.id)
            && let Some(owner) = of.owned_by.as_ref().map(|by| ObjectId::column(&ObjectId::table(&by.table), &by.column))
        {
            needs.entry(key.clone()).or_default().extend(point(&owner));
        }
    }
    for key in keys {
        let whole = Key::new(&key.id, "");
        let owner = Key::new(&relation(catalog, &key.id), "");
        for on in [whole, owner] {
            if on != *key && keys.contains(&on) {
                needs.entry(key.clone()).or_default().insert(on);
            }
        }
    }
    needs
}

/// The relation that an object is part of: of indexes the table, of triggers the table or view.
pub(super) fn relation(catalog: &Catalog, id: &ObjectId) -> ObjectId {
    let owner = match catalog.objects.get(id) {
        Some(Object::Index(index)) => ObjectId::table(&index.table),
        _ => id.owner(),
    };
    if owner.kind == Kind::Table && !catalog.objects.contains_key(&owner) {
        for kind in [Kind::View, Kind::MaterializedView, Kind::ForeignTable] {
            let view = ObjectId { kind, ..owner.clone() };
            if catalog.objects.contains_key(&view) {
                return view;
            }
        }
    }
    owner
}

/// What an object is made of or for, beside what its definition names.
fn structure(catalog: &Catalog, id: &ObjectId, object: &Object) -> Vec<ObjectId> {
    let mut on = Vec::new();
    match object {
        Object::Constraint(of) => {
            on.push(id.owner());
            on.extend(of.references.as_ref().map(|to| ObjectId::table(&to.table)));
        }
        Object::Index(_) | Object::Trigger(_) | Object::Policy(_) => on.push(relation(catalog, id)),
        Object::Plain(_) if id.kind == Kind::Rule => on.push(relation(catalog, id)),
        Object::Table(of) => {
            on.extend(of.partition_of.iter().map(|of| ObjectId::table(&of.parent)));
            on.extend(of.inherits.iter().map(ObjectId::table));
        }
        _ => {}
    }
    on
}

/// For building: what is needed comes first.
pub(super) fn build(catalog: &Catalog, keys: &BTreeSet<Key>) -> Needs {
    let mut build = Build { catalog, keys, columns: BTreeMap::new(), needs: Needs::new() };
    for key in keys.iter().filter(|key| key.id.kind == Kind::Column) {
        build.columns.entry(key.id.owner()).or_default().push(key.clone());
    }
    for edge in &catalog.depends {
        build.edge(&edge.dependent, &edge.on);
    }
    for (id, object) in &catalog.objects {
        build.structural(id, object);
    }
    build.around();
    build.needs
}

struct Build<'a> {
    catalog: &'a Catalog,
    keys: &'a BTreeSet<Key>,
    columns: BTreeMap<ObjectId, Vec<Key>>,
    needs: Needs,
}

impl Build<'_> {
    fn add(&mut self, key: Key, on: Key) {
        if key != on && self.keys.contains(&key) && self.keys.contains(&on) {
            self.needs.entry(key).or_default().insert(on);
        }
    }

    fn edge(&mut self, dependent: &ObjectId, on: &ObjectId) {
        for point in self.dependents(dependent, on) {
            let hollow = Key::new(on, HOLLOW);
            if self.keys.contains(&hollow) && on != dependent {
                self.add(point.clone(), hollow);
            } else {
                self.add(point.clone(), Key::new(on, ""));
            }
            if on.kind == Kind::Column {
                self.add(point.clone(), Key::new(&on.owner(), ""));
            }
            if matches!(point.id.kind, Kind::View | Kind::MaterializedView) && !self.keys.contains(&Key::new(on, HOLLOW)) {
                self.add(point, Key::new(&on.owner(), COPY));
            }
        }
    }

    /// The points at which `dependent` starts to need `on`.
    fn dependents(&self, dependent: &ObjectId, on: &ObjectId) -> Vec<Key> {
        let aspect = create_aspect(self.catalog, dependent);
        let own: Vec<Key> = [Key::new(dependent, aspect), Key::new(dependent, "")]
            .into_iter()
            .filter(|key| self.keys.contains(key))
            .take(1)
            .collect();
        if dependent.kind != Kind::Column || on.owner() == dependent.owner() {
            return own;
        }
        // A column of a table that is made is made with it; only its default may come later.
        let default_only = matches!(on.kind, Kind::Function | Kind::Sequence);
        let mut points = own;
        if points.is_empty() || !default_only {
            points.push(Key::new(&dependent.owner(), ""));
        }
        points
    }

    fn after_table(&mut self, key: &Key, table: &ObjectId) {
        self.add(key.clone(), Key::new(table, ""));
        for column in self.columns.get(table).cloned().unwrap_or_default() {
            self.add(key.clone(), column);
        }
        if matches!(key.id.kind, Kind::Constraint | Kind::Index | Kind::Trigger | Kind::Policy | Kind::Rule) {
            self.add(key.clone(), Key::new(table, COPY));
        }
    }

    fn structural(&mut self, id: &ObjectId, object: &Object) {
        let key = Key::new(id, create_aspect(self.catalog, id));
        match object {
            Object::Sequence(of) => {
                if let Some(by) = &of.owned_by {
                    self.after_table(&Key::new(id, LATE), &ObjectId::table(&by.table));
                }
            }
            Object::Table(of) => {
                let parents = of.partition_of.iter().map(|of| &of.parent).chain(&of.inherits);
                for parent in parents.map(ObjectId::table) {
                    for point in [Key::new(id, ""), Key::new(id, LATE)] {
                        self.after_table(&point, &parent);
                    }
                    for column in self.columns.get(id).cloned().unwrap_or_default() {
                        self.after_table(&column, &parent);
                    }
                    // Rows are copied when the partitions are there to take them.
                    self.copies_wait(&parent, id);
                }
                for column in self.columns.get(id).cloned().unwrap_or_default() {
                    self.add(Key::new(id, LATE), column.clone());
                    self.add(Key::new(id, COPY), column);
                }
            }
            _ => {
                for on in structure(self.catalog, id, object) {
                    self.after_table(&key, &on);
                }
            }
        }
    }

    fn copies_wait(&mut self, parent: &ObjectId, child: &ObjectId) {
        let mut above = Some(parent.clone());
        while let Some(table) = above {
            self.add(Key::new(&table, COPY), Key::new(child, ""));
            above = self.catalog.table(&table).and_then(|of| of.partition_of.as_ref()).map(|of| ObjectId::table(&of.parent));
        }
    }

    /// Schemas and extensions come before what is in them or made with them; a whole before its later parts.
    fn around(&mut self) {
        let extensions: Vec<Key> = self.keys.iter().filter(|key| key.id.kind == Kind::Extension).cloned().collect();
        for key in self.keys {
            if key.id.kind == Kind::Column {
                self.add(key.clone(), Key::new(&key.id.owner(), ""));
            }
            for aspect in ["", HOLLOW] {
                if key.aspect != HOLLOW && key.aspect != aspect {
                    self.add(key.clone(), Key::new(&key.id, aspect));
                }
            }
            let name = match self.catalog.objects.get(&key.id) {
                Some(Object::Extension(extension)) => extension.schema.clone(),
                _ => key.id.schema.clone(),
            };
            let schema = ObjectId { kind: Kind::Schema, schema: String::new(), name, part: String::new() };
            self.add(key.clone(), Key::new(&schema, ""));
            if !matches!(key.id.kind, Kind::Schema | Kind::Extension) {
                for extension in &extensions {
                    self.add(key.clone(), extension.clone());
                }
            }
        }
    }
}

/// Foreign keys come after all other constraints and indexes.
pub(super) fn create_aspect(catalog: &Catalog, id: &ObjectId) -> &'static str {
    match catalog.objects.get(id) {
        Some(Object::Constraint(Constraint { constraint_type: ConstraintType::ForeignKey, .. })) => LATE,
        _ => "",
    }
}
