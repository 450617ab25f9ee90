//! Which backups there are, of which runs, and which of them nobody needs any more.

use super::refused::refused;
use crate::engine::Result;
use crate::promotion::{BackupMode, BackupSummary, EnvironmentId, RestorePoint, RunId};
use chrono::{DateTime, Utc};
use sqlx::PgConnection;
use sqlx::types::Json;

#[derive(sqlx::FromRow)]
struct Row {
    file: String,
    mode: String,
    bytes: i64,
    sha256: String,
    restore_point: Option<Json<RestorePoint>>,
    taken_at: DateTime<Utc>,
    place: String,
    removed_at: Option<DateTime<Utc>>,
}

impl From<Row> for BackupSummary {
    fn from(row: Row) -> Self {
        Self {
            mode: BackupMode::ALL.into_iter().find(|mode| mode.name() == row.mode).unwrap_or_default(),
            file: row.file,
            bytes: row.bytes.unsigned_abs(),
            sha256: row.sha256,
            restore_point: row.restore_point.map(|json| json.0),
            taken_at: row.taken_at,
            place: row.place,
            removed_at: row.removed_at,
        }
    }
}

pub async fn insert(conn: &mut PgConnection, run: RunId, backup: &BackupSummary) -> Result<()> {
    sqlx::query(include_str!("queries/backup_insert.sql"))
        .bind(run.0)
        .bind(&backup.file)
        .bind(backup.mode.name())
        .bind(i64::try_from(backup.bytes).unwrap_or(i64::MAX))
        .bind(&backup.sha256)
        .bind(backup.restore_point.as_ref().map(Json))
        .bind(backup.taken_at)
        .bind(&backup.place)
        .execute(conn)
        .await
        .map(|_| ())
        .map_err(refused("The backup could not be written down."))
}

/// The newest: a run that is taken up again makes its backup again.
pub async fn of_run(conn: &mut PgConnection, run: RunId) -> Result<Option<BackupSummary>> {
    let row: Option<Row> = sqlx::query_as("SELECT * FROM backups WHERE run = $1 ORDER BY taken_at DESC LIMIT 1")
        .bind(run.0)
        .fetch_optional(conn)
        .await
        .map_err(refused("The backup could not be read."))?;
    Ok(row.map(BackupSummary::from))
}

/// Those of an environment that may go when the newest `keep` stay, oldest first.
pub async fn spare(conn: &mut PgConnection, environment: EnvironmentId, keep: u32) -> Result<Vec<BackupSummary>> {
    let rows: Vec<Row> = sqlx::query_as(include_str!("queries/backups_spare.sql"))
        .bind(environment.0)
        .bind(i64::from(keep))
        .fetch_all(conn)
        .await
        .map_err(refused("The backups could not be read."))?;
    Ok(rows.into_iter().map(BackupSummary::from).collect())
}

pub async fn removed(conn: &mut PgConnection, file: &str) -> Result<()> {
    sqlx::query("UPDATE backups SET removed_at = now() WHERE file = $1")
        .bind(file)
        .execute(conn)
        .await
        .map(|_| ())
        .map_err(refused("It could not be written down that a backup was removed."))
}

/// Of these names of files, those of runs that are known and do not work, and that belong to no backup.
pub async fn unknown(conn: &mut PgConnection, names: &[String]) -> Result<Vec<String>> {
    sqlx::query_scalar(include_str!("queries/backups_unknown.sql"))
        .bind(names)
        .fetch_all(conn)
        .await
        .map_err(refused("The backups could not be read."))
}
