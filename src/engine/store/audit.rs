//! The audit log: appended in one chain, under one lock, in the transaction of the change it tells of.

use super::refused::refused;
use crate::engine::Result;
use crate::promotion::AuditEntry;
use crate::promotion::audit::{Broken, Walk, link};
use chrono::{DateTime, Utc};
use futures::TryStreamExt;
use sqlx::PgConnection;

/// What is told; number, time and hashes come from the chain.
#[derive(Debug, Clone, Copy)]
pub struct Told<'a> {
    pub actor: &'a str,
    pub role: &'a str,
    pub action: &'a str,
    pub object: &'a str,
    pub result: &'a str,
    pub ip: &'a str,
}

/// Appends a row. Call it last in the transaction: everybody else who appends waits for its end.
pub async fn append(conn: &mut PgConnection, told: Told<'_>) -> Result<()> {
    const KEPT: &str = "The audit log could not be written.";
    sqlx::query("SELECT pg_advisory_xact_lock(hashtextextended('lockstep audit', 0))")
        .execute(&mut *conn)
        .await
        .map_err(refused(KEPT))?;
    let (seq, previous, at): (i64, String, DateTime<Utc>) = sqlx::query_as("SELECT seq, hash, clock_timestamp() FROM audit_head")
        .fetch_one(&mut *conn)
        .await
        .map_err(refused(KEPT))?;
    let entry = AuditEntry {
        seq: seq + 1,
        at,
        actor: told.actor.to_owned(),
        role: told.role.to_owned(),
        action: told.action.to_owned(),
        object: told.object.to_owned(),
        result: told.result.to_owned(),
        ip: told.ip.to_owned(),
    };
    let hash = link(&previous, &entry);
    sqlx::query(include_str!("queries/audit_append.sql"))
        .bind(entry.seq)
        .bind(entry.at)
        .bind(&entry.actor)
        .bind(&entry.role)
        .bind(&entry.action)
        .bind(&entry.object)
        .bind(&entry.result)
        .bind(&entry.ip)
        .bind(&previous)
        .bind(&hash)
        .execute(conn)
        .await
        .map(|_| ())
        .map_err(refused(KEPT))
}

#[derive(sqlx::FromRow)]
struct Row {
    seq: i64,
    at: DateTime<Utc>,
    actor: String,
    role: String,
    action: String,
    object: String,
    result: String,
    ip: String,
    previous: String,
    hash: String,
}

impl Row {
    fn split(self) -> (AuditEntry, String, String) {
        let Self { seq, at, actor, role, action, object, result, ip, previous, hash } = self;
        (AuditEntry { seq, at, actor, role, action, object, result, ip }, previous, hash)
    }
}

/// Newest first, and how many there are.
pub async fn page(conn: &mut PgConnection, offset: i64, limit: i64) -> Result<(Vec<AuditEntry>, i64)> {
    const READ: &str = "The audit log could not be read.";
    let rows: Vec<Row> = sqlx::query_as("SELECT * FROM audit ORDER BY seq DESC OFFSET $1 LIMIT $2")
        .bind(offset)
        .bind(limit)
        .fetch_all(&mut *conn)
        .await
        .map_err(refused(READ))?;
    let total = sqlx::query_scalar("SELECT count(*) FROM audit").fetch_one(conn).await.map_err(refused(READ))?;
    Ok((rows.into_iter().map(|row| row.split().0).collect(), total))
}

/// What was told of one object, in order.
pub async fn of_object(conn: &mut PgConnection, object: &str) -> Result<Vec<AuditEntry>> {
    let rows: Vec<Row> = sqlx::query_as("SELECT * FROM audit WHERE object = $1 ORDER BY seq")
        .bind(object)
        .fetch_all(conn)
        .await
        .map_err(refused("The audit log could not be read."))?;
    Ok(rows.into_iter().map(|row| row.split().0).collect())
}

/// Number and hash of the last row.
pub async fn head(conn: &mut PgConnection) -> Result<(i64, String)> {
    sqlx::query_as("SELECT seq, hash FROM audit_head")
        .fetch_one(conn)
        .await
        .map_err(refused("The end of the audit log could not be read."))
}

/// Recomputes every link, up to the end that was the end when the walk began.
pub async fn verify(conn: &mut PgConnection) -> Result<std::result::Result<(i64, String), Broken>> {
    let (last, hash) = head(&mut *conn).await?;
    let mut rows = sqlx::query_as::<_, Row>("SELECT * FROM audit WHERE seq <= $1 ORDER BY seq").bind(last).fetch(conn);
    let mut walk = Walk::default();
    while let Some(row) = rows.try_next().await.map_err(refused("The audit log could not be read."))? {
        let (entry, previous, hash) = row.split();
        if let Err(broken) = walk.step(&entry, &previous, &hash) {
            return Ok(Err(broken));
        }
    }
    Ok(walk.finish((last, &hash)))
}
