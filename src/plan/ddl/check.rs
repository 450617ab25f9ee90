//! Questions to the target's rows: would they stand in the way? The count of offending rows, and a few of them by their key.

use super::name;
use crate::catalog::ident::quote;
use crate::catalog::{Catalog, Constraint, ConstraintType, Object, ObjectId};
use crate::plan::Check;

const SAMPLES: u32 = 5;

/// The key of a row as text, or where it lies when its table has no key.
fn row_key(target: &Catalog, table: &ObjectId) -> String {
    let key = target.objects.iter().find_map(|(id, object)| match object {
        Object::Constraint(of) if of.constraint_type == ConstraintType::PrimaryKey && id.owner() == *table => Some(&of.columns),
        _ => None,
    });
    match key {
        Some(columns) => as_text(columns, "t."),
        None => "'row ' || t.ctid::text".to_owned(),
    }
}

fn as_text(columns: &[String], prefix: &str) -> String {
    let parts: Vec<String> = columns.iter().map(|column| format!("{prefix}{}::text", quote(column))).collect();
    format!("pg_catalog.concat_ws(', ', {})", parts.join(", "))
}

/// Rows of a table, called t, that meet a condition.
pub fn rows(target: &Catalog, table: &ObjectId, condition: &str, object: &ObjectId, expects: String, way_out: String) -> Check {
    let from = format!("FROM {} t WHERE {condition}", name(table));
    Check {
        object: object.clone(),
        expects,
        way_out,
        count: format!("SELECT pg_catalog.count(*) {from}"),
        sample: format!("SELECT {} {from} LIMIT {SAMPLES}", row_key(target, table)),
    }
}

/// Every row has a value in the column.
pub fn not_null(target: &Catalog, column: &ObjectId) -> Check {
    let table = format!("{}.{}", column.schema, column.name);
    rows(
        target,
        &column.owner(),
        &format!("t.{} IS NULL", quote(&column.part)),
        column,
        format!("Every row of {table} has a value in {}.", column.part),
        format!("Fill {} in the rows that have none, or keep it optional in this release.", column.part),
    )
}

/// A required column without a default comes to a table: there may be no rows.
pub fn empty(target: &Catalog, column: &ObjectId) -> Check {
    let table = format!("{}.{}", column.schema, column.name);
    rows(
        target,
        &column.owner(),
        "true",
        column,
        format!("{table} has no rows, because its new column {} is required and has no default.", column.part),
        format!("Give {} a default, or make it optional in this release.", column.part),
    )
}

/// The values of the columns are unique.
pub fn unique(object: &ObjectId, table: &ObjectId, columns: &[String]) -> Check {
    let list: Vec<String> = columns.iter().map(|column| quote(column)).collect();
    let present: Vec<String> = list.iter().map(|column| format!("{column} IS NOT NULL")).collect();
    let groups = format!(
        "FROM {} WHERE {} GROUP BY {} HAVING pg_catalog.count(*) > 1",
        name(table),
        present.join(" AND "),
        list.join(", ")
    );
    Check {
        object: object.clone(),
        expects: format!("No two rows of {}.{} have the same {}.", table.schema, table.name, columns.join(", ")),
        way_out: "Remove or change the duplicate rows in the target.".to_owned(),
        count: format!("SELECT pg_catalog.count(*) FROM (SELECT 1 {groups}) AS duplicates"),
        sample: format!("SELECT {} {groups} LIMIT {SAMPLES}", as_text(columns, "")),
    }
}

/// What a constraint demands of the rows that are there. None where only PostgreSQL itself can tell.
pub fn constraint(target: &Catalog, id: &ObjectId, of: &Constraint) -> Option<Check> {
    let table = id.owner();
    match of.constraint_type {
        ConstraintType::PrimaryKey | ConstraintType::Unique => Some(unique(id, &table, &of.columns)),
        ConstraintType::Check => {
            let expression = of.definition.strip_prefix("CHECK ")?.trim_end_matches(" NO INHERIT");
            Some(rows(
                target,
                &table,
                &format!("NOT {expression}"),
                id,
                format!("Every row of {}.{} keeps the rule {}.", id.schema, id.name, id.part),
                "Correct the rows that break the rule in the target.".to_owned(),
            ))
        }
        ConstraintType::ForeignKey => {
            let to = of.references.as_ref()?;
            let present: Vec<String> = of.columns.iter().map(|column| format!("t.{} IS NOT NULL", quote(column))).collect();
            let equal: Vec<String> =
                of.columns.iter().zip(&to.columns).map(|(own, other)| format!("r.{} = t.{}", quote(other), quote(own))).collect();
            let condition =
                format!("{} AND NOT EXISTS (SELECT FROM {} r WHERE {})", present.join(" AND "), to.table, equal.join(" AND "));
            Some(rows(
                target,
                &table,
                &condition,
                id,
                format!(
                    "Every row of {}.{} refers to a row of {}.{} that exists.",
                    id.schema, id.name, to.table.schema, to.table.name
                ),
                "Add the missing rows, or remove the rows that refer to them, in the target.".to_owned(),
            ))
        }
        ConstraintType::Exclusion => None,
    }
}
