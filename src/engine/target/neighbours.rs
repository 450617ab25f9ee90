//! Rows outside the lookup set, or outside its filters, that stand in the way of a sync.

use super::super::Result;
use super::super::sql_error::explain;
use crate::catalog::ident::{literal, quote};
use crate::catalog::{Catalog, ConstraintType, Object, ObjectId, QName, References};
use crate::lookup::{LookupSet, LookupTable, Packed, Row, TableChanges};
use crate::problem::{Problem, ProblemKind};
use sqlx::{AssertSqlSafe, PgConnection};

/// Values in one question.
const BATCH: usize = 1_000;

/// Everything that `release` would meet in `target`.
pub async fn problems(
    conn: &mut PgConnection,
    release: &Catalog,
    target: &Catalog,
    set: &LookupSet,
    changes: &[TableChanges],
) -> Result<Vec<Problem>> {
    let mut found = references(conn, target, set, changes).await?;
    for table in changes {
        found.extend(parents(conn, release, target, set, table).await?);
        if let Some(lookup) = set.find(&table.table).filter(|lookup| lookup.filter.is_some()) {
            found.extend(hidden(conn, target, lookup, table).await?);
        }
    }
    Ok(found)
}

/// Rows outside the lookup set that refer to lookup rows which the sync would delete, by table and count. Also those that PostgreSQL
/// would delete or empty along with them: rows of an application are never lost to a sync.
async fn references(
    conn: &mut PgConnection,
    target: &Catalog,
    set: &LookupSet,
    changes: &[TableChanges],
) -> Result<Vec<Problem>> {
    let mut problems = Vec::new();
    for table in changes.iter().filter(|table| !table.deletes.is_empty()) {
        for (id, object) in &target.objects {
            let Object::Constraint(constraint) = object else { continue };
            let Some(to) = constraint.references.as_ref().filter(|to| to.table == table.table) else { continue };
            let user = QName::new(&id.schema, &id.name);
            if constraint.constraint_type != ConstraintType::ForeignKey || set.find(&user).is_some() {
                continue;
            }
            let count = count(conn, &user, &constraint.columns, table, to).await?;
            if count > 0 {
                problems.push(still_used(table, &user, count));
            }
        }
    }
    Ok(problems)
}

async fn count(conn: &mut PgConnection, user: &QName, columns: &[String], table: &TableChanges, to: &References) -> Result<u64> {
    let Some(positions) = positions(table, &to.columns) else { return Ok(0) };
    let own: Vec<String> = columns.iter().map(|name| format!("r.{}", quote(name))).collect();
    let mut total = 0;
    for rows in table.deletes.chunks(BATCH) {
        let values = tuples(table, &rows, &positions);
        total += asked(conn, format!("SELECT count(*) FROM {user} AS r WHERE ({}) IN ({values})", own.join(", ")), user).await?;
    }
    Ok(total)
}

fn still_used(table: &TableChanges, user: &QName, count: u64) -> Problem {
    let rows = counted(count);
    Problem::new(
        ProblemKind::Conflict,
        format!("{rows} of {} refer to rows of {} that the promotion would delete.", user.shown(), table.table.shown()),
    )
    .because("Rows outside the lookup set are never changed or deleted by a sync.")
    .way_out(format!(
        "Let the rows of {} refer to others first, keep the lookup rows in the source, or sync {} without deletes.",
        user.shown(),
        table.table.shown()
    ))
}

/// Rows that the sync writes and that refer to a row outside the lookup set which the target does not have.
async fn parents(
    conn: &mut PgConnection,
    release: &Catalog,
    target: &Catalog,
    set: &LookupSet,
    table: &TableChanges,
) -> Result<Vec<Problem>> {
    let mut problems = Vec::new();
    for (id, object) in release.objects.iter().filter(|(id, _)| id.owner() == ObjectId::table(&table.table)) {
        let Object::Constraint(constraint) = object else { continue };
        let Some(to) = constraint.references.as_ref().filter(|to| set.find(&to.table).is_none()) else { continue };
        let there = target.table(&ObjectId::table(&to.table));
        let known = there.is_some_and(|of| to.columns.iter().all(|name| of.columns.iter().any(|column| column.name == *name)));
        let Some(positions) = positions(table, &constraint.columns).filter(|_| known) else { continue };
        let refers = |row: &Row| positions.iter().all(|at| row.get(*at).is_some_and(Option::is_some));
        let values: Packed<Row> = table.written().filter(refers).collect();
        let mut lost = 0;
        for rows in values.chunks(BATCH) {
            let names: Vec<String> = to.columns.iter().map(|name| format!("v.{}", quote(name))).collect();
            let same: Vec<String> =
                to.columns.iter().zip(&names).map(|(name, value)| format!("r.{} = {value}", quote(name))).collect();
            let columns: Vec<String> = to.columns.iter().map(|name| quote(name)).collect();
            let sql = format!(
                "SELECT count(*) FROM (VALUES {}) AS v ({}) WHERE NOT EXISTS (SELECT FROM {} AS r WHERE {})",
                tuples(table, &rows, &positions),
                columns.join(", "),
                to.table,
                same.join(" AND ")
            );
            lost += asked(conn, sql, &to.table).await?;
        }
        if lost > 0 {
            problems.push(
                Problem::new(
                    ProblemKind::Conflict,
                    format!(
                        "{} of {} would refer to rows of {} that the target does not have.",
                        counted(lost),
                        table.table.shown(),
                        to.table.shown()
                    ),
                )
                .because(format!("{} is not in the lookup set, and {} leads to it.", to.table.shown(), id.part))
                .way_out(format!("Take {} into the lookup set, or add the rows in the target.", to.table.shown())),
            );
        }
    }
    Ok(problems)
}

/// Rows that the sync adds and that the target has already, outside the filter.
async fn hidden(
    conn: &mut PgConnection,
    target: &Catalog,
    lookup: &LookupTable,
    table: &TableChanges,
) -> Result<Option<Problem>> {
    let primary = target.objects.iter().find_map(|(id, object)| match object {
        Object::Constraint(of)
            if of.constraint_type == ConstraintType::PrimaryKey && id.owner() == ObjectId::table(&table.table) =>
        {
            Some(&of.columns)
        }
        _ => None,
    });
    let Some((names, positions)) = primary.and_then(|names| Some((names, positions(table, names)?))) else { return Ok(None) };
    let own: Vec<String> = names.iter().map(|name| format!("r.{}", quote(name))).collect();
    let mut there = 0;
    for rows in table.inserts.chunks(BATCH) {
        let values = tuples(table, &rows, &positions);
        let sql = format!("SELECT count(*) FROM {} AS r WHERE ({}) IN ({values})", table.table, own.join(", "));
        there += asked(conn, sql, &table.table).await?;
    }
    Ok((there > 0).then(|| {
        let filter = lookup.filter.as_deref().unwrap_or_default();
        Problem::new(
            ProblemKind::Conflict,
            format!("{} of {} are in the target already, outside the filter.", counted(there), table.table.shown()),
        )
        .because(format!("The filter {filter} hides them, and the promotion would add rows with the same {}.", names.join(", ")))
        .way_out("Give the rows of the source other keys, or let the filter take the rows of the target.")
    }))
}

fn counted(rows: u64) -> String {
    if rows == 1 { "1 row".to_owned() } else { format!("{rows} rows") }
}

fn positions(table: &TableChanges, names: &[String]) -> Option<Vec<usize>> {
    names.iter().map(|name| table.columns.iter().position(|column| column.name == *name)).collect()
}

/// `(1::integer, 'a'::text), ...`
fn tuples(table: &TableChanges, rows: &[Row], positions: &[usize]) -> String {
    let cell = |row: &Row, at: usize| {
        let type_name = table.columns.get(at).map_or("text", |column| column.type_name.as_str());
        row.get(at).and_then(Option::as_deref).map_or_else(|| "NULL".to_owned(), |text| format!("{}::{type_name}", literal(text)))
    };
    let tuple = |row: &Row| format!("({})", positions.iter().map(|at| cell(row, *at)).collect::<Vec<_>>().join(", "));
    rows.iter().map(tuple).collect::<Vec<_>>().join(", ")
}

async fn asked(conn: &mut PgConnection, sql: String, of: &QName) -> Result<u64> {
    let count: i64 = sqlx::query_scalar(AssertSqlSafe(sql))
        .fetch_one(conn)
        .await
        .map_err(explain(format!("The rows of {} could not be counted.", of.shown())))?;
    Ok(count.unsigned_abs())
}
