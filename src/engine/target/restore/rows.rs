//! The rows of tables as hashes: what a backup holds of them, and what a target holds that the backup does not.

use super::super::super::Result;
use super::super::super::hashes::{Hashes, Kept, unmatched};
use super::super::super::sql_error::explain;
use super::super::connect::{self, TargetUrl};
use crate::catalog::ident::quote;
use crate::catalog::{Catalog, QName};
use crate::problem::{Problem, ProblemKind};
use crate::promotion::RestoredTable;
use crate::release::{Held, HeldTable, families, shared_columns, stored_columns};
use futures::{StreamExt, TryStreamExt};
use sqlx::{AssertSqlSafe, PgConnection};
use std::collections::BTreeMap;

const LARGE_OBJECTS: &str = "SELECT hashtextextended(ROW(o.oid, md5(lo_get(o.oid)))::text COLLATE \"C\", 0) AS h
  FROM pg_largeobject_metadata AS o";

/// A query with one hash for each row of a table and its partitions; of all large objects when it is none.
fn hashed(table: Option<&QName>, families: &BTreeMap<QName, Vec<QName>>, columns: &[String]) -> String {
    let Some(table) = table else { return LARGE_OBJECTS.to_owned() };
    let values: Vec<String> = columns.iter().map(|column| format!("t.{}", quote(column))).collect();
    let values = values.join(", ");
    let one = |part: &QName| format!("SELECT hashtextextended(ROW({values})::text COLLATE \"C\", 0) AS h FROM ONLY {part} AS t");
    let parts: Vec<String> = families.get(table).into_iter().flatten().map(one).collect();
    match parts.is_empty() {
        true => "SELECT 0::bigint AS h WHERE false".to_owned(),
        false => parts.join("\nUNION ALL "),
    }
}

fn unread(table: Option<&QName>) -> impl FnOnce(sqlx::Error) -> Problem {
    let name = table.map_or_else(|| "the large objects".to_owned(), QName::shown);
    explain(format!("The rows of {name} could not be read."))
}

/// How many rows, and the sum of their hashes.
async fn sum(conn: &mut PgConnection, table: Option<&QName>, hashed: &str) -> Result<(u64, String)> {
    let sql = format!("SELECT count(*), coalesce(sum(h), 0)::text FROM ({hashed}) AS q");
    let (rows, sum): (i64, String) = sqlx::query_as(AssertSqlSafe(sql)).fetch_one(conn).await.map_err(unread(table))?;
    Ok((rows.unsigned_abs(), sum))
}

fn sorted<'c>(conn: &'c mut PgConnection, table: Option<&QName>, hashed: &str) -> Hashes<'c> {
    let name = table.cloned();
    let sql = format!("SELECT h FROM ({hashed}) AS q ORDER BY h");
    let hashes = sqlx::query_scalar(AssertSqlSafe(sql)).fetch(conn);
    hashes.map_err(move |error| unread(name.as_ref())(error)).boxed()
}

/// What a restored backup holds of each table, told by the columns that the target has, too.
pub async fn held(conn: &mut PgConnection, backup: &Catalog, target: &Catalog) -> Result<Vec<HeldTable>> {
    let families = families(backup);
    let mut tables = Vec::new();
    for table in families.keys().map(Some).chain([None]) {
        let columns = table.map_or_else(Vec::new, |table| shared_columns(backup, target, table));
        let (rows, sum) = sum(conn, table, &hashed(table, &families, &columns)).await?;
        tables.push(HeldTable { table: table.cloned(), columns, rows, sum });
    }
    Ok(tables)
}

/// A backup that is restored beside its target.
pub struct Restored {
    pub conn: PgConnection,
    queries: Vec<(Option<QName>, String)>,
}

impl Restored {
    pub async fn open(url: &TargetUrl, backup: &Catalog, tables: &[HeldTable]) -> Result<Self> {
        let families = families(backup);
        let query = |one: &HeldTable| (one.table.clone(), hashed(one.table.as_ref(), &families, &one.columns));
        Ok(Self { conn: connect::open(url, "lockstep:scratch").await?, queries: tables.iter().map(query).collect() })
    }
}

impl Kept for Restored {
    fn hashes(&mut self, at: usize) -> Hashes<'_> {
        match self.queries.get(at) {
            Some((table, query)) => sorted(&mut self.conn, table.as_ref(), query),
            None => futures::stream::empty().boxed(),
        }
    }
}

/// What becomes of the rows of each table of the target and of the backup, those that lose most first.
pub async fn compare(
    conn: &mut PgConnection,
    target: &Catalog,
    backup: &Catalog,
    held: &Held,
    kept: &mut dyn Kept,
) -> Result<Vec<RestoredTable>> {
    let there = families(target);
    let mut tables = Vec::new();
    for (at, one) in held.tables.iter().enumerate() {
        let table = one.table.as_ref();
        if table.is_some_and(|table| !there.contains_key(table)) {
            tables.push(RestoredTable { table: table.cloned(), now: None, kept: Some(one.rows), lost: 0, back: one.rows });
            continue;
        }
        if table.is_some_and(|table| shared_columns(backup, target, table) != one.columns) {
            return Err(moved(table));
        }
        let query = hashed(table, &there, &one.columns);
        let (rows, sum) = sum(conn, table, &query).await?;
        let (lost, back) = match (rows, &sum) == (one.rows, &one.sum) {
            true => (0, 0),
            false => unmatched(sorted(conn, table, &query), kept.hashes(at)).await?,
        };
        tables.push(RestoredTable { table: table.cloned(), now: Some(rows), kept: Some(one.rows), lost, back });
    }
    for table in there.keys().filter(|table| !held.tables.iter().any(|one| one.table.as_ref() == Some(table))) {
        let (rows, _) = sum(conn, Some(table), &hashed(Some(table), &there, &[])).await?;
        tables.push(RestoredTable { table: Some(table.clone()), now: Some(rows), kept: None, lost: rows, back: 0 });
    }
    tables.retain(|one| one.table.is_some() || (one.now, one.kept) != (Some(0), Some(0)));
    tables.sort_by(|a, b| (b.lost, b.back).cmp(&(a.lost, a.back)).then_with(|| a.table.cmp(&b.table)));
    Ok(tables)
}

fn moved(table: Option<&QName>) -> Problem {
    let name = table.map_or_else(String::new, QName::shown);
    Problem::new(ProblemKind::Conflict, format!("The rows of {name} cannot be held against the backup any more."))
        .because("Its columns were changed after the backup was read.")
        .way_out("Press Restore the backup once more.")
}

/// The tables whose rows are not the same on both sides; both have the same schema.
pub async fn different(conn: &mut PgConnection, catalog: &Catalog, restored: &mut Restored) -> Result<Vec<String>> {
    let families = families(catalog);
    let mut names = Vec::new();
    for table in families.keys().map(Some).chain([None]) {
        let columns = table.map_or_else(Vec::new, |table| stored_columns(catalog, table));
        let query = hashed(table, &families, &columns);
        if sum(conn, table, &query).await? != sum(&mut restored.conn, table, &query).await? {
            names.push(table.map_or_else(|| "the large objects".to_owned(), QName::shown));
        }
    }
    Ok(names)
}
