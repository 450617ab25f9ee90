//! Questions to the values of a column: would they fit its new type?

use super::check::{converted, duplicates, rows, tried};
use super::column;
use crate::catalog::ident::{self, literal, quote};
use crate::catalog::{Catalog, Column, DomainCheck, Enum, Index, Object, ObjectId, rewrite};
use crate::plan::Check;

/// PostgreSQL 16 says itself whether a text can be read as a type.
const READS_TYPES: u32 = 160_000;

/// Values that cannot be turned into the new type. None where all fit, or where only PostgreSQL itself can tell.
pub fn fits(source: &Catalog, target: &Catalog, id: &ObjectId, old: &Column, new: &Column) -> Option<Check> {
    let column = format!("t.{}", quote(&id.part));
    let question = length(&column, old, new)
        .or_else(|| range(&column, old, new))
        .or_else(|| label(source, &column, old, new))
        .map(Question::Condition)
        .or_else(|| unreadable(source, target, id, old, new))?;
    let expects = format!("Every value of {} in {}.{} fits the type {}.", id.part, id.schema, id.name, new.type_name);
    let way_out = format!("Change the values of {} that do not fit in the target, or choose a type that holds them.", id.part);
    Some(match question {
        Question::Condition(condition) => rows(target, &id.owner(), &condition, id, expects, way_out),
        Question::Tried { value, type_name } => tried(target, id, &value, &type_name, expects, way_out),
    })
}

enum Question {
    /// True for a row that does not fit.
    Condition(String),
    /// Only an attempt tells.
    Tried { value: String, type_name: String },
}

/// Equal values that a unique index would refuse. None for operator classes and collations of its own: only PostgreSQL itself can tell.
pub fn unique_index(source: &Catalog, target: &Catalog, id: &ObjectId, index: &Index) -> Option<Check> {
    let (_, rest) = index.definition.split_once(" USING btree (")?;
    let (elements, end) = elements(rest)?;
    let expressions = elements.iter().map(|element| key(element)).collect::<Option<Vec<&str>>>()?;
    let tail = rest.get(end..)?;
    let predicate = match tail.split_once(" WHERE ") {
        Some((before, predicate)) if !before.contains(" NULLS NOT DISTINCT") => predicate.to_owned(),
        None if !tail.contains(" NULLS NOT DISTINCT") => "true".to_owned(),
        _ => return None,
    };
    let table = ObjectId::table(&index.table);
    Some(duplicates(&converted(source, target, &table), id, &table, &expressions, &predicate))
}

/// What an element of an index is made of, without its direction.
fn key(element: &str) -> Option<&str> {
    let end = [" DESC NULLS LAST", " NULLS FIRST", " DESC"].iter().find_map(|end| element.strip_suffix(end));
    let bare = end.unwrap_or(element);
    let whole =
        bare.starts_with('(') || bare.ends_with(')') || bare.starts_with('"') && bare.ends_with('"') || !bare.contains(' ');
    (whole && !bare.contains(" COLLATE ")).then_some(bare)
}

/// What stands between commas, up to the closing parenthesis; and where that one ends.
fn elements(text: &str) -> Option<(Vec<&str>, usize)> {
    let (mut found, mut depth, mut start, mut quoted) = (Vec::new(), 0_u32, 0, None);
    for (at, letter) in text.char_indices() {
        match (quoted, letter) {
            (Some(quote), letter) if letter == quote => quoted = None,
            (Some(_), _) => {}
            (None, '\'' | '"') => quoted = Some(letter),
            (None, '(') => depth += 1,
            (None, ')') if depth == 0 => {
                found.push(text.get(start..at)?);
                return Some((found, at + 1));
            }
            (None, ')') => depth -= 1,
            (None, ',') if depth == 0 => {
                found.push(text.get(start..at)?);
                start = at + 2;
            }
            _ => {}
        }
    }
    None
}

/// What a domain demands of the values of a column. None when it does not demand it of those that are there.
pub fn domain_rule(target: &Catalog, id: &ObjectId, rule: &DomainCheck) -> Option<Check> {
    let expression = rule.definition.strip_prefix("CHECK ").filter(|text| !text.ends_with(" NOT VALID"))?;
    let condition = rewrite::value(expression, &format!("t.{}", quote(&id.part)));
    Some(rows(
        target,
        &id.owner(),
        &format!("NOT {condition}"),
        id,
        format!("Every value of {} in {}.{} keeps the rule {} of its domain.", id.part, id.schema, id.name, rule.name),
        "Change the values that break the rule in the target.".to_owned(),
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

/// The target has the type already, as it will be.
pub fn is_known(source: &Catalog, target: &Catalog, type_name: &str) -> bool {
    let Some(name) = ident::parse(type_name.trim_end_matches("[]")) else { return true };
    let mut found = target.objects.iter().filter(|(id, _)| id.qname() == name).peekable();
    found.peek().is_some() && found.all(|(id, object)| source.objects.get(id) == Some(object))
}

/// Values go from one type to another by way of text. None where the target does not know the new type yet.
fn unreadable(source: &Catalog, target: &Catalog, id: &ObjectId, old: &Column, new: &Column) -> Option<Question> {
    if !is_known(source, target, &new.type_name) || !column::goes_through_text(&old.type_name, &new.type_name) {
        return None;
    }
    let value = format!("t.{}::text", quote(&id.part));
    Some(match target.server_version >= READS_TYPES {
        true => Question::Condition(format!("NOT pg_catalog.pg_input_is_valid({value}, {})", literal(&new.type_name))),
        false => Question::Tried { value, type_name: new.type_name.clone() },
    })
}
