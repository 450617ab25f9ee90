//! Columns of the tables that stay.

use super::{Steps, tables};
use crate::catalog::{Column, ObjectId};
use crate::diff::words;
use crate::plan::closure::widens;
use crate::plan::columns::{self, Around};
use crate::plan::ddl;
use crate::plan::hazard::{HazardKind, hazard};
use crate::plan::order::{Key, LATE};
use crate::problem::{Problem, ProblemKind};
use std::collections::BTreeSet;

impl Steps<'_> {
    pub(super) fn columns(&mut self) {
        let touched: BTreeSet<ObjectId> =
            self.fate.remade.iter().chain(&self.fate.switched).chain(&self.fate.undefaulted).map(ObjectId::owner).collect();
        let (source, target) = (self.source, self.target);
        for (id, object) in &source.objects {
            let (crate::catalog::Object::Table(after), Some(before)) = (object, target.table(id)) else { continue };
            if !self.stays(id) || *before == **after && !touched.contains(id) && !self.below_touched(id, &touched) {
                continue;
            }
            let names: BTreeSet<&String> = before.columns.iter().chain(&after.columns).map(|column| &column.name).collect();
            for name in names {
                let was = before.columns.iter().find(|column| &column.name == name);
                let new = after.columns.iter().find(|column| &column.name == name);
                let part = ObjectId::column(id, name);
                self.refuse_partition_key(&part, was, new);
                self.column(&part, was, columns::inherited(source, target, id, name), new);
            }
        }
    }

    fn below_touched(&self, id: &ObjectId, touched: &BTreeSet<ObjectId>) -> bool {
        let mut open: Vec<ObjectId> = vec![id.clone()];
        while let Some(table) = open.pop() {
            if touched.contains(&table) {
                return true;
            }
            open.extend(self.target.table(&table).map(tables::parents).unwrap_or_default().iter().map(ObjectId::table));
        }
        false
    }

    /// The column's table has partitions or children.
    fn leads(&self, id: &ObjectId) -> bool {
        let table = id.owner().qname();
        self.target
            .objects
            .values()
            .any(|object| matches!(object, crate::catalog::Object::Table(of) if tables::parents(of).contains(&table)))
    }

    /// A parent that stays has the column too: its statements reach this table.
    fn led_by_parent(&self, id: &ObjectId) -> bool {
        let table = id.owner();
        let (Some(before), Some(after)) = (self.target.table(&table), self.source.table(&table)) else { return false };
        let kept = tables::parents(before).into_iter().filter(|parent| tables::parents(after).contains(parent));
        kept.map(|parent| ObjectId::table(&parent)).filter(|parent| self.stays(parent)).any(|parent| {
            let has = |of: Option<&crate::catalog::Table>| of.is_some_and(|t| t.columns.iter().any(|c| c.name == id.part));
            has(self.source.table(&parent)) && has(self.target.table(&parent))
        })
    }

    /// `was` is the column of the target; `old` the same after the parent's change has reached it.
    fn column(&mut self, id: &ObjectId, was: Option<&Column>, old: Option<Column>, new: Option<&Column>) {
        let led = self.led_by_parent(id);
        let what = words::object(id);
        let remade = self.fate.remade.contains(id) && new.is_some_and(|column| column.generated.is_some());
        if remade && !led {
            self.goes(id, was, true);
        }
        let work = match (&old, new) {
            (_, Some(new)) if remade => {
                if led {
                    Vec::new()
                } else {
                    columns::add(id, new, true, self.leads(id))
                }
            }
            (None, Some(new)) => columns::add(id, new, !self.late.contains(id) || new.generated.is_some(), self.leads(id)),
            (Some(old), Some(new)) => self.altered(id, was, old, new, led),
            _ => Vec::new(),
        };
        let verb = if old.is_none() { "Adds" } else { "Changes" };
        let mut statements: Vec<_> =
            work.into_iter().map(|(sql, hazards)| self.statement(id, sql, format!("{verb} the {what}."), hazards)).collect();
        let comment = |column: Option<&Column>| column.and_then(|column| column.comment.clone());
        let lost = remade && comment(new).is_some();
        if new.is_some() && (comment(was) != comment(new) || lost) {
            let sql = ddl::comment(self.source, id, comment(new).as_deref());
            statements.push(self.plain(id, sql, format!("Describes the {what}.")));
        }
        Self::push(&mut self.build, Key::new(id, ""), statements);
        if let (None, Some(new), true) = (&old, new, self.late.contains(id)) {
            self.late_default(id, new);
        }
        if old.is_some() && new.is_none() {
            self.goes(id, was, false);
        }
    }

    /// The default calls a function that needs the table: the rows that are there get it afterwards.
    fn late_default(&mut self, id: &ObjectId, new: &Column) {
        let Some(text) = new.default.as_deref().filter(|_| new.generated.is_none()) else { return };
        let mut sql = vec![ddl::column::set_default(id, Some(text)), ddl::column::fill(id)];
        if new.not_null && !columns::is_unproven(new) {
            sql.extend(ddl::column::require(id, new));
        }
        let what = words::object(id);
        let statements: Vec<_> = sql.into_iter().map(|sql| self.plain(id, sql, format!("Completes the {what}."))).collect();
        Self::push(&mut self.build, Key::new(id, LATE), statements);
    }

    fn altered(&mut self, id: &ObjectId, was: Option<&Column>, old: &Column, new: &Column, led: bool) -> Vec<columns::Step> {
        let mut old = old.clone();
        let was = was.unwrap_or(&old).clone();
        let switched = self.fate.switched.contains(id);
        let retyped = was.type_name != new.type_name || was.collation != new.collation || switched;
        let eased =
            widens(&was.type_name, &new.type_name) && was.collation == new.collation && !switched && was.default == new.default;
        if self.fate.undefaulted.contains(id) {
            old.default = None;
            if new.generated.is_none() {
                old.generated = None;
            }
        } else if retyped && !eased && was.default.is_some() {
            let sql = ddl::column::set_default(id, None);
            let statement = self.plain(id, sql, format!("Takes the default off the {}.", words::object(id)));
            Self::push(&mut self.down, Key::new(id, ""), [statement]);
            old.default = None;
        }
        let around = Around { source: self.source, target: self.target, switched: switched && !led, led };
        columns::alter(&around, id, &old, new)
    }

    /// Values of a generated column are computed again; others are lost.
    fn goes(&mut self, id: &ObjectId, was: Option<&Column>, again: bool) {
        let table = format!("{}.{}", id.schema, id.name);
        let mut hazards = Vec::new();
        let computed = was.is_some_and(|column| column.generated.is_some());
        if again {
            hazards.push(hazard(
                HazardKind::RewritesTable,
                format!("The column {} of {table} is computed anew for every row.", id.part),
            ));
        }
        if !computed {
            hazards
                .push(hazard(HazardKind::DeletesData, format!("All values of the column {} of {table} are deleted.", id.part)));
            let sentence = format!("Only the backup has the values of {} in {table} afterwards.", id.part);
            hazards.push(hazard(HazardKind::CannotBeUndone, sentence));
        }
        if !again {
            let sentence = format!("Programs that use the column {} of {table} fail.", id.part);
            hazards.push(hazard(HazardKind::BreaksClients, sentence));
        }
        let what = words::object(id);
        let summary = if again { format!("Takes down the {what}; it is built again.") } else { format!("Removes the {what}.") };
        let statement = self.statement(id, ddl::column::drop(id), summary, hazards);
        Self::push(&mut self.down, Key::new(id, ""), [statement]);
    }

    fn refuse_partition_key(&mut self, id: &ObjectId, was: Option<&Column>, new: Option<&Column>) {
        let (Some(was), Some(new), Some(table)) = (was, new, self.target.table(&id.owner())) else { return };
        let Some(key) = &table.partition_key else { return };
        let retyped = was.type_name != new.type_name || was.collation != new.collation || self.fate.switched.contains(id);
        if retyped && mentions(key, &id.part) {
            let problem = Problem::new(
                ProblemKind::Unsupported,
                format!("The type of {} in {}.{} changes, and the table is partitioned by it.", id.part, id.schema, id.name),
            )
            .because("PostgreSQL does not change the type of a column of the partition key.")
            .way_out("Make a new table with the new type, copy the rows, and exchange the names in a release of its own.");
            self.refused.push(problem);
        }
    }
}

/// Whether an expression names the column, quoted or not.
fn mentions(expression: &str, name: &str) -> bool {
    let word = |c: char| c.is_alphanumeric() || c == '_' || c == '$';
    expression.contains(&crate::catalog::ident::quote(name)) || expression.split(|c| !word(c)).any(|part| part == name)
}
