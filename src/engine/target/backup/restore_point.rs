//! No dump: the moment before the promotion gets a name in the server's log, and the provider of the database can go back to it.

use super::super::super::Result;
use super::super::super::sql_error::explain;
use super::super::{connect, preflight};
use super::{FORMAT, Manifest, Order, ready};
use crate::promotion::RestorePoint;
use chrono::{DateTime, Utc};
use std::collections::BTreeMap;

const NAMING: &str = "The moment before the promotion could not be marked in the target's log.";

pub async fn take(order: &Order<'_>) -> Result<Manifest> {
    let mut conn = connect::open(order.url, &order.session_name()).await?;
    let facts = ready::facts(&mut conn).await?;
    if let Some(problem) = ready::no_log(order, &facts) {
        return Err(problem);
    }
    // PostgreSQL takes at most 63 bytes for it.
    let name = facts.may_name_points.then(|| format!("lockstep {}", order.taken_at.format("%Y-%m-%d %H:%M:%S%.6f UTC")));
    let lsn: String = match &name {
        Some(name) => sqlx::query_scalar("SELECT pg_catalog.pg_create_restore_point($1)::text").bind(name).fetch_one(&mut conn),
        // Where the next record goes: what is written to the disk may lack commits that clients were told of.
        None => sqlx::query_scalar("SELECT pg_catalog.pg_current_wal_insert_lsn()::text").fetch_one(&mut conn),
    }
    .await
    .map_err(explain(NAMING))?;
    let (timeline, at): (i32, DateTime<Utc>) = sqlx::query_as(include_str!("../queries/restore_point.sql"))
        .bind(&lsn)
        .fetch_one(&mut conn)
        .await
        .map_err(explain(NAMING))?;
    let manifest = Manifest {
        format: FORMAT,
        mode: order.extent.mode(),
        file: format!("{}.json", order.name),
        bytes: 0,
        sha256: String::new(),
        pg_dump: String::new(),
        server_version: facts.server_version.unsigned_abs(),
        target_identity: preflight::identity(&mut conn).await?,
        catalog: None,
        rows: BTreeMap::new(),
        restore_point: Some(RestorePoint { name, lsn, timeline: timeline.unsigned_abs(), at }),
        taken_at: order.taken_at,
    };
    connect::close(conn).await;
    order.shelf.describe(&manifest).await?;
    Ok(manifest)
}
