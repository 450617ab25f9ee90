//! Reads the rows of lookup tables as canonical text.
//!
//! `COPY` streams what each type's output function prints, tells NULL from the empty text, and has no cast in between that would
//! trim or round. The settings of the session are pinned, so that equal values print equally everywhere.

use super::super::Result;
use super::super::batches::{Batches, Rows, collected};
use super::super::sql_error::{code, problem};
use crate::catalog::ident::{literal, quote};
use crate::catalog::{Catalog, QName};
use crate::lookup::{self, Digest, Lines, LookupSet, LookupTable, Row, Shape, TableDigest, TableRows, hash_of, shape};
use crate::problem::{Problem, ProblemKind};
use futures::stream;
use futures::{StreamExt, TryStreamExt};
use sqlx::{AssertSqlSafe, Executor, PgConnection, SqlSafeStr};
use std::collections::{BTreeMap, BTreeSet};

/// At most so many rows are in one batch.
const TOGETHER: usize = 2_000;

/// A database, in the caller's transaction.
impl Rows for PgConnection {
    fn rows<'s>(&'s mut self, lookup: &'s LookupTable, shape: &'s Shape) -> Batches<'s> {
        placed(self, lookup, shape)
    }
}

/// Reads the tables of the set that the catalog has, in the caller's transaction.
pub async fn read(conn: &mut PgConnection, catalog: &Catalog, set: &LookupSet) -> Result<Vec<TableRows>> {
    let mut all = Vec::new();
    for lookup in &set.tables {
        if let Some(shape) = shape(catalog, lookup)? {
            let rows = collected(placed(conn, lookup, &shape)).await?;
            all.push(TableRows::new(&lookup.table, &shape, rows));
        }
    }
    Ok(all)
}

/// What is known of the tables without reading a row of them, in the caller's transaction.
pub async fn digests(conn: &mut PgConnection, catalog: &Catalog, set: &LookupSet) -> Result<Vec<TableDigest>> {
    let mut all = Vec::new();
    for lookup in &set.tables {
        if let Some(shape) = shape(catalog, lookup)? {
            let digest = digest(conn, lookup, &shape).await?;
            all.push(TableDigest { table: lookup.table.clone(), shape, digest, sha256: None });
        }
    }
    Ok(all)
}

async fn digest(conn: &mut PgConnection, lookup: &LookupTable, shape: &Shape) -> Result<Digest> {
    let positions = shape.counted(lookup);
    if !hashes_alike(conn, &lookup.table).await? {
        let mut digest = Digest::default();
        let mut batches = placed(conn, lookup, shape);
        while let Some(lines) = batches.try_next().await? {
            lines.rows().for_each(|row| digest.add(hash_of(&row, &positions)));
        }
        return Ok(digest);
    }
    let condition = filtered(conn, lookup).await?;
    let hash = hash(shape, &positions);
    let sql = format!("SELECT count(*), coalesce(sum({hash}), 0)::text FROM {}{condition}", lookup.table);
    let (rows, sum): (i64, String) =
        sqlx::query_as(AssertSqlSafe(sql)).fetch_one(conn).await.map_err(|error| unreadable(&lookup.table, &error))?;
    // The sum of many 64-bit numbers is a numeric; only its lowest 64 bits count.
    let sum = sum.parse::<i128>().unwrap_or_default() as u64;
    Ok(Digest { rows: rows.unsigned_abs(), sum })
}

/// The rows in the order of their places.
pub fn placed<'c>(conn: &'c mut PgConnection, lookup: &'c LookupTable, shape: &'c Shape) -> Batches<'c> {
    let open = async move {
        let sorted = hashes_alike(conn, &lookup.table).await?;
        let order = match (sorted, shape.is_placed()) {
            (false, _) => String::new(),
            (true, true) => format!(" ORDER BY {}", hash(shape, &shape.key)),
            (true, false) => format!(" ORDER BY {} COLLATE \"C\"", record(shape, &shape.key)),
        };
        let condition = filtered(conn, lookup).await?;
        let batches = copied(conn, lookup, shape, &format!("{condition}{order}")).await?;
        if sorted {
            return Ok(batches);
        }
        let mut rows = collected(batches).await?;
        rows.sort_by_cached_key(|row| shape.order(row));
        Ok(stream::iter([Ok(rows.iter().collect())]).boxed())
    };
    stream::once(open).try_flatten().boxed()
}

/// The rows whose columns have one of these values.
pub async fn matching(
    conn: &mut PgConnection,
    table: &LookupTable,
    shape: &Shape,
    columns: &[String],
    values: &BTreeSet<Vec<String>>,
) -> Result<Vec<Row>> {
    let positions: Vec<usize> = columns.iter().filter_map(|name| shape.position(name)).collect();
    let tuple = |values: &Vec<String>| literal(&lookup::record(values.iter().map(|value| Some(value.as_str()))));
    let values: Vec<String> = values.iter().map(|values| format!("({})", tuple(values))).collect();
    let mut condition = filtered(conn, table).await?;
    condition.push_str(if condition.is_empty() { "\n WHERE " } else { " AND " });
    let wanted = format!(
        "{} COLLATE \"C\" IN (SELECT v COLLATE \"C\" FROM (VALUES {}) AS w (v))",
        record(shape, &positions),
        values.join(", ")
    );
    collected(copied(conn, table, shape, &format!("{condition}{wanted}")).await?).await
}

/// The highest value of a column of whole numbers.
pub async fn highest(conn: &mut PgConnection, table: &QName, column: &str) -> Result<Option<i64>> {
    let sql = format!("SELECT max({})::bigint FROM {table}", quote(column));
    sqlx::query_scalar(AssertSqlSafe(sql)).fetch_one(conn).await.map_err(|error| unreadable(table, &error))
}

/// Lockstep hashes UTF-8; a server that keeps texts otherwise hashes other bytes.
async fn hashes_alike(conn: &mut PgConnection, table: &QName) -> Result<bool> {
    let encoding: String = sqlx::query_scalar("SELECT current_setting('server_encoding')")
        .fetch_one(conn)
        .await
        .map_err(|error| unreadable(table, &error))?;
    Ok(matches!(encoding.as_str(), "UTF8" | "SQL_ASCII"))
}

fn record(shape: &Shape, positions: &[usize]) -> String {
    let columns: Vec<String> = shape.names(positions).iter().map(|name| quote(name)).collect();
    format!("ROW({})::text", columns.join(", "))
}

fn hash(shape: &Shape, positions: &[usize]) -> String {
    format!("hashtextextended({} COLLATE \"C\", 0)", record(shape, positions))
}

async fn copied<'c>(conn: &'c mut PgConnection, lookup: &'c LookupTable, shape: &Shape, rest: &str) -> Result<Batches<'c>> {
    let table = &lookup.table;
    let columns: Vec<String> = shape.columns.iter().map(|column| quote(&column.name)).collect();
    // A partitioned table has its rows in its partitions; COPY of the table itself would refuse.
    let sql = format!("COPY (SELECT {} FROM {table}{rest}) TO STDOUT", columns.join(", "));
    let stream = conn.copy_out_raw(&sql).await.map_err(|error| unreadable(table, &error))?;
    let mut open: Vec<u8> = Vec::new();
    // The server sends each row by itself: those that have come are taken together.
    let batches = stream.try_ready_chunks(TOGETHER).map(move |chunks| {
        for bytes in chunks.map_err(|error| unreadable(table, &error.1))? {
            open.extend_from_slice(&bytes);
        }
        let whole = open.iter().rposition(|byte| *byte == b'\n').map_or(0, |end| end + 1);
        let rest = open.split_off(whole);
        let lines = std::mem::replace(&mut open, rest);
        String::from_utf8(lines).map(Lines::new).map_err(|_| {
            Problem::new(ProblemKind::Unsupported, format!("A text in {} is not valid UTF-8.", table.shown()))
                .way_out("Repair the row, or give the database the encoding UTF8.")
        })
    });
    Ok(batches.boxed())
}

/// The condition of a filtered table. COPY would take several statements: the server is asked first whether it is one condition. Needs a
/// transaction, which a refusal does not end.
pub async fn filtered(conn: &mut PgConnection, lookup: &LookupTable) -> Result<String> {
    let Some(filter) = &lookup.filter else { return Ok(String::new()) };
    let condition = format!("\n WHERE (\n{filter}\n)");
    let asked = format!("SELECT FROM {}{condition}", lookup.table);
    conn.execute("SAVEPOINT filter").await.map_err(|error| unreadable(&lookup.table, &error))?;
    let prepared = conn.prepare(AssertSqlSafe(asked).into_sql_str()).await.map(|_| ());
    let back = "ROLLBACK TO SAVEPOINT filter; RELEASE SAVEPOINT filter";
    conn.execute(back).await.map_err(|error| unreadable(&lookup.table, &error))?;
    prepared.map_err(|error| {
        let why = problem("It is refused.", &error);
        Problem::new(ProblemKind::Invalid, format!("The filter of {} in the lookup set is no condition.", lookup.table.shown()))
            .because(format!("{} {}", why.what, why.cause))
            .way_out("Write what stands behind WHERE, for example: tenant_id IS NULL.")
    })?;
    Ok(condition)
}

fn unreadable(table: &QName, error: &sqlx::Error) -> Problem {
    let what = format!("The rows of {} cannot be read.", table.shown());
    // With row_security off PostgreSQL refuses instead of hiding rows; hidden rows would look like deleted ones.
    let hidden = code(error).as_deref() == Some("42501")
        && error.as_database_error().is_some_and(|refusal| refusal.message().contains("row-level security"));
    if hidden {
        return Problem::new(ProblemKind::Unsupported, what)
            .because("Row security hides rows of it from this user, and hidden rows would look like deleted ones.")
            .way_out("Connect as the table's owner or as a role with BYPASSRLS, or take the table out of the lookup set.")
            .sqlstate("42501");
    }
    problem(what, error)
}

/// Counts the rows of each table up to `limit`: enough to tell a short list from a long one without reading the long one.
pub async fn counts(conn: &mut PgConnection, tables: &[QName], limit: u32) -> Result<BTreeMap<QName, u64>> {
    let mut all = BTreeMap::new();
    for table in tables {
        let sql = format!("SELECT count(*) FROM (SELECT FROM {table} LIMIT {limit}) AS few");
        let count: i64 =
            sqlx::query_scalar(AssertSqlSafe(sql)).fetch_one(&mut *conn).await.map_err(|error| unreadable(table, &error))?;
        all.insert(table.clone(), count.unsigned_abs());
    }
    Ok(all)
}
