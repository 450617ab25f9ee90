//! What goes: for good, or to be built again.

use super::{Steps, rows_go};
use crate::catalog::{Column, ConstraintType, Domain, Kind, Object, ObjectId, OwnedBy, ident};
use crate::diff::{Change, words};
use crate::plan::ddl::{self, sequence, types};
use crate::plan::hazard::{Hazard, HazardKind, hazard};
use crate::plan::needs;
use crate::plan::order::{FREE, Key, LATE};
use crate::problem::{Problem, ProblemKind};

/// Prefix of the name under which a type or table waits until nothing uses it any more.
const OLD: &str = "lockstep_old_";

/// The same object under its waiting name, which PostgreSQL must not cut.
pub(in crate::plan) fn aside(id: &ObjectId) -> ObjectId {
    ObjectId { name: ident::short(&format!("{OLD}{}", id.name)), ..id.clone() }
}

impl Steps<'_> {
    /// What goes for good and is not in the way: it goes last, when nothing uses it any more.
    pub(super) fn drop(&mut self, id: &ObjectId) {
        if matches!(id.kind, Kind::Privileges | Kind::DefaultPrivileges) {
            return;
        }
        let elsewhere = self.fate.torn.contains(id) || self.fate.replaced.contains(id) || self.fate.moved.contains(id);
        if elsewhere || self.goes_with_owner(id) || self.taken_over(id) {
            return;
        }
        let statement =
            self.statement(id, ddl::drop(self.target, id), format!("Removes the {}.", words::object(id)), self.losses(id));
        Self::push(&mut self.remove, Key::new(id, ""), [statement]);
    }

    fn losses(&self, id: &ObjectId) -> Vec<Hazard> {
        let what = words::object(id);
        let mut hazards = if id.kind == Kind::Table { rows_go(id) } else { Vec::new() };
        if matches!(
            id.kind,
            Kind::View | Kind::Function | Kind::MaterializedView | Kind::Table | Kind::ForeignTable | Kind::Operator
        ) {
            hazards.push(hazard(HazardKind::BreaksClients, format!("Programs that use the {what} fail.")));
        }
        hazards
    }

    /// A serial column's sequence whose counter an identity column takes over.
    pub(super) fn taken_over(&self, id: &ObjectId) -> bool {
        let Some(Object::Sequence(sequence)) = self.target.objects.get(id) else { return false };
        let Some(by) = &sequence.owned_by else { return false };
        let table = ObjectId::table(&by.table);
        let column = |of: &crate::catalog::Table| of.columns.iter().find(|c| c.name == by.column).cloned();
        self.stays(&table)
            && self.target.table(&table).and_then(column).is_some_and(|old| old.identity.is_none() && old.default.is_some())
            && self.source.table(&table).and_then(column).is_some_and(|new| new.identity.is_some())
    }

    /// Dropped together with the table, view or column that it belongs to.
    pub(super) fn goes_with_owner(&self, id: &ObjectId) -> bool {
        let relation = needs::relation(self.target, id);
        let gone = |owner: &ObjectId| {
            self.target.objects.contains_key(owner)
                && !self.fate.moved.contains(owner)
                && (!self.source.objects.contains_key(owner) || self.fate.torn.contains(owner))
        };
        match (id.kind, self.target.objects.get(id)) {
            (Kind::Constraint, Some(Object::Constraint(of))) if of.constraint_type == ConstraintType::ForeignKey => {
                let to = of.references.as_ref().map(|to| ObjectId::table(&to.table));
                // Partitions go before their table, and it may refer to them.
                let alone = self.target.table(&relation).is_some_and(|of| of.partition_key.is_none());
                gone(&relation) && to.is_none_or(|to| to == relation && alone || !self.fate.torn.contains(&to))
            }
            (Kind::Constraint | Kind::Trigger | Kind::Policy | Kind::Rule | Kind::Index, _) => {
                gone(&relation) && !self.hangs_elsewhere(id)
            }
            (Kind::Sequence, Some(Object::Sequence(of))) => {
                of.owned_by.as_ref().is_some_and(|by| !self.source.objects.contains_key(id) && self.loses(by))
            }
            _ => false,
        }
    }

    /// The column that owns a sequence goes, or the table with it.
    fn loses(&self, by: &OwnedBy) -> bool {
        let table = ObjectId::table(&by.table);
        let stays = self.source.table(&table).is_some_and(|of| of.columns.iter().any(|c| c.name == by.column));
        !stays || !self.stays(&table) || self.fate.remade.contains(&ObjectId::column(&table, &by.column))
    }

    /// A part of a table that goes needs another thing that goes too: it is taken off first, as the other may need the table.
    fn hangs_elsewhere(&self, id: &ObjectId) -> bool {
        let owner = needs::relation(self.target, id);
        let relations = needs::functions_over_relations(self.target);
        self.target.depends.iter().filter(|edge| edge.dependent == *id).any(|edge| {
            let on = needs::relation(self.target, &edge.on);
            on != owner && self.fate.torn.contains(&on) && (on.kind != Kind::Function || relations.contains(&on))
        })
    }

    pub(super) fn tear_down(&mut self) {
        for id in self.fate.torn.clone() {
            let back = self.source.objects.contains_key(&id);
            if !self.goes_with_owner(&id) && !self.taken_over(&id) {
                let what = words::object(&id);
                let summary =
                    if back { format!("Takes down the {what}; it is built again.") } else { format!("Removes the {what}.") };
                let hazards = if back && id.kind != Kind::Table { Vec::new() } else { self.losses(&id) };
                let statement = self.statement(&id, ddl::drop(self.target, &id), summary, hazards);
                Self::push(&mut self.down, Key::new(&id, ""), [statement]);
            }
            if back {
                self.create(&id);
            }
        }
        for id in self.fate.undefaulted.clone() {
            self.take_off_default(&id);
        }
    }

    fn take_off_default(&mut self, id: &ObjectId) {
        let find = |of: Option<&crate::catalog::Table>| -> Option<Column> {
            of.and_then(|table| table.columns.iter().find(|column| column.name == id.part).cloned())
        };
        let Some(old) = find(self.target.table(&id.owner())) else { return };
        let new = find(self.source.table(&id.owner()));
        if self.fate.moved.contains(&id.owner()) || self.fate.remade.contains(id) {
            return;
        }
        if !self.stays(&id.owner()) || new.is_none() {
            let relations = needs::functions_over_relations(self.target);
            let circular = self.target.depends.iter().any(|edge| edge.dependent == *id && relations.contains(&edge.on));
            if !circular || self.stays(&id.owner()) {
                return;
            }
        }
        let what = words::object(id);
        let sql = match (&old.generated, &new) {
            (Some(_), Some(_)) if !old.local && !self.stands_alone(&id.owner()) => return,
            (Some(_), Some(_)) => ddl::column::drop_expression(id),
            (Some(_), None) => ddl::column::drop(id),
            (None, _) => ddl::column::set_default(id, None),
        };
        let statement = self.plain(id, sql, format!("Takes the default off the {what}."));
        Self::push(&mut self.down, Key::new(id, ""), [statement]);
    }

    /// The table has no parent in the target whose statements reach it.
    fn stands_alone(&self, table: &ObjectId) -> bool {
        self.target.table(table).is_none_or(|of| of.partition_of.is_none() && of.inherits.is_empty())
    }

    /// A base type has no other form: what uses it would go with it.
    pub(super) fn base_types_in_use(&self, changes: &[Change]) -> Vec<Problem> {
        let holds = |kind| matches!(kind, Kind::Column | Kind::Domain | Kind::Composite | Kind::Range);
        let users = |id: &ObjectId| -> Vec<String> {
            let edges = self.target.depends.iter().filter(|edge| edge.on == *id && holds(edge.dependent.kind));
            edges.map(|edge| words::object(&edge.dependent)).collect()
        };
        let torn = changes.iter().filter(|change| change.id.kind == Kind::Base && self.fate.torn.contains(&change.id));
        torn.map(|change| (change, users(&change.id)))
            .filter(|(_, users)| !users.is_empty())
            .map(|(change, users)| {
                Problem::new(ProblemKind::Unsupported, format!("The {} changes.", words::object(&change.id)))
                    .because(format!("It is made anew, and its values are in the {}.", users.join(", ")))
                    .way_out("Bring the new type under another name, and change the columns to it.")
            })
            .collect()
    }

    pub(super) fn replace_types(&mut self) {
        for id in self.fate.replaced.clone() {
            let old = aside(&id);
            let what = words::object(&id);
            let word = match id.kind {
                Kind::Domain => "DOMAIN",
                Kind::Collation => "COLLATION",
                _ => "TYPE",
            };
            let rename = self.plain(&id, types::rename(&id, word, &old.name), format!("Sets the old {what} aside."));
            Self::push(&mut self.down, Key::new(&id, ""), [rename]);
            self.multirange_aside(&id);
            if self.source.objects.contains_key(&id) {
                self.create(&id);
            }
            let gone = self.plain(&id, ddl::drop(self.target, &old), format!("Removes the old {what}."));
            Self::push(&mut self.remove, Key::new(&id, ""), [gone]);
        }
    }

    /// The multirange type and the functions that make values make room for those that come with the new range.
    fn multirange_aside(&mut self, id: &ObjectId) {
        let Some(Object::Range(range)) = self.target.objects.get(id) else { return };
        let multirange = ObjectId { name: range.multirange.clone(), ..id.clone() };
        let sql = [types::rename(&multirange, "TYPE", &aside(&multirange).name)].into_iter().chain(
            types::constructors(id, range).into_iter().map(|(of, arguments)| {
                let to = aside(&of).name;
                types::rename_constructor(&of, &arguments, &to)
            }),
        );
        let summary = format!("Sets what belongs to the old {} aside.", words::object(id));
        let renames: Vec<_> = sql.map(|sql| self.plain(id, sql, summary.clone())).collect();
        Self::push(&mut self.down, Key::new(id, ""), renames);
    }

    /// Domains whose checks or default call a function that is rebuilt.
    pub(super) fn recheck_domains(&mut self) {
        for id in self.fate.rechecked.clone() {
            let Some(Object::Domain(before)) = self.target.objects.get(&id) else { continue };
            let Some(Object::Domain(after)) = self.source.objects.get(&id).filter(|_| !self.fate.replaced.contains(&id)) else {
                continue;
            };
            let bare = Domain { default: None, checks: Vec::new(), ..before.clone() };
            let what = words::object(&id);
            let off = types::alter_domain(&id, before, &bare);
            let off: Vec<_> =
                off.into_iter().map(|sql| self.plain(&id, sql, format!("Takes the rules off the {what}."))).collect();
            Self::push(&mut self.down, Key::new(&id, ""), off);
            let mut on = types::alter_domain(&id, &bare, after);
            on.extend(ddl::comments(self.source, &id, &self.source.objects[&id]));
            let on: Vec<_> = on.into_iter().map(|sql| self.plain(&id, sql, format!("Changes the {what}."))).collect();
            Self::push(&mut self.build, Key::new(&id, ""), on);
        }
    }

    /// Sequences that stay while the column goes that owned them.
    pub(super) fn sequences_without_owner(&mut self) {
        for (id, object) in &self.target.objects {
            let (Object::Sequence(before), Some(Object::Sequence(after))) = (object, self.source.objects.get(id)) else {
                continue;
            };
            let Some(by) = &before.owned_by else { continue };
            if !self.loses(by) || self.fate.torn.contains(id) {
                continue;
            }
            let free = self.plain(id, sequence::owned_by(id, None), format!("Keeps the {}.", words::object(id)));
            Self::push(&mut self.down, Key::new(id, FREE), [free]);
            if before.owned_by == after.owned_by {
                let sql = sequence::owned_by(id, after.owned_by.as_ref());
                let tie = self.plain(id, sql, format!("Ties the {} to its column.", words::object(id)));
                Self::push(&mut self.build, Key::new(id, LATE), [tie]);
            }
        }
    }
}
