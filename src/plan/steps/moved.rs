//! Tables that become partitioned, stop being so or are partitioned anew: PostgreSQL has no statement for it. The old one waits under
//! another name, the new one is made, the rows are copied, and the old one goes.

use super::{Steps, drop::aside};
use crate::catalog::{Object, ObjectId, Table};
use crate::diff::words;
use crate::plan::Statement;
use crate::plan::columns::{self, Around};
use crate::plan::ddl::{self, column, sequence, table};
use crate::plan::hazard::{HazardKind, hazard};
use crate::plan::order::{COPY, Key};
use crate::problem::{Problem, ProblemKind};

impl Steps<'_> {
    pub(super) fn moved(&mut self) {
        for id in self.fate.moved.clone() {
            let Some(before) = self.target.table(&id) else { continue };
            let old = aside(&id);
            let what = words::object(&id);
            let rename = self.plain(&id, table::rename(&id, &old.name), format!("Sets the old {what} aside."));
            // Functions and sequences that only its defaults need may go before it does.
            let defaults = before.columns.iter().filter(|column| column.default.is_some());
            let defaults: Vec<_> = defaults.map(|was| column::set_default(&ObjectId::column(&old, &was.name), None)).collect();
            let defaults =
                defaults.into_iter().map(|sql| self.plain(&id, sql, format!("Takes the defaults off the old {what}.")));
            // The sequences of identity columns make room for their successors' names.
            let counted = before.columns.iter().filter(|column| column.identity.is_some());
            let counters = counted.map(|was| sequence::identity_aside(&ObjectId::column(&old, &was.name)));
            let counters = counters.map(|sql| self.plain(&id, sql, format!("Sets the counters of the old {what} aside.")));
            let above = before.partition_of.as_ref().filter(|of| !self.fate.moved.contains(&ObjectId::table(&of.parent)));
            let detach = above.map(|of| {
                self.plain(&id, table::detach(&id, &of.parent), format!("Takes the {what} out of its partitioned table."))
            });
            let root = above.is_some() || before.partition_of.is_none();
            let statements: Vec<_> = detach.into_iter().chain([rename]).chain(defaults).chain(counters).collect();
            Self::push(&mut self.down, Key::new(&id, ""), statements);
            if self.source.objects.contains_key(&id) {
                self.create(&id);
            }
            if root {
                self.copy(&id, &old, before);
            }
        }
    }

    /// `old` has all rows, those of its partitions too.
    fn copy(&mut self, id: &ObjectId, old: &ObjectId, before: &Table) {
        let what = words::object(id);
        let Some(after) = self.source.table(id) else { return };
        if self.has_children(id) {
            let problem =
                Problem::new(ProblemKind::Unsupported, format!("The {what} becomes partitioned, and tables inherit from it."))
                    .because("A partitioned table cannot have children by inheritance.")
                    .way_out("Part the children from it in a release of their own.");
            self.refused.push(problem);
        }
        let pairs: Vec<(String, String)> = after
            .columns
            .iter()
            .filter(|new| new.generated.is_none())
            .filter_map(|new| {
                let was = before.columns.iter().find(|column| column.name == new.name)?;
                let part = ObjectId::column(id, &new.name);
                let switched = self.fate.switched.contains(&part);
                let around = Around { source: self.source, target: self.target, switched, led: false };
                let value = columns::value(&around, &part, was, new);
                Some((new.name.clone(), value.unwrap_or_else(|| crate::catalog::ident::quote(&new.name))))
            })
            .collect();
        let name = format!("{}.{}", id.schema, id.name);
        let mut hazards = vec![
            hazard(HazardKind::RewritesTable, format!("Every row of {name} is written again while the table is locked.")),
            hazard(HazardKind::MayFail, format!("A row of {name} for which there is no partition stops the promotion.")),
        ];
        let lost: Vec<&str> = before
            .columns
            .iter()
            .filter(|old| !after.columns.iter().any(|new| new.name == old.name))
            .map(|column| column.name.as_str())
            .collect();
        if !lost.is_empty() {
            hazards.push(hazard(HazardKind::DeletesData, format!("All values of {} in {name} are deleted.", lost.join(", "))));
        }
        let copy = self.statement(id, table::copy(old, id, &pairs), format!("Copies the rows into the new {what}."), hazards);
        let mut statements = vec![copy];
        for new in after.columns.iter().filter(|column| column.identity.is_some()) {
            let (from, to) = (ObjectId::column(old, &new.name), ObjectId::column(id, &new.name));
            let was = before.columns.iter().find(|column| column.name == new.name).and_then(|column| column.identity.as_ref());
            let sql = match was {
                Some(was) => sequence::identity_goes_on(&to, &from, was.sequence.start),
                None => new.identity.as_ref().map(|of| sequence::past_the_rows(None, &to, &of.sequence)).unwrap_or_default(),
            };
            statements.push(self.plain(id, sql, format!("Lets the numbers of the {what} go on.")));
        }
        statements.extend(self.serial_goes_on(id, old, before, after));
        Self::push(&mut self.build, Key::new(id, COPY), statements);
        let gone = self.plain(id, ddl::drop(self.target, old), format!("Removes the old {what}; its rows are in the new one."));
        Self::push(&mut self.remove, Key::new(id, ""), [gone]);
    }

    /// New sequences of serial columns begin where the old counters stand.
    fn serial_goes_on(&self, id: &ObjectId, old: &ObjectId, before: &Table, after: &Table) -> Vec<Statement> {
        let mut statements = Vec::new();
        for new in after.columns.iter().filter(|column| column.identity.is_none()) {
            let (from, part) = (ObjectId::column(old, &new.name), ObjectId::column(id, &new.name));
            let was = before.columns.iter().find(|column| column.name == new.name);
            let counter = columns::own_sequence(self.source, &part).filter(|(to, _)| !self.target.objects.contains_key(*to));
            if let (Some(was), Some((to, of))) = (was, counter) {
                let sql = match &was.identity {
                    Some(identity) => sequence::takes_over_identity(to, &from, identity.sequence.start),
                    None => sequence::past_the_rows(Some(to), &part, &of.options),
                };
                statements.push(self.plain(id, sql, format!("Lets the numbers of the {} go on.", words::object(id))));
            }
        }
        statements
    }

    fn has_children(&self, id: &ObjectId) -> bool {
        let name = id.qname();
        self.target.objects.values().any(|object| matches!(object, Object::Table(of) if of.inherits.contains(&name)))
    }
}
