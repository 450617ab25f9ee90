//! Typed tables: made as plain ones and tied to their type at the end; untied while either changes.

use super::Steps;
use crate::catalog::{Kind, ObjectId, QName, Table};
use crate::diff::{self, words};
use crate::plan::ddl::table;
use crate::plan::order::{Key, LATE};
use crate::problem::{Problem, ProblemKind};
use std::collections::BTreeSet;

impl Steps<'_> {
    pub(super) fn typed(&mut self) {
        let (source, target) = (self.source, self.target);
        let tables: BTreeSet<&ObjectId> =
            source.objects.keys().chain(target.objects.keys()).filter(|id| id.kind == Kind::Table).collect();
        for id in tables {
            let (before, after) = (target.table(id).filter(|_| self.stays(id)), source.table(id));
            let (was, is) = (before.and_then(|table| table.of_type.as_ref()), after.and_then(|table| table.of_type.as_ref()));
            let kept = match (before, after) {
                (Some(before), Some(after)) => {
                    let columns = diff::columns(&before.columns, &after.columns);
                    was == is && columns.is_empty() && was.is_none_or(|of| !self.type_changes(of))
                }
                _ => false,
            };
            if kept {
                continue;
            }
            if was.is_some() {
                let statement = self.plain(id, table::not_of(id), format!("Unties the {} from its type.", words::object(id)));
                // Before its columns go: what comes last is taken down first.
                Self::push(&mut self.down, Key::new(id, LATE), [statement]);
            }
            if let Some(of) = is {
                let statement = self.plain(id, table::of(id, of), format!("Ties the {} to its type.", words::object(id)));
                Self::push(&mut self.build, Key::new(id, LATE), [statement]);
                self.refused.extend(before.zip(after).and_then(|(before, after)| out_of_order(id, before, after)));
            }
        }
    }

    fn type_changes(&self, of: &QName) -> bool {
        let id = ObjectId { kind: Kind::Composite, ..ObjectId::table(of) };
        self.fate.replaced.contains(&id) || self.target.objects.get(&id) != self.source.objects.get(&id)
    }
}

/// The columns of a typed table stand in the order of its type, and no statement puts them elsewhere.
fn out_of_order(id: &ObjectId, before: &Table, after: &Table) -> Option<Problem> {
    let has = |table: &Table, name: &str| table.columns.iter().any(|column| column.name == name);
    let kept = before.columns.iter().filter(|column| has(after, &column.name));
    let added = after.columns.iter().filter(|column| !has(before, &column.name));
    let reached: Vec<&String> = kept.chain(added).map(|column| &column.name).collect();
    let wanted: Vec<&String> = after.columns.iter().map(|column| &column.name).collect();
    (reached != wanted).then(|| {
        Problem::new(ProblemKind::Unsupported, format!("The columns of {}.{} stand in another order.", id.schema, id.name))
            .because("A typed table has its columns in the order of its type, and PostgreSQL moves no column.")
            .way_out("Make a new table of the type, copy the rows, and exchange the names in a release of its own.")
    })
}
