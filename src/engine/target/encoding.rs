//! Letters that a target's encoding does not have: found before the approval, where PostgreSQL would find them in the middle of a run.

use super::super::Result;
use super::super::sql_error::{code, explain};
use crate::lookup::{Packed, Row, TableChanges};
use crate::plan::Plan;
use crate::problem::{Problem, ProblemKind};
use sqlx::{Executor, PgConnection};

/// Rows in one question.
const BATCH: usize = 500;

const ASKING: &str = "It could not be asked which letters the target knows.";

const WAY_OUT: &str = "Write it without such letters in the source, or give the target's database the encoding UTF8.";

/// The encoding of the server, when it has not all letters. One that takes bytes as they are is no encoding at all: the preflight says so.
pub async fn narrow(conn: &mut PgConnection) -> Result<Option<String>> {
    let sql = "SELECT current_setting('server_encoding')";
    let encoding: String = sqlx::query_scalar(sql).fetch_one(conn).await.map_err(explain(ASKING))?;
    Ok(Some(encoding).filter(|name| !matches!(name.as_str(), "UTF8" | "SQL_ASCII")))
}

/// The first row that cannot be written, by its key: other values may be masked.
pub async fn unwritable(conn: &mut PgConnection, encoding: &str, table: &TableChanges) -> Result<Option<Problem>> {
    let written: Packed<Row> = table.written().collect();
    for rows in written.chunks(BATCH) {
        if !refused(conn, rows.iter().flatten().flatten()).await? {
            continue;
        }
        for row in &rows {
            if refused(conn, row.iter().flatten()).await? {
                let key = table.key.iter().filter_map(|at| Some((&table.columns.get(*at)?.name, row.get(*at)?.as_deref())));
                let key: Vec<String> = key.map(|(name, value)| format!("{name} = {}", value.unwrap_or("NULL"))).collect();
                return Ok(Some(unknown(&format!("A row of {}", table.table.shown()), encoding, &key.join(", "))));
            }
        }
    }
    Ok(None)
}

/// The first statement that cannot be sent.
pub async fn unsayable(conn: &mut PgConnection, encoding: &str, plan: &Plan) -> Result<Option<Problem>> {
    for statement in plan.statements() {
        if refused(conn, std::iter::once(&statement.sql)).await? {
            return Ok(Some(unknown("The definition of an object", encoding, &statement.summary)));
        }
    }
    Ok(None)
}

fn unknown(what: &str, encoding: &str, which: &str) -> Problem {
    Problem::new(ProblemKind::Unsupported, format!("{what} has letters that the target does not know."))
        .because(format!("Its database has the encoding {encoding}. It is about: {which}."))
        .way_out(WAY_OUT)
        .sqlstate("22P05")
}

/// Needs a transaction, which a refusal does not end. ASCII is in every encoding.
async fn refused(conn: &mut PgConnection, texts: impl Iterator<Item = &String>) -> Result<bool> {
    let wide: Vec<&str> = texts.map(String::as_str).filter(|text| !text.is_ascii()).collect();
    if wide.is_empty() {
        return Ok(false);
    }
    conn.execute("SAVEPOINT encoding").await.map_err(explain(ASKING))?;
    let asked = sqlx::query("SELECT FROM unnest($1::text[]) LIMIT 1").bind(wide).fetch_optional(&mut *conn).await.map(|_| ());
    let back = "ROLLBACK TO SAVEPOINT encoding; RELEASE SAVEPOINT encoding";
    conn.execute(back).await.map_err(explain(ASKING))?;
    match asked {
        Ok(()) => Ok(false),
        Err(error) if code(&error).as_deref() == Some("22P05") => Ok(true),
        Err(error) => Err(explain(ASKING)(error)),
    }
}
