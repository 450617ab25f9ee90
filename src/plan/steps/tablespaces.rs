//! Where tables and their indexes lie, when that is not the database's own tablespace.

use super::Steps;
use crate::catalog::{Object, ObjectId, Table};
use crate::diff::{Change, words};
use crate::plan::Statement;
use crate::plan::ddl::table;
use crate::plan::hazard::{HazardKind, hazard};
use crate::plan::order::Key;
use crate::problem::{Problem, ProblemKind};
use std::collections::BTreeSet;

impl Steps<'_> {
    pub(super) fn tablespace(&mut self, id: &ObjectId, before: &Table, after: &Table) {
        if before.tablespace != after.tablespace {
            let statement = self.moves(id, after);
            Self::push(&mut self.build, Key::new(id, ""), [statement]);
        }
    }

    /// A new partition lies where its table does.
    pub(super) fn tablespace_of_partition(&mut self, id: &ObjectId, of: &Table) {
        let parent = of.partition_of.as_ref().and_then(|of| self.source.table(&ObjectId::table(&of.parent)));
        if parent.is_some_and(|parent| parent.tablespace != of.tablespace) {
            let statement = self.moves(id, of);
            Self::push(&mut self.build, Key::new(id, ""), [statement]);
        }
    }

    fn moves(&self, id: &ObjectId, of: &Table) -> Statement {
        let sentence = format!("Every row of {}.{} is copied while nobody else can use the table.", id.schema, id.name);
        let hazards = vec![hazard(HazardKind::RewritesTable, sentence)];
        let sql = table::set_tablespace(id, "TABLE", of.tablespace.as_deref());
        self.statement(id, sql, format!("Moves the {} to another tablespace.", words::object(id)), hazards)
    }

    /// Tablespaces that the release names and the target does not have.
    pub(super) fn missing_tablespaces(&self, changes: &[Change]) -> Option<Problem> {
        let named = changes.iter().filter_map(|change| match self.source.objects.get(&change.id)? {
            Object::Table(of) => of.tablespace.as_ref(),
            Object::Index(of) => of.tablespace.as_ref(),
            Object::View(of) => of.tablespace.as_ref(),
            _ => None,
        });
        let there = &self.target.tablespaces;
        let missing: BTreeSet<&String> = named.filter(|name| !there.is_empty() && !there.contains(*name)).collect();
        let names: Vec<&str> = missing.into_iter().map(String::as_str).collect();
        (!names.is_empty()).then(|| {
            Problem::new(ProblemKind::Unsupported, format!("The target has no tablespace {}.", names.join(", ")))
                .because("Tables or indexes of the release lie in it, and tablespaces are made by whoever runs the server.")
                .way_out("Create it in the target with CREATE TABLESPACE, or move the tables in the source with SET TABLESPACE.")
        })
    }
}
