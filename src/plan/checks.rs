//! Which questions a plan asks the target's rows.

use super::closure::widens;
use super::columns::is_unproven;
use super::ddl::{check, check_values};
use super::{Check, Options};
use crate::catalog::{Catalog, Column, Domain, Object, ObjectId, Table, ident};
use crate::diff::{self, Action, Change};

pub(super) fn checks(source: &Catalog, target: &Catalog, changes: &[Change], options: &Options) -> Vec<Check> {
    let mut found = Vec::new();
    for Change { id, action } in changes {
        match (action, target.objects.get(id), source.objects.get(id)) {
            (Action::Alter, Some(Object::Table(before)), Some(Object::Table(after))) => {
                found.extend(of_columns(source, target, options, id, (before, after)));
            }
            (Action::Alter, Some(Object::Enum(before)), Some(Object::Enum(after))) => {
                let gone: Vec<&String> = before.labels.iter().filter(|label| !after.labels.contains(label)).collect();
                let users = users(source, target, options, id).filter(|_| !gone.is_empty());
                found.extend(users.map(|(of, column)| check_values::labels_in_use(target, &of, column, &gone)));
            }
            (Action::Alter, Some(Object::Domain(before)), Some(Object::Domain(after))) => {
                if after.not_null && !before.not_null {
                    found.extend(lacking(source, target, options, id));
                }
                for rule in after.checks.iter().filter(|rule| !before.checks.contains(rule)) {
                    let columns = users(source, target, options, id).filter(|(_, column)| !column.type_name.ends_with("[]"));
                    found.extend(columns.filter_map(|(column, _)| check_values::domain_rule(target, &column, rule)));
                }
            }
            (Action::Create | Action::Alter, before, Some(Object::Constraint(after))) if after.validated => {
                let valid = matches!(before, Some(Object::Constraint(before)) if before.definition == after.definition);
                let refers = after
                    .references
                    .as_ref()
                    .is_none_or(|to| answers(source, target, options, &ObjectId::table(&to.table), &to.columns));
                if !valid && refers && answers(source, target, options, &id.owner(), &after.columns) {
                    found.extend(check::constraint(source, target, id, after));
                }
            }
            (Action::Create | Action::Alter, before, Some(Object::Index(after))) if after.unique => {
                let table = ObjectId::table(&after.table);
                let new = !matches!(before, Some(Object::Index(before)) if before.definition == after.definition);
                if new && target.table(&table).is_some() && answers(source, target, options, &table, &[]) {
                    found.extend(check_values::unique_index(source, target, id, after));
                }
            }
            _ => {}
        }
    }
    found.extend(retyped(source, target, options));
    found
}

/// What columns that are new, or become otherwise, ask of the rows.
fn of_columns(
    source: &Catalog,
    target: &Catalog,
    options: &Options,
    id: &ObjectId,
    (before, after): (&Table, &Table),
) -> Vec<Check> {
    let mut found = Vec::new();
    for (old, new) in diff::columns(&before.columns, &after.columns) {
        let Some(new) = new.filter(|column| column.local) else { continue };
        let column = ObjectId::column(id, &new.name);
        let given = new.default.is_some() || new.identity.is_some() || new.generated.is_some();
        if let Some(old) = old.filter(|old| old.type_name != new.type_name && !widens(&old.type_name, &new.type_name))
            && new.generated.is_none()
            && !options.synced.contains(&id.qname())
        {
            found.extend(check_values::fits(source, target, &column, old, new));
        }
        match old {
            Some(old) if requires(source, new) && !is_unproven(new) && (!requires(target, old) || is_unproven(old)) => {
                found.push(check::not_null(target, &column))
            }
            None if !given && (new.not_null || refuses_null(source, &new.type_name)) => found.push(check::empty(target, &column)),
            _ => {}
        }
    }
    found
}

fn requires(catalog: &Catalog, column: &Column) -> bool {
    column.not_null || domain(catalog, &column.type_name).is_some_and(|of| of.not_null || refuses_null(catalog, &of.base_type))
}

/// A domain, or one that it is made of, takes no NULL and gives no value of its own.
fn refuses_null(catalog: &Catalog, type_name: &str) -> bool {
    domain(catalog, type_name).is_some_and(|of| of.default.is_none() && (of.not_null || refuses_null(catalog, &of.base_type)))
}

fn domain<'a>(catalog: &'a Catalog, type_name: &str) -> Option<&'a Domain> {
    let name = ident::parse(type_name)?;
    catalog.objects.iter().find_map(|(id, object)| match object {
        Object::Domain(of) if id.qname() == name => Some(of),
        _ => None,
    })
}

/// Rows without a value for a column of a domain that now demands one.
fn lacking(source: &Catalog, target: &Catalog, options: &Options, domain: &ObjectId) -> Vec<Check> {
    let columns = users(source, target, options, domain);
    let may_lack = columns.filter(|(_, column)| !column.not_null && !column.type_name.ends_with("[]"));
    may_lack.map(|(column, _)| check::not_null(target, &column)).collect()
}

/// Rules that stay while a column of theirs gets another type: values that were different may become equal, or break the rule.
fn retyped(source: &Catalog, target: &Catalog, options: &Options) -> Vec<Check> {
    let mut found = Vec::new();
    for (id, object) in &source.objects {
        let Object::Constraint(after) = object else { continue };
        if !after.validated
            || target.objects.get(id) != Some(object)
            || !answers(source, target, options, &id.owner(), &after.columns)
        {
            continue;
        }
        let (Some(old), Some(new)) = (target.table(&id.owner()), source.table(&id.owner())) else { continue };
        let changes = diff::columns(&old.columns, &new.columns);
        let retyped = changes.iter().any(|pair| match pair {
            (Some(a), Some(b)) => {
                after.columns.contains(&b.name) && a.type_name != b.type_name && !widens(&a.type_name, &b.type_name)
            }
            _ => false,
        });
        if retyped {
            found.extend(check::constraint(source, target, id, after));
        }
    }
    found
}

/// The columns that have an enum or a domain, or arrays of it, on both sides; partitions are asked with their table.
fn users<'a>(
    source: &'a Catalog,
    target: &'a Catalog,
    options: &'a Options,
    of: &ObjectId,
) -> impl Iterator<Item = (ObjectId, &'a Column)> {
    let name = of.qname();
    let has = move |column: &Column| ident::parse(column.type_name.trim_end_matches("[]")).as_ref() == Some(&name);
    target.objects.iter().flat_map(move |(id, object)| {
        let has = has.clone();
        let columns = match (object, source.table(id)) {
            (Object::Table(before), Some(after)) if before.partition_of.is_none() && !options.synced.contains(&id.qname()) => {
                let stays = |column: &&Column| {
                    after.columns.iter().any(|new| new.name == column.name && new.type_name == column.type_name)
                };
                before.columns.iter().filter(stays).collect()
            }
            _ => Vec::new(),
        };
        let of_enum = move |column: &&Column| has(column);
        columns.into_iter().filter(of_enum).map(|column| (ObjectId::column(id, &column.name), column))
    })
}

/// Whether the target's rows are those that the rule will meet: the columns are there, and no lookup sync changes them first.
fn answers(source: &Catalog, target: &Catalog, options: &Options, table: &ObjectId, columns: &[String]) -> bool {
    let has = |of: &Table, name: &String| of.columns.iter().any(|column| column.name == *name);
    let filled = |name: &String| {
        source
            .table(table)
            .and_then(|of| of.columns.iter().find(|column| column.name == *name))
            .is_some_and(check::is_filled_alike)
    };
    let known = target.table(table).is_some_and(|of| columns.iter().all(|name| has(of, name) || filled(name)));
    known && !options.synced.contains(&table.qname())
}
