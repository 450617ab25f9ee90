//! Objects of a catalog under other names, as PostgreSQL itself prints them after a rename.

use super::ddl::column;
use crate::catalog::{Column, Kind, Object, ObjectId, QName, rewrite};
use std::collections::BTreeSet;

/// Since PostgreSQL 18 NOT NULL has a name, which a rename of the table or column leaves as it is.
pub(super) const NAMES_NOT_NULL: u32 = 180_000;

pub(super) fn keep_not_null_names(object: &mut Object, table: &ObjectId, column: Option<&str>) {
    let Object::Table(of) = object else { return };
    // Names that are too long are cut: which one PostgreSQL chose is not known.
    let whole = |of: &Column| table.name.len() + of.name.len() <= 53;
    let own = |of: &&mut Column| of.local && of.not_null && of.not_null_constraint.is_none() && whole(of);
    for one in of.columns.iter_mut().filter(own).filter(|of| column.is_none_or(|name| of.name == name)) {
        one.not_null_constraint = Some(Box::new(column::plain_not_null(&ObjectId::column(table, &one.name))));
    }
}

/// Everything that PostgreSQL itself prints with the new name. Views and bodies are left: they are made again, which is always right.
pub(super) fn retitle(object: &mut Object, from: &QName, to: &QName) {
    let title = |name: &mut QName| {
        if name == from {
            name.clone_from(to);
        }
    };
    let text = |text: &mut String| *text = rewrite::qualified(text, from, to);
    match object {
        Object::Table(table) => {
            table.partition_of.iter_mut().for_each(|of| title(&mut of.parent));
            table.inherits.iter_mut().for_each(title);
            for column in &mut table.columns {
                text(&mut column.type_name);
                column.default.iter_mut().for_each(text);
                column.generated.iter_mut().for_each(|of| text(&mut of.expression));
            }
        }
        Object::Constraint(of) => {
            text(&mut of.definition);
            of.references.iter_mut().for_each(|to| title(&mut to.table));
        }
        Object::Index(of) => {
            title(&mut of.table);
            text(&mut of.definition);
        }
        Object::Sequence(of) => of.owned_by.iter_mut().for_each(|by| title(&mut by.table)),
        Object::Trigger(of) => {
            text(&mut of.definition);
            of.function.part = rewrite::qualified(&of.function.part, from, to);
        }
        Object::Policy(of) => of.using.iter_mut().chain(&mut of.check).for_each(text),
        Object::Plain(of) => of.statements.iter_mut().for_each(text),
        _ => {}
    }
}

/// The same for a column of `tables`; `own` when the object is one of them.
pub(super) fn recolumn(object: &mut Object, own: bool, tables: &BTreeSet<ObjectId>, from: &str, to: &str) {
    let rename = |name: &mut String| {
        if name == from {
            to.clone_into(name);
        }
    };
    let text = |text: &mut String| *text = rewrite::bare(text, from, to);
    match object {
        Object::Table(table) if own => {
            table.partition_key.iter_mut().for_each(text);
            for column in &mut table.columns {
                rename(&mut column.name);
                column.generated.iter_mut().for_each(|of| text(&mut of.expression));
            }
        }
        Object::Constraint(of) => {
            text(&mut of.definition);
            of.columns.iter_mut().for_each(rename);
            for other in of.references.iter_mut().filter(|to| tables.contains(&ObjectId::table(&to.table))) {
                other.columns.iter_mut().for_each(rename);
            }
        }
        Object::Index(of) => {
            if let Some((head, rest)) = of.definition.split_once(" USING ") {
                of.definition = format!("{head} USING {}", rewrite::bare(rest, from, to));
            }
        }
        Object::Trigger(of) => text(&mut of.definition),
        Object::Policy(of) => of.using.iter_mut().chain(&mut of.check).for_each(text),
        Object::Sequence(of) => of.owned_by.iter_mut().for_each(|by| rename(&mut by.column)),
        Object::Plain(of) => of.statements.iter_mut().for_each(text),
        _ => {}
    }
}

pub(super) fn reindex(object: &mut Object, from: &str, to: &str) {
    if let Object::Index(of) = object
        && let Some((head, rest)) = of.definition.split_once(" ON ")
    {
        of.definition = format!("{} ON {rest}", rewrite::bare(head, from, to));
    }
}

/// The index of a renamed constraint, or a renamed index, in a special role of its table.
pub(super) fn reidentify(object: &mut Object, old: &ObjectId, new: &ObjectId) {
    let Object::Table(table) = object else { return };
    let (before, after) = if old.kind == Kind::Constraint { (&old.part, &new.part) } else { (&old.name, &new.name) };
    if table.clustered_on.as_ref() == Some(before) {
        table.clustered_on = Some(after.clone());
    }
    if table.replica_identity == format!("INDEX {before}") {
        table.replica_identity = format!("INDEX {after}");
    }
}
