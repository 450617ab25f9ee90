//! The only printers of DDL, one file per kind, the same verbs in each: create, drop, alter. One statement, no closing semicolon.

pub mod check;
pub mod check_values;
pub mod column;
pub mod constraint;
pub mod extension;
pub mod foreign;
pub mod function;
pub mod grants;
pub mod index;
pub mod locks;
pub mod outside;
pub mod policy;
pub mod privileges;
pub mod schema;
pub mod sequence;
pub mod table;
pub mod trigger;
pub mod types;
pub mod view;

use crate::catalog::ident::{literal, quote};
use crate::catalog::{Catalog, FunctionType, Kind, Object, ObjectId};

/// `schema.name`, quoted.
pub fn name(id: &ObjectId) -> String {
    id.qname().to_string()
}

/// Everything that makes `id` as it is in `catalog`, with its comments; tables without their constraints, indexes and triggers.
pub fn create(catalog: &Catalog, id: &ObjectId) -> Vec<String> {
    let Some(object) = catalog.objects.get(id) else { return Vec::new() };
    let mut statements = match object {
        Object::Schema(_) => vec![schema::create(id)],
        Object::Extension(extension) => vec![extension::create(id, extension)],
        Object::Collation(collation) => vec![types::create_collation(id, collation)],
        Object::Enum(of) => vec![types::create_enum(id, of)],
        Object::Domain(domain) => types::create_domain(id, domain),
        Object::Composite(composite) => vec![types::create_composite(id, composite)],
        Object::Sequence(of) => vec![sequence::create(id, of)],
        Object::Table(of) => table::create(id, of, &|_| true),
        Object::Constraint(of) => vec![constraint::add(id, of)],
        Object::Index(of) => index::create(id, of),
        Object::View(of) => view::create(id, of),
        Object::Function(of) => vec![function::create(of)],
        Object::Trigger(of) => trigger::create(catalog, id, of),
        Object::Policy(of) => vec![policy::create(id, of)],
        Object::Range(of) => vec![types::create_range(id, of)],
        Object::ForeignDataWrapper(of) => vec![foreign::create_wrapper(id, of)],
        Object::ForeignServer(of) => vec![foreign::create_server(id, of)],
        Object::Plain(of) => of.statements.clone(),
        Object::Privileges(of) => match privileges::subject(catalog, &of.on) {
            Some(subject) => privileges::change("", &format!("ON {subject}"), &id.part, &[], &of.grants),
            None => Vec::new(),
        },
        Object::DefaultPrivileges(of) => of
            .grants
            .iter()
            .flat_map(|to| privileges::by_default(id, &to.grantee, &[], std::slice::from_ref(&to.grant)))
            .collect(),
    };
    statements.extend(comments(catalog, id, object));
    statements
}

pub fn drop(catalog: &Catalog, id: &ObjectId) -> String {
    match id.kind {
        Kind::Constraint => constraint::drop(id),
        Kind::Column => column::drop(id),
        // It goes with the functions that read and write it: they need each other.
        Kind::Base => format!("DROP {} CASCADE", subject(catalog, id)),
        _ => format!("DROP {}", subject(catalog, id)),
    }
}

/// A block of PL/pgSQL, quoted by a tag that it does not hold.
pub fn do_block(body: &str) -> String {
    let mut tag = "$lockstep$".to_owned();
    while body.contains(&tag) {
        tag.insert(tag.len() - 1, '_');
    }
    format!("DO {tag}\n{body}\n{tag}")
}

/// How `COMMENT ON` and `DROP` name the object.
fn subject(catalog: &Catalog, id: &ObjectId) -> String {
    let (qualified, part) = (name(id), quote(&id.part));
    match id.kind {
        Kind::Schema => format!("SCHEMA {}", quote(&id.name)),
        Kind::Extension => format!("EXTENSION {}", quote(&id.name)),
        Kind::Collation => format!("COLLATION {qualified}"),
        Kind::Enum | Kind::Composite | Kind::Range | Kind::Base => format!("TYPE {qualified}"),
        Kind::Domain => format!("DOMAIN {qualified}"),
        Kind::Sequence => format!("SEQUENCE {qualified}"),
        Kind::Table => format!("TABLE {qualified}"),
        Kind::Column => format!("COLUMN {qualified}.{part}"),
        Kind::Constraint => format!("CONSTRAINT {part} ON {qualified}"),
        Kind::Index => format!("INDEX {qualified}"),
        Kind::View => format!("VIEW {qualified}"),
        Kind::MaterializedView => format!("MATERIALIZED VIEW {qualified}"),
        Kind::Trigger => format!("TRIGGER {part} ON {qualified}"),
        Kind::Policy => format!("POLICY {part} ON {qualified}"),
        Kind::Rule => format!("RULE {part} ON {qualified}"),
        Kind::Function => match catalog.objects.get(id) {
            Some(Object::Function(of)) => format!("{} {}", function::word(of.function_type), function::signature(id, of)),
            _ => format!("FUNCTION {qualified}({})", id.part),
        },
        Kind::EventTrigger => format!("EVENT TRIGGER {}", quote(&id.name)),
        Kind::Statistics => format!("STATISTICS {qualified}"),
        Kind::Publication => format!("PUBLICATION {}", quote(&id.name)),
        Kind::ForeignDataWrapper => format!("FOREIGN DATA WRAPPER {}", quote(&id.name)),
        Kind::ForeignServer => format!("SERVER {}", quote(&id.name)),
        Kind::ForeignTable => format!("FOREIGN TABLE {qualified}"),
        Kind::Operator => format!("OPERATOR {}.{} ({})", quote(&id.schema), id.name, id.part),
        Kind::OperatorClass => format!("OPERATOR CLASS {qualified} USING {part}"),
        Kind::OperatorFamily => format!("OPERATOR FAMILY {qualified} USING {part}"),
        Kind::Cast => format!("CAST ({})", id.name),
        Kind::Conversion => format!("CONVERSION {qualified}"),
        Kind::TextSearchParser => format!("TEXT SEARCH PARSER {qualified}"),
        Kind::TextSearchTemplate => format!("TEXT SEARCH TEMPLATE {qualified}"),
        Kind::TextSearchDictionary => format!("TEXT SEARCH DICTIONARY {qualified}"),
        Kind::TextSearchConfiguration => format!("TEXT SEARCH CONFIGURATION {qualified}"),
        Kind::Transform => format!("TRANSFORM FOR {} LANGUAGE {part}", id.name),
        Kind::Language => format!("LANGUAGE {}", quote(&id.name)),
        // They have no comment, and nobody drops them: they are given and taken.
        Kind::Privileges | Kind::DefaultPrivileges => String::new(),
    }
}

pub fn comment(catalog: &Catalog, id: &ObjectId, text: Option<&str>) -> String {
    comment_on(&subject(catalog, id), text)
}

pub fn comment_on(subject: &str, text: Option<&str>) -> String {
    match text {
        Some(text) => format!("COMMENT ON {subject} IS {}", literal(text)),
        None => format!("COMMENT ON {subject} IS NULL"),
    }
}

/// The comments of an object and its parts, as far as there are any.
pub fn comments(catalog: &Catalog, id: &ObjectId, object: &Object) -> Vec<String> {
    let own = object.comment().map(|text| comment(catalog, id, Some(text)));
    own.into_iter()
        .chain(part_comments(id, object).into_iter().filter_map(|(of, text)| Some(comment_on(&of, Some(text?)))))
        .collect()
}

/// The parts of an object that may have a comment, as `COMMENT ON` names them, with the comment.
pub fn part_comments<'a>(id: &ObjectId, object: &'a Object) -> Vec<(String, Option<&'a str>)> {
    let column = |part: &str| format!("COLUMN {}.{}", name(id), quote(part));
    match object {
        Object::Table(table) => table.columns.iter().map(|c| (column(&c.name), c.comment.as_deref())).collect(),
        Object::View(view) => view.columns.iter().map(|c| (column(&c.name), c.comment.as_deref())).collect(),
        Object::Composite(of) => of.attributes.iter().map(|a| (column(&a.name), a.comment.as_deref())).collect(),
        Object::Domain(domain) => domain
            .checks
            .iter()
            .map(|check| (format!("CONSTRAINT {} ON DOMAIN {}", quote(&check.name), name(id)), check.comment.as_deref()))
            .collect(),
        _ => Vec::new(),
    }
}

/// Whether `CREATE OR REPLACE` serves for a function: not when its names, defaults or result change.
pub fn replaceable(before: &crate::catalog::Function, after: &crate::catalog::Function) -> bool {
    before.function_type == after.function_type
        && before.result == after.result
        && before.arguments == after.arguments
        && !matches!(before.function_type, FunctionType::Window | FunctionType::Aggregate)
}
