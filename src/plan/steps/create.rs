//! What comes, new or again.

use super::{Steps, tables};
use crate::catalog::{Catalog, Column, Kind, Object, ObjectId, Sequence, Table};
use crate::diff::words;
use crate::plan::ddl::{self, column, sequence, table};
use crate::plan::hazard::{Hazard, HazardKind, hazard};
use crate::plan::needs::create_aspect;
use crate::plan::order::{Key, LATE};

impl Steps<'_> {
    pub(super) fn create(&mut self, id: &ObjectId) {
        if matches!(id.kind, Kind::Privileges | Kind::DefaultPrivileges) {
            return;
        }
        let what = words::object(id);
        let Some(object) = self.source.objects.get(id) else { return };
        let statements: Vec<String> = match object {
            Object::Table(of) => {
                let with_default = |column: &Column| !self.late.contains(&ObjectId::column(id, &column.name));
                let mut made = table::create(id, of, &with_default);
                made.extend(ddl::comments(self.source, id, object));
                made
            }
            Object::Sequence(of) if self.takes_over_identity(id, of) => self.counter_of_identity(id, of),
            _ => ddl::create(self.source, id),
        };
        let mut hazards = creation_hazards(self.source, self.target, id);
        let statements: Vec<_> = statements
            .into_iter()
            .map(|sql| self.statement(id, sql, format!("Adds the {what}."), std::mem::take(&mut hazards)))
            .collect();
        Self::push(&mut self.build, Key::new(id, create_aspect(self.source, id)), statements);
        match object {
            Object::Sequence(of) if of.owned_by.is_some() => {
                let sql = sequence::owned_by(id, of.owned_by.as_ref());
                let statement = self.plain(id, sql, format!("Ties the {what} to its column."));
                Self::push(&mut self.build, Key::new(id, LATE), [statement]);
            }
            Object::Table(of) => self.late_parts(id, of),
            _ => {}
        }
    }

    /// An identity column becomes a serial one.
    fn takes_over_identity(&self, id: &ObjectId, of: &Sequence) -> bool {
        let Some(by) = &of.owned_by else { return false };
        let table = ObjectId::table(&by.table);
        let old = self.target.table(&table).and_then(|t| t.columns.iter().find(|c| c.name == by.column));
        !self.target.objects.contains_key(id) && self.stays(&table) && old.is_some_and(|column| column.identity.is_some())
    }

    /// The new sequence is made under another name, as the identity's own one has its name most of the time.
    fn counter_of_identity(&self, id: &ObjectId, of: &Sequence) -> Vec<String> {
        let waiting = super::drop::aside(id);
        let Some(by) = &of.owned_by else { return Vec::new() };
        let owner = ObjectId::column(&ObjectId::table(&by.table), &by.column);
        let old = self.target.table(&owner.owner()).and_then(|t| t.columns.iter().find(|c| c.name == by.column));
        let start = old.and_then(|column| column.identity.as_ref()).map_or(of.options.start, |identity| identity.sequence.start);
        let mut statements = vec![
            sequence::create(&waiting, of),
            sequence::takes_over_identity(&waiting, &owner, start),
            column::drop_identity(&owner),
            sequence::rename(&waiting, &id.name),
        ];
        statements.extend(of.comment.as_deref().map(|text| ddl::comment(self.source, id, Some(text))));
        statements
    }

    /// What a new table gets only when other things are there: defaults with functions, and what a partition or child has for itself.
    fn late_parts(&mut self, id: &ObjectId, of: &Table) {
        self.tablespace_of_partition(id, of);
        for column in &of.columns {
            let part = ObjectId::column(id, &column.name);
            let given = tables::from_parents(self.source, of, &column.name);
            let is_late = self.late.contains(&part) && column.generated.is_none();
            let mut sql = Vec::new();
            match given {
                Some(given) if !column.local || of.partition_of.is_some() => {
                    if given.default != column.default || is_late {
                        sql.push(column::set_default(&part, column.default.as_deref()));
                    }
                    if column.not_null && !column::requires_below(&given) {
                        sql.extend(column::require(&part, column));
                    }
                }
                _ if is_late => sql.extend(column.default.as_deref().map(|text| column::set_default(&part, Some(text)))),
                _ => {}
            }
            let sql = sql.into_iter().filter(|_| column.generated.is_none());
            let statements: Vec<_> =
                sql.map(|sql| self.plain(&part, sql, format!("Completes the {}.", words::object(&part)))).collect();
            Self::push(&mut self.build, Key::new(&part, ""), statements);
        }
    }
}

/// What making an object may do to the rows and clients of a table that is there already.
fn creation_hazards(source: &Catalog, target: &Catalog, id: &ObjectId) -> Vec<Hazard> {
    let there = |table: &ObjectId| target.objects.contains_key(table);
    let name = format!("{}.{}", id.schema, id.name);
    match source.objects.get(id) {
        Some(Object::Constraint(of)) if there(&id.owner()) && of.validated => {
            vec![
                hazard(HazardKind::MayFail, format!("Rows of {name} that break the rule {} stop the promotion.", id.part)),
                hazard(HazardKind::BlocksClients, format!("{name} is read in full; nobody can write to it meanwhile.")),
            ]
        }
        Some(Object::Index(of)) if there(&ObjectId::table(&of.table)) => {
            let table = &of.table.name;
            let mut hazards =
                vec![hazard(HazardKind::BlocksClients, format!("Nobody can write to {table} while the index is built."))];
            if of.unique {
                hazards.push(hazard(HazardKind::MayFail, format!("Rows of {table} with equal values stop the promotion.")));
            }
            hazards
        }
        _ if SUPERUSER.contains(&id.kind) => {
            let sentence = format!("Only a superuser of the target may add the {}.", words::object(id));
            vec![hazard(HazardKind::NeedsSuperuser, sentence)]
        }
        _ => Vec::new(),
    }
}

const SUPERUSER: &[Kind] = &[
    Kind::EventTrigger,
    Kind::ForeignDataWrapper,
    Kind::OperatorClass,
    Kind::OperatorFamily,
    Kind::TextSearchParser,
    Kind::TextSearchTemplate,
    Kind::Language,
];
