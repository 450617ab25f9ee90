//! Which questions a plan asks the target's rows.

use super::ddl::check;
use super::{Check, Options};
use crate::catalog::{Catalog, Object, ObjectId};
use crate::diff::{self, Action, Change};

pub(super) fn checks(source: &Catalog, target: &Catalog, changes: &[Change], options: &Options) -> Vec<Check> {
    let mut found = Vec::new();
    for Change { id, action } in changes {
        match (action, target.objects.get(id), source.objects.get(id)) {
            (Action::Alter, Some(Object::Table(before)), Some(Object::Table(after))) => {
                for (old, new) in diff::columns(&before.columns, &after.columns) {
                    let Some(new) = new.filter(|column| column.local) else { continue };
                    let column = ObjectId::column(id, &new.name);
                    let given = new.default.is_some() || new.identity.is_some() || new.generated.is_some();
                    match old {
                        Some(old) if new.not_null && !old.not_null => found.push(check::not_null(target, &column)),
                        None if new.not_null && !given => found.push(check::empty(target, &column)),
                        _ => {}
                    }
                }
            }
            (Action::Create | Action::Alter, before, Some(Object::Constraint(after))) if after.validated => {
                let valid = matches!(before, Some(Object::Constraint(before)) if before.definition == after.definition);
                let refers =
                    after.references.as_ref().is_none_or(|to| answers(target, options, &ObjectId::table(&to.table), &to.columns));
                if !valid && refers && answers(target, options, &id.owner(), &after.columns) {
                    found.extend(check::constraint(target, id, after));
                }
            }
            _ => {}
        }
    }
    found
}

/// Whether the target's rows are those that the rule will meet: the columns are there, and no lookup sync changes them first.
fn answers(target: &Catalog, options: &Options, table: &ObjectId, columns: &[String]) -> bool {
    let known =
        target.table(table).is_some_and(|of| columns.iter().all(|name| of.columns.iter().any(|column| &column.name == name)));
    known && !options.synced.contains(&table.qname())
}
