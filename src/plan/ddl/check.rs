//! Questions to the target's rows: would they stand in the way? The count of offending rows, and a few of them by their key.

use super::{check_values, column, do_block, name};
use crate::catalog::ident::quote;
use crate::catalog::{Catalog, Column, Constraint, ConstraintType, Object, ObjectId};
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

/// A new column has the same value in every row that is there.
pub fn is_filled_alike(new: &Column) -> bool {
    new.identity.is_none() && new.generated.is_none() && !new.default.as_deref().is_some_and(is_volatile)
}

/// A default that is computed for each row. Constants and the time of the statement are kept once.
pub fn is_volatile(default: &str) -> bool {
    let constant = default.starts_with('\'') || default.parse::<f64>().is_ok();
    !constant && default.contains('(') && !matches!(default, "now()" | "transaction_timestamp()" | "statement_timestamp()")
}

/// The rows of a table as they will be: columns that get another type have it already, and new ones their default, as far as the target
/// knows the type.
pub fn converted(source: &Catalog, target: &Catalog, table: &ObjectId) -> String {
    let (Some(before), Some(after)) = (target.table(table), source.table(table)) else { return name(table) };
    let mut changed = false;
    let columns = before.columns.iter().map(|old| {
        let id = ObjectId::column(table, &old.name);
        let new = after.columns.iter().find(|new| new.name == old.name && new.generated.is_none());
        match new.filter(|new| new.type_name != old.type_name && check_values::is_known(source, target, &new.type_name)) {
            Some(new) => {
                changed = true;
                let plain = || format!("{}::{}", quote(&old.name), new.type_name);
                format!("{} AS {}", column::using(&id, &old.type_name, &new.type_name).unwrap_or_else(plain), quote(&old.name))
            }
            None => quote(&old.name),
        }
    });
    let mut columns: Vec<String> = std::iter::once("ctid".to_owned()).chain(columns).collect();
    for new in after.columns.iter().filter(|new| !before.columns.iter().any(|old| old.name == new.name) && is_filled_alike(new)) {
        if check_values::is_known(source, target, &new.type_name) {
            changed = true;
            let value = new.default.as_deref().unwrap_or("NULL");
            columns.push(format!("({value})::{} AS {}", new.type_name, quote(&new.name)));
        }
    }
    if changed { format!("(SELECT {} FROM {})", columns.join(", "), name(table)) } else { name(table) }
}

/// Rows of a table, called t, that meet a condition.
pub fn rows(target: &Catalog, table: &ObjectId, condition: &str, object: &ObjectId, expects: String, way_out: String) -> Check {
    rows_of(&name(table), target, table, condition, object, expects, way_out)
}

fn rows_of(
    relation: &str,
    target: &Catalog,
    table: &ObjectId,
    condition: &str,
    object: &ObjectId,
    expects: String,
    way_out: String,
) -> Check {
    let from = format!("FROM {relation} t WHERE {condition}");
    Check {
        object: object.clone(),
        expects,
        way_out,
        prepare: None,
        count: format!("SELECT pg_catalog.count(*) {from}"),
        sample: format!("SELECT {} {from} LIMIT {SAMPLES}", row_key(target, table)),
    }
}

/// Values that cannot be read as a type, found by trying each one.
pub fn tried(target: &Catalog, column: &ObjectId, value: &str, type_name: &str, expects: String, way_out: String) -> Check {
    let (table, key) = (name(&column.owner()), row_key(target, &column.owner()));
    let attempt = format!(
        "DECLARE
  one record;
  offending bigint := 0;
  shown text[] := '{{}}';
BEGIN
  FOR one IN SELECT {value} AS value, pg_catalog.count(*) AS rows, pg_catalog.min({key}) AS key FROM {table} t WHERE {value} IS NOT NULL GROUP BY 1 LOOP
    BEGIN
      PERFORM one.value::{type_name};
    EXCEPTION WHEN OTHERS THEN
      offending := offending + one.rows;
      shown := shown || one.key;
    END;
  END LOOP;
  PERFORM pg_catalog.set_config('lockstep.offending', offending::text, true);
  PERFORM pg_catalog.set_config('lockstep.shown', shown[1:{SAMPLES}]::text, true);
END"
    );
    Check {
        object: column.clone(),
        expects,
        way_out,
        prepare: Some(do_block(&attempt)),
        count: "SELECT pg_catalog.current_setting('lockstep.offending')::bigint".to_owned(),
        sample: "SELECT pg_catalog.unnest(pg_catalog.current_setting('lockstep.shown')::text[])".to_owned(),
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
fn unique(relation: &str, object: &ObjectId, table: &ObjectId, columns: &[String]) -> Check {
    let list: Vec<String> = columns.iter().map(|column| quote(column)).collect();
    let list: Vec<&str> = list.iter().map(String::as_str).collect();
    duplicates(relation, object, table, &list, "true")
}

/// No two rows that meet the predicate have equal values; rows with a NULL are never equal.
pub fn duplicates(relation: &str, object: &ObjectId, table: &ObjectId, values: &[&str], predicate: &str) -> Check {
    let present: Vec<String> = values.iter().map(|value| format!("({value}) IS NOT NULL")).collect();
    let groups = format!(
        "FROM {relation} t WHERE ({predicate}) AND {} GROUP BY {} HAVING pg_catalog.count(*) > 1",
        present.join(" AND "),
        values.join(", ")
    );
    let texts: Vec<String> = values.iter().map(|value| format!("({value})::text")).collect();
    let named: Vec<&str> = values.iter().map(|value| value.trim_matches('"')).collect();
    Check {
        object: object.clone(),
        expects: format!("No two rows of {}.{} have the same {}.", table.schema, table.name, named.join(", ")),
        way_out: "Remove or change the duplicate rows in the target.".to_owned(),
        prepare: None,
        count: format!("SELECT pg_catalog.count(*) FROM (SELECT 1 {groups}) AS duplicates"),
        sample: format!("SELECT pg_catalog.concat_ws(', ', {}) {groups} LIMIT {SAMPLES}", texts.join(", ")),
    }
}

/// What a constraint demands of the rows that are there. None where only PostgreSQL itself can tell.
pub fn constraint(source: &Catalog, target: &Catalog, id: &ObjectId, of: &Constraint) -> Option<Check> {
    let table = id.owner();
    let relation = converted(source, target, &table);
    match of.constraint_type {
        ConstraintType::PrimaryKey | ConstraintType::Unique => Some(unique(&relation, id, &table, &of.columns)),
        ConstraintType::Check => {
            let expression = of.definition.strip_prefix("CHECK ")?.trim_end_matches(" NO INHERIT");
            Some(rows_of(
                &relation,
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
            let other = converted(source, target, &ObjectId::table(&to.table));
            let condition =
                format!("{} AND NOT EXISTS (SELECT FROM {other} r WHERE {})", present.join(" AND "), equal.join(" AND "));
            Some(rows_of(
                &relation,
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
