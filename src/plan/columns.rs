//! The statements that take one column of a table to another definition, keeping its values and its counter.

use super::closure::{Fate, widens};
use super::ddl::{column, sequence};
use super::hazard::{Hazard, HazardKind, hazard};
use crate::catalog::{Catalog, Column, Object, ObjectId, QName, Table};

/// One statement of a column with its risks.
pub(super) type Step = (String, Vec<Hazard>);

/// The column as it will be when its parent's own change has reached it: statements on a parent reach partitions and children.
pub(super) fn inherited(source: &Catalog, target: &Catalog, table: &ObjectId, name: &str) -> Option<Column> {
    let before = target.table(table)?;
    let own = before.columns.iter().find(|column| column.name == name).cloned();
    let parents = |of: &Table| {
        of.partition_of.iter().map(|of| of.parent.clone()).chain(of.inherits.iter().cloned()).collect::<Vec<QName>>()
    };
    let kept: Vec<QName> = parents(before)
        .into_iter()
        .filter(|parent| source.table(table).is_some_and(|after| parents(after).contains(parent)))
        .collect();
    let find = |catalog: &Catalog, parent: &QName| {
        let table = catalog.table(&ObjectId::table(parent))?;
        table.columns.iter().find(|column| column.name == name).cloned()
    };
    let mut result = own;
    for parent in kept {
        match (
            inherited(source, target, &ObjectId::table(&parent), name).or_else(|| find(target, &parent)),
            find(source, &parent),
        ) {
            (Some(old), Some(new)) => {
                if let Some(column) = &mut result {
                    reach(column, &old, &new);
                }
            }
            (None, Some(new)) => {
                result = result.or(Some(Column { local: false, identity: None, comment: None, ..new }));
            }
            (Some(_), None) if result.as_ref().is_some_and(|column| !column.local) => result = None,
            _ => {}
        }
    }
    result
}

/// A statement on the parent that takes its column from `old` to `new` does the same to the child's.
fn reach(child: &mut Column, old: &Column, new: &Column) {
    if old.type_name != new.type_name || old.collation != new.collation {
        child.type_name.clone_from(&new.type_name);
        child.collation.clone_from(&new.collation);
    }
    if old.default != new.default {
        child.default.clone_from(&new.default);
    }
    if old.not_null != new.not_null {
        child.not_null = new.not_null;
    }
    if old.generated != new.generated {
        child.generated.clone_from(&new.generated);
    }
    if old.storage != new.storage {
        child.storage.clone_from(&new.storage);
    }
}

/// The sequence of a `nextval` default that belongs to this very column.
fn own_sequence<'a>(catalog: &'a Catalog, id: &ObjectId) -> Option<(&'a ObjectId, &'a crate::catalog::Sequence)> {
    catalog.objects.iter().find_map(|(sequence, object)| match object {
        Object::Sequence(of) if of.owned_by.as_ref().is_some_and(|by| by.table == id.qname() && by.column == id.part) => {
            Some((sequence, of))
        }
        _ => None,
    })
}

pub(super) fn add(id: &ObjectId, new: &Column, late_default: bool) -> Vec<Step> {
    let mut hazards = Vec::new();
    let table = format!("{}.{}", id.schema, id.name);
    if new.not_null && new.default.is_none() && new.identity.is_none() && new.generated.is_none() {
        hazards.push(hazard(
            HazardKind::MayFail,
            format!("Rows of {table} that are there have no value for the required column {}.", new.name),
        ));
    }
    if new.identity.is_some()
        || new.generated.as_ref().is_some_and(|of| of.stored)
        || new.default.as_deref().is_some_and(volatile)
    {
        hazards
            .push(hazard(HazardKind::RewritesTable, format!("Every row of {table} is written again while the table is locked.")));
    }
    let mut steps = vec![(column::add(id, new, !late_default), hazards)];
    steps.extend(column::settings(id, None, new).into_iter().map(|sql| (sql, Vec::new())));
    steps
}

/// A default that is computed for each row. Constants and the time of the statement are kept once.
fn volatile(default: &str) -> bool {
    let constant = default.starts_with('\'') || default.parse::<f64>().is_ok();
    !constant && default.contains('(') && !matches!(default, "now()" | "transaction_timestamp()" | "statement_timestamp()")
}

/// From `old` to `new` in place. `fate` says what was torn down around it.
pub(super) fn alter(source: &Catalog, target: &Catalog, fate: &Fate, id: &ObjectId, old: &Column, new: &Column) -> Vec<Step> {
    let mut steps: Vec<Step> = Vec::new();
    let table = format!("{}.{}", id.schema, id.name);
    let switched = fate.switched.contains(id) && old.type_name == new.type_name;
    let retyped = old.type_name != new.type_name || old.collation != new.collation || switched;
    let undefaulted = fate.undefaulted.contains(id);
    let mut default = old.default.clone().filter(|_| !undefaulted);
    let plain = |sql: String| (sql, Vec::new());

    if old.generated.is_some() && new.generated.is_none() {
        steps.push(plain(column::alter(id, "DROP EXPRESSION")));
    }
    if old.identity.is_some() && new.identity.is_none() {
        if let (Some((to, _)), Some(identity)) = (own_sequence(source, id), &old.identity) {
            steps.push(plain(sequence::takes_over_identity(to, id, identity.sequence.start)));
        }
        steps.push(plain(column::alter(id, "DROP IDENTITY")));
    }
    if default.is_some()
        && (retyped || new.default.is_none())
        && !(retyped && widens(&old.type_name, &new.type_name) && default == new.default)
    {
        steps.push(plain(column::set_default(id, None)));
        default = None;
    }
    if retyped {
        let easy = !switched && old.collation == new.collation && widens(&old.type_name, &new.type_name);
        let using = (!easy)
            .then(|| if switched { through_text(id, &new.type_name) } else { column::cast(id, &old.type_name, &new.type_name) });
        let mut hazards = Vec::new();
        if !easy {
            hazards.push(hazard(
                HazardKind::RewritesTable,
                format!("Every row of {table} is written again while the table is locked."),
            ));
            hazards.push(hazard(
                HazardKind::MayFail,
                format!("A value of {} in {table} may not fit the type {}.", new.name, new.type_name),
            ));
        }
        steps.push((column::set_type(id, new, using.as_deref()), hazards));
    }
    if let (Some(text), false) = (&new.default, default == new.default) {
        steps.push(plain(column::set_default(id, Some(text))));
        if let Some((to, of)) =
            own_sequence(source, id).filter(|(to, _)| old.identity.is_none() && !target.objects.contains_key(*to))
        {
            steps.push(plain(sequence::past_the_rows(Some(to), id, &of.options)));
        }
    }
    if new.not_null && !old.not_null {
        let sentence = format!("Rows of {table} without a value for {} stop the promotion.", new.name);
        let locks = hazard(HazardKind::BlocksClients, format!("{table} is read in full while nobody else can use it."));
        steps.push((column::set_not_null(id, true), vec![hazard(HazardKind::MayFail, sentence), locks]));
    }
    steps.extend(identity(target, id, old, new).into_iter().map(plain));
    if old.not_null && !new.not_null {
        steps.push(plain(column::set_not_null(id, false)));
    }
    let reset = Column { storage: None, compression: None, ..old.clone() };
    let before = if retyped { &reset } else { old };
    steps.extend(column::settings(id, Some(before), new).into_iter().map(plain));
    steps
}

fn through_text(id: &ObjectId, type_name: &str) -> String {
    format!("{}::text::{type_name}", crate::catalog::ident::quote(&id.part))
}

fn identity(target: &Catalog, id: &ObjectId, old: &Column, new: &Column) -> Vec<String> {
    match (&old.identity, &new.identity) {
        (None, Some(identity)) => {
            let add = column::alter(id, &format!("ADD {}", column::generated_as_identity(identity)));
            match own_sequence(target, id) {
                Some((from, _)) if old.default.is_some() => {
                    vec![sequence::owned_by(from, None), add, sequence::identity_takes_over(id, from)]
                }
                _ => vec![add, sequence::past_the_rows(None, id, &identity.sequence)],
            }
        }
        (Some(before), Some(after)) if before != after => {
            let mut sets = Vec::new();
            if before.always != after.always {
                sets.push(format!("SET GENERATED {}", if after.always { "ALWAYS" } else { "BY DEFAULT" }));
            }
            if before.sequence != after.sequence {
                let options = sequence::options(&after.sequence);
                sets.extend(split_options(&options).into_iter().map(|option| format!("SET {option}")));
            }
            vec![column::alter(id, &sets.join(" "))]
        }
        _ => Vec::new(),
    }
}

/// `START WITH 1 INCREMENT BY 2 ...` as its single options.
fn split_options(text: &str) -> Vec<String> {
    let words: Vec<&str> = text.split(' ').collect();
    let mut options: Vec<String> = Vec::new();
    let starts = ["START", "INCREMENT", "MINVALUE", "MAXVALUE", "CACHE", "CYCLE", "NO"];
    for word in words {
        let continues = options.last().is_some_and(|last| last == "NO");
        match options.last_mut() {
            Some(last) if continues || !starts.contains(&word) => {
                last.push(' ');
                last.push_str(word);
            }
            _ => options.push(word.to_owned()),
        }
    }
    options
}
