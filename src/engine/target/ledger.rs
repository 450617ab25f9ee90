//! The row that the apply transaction leaves in a target: if it is there, the promotion happened.

use super::super::Result;
use super::super::sql_error::{explain, problem};
use super::apply::Order;
use crate::catalog::ident::{literal, quote};
use crate::promotion::PromotionId;
use crate::run::RunId;
use chrono::{DateTime, Utc};
use sqlx::{AssertSqlSafe, Executor, PgConnection};
use uuid::Uuid;

/// One promotion that happened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    pub run: RunId,
    pub promotion: PromotionId,
    /// Digest of the release.
    pub release: String,
    pub version: String,
    /// The target's clock.
    pub applied_at: DateTime<Utc>,
    pub by: String,
}

#[derive(sqlx::FromRow)]
struct Found {
    run_id: Uuid,
    promotion_id: Uuid,
    release: String,
    version: String,
    applied_at: DateTime<Utc>,
    applied_by: String,
}

/// The row of a run; none when the run did not happen, or no run ever did.
pub async fn find(conn: &mut PgConnection, run: RunId) -> Result<Option<Entry>> {
    newest(conn, Some(run.0)).await
}

/// The newest row: what the target says it is.
pub async fn current(conn: &mut PgConnection) -> Result<Option<Entry>> {
    newest(conn, None).await
}

async fn newest(conn: &mut PgConnection, run: Option<Uuid>) -> Result<Option<Entry>> {
    const READING: &str = "The target's ledger could not be read.";
    let there: bool = sqlx::query_scalar("SELECT to_regclass('lockstep.ledger') IS NOT NULL")
        .fetch_one(&mut *conn)
        .await
        .map_err(explain(READING))?;
    if !there {
        return Ok(None);
    }
    let found: Option<Found> = sqlx::query_as(include_str!("queries/ledger_find.sql"))
        .bind(run)
        .fetch_optional(&mut *conn)
        .await
        .map_err(explain(READING))?;
    Ok(found.map(|row| Entry {
        run: RunId(row.run_id),
        promotion: PromotionId(row.promotion_id),
        release: row.release,
        version: row.version,
        applied_at: row.applied_at,
        by: row.applied_by,
    }))
}

/// Writes the row, as the last statement before the COMMIT. A run that has one already is refused by the key (23505).
pub(super) async fn record(conn: &mut PgConnection, order: &Order<'_>) -> std::result::Result<(), sqlx::Error> {
    sqlx::query(include_str!("queries/ledger_record.sql"))
        .bind(order.run.0)
        .bind(order.promotion.0)
        .bind(&order.digest.0)
        .bind(&order.sealed.release.0)
        .bind(order.version)
        .bind(order.by)
        .execute(conn)
        .await
        .map(|_| ())
}

/// Makes the ledger where there is none. It asks first: making what is there would wait for locks in vain.
pub(super) async fn prepare(conn: &mut PgConnection) -> std::result::Result<(), sqlx::Error> {
    let there: bool = sqlx::query_scalar("SELECT to_regclass('lockstep.ledger') IS NOT NULL").fetch_one(&mut *conn).await?;
    if !there {
        conn.execute(include_str!("queries/ledger.sql")).await?;
    }
    Ok(())
}

/// Names that tables of versions use for the same thing.
const VERSION: &[&str] = &["version", "schema_version", "version_number", "name"];
const DESCRIPTION: &[&str] = &["description", "notes", "note", "comment"];
const APPLIED_AT: &[&str] = &["applied_at", "installed_on", "applied_on", "deployed_at", "executed_at", "created_at"];
const APPLIED_BY: &[&str] = &["applied_by", "installed_by", "deployed_by", "executed_by", "created_by"];

/// Adds the version to `public.schema_versions`, making the table where there is none. It is for people and other tools: when it cannot
/// be written, that is a note and no reason to fail a promotion whose ledger row is written.
pub(super) async fn note_version(conn: &mut PgConnection, order: &Order<'_>) -> std::result::Result<Option<String>, sqlx::Error> {
    conn.execute("SAVEPOINT versions").await?;
    match write_version(conn, order).await {
        Ok(None) => {
            conn.execute("RELEASE SAVEPOINT versions").await?;
            Ok(None)
        }
        Ok(Some(why)) => {
            conn.execute("ROLLBACK TO SAVEPOINT versions").await?;
            Ok(Some(format!("public.schema_versions was not written: {why}")))
        }
        Err(error) => {
            // A lost connection fails here again, and rightly fails the transaction.
            conn.execute("ROLLBACK TO SAVEPOINT versions").await?;
            Ok(Some(format!("public.schema_versions was not written. {}", problem("", &error).cause)))
        }
    }
}

async fn write_version(conn: &mut PgConnection, order: &Order<'_>) -> std::result::Result<Option<String>, sqlx::Error> {
    let there: bool =
        sqlx::query_scalar("SELECT to_regclass('public.schema_versions') IS NOT NULL").fetch_one(&mut *conn).await?;
    if !there {
        conn.execute(include_str!("queries/versions.sql")).await?;
    }
    let columns: Vec<(String, bool)> = sqlx::query_as(include_str!("queries/versions_columns.sql")).fetch_all(&mut *conn).await?;
    let find = |names: &[&str]| names.iter().find_map(|name| columns.iter().find(|(column, _)| column == name));
    let Some((version, _)) = find(VERSION) else { return Ok(Some("it has no column for the version.".to_owned())) };
    let mut pairs = vec![(version, literal(order.version))];
    pairs.extend(find(DESCRIPTION).map(|(column, _)| (column, literal(order.notes))));
    pairs.extend(find(APPLIED_AT).map(|(column, _)| (column, "now()".to_owned())));
    pairs.extend(find(APPLIED_BY).map(|(column, _)| (column, literal(order.by))));
    if let Some((column, _)) = columns.iter().find(|(column, required)| *required && !pairs.iter().any(|(one, _)| *one == column))
    {
        return Ok(Some(format!("its column {column} must have a value that Lockstep does not know.")));
    }
    let names: Vec<String> = pairs.iter().map(|(column, _)| quote(column)).collect();
    let values: Vec<&str> = pairs.iter().map(|(_, value)| value.as_str()).collect();
    let sql = format!("INSERT INTO public.schema_versions ({}) VALUES ({})", names.join(", "), values.join(", "));
    conn.execute(AssertSqlSafe(sql)).await?;
    Ok(None)
}
