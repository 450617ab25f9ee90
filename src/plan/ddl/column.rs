//! Columns of tables.

use super::{name, sequence};
use crate::catalog::ident::quote;
use crate::catalog::{Column, Identity, ObjectId};

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
        text.push_str(" NOT NULL");
    }
    text
}

pub fn generated_as_identity(identity: &Identity) -> String {
    let when = if identity.always { "ALWAYS" } else { "BY DEFAULT" };
    format!("GENERATED {when} AS IDENTITY ({})", sequence::options(&identity.sequence))
}

/// `ALTER TABLE ... ALTER COLUMN ... `, to be completed.
pub fn alter(id: &ObjectId, action: &str) -> String {
    format!("ALTER TABLE {} ALTER COLUMN {} {action}", name(id), quote(&id.part))
}

pub fn add(id: &ObjectId, column: &Column, with_default: bool) -> String {
    format!("ALTER TABLE {} ADD COLUMN {}", name(id), define(column, with_default))
}

pub fn drop(id: &ObjectId) -> String {
    format!("ALTER TABLE {} DROP COLUMN {}", name(id), quote(&id.part))
}

pub fn set_default(id: &ObjectId, default: Option<&str>) -> String {
    match default {
        Some(default) => alter(id, &format!("SET DEFAULT {default}")),
        None => alter(id, "DROP DEFAULT"),
    }
}

pub fn set_not_null(id: &ObjectId, not_null: bool) -> String {
    alter(id, if not_null { "SET NOT NULL" } else { "DROP NOT NULL" })
}

pub fn set_type(id: &ObjectId, column: &Column, using: Option<&str>) -> String {
    let collation = column.collation.as_ref().map(|name| format!(" COLLATE {name}")).unwrap_or_default();
    let using = using.map(|expression| format!(" USING {expression}")).unwrap_or_default();
    alter(id, &format!("TYPE {}{collation}{using}", column.type_name))
}

/// The expression that turns the old value into the new type.
pub fn cast(id: &ObjectId, before: &str, after: &str) -> String {
    let column = quote(&id.part);
    if castable(family(before), family(after)) { format!("{column}::{after}") } else { format!("{column}::text::{after}") }
}

#[derive(PartialEq, Eq, Clone, Copy)]
enum Family {
    Number,
    Text,
    Time,
    Boolean,
    Json,
    Other,
}

fn family(type_name: &str) -> Family {
    let base = type_name.split(['(', '[']).next().unwrap_or(type_name).trim();
    if type_name.ends_with(']') {
        return Family::Other;
    }
    match base {
        "smallint" | "integer" | "bigint" | "numeric" | "real" | "double precision" | "money" | "oid" => Family::Number,
        "text" | "character varying" | "character" | "name" | "\"char\"" => Family::Text,
        "date" | "timestamp" | "timestamp without time zone" | "timestamp with time zone" => Family::Time,
        "boolean" => Family::Boolean,
        "json" | "jsonb" => Family::Json,
        base if base.starts_with("timestamp") => Family::Time,
        _ => Family::Other,
    }
}

/// Whether PostgreSQL casts straight from one to the other; everything else goes through text.
fn castable(from: Family, to: Family) -> bool {
    from == to && from != Family::Other
        || from == Family::Text
        || to == Family::Text
        || matches!((from, to), (Family::Boolean, Family::Number) | (Family::Number, Family::Boolean))
}

/// Storage, compression and statistics that differ from the type's own, after the column is there.
pub fn settings(id: &ObjectId, before: Option<&Column>, after: &Column) -> Vec<String> {
    let mut statements = Vec::new();
    let was = |of: fn(&Column) -> &Option<String>| before.and_then(|column| of(column).clone());
    if was(|c| &c.storage) != after.storage {
        // SET STORAGE DEFAULT is newer than PostgreSQL 15; the type's own is EXTENDED for all types that have a choice by default.
        statements.push(alter(id, &format!("SET STORAGE {}", after.storage.as_deref().unwrap_or("EXTENDED"))));
    }
    if was(|c| &c.compression) != after.compression {
        statements.push(alter(id, &format!("SET COMPRESSION {}", after.compression.as_deref().unwrap_or("DEFAULT"))));
    }
    if before.and_then(|column| column.statistics) != after.statistics {
        statements.push(alter(id, &format!("SET STATISTICS {}", after.statistics.unwrap_or(-1))));
    }
    statements
}
