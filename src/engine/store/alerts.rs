//! The alerts that are to be sent, and what came of them.

use super::refused::refused;
use crate::engine::Result;
use crate::promotion::{Alert, AlertStanding, PromotionId};
use chrono::{DateTime, Utc};
use sqlx::PgConnection;
use sqlx::types::Json;
use uuid::Uuid;

const KEPT: &str = "The alert could not be kept.";

/// In the transaction of what it tells.
pub async fn insert(conn: &mut PgConnection, alert: &Alert) -> Result<()> {
    sqlx::query("INSERT INTO alerts (id, promotion, body) VALUES ($1, $2, $3)")
        .bind(Uuid::now_v7())
        .bind(alert.promotion.0)
        .bind(Json(alert))
        .execute(conn)
        .await
        .map(|_| ())
        .map_err(refused(KEPT))
}

/// The next that is to be sent and that no other console is sending.
pub async fn claim(conn: &mut PgConnection) -> Result<Option<(Uuid, Alert)>> {
    let row: Option<(Uuid, Json<Alert>)> = sqlx::query_as(include_str!("queries/alert_claim.sql"))
        .fetch_optional(conn)
        .await
        .map_err(refused("No alert could be taken."))?;
    Ok(row.map(|(id, alert)| (id, alert.0)))
}

/// `problem` says why it was not sent.
pub async fn tried(conn: &mut PgConnection, id: Uuid, problem: Option<&str>) -> Result<()> {
    sqlx::query("UPDATE alerts SET problem = $2, sent_at = CASE WHEN $2 IS NULL THEN now() END WHERE id = $1 AND sent_at IS NULL")
        .bind(id)
        .bind(problem)
        .execute(conn)
        .await
        .map(|_| ())
        .map_err(refused(KEPT))
}

/// What became of the alert about a promotion; none when there was nothing to tell.
pub async fn of_promotion(conn: &mut PgConnection, promotion: PromotionId) -> Result<Option<AlertStanding>> {
    let row: Option<(Option<DateTime<Utc>>, Option<String>)> =
        sqlx::query_as("SELECT sent_at, problem FROM alerts WHERE promotion = $1 ORDER BY made_at DESC LIMIT 1")
            .bind(promotion.0)
            .fetch_optional(conn)
            .await
            .map_err(refused("The alert could not be read."))?;
    Ok(row.map(|(sent_at, problem)| AlertStanding { sent_at, problem }))
}
