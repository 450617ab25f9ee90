//! Runs and their numbered events. A runner writes only while it holds the newest fencing number.

use super::refused::refused;
use super::{Store, Tx};
use crate::engine::Result;
use crate::problem::{Problem, ProblemKind};
use crate::promotion::{EnvironmentId, PromotionId, RunId};
use crate::run::event::FORMAT;
use crate::run::{Event, EventKind};
use chrono::{DateTime, Utc};
use sqlx::PgConnection;
use sqlx::types::Json;
use std::time::Duration;
use uuid::Uuid;

/// A run that this runner holds.
#[derive(Debug, Clone)]
pub struct Claimed {
    pub run: RunId,
    pub promotion: PromotionId,
    pub started_by: String,
    /// 1 for a fresh run; more for one that another runner, or this one before a restart, has begun.
    pub fence: i64,
}

pub async fn insert(conn: &mut PgConnection, run: RunId, promotion: PromotionId, target: EnvironmentId, by: &str) -> Result<()> {
    sqlx::query("INSERT INTO runs (id, promotion, target, started_by) VALUES ($1, $2, $3, $4)")
        .bind(run.0)
        .bind(promotion.0)
        .bind(target.0)
        .bind(by)
        .execute(conn)
        .await
        .map(|_| ())
        .map_err(refused("The run could not be started."))
}

/// Takes the oldest run that nobody holds and that is none of `mine`.
pub async fn claim(conn: &mut PgConnection, lease: Duration, mine: &[Uuid]) -> Result<Option<Claimed>> {
    let row: Option<(Uuid, Uuid, String, i64)> = sqlx::query_as(include_str!("queries/run_claim.sql"))
        .bind(lease.as_secs_f64())
        .bind(mine)
        .fetch_optional(conn)
        .await
        .map_err(refused("No run could be claimed."))?;
    Ok(row.map(|(run, promotion, started_by, fence)| Claimed {
        run: RunId(run),
        promotion: PromotionId(promotion),
        started_by,
        fence,
    }))
}

/// Ends all leases: for a store that nobody else can have open.
pub async fn void_leases(conn: &mut PgConnection) -> Result<()> {
    sqlx::query("UPDATE runs SET lease_until = now() WHERE state = 'running' AND lease_until > now()")
        .execute(conn)
        .await
        .map(|_| ())
        .map_err(refused("Old leases could not be ended."))
}

/// Prolongs the lease and locks the run's row until the transaction ends. Refused when another runner has taken over.
pub async fn hold(conn: &mut PgConnection, claimed: &Claimed, lease: Duration) -> Result<()> {
    let sql =
        "UPDATE runs SET lease_until = now() + make_interval(secs => $3) WHERE id = $1 AND fence = $2 AND state = 'running'";
    let held = sqlx::query(sql)
        .bind(claimed.run.0)
        .bind(claimed.fence)
        .bind(lease.as_secs_f64())
        .execute(conn)
        .await
        .map_err(refused("The run could not be held."))?;
    if held.rows_affected() == 0 {
        return Err(Problem::new(ProblemKind::Conflict, "Another console has taken over this run."));
    }
    Ok(())
}

/// Locks the run against a runner that holds it: for people who ask it something.
pub async fn lock(conn: &mut PgConnection, run: RunId) -> Result<Option<String>> {
    sqlx::query_scalar("SELECT state FROM runs WHERE id = $1 FOR UPDATE")
        .bind(run.0)
        .fetch_optional(conn)
        .await
        .map_err(refused("The run could not be read."))
}

/// Appends the next event. The caller holds the run's row, by `hold`, `lock` or having just inserted it.
pub async fn append(conn: &mut PgConnection, run: RunId, kind: &EventKind) -> Result<Event> {
    let (seq, at): (i64, DateTime<Utc>) = sqlx::query_as(include_str!("queries/event_append.sql"))
        .bind(run.0)
        .bind(i32::try_from(FORMAT).unwrap_or(i32::MAX))
        .bind(Json(kind))
        .fetch_one(&mut *conn)
        .await
        .map_err(refused("The run's journal could not be written."))?;
    super::wake::notify(conn, run).await?;
    Ok(Event { seq, at, kind: kind.clone() })
}

/// In order, those after `after`.
pub async fn events(conn: &mut PgConnection, run: RunId, after: i64) -> Result<Vec<Event>> {
    let rows: Vec<(i64, DateTime<Utc>, Json<EventKind>)> =
        sqlx::query_as("SELECT seq, at, event FROM run_events WHERE run = $1 AND seq > $2 ORDER BY seq")
            .bind(run.0)
            .bind(after)
            .fetch_all(conn)
            .await
            .map_err(refused("The run's events could not be read."))?;
    Ok(rows.into_iter().map(|(seq, at, kind)| Event { seq, at, kind: kind.0 }).collect())
}

pub async fn exists(conn: &mut PgConnection, run: RunId) -> Result<bool> {
    sqlx::query_scalar("SELECT EXISTS (SELECT FROM runs WHERE id = $1)")
        .bind(run.0)
        .fetch_one(conn)
        .await
        .map_err(refused("The run could not be read."))
}

/// Writes down that a person wants the run to stop; true for the first who does.
pub async fn ask_to_cancel(conn: &mut PgConnection, run: RunId, by: &str) -> Result<bool> {
    sqlx::query("UPDATE runs SET cancelled_by = $2 WHERE id = $1 AND state <> 'ended' AND cancelled_by IS NULL")
        .bind(run.0)
        .bind(by)
        .execute(conn)
        .await
        .map(|done| done.rows_affected() == 1)
        .map_err(refused("The run could not be asked to stop."))
}

/// Who has asked the run to stop.
pub async fn cancelled_by(conn: &mut PgConnection, run: RunId) -> Result<Option<String>> {
    sqlx::query_scalar("SELECT cancelled_by FROM runs WHERE id = $1")
        .bind(run.0)
        .fetch_one(conn)
        .await
        .map_err(refused("The run could not be read."))
}

pub async fn end(conn: &mut PgConnection, run: RunId) -> Result<()> {
    sqlx::query("UPDATE runs SET state = 'ended', lease_until = NULL WHERE id = $1")
        .bind(run.0)
        .execute(conn)
        .await
        .map(|_| ())
        .map_err(refused("The run could not be ended."))
}

/// Those that a runner holds now.
pub async fn working(conn: &mut PgConnection) -> Result<Vec<RunId>> {
    let ids: Vec<Uuid> = sqlx::query_scalar("SELECT id FROM runs WHERE state = 'running' AND lease_until > now()")
        .fetch_all(conn)
        .await
        .map_err(refused("The runs could not be read."))?;
    Ok(ids.into_iter().map(RunId).collect())
}

/// Which of these runs have ended; those of other stores are not known here.
pub async fn ended_of(conn: &mut PgConnection, runs: &[RunId]) -> Result<Vec<RunId>> {
    let ids: Vec<Uuid> = runs.iter().map(|run| run.0).collect();
    let ended: Vec<Uuid> = sqlx::query_scalar("SELECT id FROM runs WHERE state = 'ended' AND id = ANY ($1)")
        .bind(ids)
        .fetch_all(conn)
        .await
        .map_err(refused("The runs could not be read."))?;
    Ok(ended.into_iter().map(RunId).collect())
}

impl Store {
    /// A transaction in which the runner that holds `claimed` may write.
    pub async fn begin_held(&self, claimed: &Claimed, lease: Duration) -> Result<Tx> {
        let mut tx = self.begin().await?;
        hold(&mut tx, claimed, lease).await?;
        Ok(tx)
    }
}
