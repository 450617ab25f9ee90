//! A change in words, for the preview, for drift and for the command line.

use super::{Action, Change, columns};
use crate::catalog::{Catalog, Column, Constraint, ConstraintType, Kind, Object, ObjectId, Table, View};

/// An object as people name it: "table public.merchants", "constraint merchants_pkey of public.merchants".
pub fn object(id: &ObjectId) -> String {
    let place = if id.schema.is_empty() { id.name.clone() } else { format!("{}.{}", id.schema, id.name) };
    match id.kind {
        Kind::Column | Kind::Constraint | Kind::Trigger | Kind::Policy => format!("{} {} of {place}", kind(id.kind), id.part),
        Kind::Function => format!("function {place}({})", id.part),
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
    }
}

/// What the change does, one sentence each; never empty.
pub fn sentences(source: &Catalog, target: &Catalog, change: &Change) -> Vec<String> {
    let what = object(&change.id);
    match (change.action, target.objects.get(&change.id), source.objects.get(&change.id)) {
        (Action::Create, _, Some(after)) => vec![format!("Adds the {what}{}.", detail(after))],
        (Action::Drop, Some(before), _) => vec![format!("Removes the {what}{}.", detail(before))],
        (_, Some(Object::Table(before)), Some(Object::Table(after))) => table(&change.id, before, after),
        (_, Some(before), Some(after)) => vec![format!("Changes the {what}: {}.", attributes(before, after))],
        _ => vec![format!("Changes the {what}.")],
    }
}

fn detail(object: &Object) -> String {
    match object {
        Object::Table(table) if table.columns.len() == 1 => " with one column".to_owned(),
        Object::Table(table) => format!(" with {} columns", table.columns.len()),
        Object::Enum(of) => format!(" with the values {}", of.labels.join(", ")),
        Object::Constraint(constraint) => format!(", a {}", constraint_kind(constraint)),
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
            (Some(old), Some(new)) => Some(format!("Changes the column {} of {name}: {}.", new.name, column(old, new))),
            (None, None) => None,
        })
        .collect();
    let mut rest = before.clone();
    rest.columns.clone_from(&after.columns);
    if &rest != after {
        said.push(format!("Changes the table {name}: {}.", table_attributes(&rest, after)));
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

/// Pairs of name, before and after; what is equal is left out.
fn differing<const N: usize>(pairs: [(&str, String, String); N]) -> String {
    let differ: Vec<String> = pairs
        .into_iter()
        .filter(|(_, a, b)| a != b)
        .map(|(name, a, b)| format!("{name} from {} to {}", shown(&a), shown(&b)))
        .collect();
    differ.join(", ")
}

fn shown(text: &str) -> String {
    match text {
        "" => "none".to_owned(),
        text if text.chars().count() > 80 => format!("{}…", text.chars().take(79).collect::<String>()),
        text => text.to_owned(),
    }
}

fn debug<T: serde::Serialize>(value: &Option<T>) -> String {
    value.as_ref().and_then(|value| serde_json::to_string(value).ok()).unwrap_or_default()
}

fn text(value: &Option<String>) -> String {
    value.clone().unwrap_or_default()
}

fn column(old: &Column, new: &Column) -> String {
    let required = |column: &Column| if column.not_null { "required" } else { "optional" }.to_owned();
    differing([
        ("type", old.type_name.clone(), new.type_name.clone()),
        ("collation", debug(&old.collation), debug(&new.collation)),
        ("values", required(old), required(new)),
        ("default", text(&old.default), text(&new.default)),
        ("identity", debug(&old.identity), debug(&new.identity)),
        ("expression", debug(&old.generated), debug(&new.generated)),
        ("storage", text(&old.storage), text(&new.storage)),
        ("compression", text(&old.compression), text(&new.compression)),
        ("statistics target", debug(&old.statistics), debug(&new.statistics)),
        ("definition", place(old), place(new)),
        ("comment", text(&old.comment), text(&new.comment)),
    ])
}

fn place(column: &Column) -> String {
    if column.local { "its own" } else { "inherited" }.to_owned()
}

fn table_attributes(before: &Table, after: &Table) -> String {
    let yes = |flag: bool| if flag { "yes" } else { "no" }.to_owned();
    let parents = |table: &Table| table.inherits.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
    differing([
        ("unlogged", yes(before.unlogged), yes(after.unlogged)),
        ("partition key", text(&before.partition_key), text(&after.partition_key)),
        ("partition", debug(&before.partition_of), debug(&after.partition_of)),
        ("parents", parents(before), parents(after)),
        ("options", before.options.join(", "), after.options.join(", ")),
        ("row security", yes(before.row_security), yes(after.row_security)),
        ("forced row security", yes(before.force_row_security), yes(after.force_row_security)),
        ("replica identity", before.replica_identity.clone(), after.replica_identity.clone()),
        ("clustered on", text(&before.clustered_on), text(&after.clustered_on)),
        ("comment", text(&before.comment), text(&after.comment)),
    ])
}

/// Of objects other than tables: whatever differs, by the names of the attributes.
fn attributes(before: &Object, after: &Object) -> String {
    if let (Object::Enum(a), Object::Enum(b)) = (before, after) {
        return differing([
            ("values", a.labels.join(", "), b.labels.join(", ")),
            ("comment", text(&a.comment), text(&b.comment)),
        ]);
    }
    if let (Object::View(a), Object::View(b)) = (before, after) {
        return view(a, b);
    }
    let as_map = |object: &Object| match serde_json::to_value(object) {
        Ok(serde_json::Value::Object(map)) => map,
        _ => serde_json::Map::new(),
    };
    let (a, b) = (as_map(before), as_map(after));
    let plain =
        |value: &serde_json::Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned).replace("null", "none");
    let differ: Vec<String> = b
        .iter()
        .filter(|(name, value)| a.get(*name) != Some(value))
        .map(|(name, value)| {
            let was = a.get(name).map(&plain).unwrap_or_default();
            format!("{} from {} to {}", name.replace('_', " "), shown(&was), shown(&plain(value)))
        })
        .collect();
    differ.join(", ")
}

fn view(a: &View, b: &View) -> String {
    let columns = |view: &View| view.columns.iter().map(|c| format!("{} {}", c.name, c.type_name)).collect::<Vec<_>>().join(", ");
    let rest = |view: &View| debug(&Some(view.columns.iter().map(|c| (&c.default, &c.comment)).collect::<Vec<_>>()));
    let said = differing([
        ("columns", columns(a), columns(b)),
        ("options", a.options.join(", "), b.options.join(", ")),
        ("comment", text(&a.comment), text(&b.comment)),
        ("defaults and comments of columns", rest(a), rest(b)),
    ]);
    match (a.query != b.query, said.is_empty()) {
        (true, true) => "its query".to_owned(),
        (true, false) => format!("its query, {said}"),
        (false, _) => said,
    }
}
