//! Questions to the values of a column: would they fit its new type?

use super::check::rows;
use crate::catalog::ident::{self, literal, quote};
use crate::catalog::{Catalog, Column, Enum, Object, ObjectId};
use crate::plan::Check;

/// PostgreSQL 16 says itself whether a text can be read as a type.
const READS_TYPES: u32 = 160_000;

/// Values that cannot be turned into the new type. None where all fit, or where only PostgreSQL itself can tell.
pub fn fits(source: &Catalog, target: &Catalog, id: &ObjectId, old: &Column, new: &Column) -> Option<Check> {
    let column = format!("t.{}", quote(&id.part));
    let condition = length(&column, old, new)
        .or_else(|| range(&column, old, new))
        .or_else(|| label(source, &column, old, new))
        .or_else(|| unreadable(target.server_version, &column, old, new))?;
    Some(rows(
        target,
        &id.owner(),
        &condition,
        id,
        format!("Every value of {} in {}.{} fits the type {}.", id.part, id.schema, id.name, new.type_name),
        format!("Change the values of {} that do not fit in the target, or choose a type that holds them.", id.part),
    ))
}

/// Values of an enum that go while rows have them.
pub fn labels_in_use(target: &Catalog, id: &ObjectId, column: &Column, gone: &[&String]) -> Check {
    let list: Vec<String> = gone.iter().map(|label| literal(label)).collect();
    let name = format!("t.{}", quote(&id.part));
    let condition = match column.type_name.ends_with("[]") {
        true => format!("{name}::text[] && ARRAY[{}]", list.join(", ")),
        false => format!("{name}::text IN ({})", list.join(", ")),
    };
    let told: Vec<&str> = gone.iter().map(|label| label.as_str()).collect();
    rows(
        target,
        &id.owner(),
        &condition,
        id,
        format!("No row of {}.{} has {} in {}.", id.schema, id.name, told.join(" or "), id.part),
        "Give these rows another value in the target first.".to_owned(),
    )
}

fn split(type_name: &str) -> (&str, Vec<i64>) {
    match type_name.split_once('(') {
        Some((base, rest)) if rest.ends_with(')') => {
            (base, rest.trim_end_matches(')').split(',').filter_map(|n| n.trim().parse().ok()).collect())
        }
        _ => (type_name, Vec::new()),
    }
}

/// Spaces at the end are cut without an error.
fn length(column: &str, old: &Column, new: &Column) -> Option<String> {
    let ((from, _), (to, limit)) = (split(&old.type_name), split(&new.type_name));
    let text = |name: &str| matches!(name, "text" | "character varying" | "character");
    let limit = *limit.first().filter(|_| text(from) && text(to))?;
    Some(format!("pg_catalog.char_length(pg_catalog.rtrim({column}::text, ' ')) > {limit}"))
}

fn range(column: &str, old: &Column, new: &Column) -> Option<String> {
    let ((from, _), (to, size)) = (split(&old.type_name), split(&new.type_name));
    let numbers = ["smallint", "integer", "bigint", "numeric", "real", "double precision"];
    if !numbers.contains(&from) {
        return None;
    }
    let between = |least: &str, most: &str| Some(format!("pg_catalog.round({column}::numeric) NOT BETWEEN {least} AND {most}"));
    match (to, size.as_slice()) {
        ("smallint", _) => between("-32768", "32767"),
        ("integer", _) => between("-2147483648", "2147483647"),
        ("bigint", _) => between("-9223372036854775808", "9223372036854775807"),
        ("numeric", [precision, rest @ ..]) => {
            let scale = rest.first().copied().unwrap_or(0);
            Some(format!("pg_catalog.abs(pg_catalog.round({column}::numeric, {scale})) >= 10::numeric ^ {}", precision - scale))
        }
        _ => None,
    }
}

/// An enum takes its own labels only.
fn label(source: &Catalog, column: &str, old: &Column, new: &Column) -> Option<String> {
    let of = enum_named(source, &new.type_name)?;
    let list: Vec<String> = of.labels.iter().map(|label| literal(label)).collect();
    (old.type_name != new.type_name && !list.is_empty()).then(|| format!("{column}::text NOT IN ({})", list.join(", ")))
}

fn enum_named<'a>(catalog: &'a Catalog, type_name: &str) -> Option<&'a Enum> {
    let name = ident::parse(type_name)?;
    catalog.objects.iter().find_map(|(id, object)| match object {
        Object::Enum(of) if id.qname() == name => Some(of),
        _ => None,
    })
}

/// Values go from one type to another by way of text.
fn unreadable(server_version: u32, column: &str, old: &Column, new: &Column) -> Option<String> {
    let ((from, _), (to, _)) = (split(&old.type_name), split(&new.type_name));
    if !matches!(from, "text" | "character varying" | "character") || from == to {
        return None;
    }
    let form = match to {
        "smallint" | "integer" | "bigint" => r"^\s*[-+]?\d+\s*$",
        "uuid" => r"^\s*\{?[0-9a-fA-F]{4}(-?[0-9a-fA-F]{4}){7}\}?\s*$",
        "numeric" => r"^\s*[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?\s*$|^\s*(NaN|[-+]?inf(inity)?)\s*$",
        _ if new.type_name.contains('.') => return None,
        _ if server_version < READS_TYPES => return None,
        _ => "",
    };
    Some(match server_version >= READS_TYPES {
        true => format!("NOT pg_catalog.pg_input_is_valid({column}::text, {})", literal(&new.type_name)),
        false => format!("{column}::text !~* {}", literal(form)),
    })
}
