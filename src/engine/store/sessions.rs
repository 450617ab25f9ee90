//! Sessions, by the hash of their id.

use super::refused::refused;
use crate::access::PersonId;
use crate::engine::Result;
use sqlx::PgConnection;
use std::time::Duration;

pub async fn save(conn: &mut PgConnection, id_hash: &str, data: &[u8], person: Option<PersonId>, lasts: Duration) -> Result<()> {
    sqlx::query(include_str!("queries/session_save.sql"))
        .bind(id_hash)
        .bind(person.map(|person| person.0))
        .bind(data)
        .bind(lasts.as_secs_f64())
        .execute(conn)
        .await
        .map(|_| ())
        .map_err(refused("The session could not be kept."))
}

/// Loading a session is what keeps it from being idle.
pub async fn load(conn: &mut PgConnection, id_hash: &str) -> Result<Option<(Vec<u8>, Duration)>> {
    let found: Option<(Vec<u8>, f64)> = sqlx::query_as(include_str!("queries/session_load.sql"))
        .bind(id_hash)
        .fetch_optional(conn)
        .await
        .map_err(refused("The session could not be read."))?;
    Ok(found.map(|(data, seconds)| (data, Duration::from_secs_f64(seconds.max(0.0)))))
}

pub async fn delete(conn: &mut PgConnection, id_hash: &str) -> Result<()> {
    sqlx::query("DELETE FROM sessions WHERE id_hash = $1")
        .bind(id_hash)
        .execute(conn)
        .await
        .map(|_| ())
        .map_err(refused("The session could not be ended."))
}

/// Ends all sessions of a person but the one with the hash `keep`.
pub async fn delete_of(conn: &mut PgConnection, person: PersonId, keep: Option<&str>) -> Result<u64> {
    sqlx::query("DELETE FROM sessions WHERE person = $1 AND id_hash IS DISTINCT FROM $2")
        .bind(person.0)
        .bind(keep)
        .execute(conn)
        .await
        .map(|done| done.rows_affected())
        .map_err(refused("The sessions could not be ended."))
}

pub async fn sweep(conn: &mut PgConnection) -> Result<u64> {
    sqlx::query(include_str!("queries/sessions_sweep.sql"))
        .execute(conn)
        .await
        .map(|done| done.rows_affected())
        .map_err(refused("Old sessions could not be removed."))
}
