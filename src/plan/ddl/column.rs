//! Columns of tables.

use super::{comment_on, constraint, name, sequence, table};
use crate::catalog::ident::quote;
use crate::catalog::{Column, Composite, Identity, Kind, NotNull, ObjectId};

/// A column as `CREATE TABLE` and `ADD COLUMN` take it. `with_default` is false when the default is set later.
pub fn define(column: &Column, with_default: bool) -> String {
    let mut text = format!("{} {}", quote(&column.name), column.type_name);
    if let Some(collation) = &column.collation {
        text.push_str(&format!(" COLLATE {collation}"));
    }
    if let Some(generated) = &column.generated {
        let kind = if generated.stored { "STORED" } else { "VIRTUAL" };
        text.push_str(&format!(" GENERATED ALWAYS AS ({}) {kind}", generated.expression));
    }
    if let Some(identity) = &column.identity {
        text.push_str(&format!(" {}", generated_as_identity(identity)));
    }
    if let (Some(default), true) = (&column.default, with_default) {
        text.push_str(&format!(" DEFAULT {default}"));
    }
    if column.not_null {
        match &column.not_null_constraint {
            None => text.push_str(" NOT NULL"),
            Some(of) if of.validated => text.push_str(&format!(" CONSTRAINT {} NOT NULL{}", quote(&of.name), inherits(of))),
            Some(_) => {}
        }
    }
    text
}

fn inherits(of: &NotNull) -> &'static str {
    if of.no_inherit { " NO INHERIT" } else { "" }
}

fn generated_as_identity(identity: &Identity) -> String {
    format!("GENERATED {} AS IDENTITY ({})", when(identity), sequence::options(&identity.sequence))
}

fn when(identity: &Identity) -> &'static str {
    if identity.always { "ALWAYS" } else { "BY DEFAULT" }
}

pub fn add_identity(id: &ObjectId, identity: &Identity) -> String {
    alter(id, &format!("ADD {}", generated_as_identity(identity)))
}

/// One of the actions that `alter` joins.
pub fn set_generated(identity: &Identity) -> String {
    format!("SET GENERATED {}", when(identity))
}

pub fn drop_identity(id: &ObjectId) -> String {
    alter(id, "DROP IDENTITY")
}

pub fn drop_expression(id: &ObjectId) -> String {
    alter(id, "DROP EXPRESSION")
}

/// `ALTER TABLE ... ALTER COLUMN ... `, to be completed.
pub fn alter(id: &ObjectId, action: &str) -> String {
    format!("ALTER TABLE {} ALTER COLUMN {} {action}", name(id), quote(&id.part))
}

pub fn add(id: &ObjectId, column: &Column, with_default: bool) -> String {
    format!("ALTER TABLE {} ADD COLUMN {}", name(id), define(column, with_default))
}

pub fn rename(id: &ObjectId, to: &str) -> String {
    format!("ALTER TABLE {} RENAME COLUMN {} TO {}", name(id), quote(&id.part), quote(to))
}

pub fn drop(id: &ObjectId) -> String {
    format!("ALTER TABLE {} DROP COLUMN {}", name(id), quote(&id.part))
}

/// Of this table alone: partitions and children have defaults of their own.
fn alter_only(id: &ObjectId, action: &str) -> String {
    format!("ALTER TABLE ONLY {} ALTER COLUMN {} {action}", name(id), quote(&id.part))
}

pub fn set_default(id: &ObjectId, default: Option<&str>) -> String {
    match default {
        Some(default) => alter_only(id, &format!("SET DEFAULT {default}")),
        None => alter_only(id, "DROP DEFAULT"),
    }
}

/// Of this table and of all below it.
pub fn drop_default_below(id: &ObjectId) -> String {
    alter(id, "DROP DEFAULT")
}

/// The rows that are there get the new default.
pub fn fill(id: &ObjectId) -> String {
    format!("UPDATE {} SET {} = DEFAULT", name(id), quote(&id.part))
}

pub fn set_not_null(id: &ObjectId, not_null: bool) -> String {
    alter(id, if not_null { "SET NOT NULL" } else { "DROP NOT NULL" })
}

/// The column gets its NOT NULL, whatever there is to say of it.
pub fn require(id: &ObjectId, column: &Column) -> Vec<String> {
    match &column.not_null_constraint {
        None => vec![set_not_null(id, true)],
        Some(of) => std::iter::once(add_not_null(id, of)).chain(describe_not_null(id, None, of)).collect(),
    }
}

/// Whether children of the column's table have it required, too.
pub fn requires_below(column: &Column) -> bool {
    column.not_null && column.not_null_constraint.as_ref().is_none_or(|of| !of.no_inherit)
}

fn add_not_null(id: &ObjectId, of: &NotNull) -> String {
    let valid = if of.validated { "" } else { " NOT VALID" };
    format!("ALTER TABLE {} ADD CONSTRAINT {} NOT NULL {}{}{valid}", name(id), quote(&of.name), quote(&id.part), inherits(of))
}

fn describe_not_null(id: &ObjectId, before: Option<&NotNull>, after: &NotNull) -> Option<String> {
    let was = before.and_then(|of| of.comment.as_deref());
    let subject = format!("CONSTRAINT {} ON {}", quote(&after.name), name(id));
    (was != after.comment.as_deref()).then(|| comment_on(&subject, after.comment.as_deref()))
}

/// What PostgreSQL makes of NOT NULL when nobody says more.
pub fn plain_not_null(id: &ObjectId) -> NotNull {
    NotNull { name: format!("{}_{}_not_null", id.name, id.part), no_inherit: false, validated: true, comment: None }
}

/// The constraint behind a column that stays required.
pub fn alter_not_null(id: &ObjectId, before: &Column, after: &Column) -> Vec<String> {
    let of = |column: &Column| column.not_null_constraint.as_deref().cloned().unwrap_or_else(|| plain_not_null(id));
    let (before, after) = (of(before), of(after));
    let named = format!("ALTER TABLE {} ALTER CONSTRAINT {}", name(id), quote(&after.name));
    let constraint = |name: &str| ObjectId { kind: Kind::Constraint, part: name.to_owned(), ..id.clone() };
    if before.validated && !after.validated {
        let anew = [constraint::drop(&constraint(&before.name)), add_not_null(id, &after)];
        return anew.into_iter().chain(describe_not_null(id, None, &after)).collect();
    }
    let mut statements = Vec::new();
    if before.name != after.name {
        statements.push(constraint::rename(&constraint(&before.name), &after.name));
    }
    if before.validated != after.validated {
        statements.push(constraint::validate(&constraint(&after.name)));
    }
    if before.no_inherit != after.no_inherit {
        statements.push(format!("{named} {}", if after.no_inherit { "NO INHERIT" } else { "INHERIT" }));
    }
    statements.extend(describe_not_null(id, Some(&before), &after));
    statements
}

pub fn set_type(id: &ObjectId, column: &Column, using: Option<&str>) -> String {
    let collation = column.collation.as_ref().map(|name| format!(" COLLATE {name}")).unwrap_or_default();
    let using = using.map(|expression| format!(" USING {expression}")).unwrap_or_default();
    alter(id, &format!("TYPE {}{collation}{using}", column.type_name))
}

/// The expression that turns the old value into the new type; none where PostgreSQL assigns the one to the other. Assignment refuses
/// a text that is too long, where an explicit cast would cut it without a word.
pub fn using(id: &ObjectId, before: &str, after: &str) -> Option<String> {
    let (column, from, to) = (quote(&id.part), base(before), base(after));
    if from == to || assigned(from, to) {
        return None;
    }
    Some(match (from, to) {
        ("integer", "boolean") | ("boolean", "integer") => format!("{column}::{after}"),
        (_, "boolean") if number(from) => format!("{column} <> 0"),
        ("boolean", _) if number(to) => format!("{column}::integer::{after}"),
        _ => through_text(id, after),
    })
}

/// Whether the value of a column is written as text and read as its new type.
pub fn goes_through_text(before: &str, after: &str) -> bool {
    let (from, to) = (base(before), base(after));
    let known = matches!((from, to), ("integer", "boolean") | ("boolean", "integer")) || to == "boolean" && number(from);
    from != to && !assigned(from, to) && !known
}

/// Every type can be written as text and read from it.
pub fn through_text(id: &ObjectId, after: &str) -> String {
    format!("{}::text::{after}", quote(&id.part))
}

/// A composite value put together from the old one's attributes by their names; `values` says which the old one has.
pub fn composite_value(id: &ObjectId, type_name: &str, after: &Composite, values: &[(String, bool)]) -> String {
    let column = quote(&id.part);
    let parts: Vec<String> = values
        .iter()
        .zip(&after.attributes)
        .map(|((name, there), attribute)| match there {
            true => format!("({column}).{}::text::{}", quote(name), attribute.type_name),
            false => format!("NULL::{}", attribute.type_name),
        })
        .collect();
    format!("CASE WHEN {column} IS NOT DISTINCT FROM NULL THEN NULL ELSE ROW({})::{type_name} END", parts.join(", "))
}

/// The type without its length or precision.
fn base(type_name: &str) -> &str {
    match type_name.split_once('(') {
        Some((base, rest)) if rest.ends_with(')') => base,
        Some(("timestamp", rest)) if rest.ends_with("with time zone") => "timestamp with time zone",
        Some(("timestamp", _)) => "timestamp without time zone",
        Some(("time", rest)) if rest.ends_with("with time zone") => "time with time zone",
        Some(("time", _)) => "time without time zone",
        _ => type_name,
    }
}

fn number(base: &str) -> bool {
    matches!(base, "smallint" | "integer" | "bigint" | "numeric" | "real" | "double precision")
}

/// Pairs of `pg_cast` whose context is assignment or implicit, and everything into text.
fn assigned(from: &str, to: &str) -> bool {
    let text = |base: &str| matches!(base, "text" | "character varying" | "character" | "name");
    let time = |base: &str| matches!(base, "date" | "timestamp without time zone" | "timestamp with time zone");
    let clock = |base: &str| matches!(base, "time without time zone" | "time with time zone");
    let json = |base: &str| matches!(base, "json" | "jsonb");
    let net = |base: &str| matches!(base, "inet" | "cidr");
    let bits = |base: &str| matches!(base, "bit" | "bit varying");
    matches!(to, "text" | "character varying" | "character")
        || text(from) && text(to)
        || number(from) && number(to)
        || [time, clock, json, net, bits].iter().any(|family| family(from) && family(to))
}

/// What a column's definition does not say, after the column is there.
pub fn settings(id: &ObjectId, before: Option<&Column>, after: &Column) -> Vec<String> {
    let mut statements = Vec::new();
    if let (None, Some(of)) = (before, after.not_null_constraint.as_ref().filter(|_| after.local && after.not_null)) {
        statements.extend((!of.validated).then(|| add_not_null(id, of)));
        statements.extend(describe_not_null(id, None, of));
    }
    let comment = |column: &Column| column.identity.as_ref().and_then(|of| of.comment.clone());
    if after.identity.is_some() && before.and_then(comment) != comment(after) {
        statements.push(sequence::describe_identity(id, comment(after).as_deref()));
    }
    let was = |of: fn(&Column) -> &Option<String>| before.and_then(|column| of(column).clone());
    if was(|c| &c.storage) != after.storage {
        let storage = after.storage.as_deref().unwrap_or_else(|| own_storage(base(&after.type_name)));
        statements.push(alter_only(id, &format!("SET STORAGE {storage}")));
    }
    if was(|c| &c.compression) != after.compression {
        statements.push(alter_only(id, &format!("SET COMPRESSION {}", after.compression.as_deref().unwrap_or("DEFAULT"))));
    }
    if before.and_then(|column| column.statistics) != after.statistics {
        statements.push(alter_only(id, &format!("SET STATISTICS {}", after.statistics.unwrap_or(-1))));
    }
    statements.extend(table::options(
        alter_only(id, "").trim_end(),
        before.map_or(&[], |column| &column.options),
        &after.options,
    ));
    statements
}

/// The storage that a type has by itself. `SET STORAGE DEFAULT` is newer than PostgreSQL 15.
fn own_storage(base: &str) -> &'static str {
    match base {
        "numeric" | "inet" | "cidr" => "MAIN",
        _ => "EXTENDED",
    }
}
