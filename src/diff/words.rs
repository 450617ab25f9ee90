//! A change in words, for the preview, for drift and for the command line.

use super::{Action, Change, attributes, columns};
use crate::catalog::{Catalog, Column, Constraint, ConstraintType, Kind, Object, ObjectId, Table};

/// `12,400`.
pub fn number(n: u64) -> String {
    let digits = n.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// An object as people name it: "table public.merchants", "constraint merchants_pkey of public.merchants".
pub fn object(id: &ObjectId) -> String {
    let place = if id.schema.is_empty() { id.name.clone() } else { format!("{}.{}", id.schema, id.name) };
    match id.kind {
        Kind::Column | Kind::Constraint | Kind::Trigger | Kind::Policy | Kind::Rule => {
            format!("{} {} of {place}", kind(id.kind), id.part)
        }
        Kind::Function | Kind::Operator => format!("{} {place}({})", kind(id.kind), id.part),
        Kind::OperatorClass | Kind::OperatorFamily => format!("{} {place} for {}", kind(id.kind), id.part),
        Kind::Transform => format!("transform of {place} for {}", id.part),
        Kind::Privileges => format!("privileges of {} on the {}", id.part, id.name),
        Kind::DefaultPrivileges if id.schema.is_empty() => {
            format!("default privileges on {} of {}", id.part.to_lowercase(), id.name)
        }
        Kind::DefaultPrivileges => {
            format!("default privileges on {} of {} in schema {}", id.part.to_lowercase(), id.name, id.schema)
        }
        other => format!("{} {place}", kind(other)),
    }
}

pub fn kind(kind: Kind) -> &'static str {
    match kind {
        Kind::Schema => "schema",
        Kind::Extension => "extension",
        Kind::Collation => "collation",
        Kind::Enum => "enum",
        Kind::Domain => "domain",
        Kind::Composite => "composite type",
        Kind::Sequence => "sequence",
        Kind::Table => "table",
        Kind::Column => "column",
        Kind::Constraint => "constraint",
        Kind::Index => "index",
        Kind::View => "view",
        Kind::MaterializedView => "materialized view",
        Kind::Function => "function",
        Kind::Trigger => "trigger",
        Kind::Policy => "policy",
        Kind::Range => "range type",
        Kind::Base => "base type",
        Kind::Rule => "rule",
        Kind::EventTrigger => "event trigger",
        Kind::Statistics => "statistics object",
        Kind::Publication => "publication",
        Kind::ForeignDataWrapper => "foreign data wrapper",
        Kind::ForeignServer => "foreign server",
        Kind::ForeignTable => "foreign table",
        Kind::Operator => "operator",
        Kind::OperatorClass => "operator class",
        Kind::OperatorFamily => "operator family",
        Kind::Cast => "cast",
        Kind::Conversion => "conversion",
        Kind::TextSearchParser => "text search parser",
        Kind::TextSearchTemplate => "text search template",
        Kind::TextSearchDictionary => "text search dictionary",
        Kind::TextSearchConfiguration => "text search configuration",
        Kind::Transform => "transform",
        Kind::Language => "language",
        Kind::Privileges => "privileges",
        Kind::DefaultPrivileges => "default privileges",
    }
}

/// What the change does, one sentence each; never empty.
pub fn sentences(source: &Catalog, target: &Catalog, change: &Change) -> Vec<String> {
    let what = object(&change.id);
    match (change.action, target.objects.get(&change.id), source.objects.get(&change.id)) {
        (Action::Create, _, Some(after)) => vec![format!("Adds the {what}{}.", detail(after))],
        (Action::Drop, Some(before), _) => vec![format!("Removes the {what}{}.", detail(before))],
        (_, Some(Object::Table(before)), Some(Object::Table(after))) => table(&change.id, before, after),
        (_, Some(before), Some(after)) => match attributes::object(before, after).as_str() {
            "" => vec![format!("Changes the {what}.")],
            differing => vec![format!("Changes the {what}: {differing}.")],
        },
        _ => vec![format!("Changes the {what}.")],
    }
}

fn detail(object: &Object) -> String {
    match object {
        Object::Table(table) if table.columns.len() == 1 => " with one column".to_owned(),
        Object::Table(table) => format!(" with {} columns", table.columns.len()),
        Object::Enum(of) => format!(" with the values {}", of.labels.join(", ")),
        Object::Constraint(constraint) => format!(", a {}", constraint_kind(constraint)),
        Object::Privileges(of) => format!(": {}", attributes::grants(&of.grants)),
        Object::Index(index) if index.unique => ", a unique one".to_owned(),
        _ => String::new(),
    }
}

fn constraint_kind(constraint: &Constraint) -> String {
    let columns = constraint.columns.join(", ");
    match constraint.constraint_type {
        ConstraintType::PrimaryKey => format!("primary key over {columns}"),
        ConstraintType::Unique => format!("rule that {columns} is unique"),
        ConstraintType::Check => "rule that every row must keep".to_owned(),
        ConstraintType::Exclusion => "rule that no two rows conflict".to_owned(),
        ConstraintType::ForeignKey => match &constraint.references {
            Some(to) => format!("foreign key from {columns} to {}.{}", to.table.schema, to.table.name),
            None => format!("foreign key from {columns}"),
        },
    }
}

fn table(id: &ObjectId, before: &Table, after: &Table) -> Vec<String> {
    let name = format!("{}.{}", id.schema, id.name);
    let mut said: Vec<String> = columns(&before.columns, &after.columns)
        .into_iter()
        .filter_map(|pair| match pair {
            (None, Some(new)) => Some(format!("Adds the {} column {} to {name}.", column_kind(new), new.name)),
            (Some(old), None) => Some(format!("Removes the {} column {} from {name}.", old.type_name, old.name)),
            (Some(old), Some(new)) => {
                Some(format!("Changes the column {} of {name}: {}.", new.name, attributes::column(old, new)))
            }
            (None, None) => None,
        })
        .collect();
    let mut rest = before.clone();
    rest.columns.clone_from(&after.columns);
    if &rest != after {
        said.push(format!("Changes the table {name}: {}.", attributes::table(&rest, after)));
    }
    said
}

fn column_kind(column: &Column) -> String {
    let need = match (column.not_null, &column.default, &column.identity, &column.generated) {
        (_, _, _, Some(_)) => "generated",
        (_, _, Some(_), _) => "numbered",
        (true, None, None, None) => "required",
        (true, _, _, _) => "required (with a default)",
        (false, _, _, _) => "optional",
    };
    format!("{need} {}", column.type_name)
}
