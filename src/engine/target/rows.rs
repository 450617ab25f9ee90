//! Reads the rows of lookup tables as canonical text.
//!
//! `COPY` streams what each type's output function prints, tells NULL from the empty text, and has no cast in between that would
//! trim or round. The settings of the session are pinned, so that equal values print equally everywhere.

use super::super::Result;
use super::super::sql_error::{code, problem};
use crate::catalog::ident::quote;
use crate::catalog::{Catalog, QName};
use crate::lookup::{LookupSet, LookupTable, Row, Shape, TableRows, shape};
use crate::problem::{Problem, ProblemKind};
use futures::TryStreamExt;
use sqlx::{AssertSqlSafe, Executor, PgConnection, SqlSafeStr};
use std::collections::BTreeMap;

/// Reads the tables of the set that the catalog has, in the caller's transaction.
pub async fn read(conn: &mut PgConnection, catalog: &Catalog, set: &LookupSet) -> Result<Vec<TableRows>> {
    let mut all = Vec::new();
    for table in &set.tables {
        if let Some(shape) = shape(catalog, table)? {
            all.push(one(conn, table, shape).await?);
        }
    }
    Ok(all)
}

async fn one(conn: &mut PgConnection, lookup: &LookupTable, shape: Shape) -> Result<TableRows> {
    let table = &lookup.table;
    let columns: Vec<String> = shape.columns.iter().map(|column| quote(&column.name)).collect();
    // A partitioned table has its rows in its partitions; COPY of the table itself would refuse.
    let query = format!("SELECT {} FROM {table}{}", columns.join(", "), filtered(conn, lookup).await?);
    let sql = format!("COPY ({query}) TO STDOUT");
    let failed = |error: sqlx::Error| unreadable(table, &error);
    let mut rows = Vec::new();
    let mut rest: Vec<u8> = Vec::new();
    let mut stream = conn.copy_out_raw(&sql).await.map_err(failed)?;
    while let Some(bytes) = stream.try_next().await.map_err(failed)? {
        rest.extend_from_slice(&bytes);
        let whole = rest.iter().rposition(|byte| *byte == b'\n').map_or(0, |end| end + 1);
        for line in rest.get(..whole).unwrap_or_default().split_inclusive(|byte| *byte == b'\n') {
            rows.push(row(table, line.strip_suffix(b"\n").unwrap_or(line))?);
        }
        rest.drain(..whole);
    }
    drop(stream);
    let Shape { columns, key, surrogate } = shape;
    let mut read = TableRows { table: table.clone(), columns, key, surrogate, rows };
    let key = read.key.clone();
    // Byte order in Rust: two databases may sort texts differently.
    read.rows.sort_by(|a, b| key.iter().map(|at| a.get(*at)).cmp(key.iter().map(|at| b.get(*at))));
    Ok(read)
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

/// One line of COPY's text format: tabs between values, `\N` for NULL, a backslash before what would end a value.
fn row(table: &QName, line: &[u8]) -> Result<Row> {
    line.split(|byte| *byte == b'\t').map(|field| value(table, field)).collect()
}

fn value(table: &QName, field: &[u8]) -> Result<Option<String>> {
    if field == b"\\N" {
        return Ok(None);
    }
    let mut bytes = Vec::with_capacity(field.len());
    let mut rest = field.iter();
    while let Some(byte) = rest.next() {
        if *byte != b'\\' {
            bytes.push(*byte);
            continue;
        }
        bytes.push(match rest.next() {
            Some(b'b') => 8,
            Some(b'f') => 12,
            Some(b'n') => b'\n',
            Some(b'r') => b'\r',
            Some(b't') => b'\t',
            Some(b'v') => 11,
            Some(other) => *other,
            None => b'\\',
        });
    }
    String::from_utf8(bytes).map(Some).map_err(|_| {
        Problem::new(ProblemKind::Unsupported, format!("A text in {} is not valid UTF-8.", table.shown()))
            .way_out("Repair the row, or give the database the encoding UTF8.")
    })
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

#[cfg(test)]
mod tests {
    use super::{QName, row};

    #[test]
    fn a_line_of_copy_keeps_null_beside_empty_text_and_every_odd_byte() {
        let table = QName::new("public", "t");
        let read = row(&table, b"\\N\t\ta\\tb\\\\N\\n\t\xc3\xa9").unwrap();
        assert_eq!(read, [None, Some(String::new()), Some("a\tb\\N\n".to_owned()), Some("é".to_owned())]);
    }
}
