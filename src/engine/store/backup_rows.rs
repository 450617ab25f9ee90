//! The rows of a backup as hashes, in pages: written once, sorted, and read in that order.

use super::refused::refused;
use crate::engine::Result;
use crate::engine::hashes::{Hashes, Kept};
use crate::promotion::RunId;
use futures::stream::{self, StreamExt, TryStreamExt};
use sqlx::pool::PoolConnection;
use sqlx::{Executor, PgConnection, Postgres};
use uuid::Uuid;

/// Hashes on one page.
const PAGE: usize = 32 * 1024;

const KEPT: &str = "What the backup holds could not be kept.";

/// Keeps others from reading the backup of this run until the transaction ends, which waits as long as that takes. False when somebody
/// reads it already.
pub async fn only_reader(conn: &mut PgConnection, run: RunId) -> Result<bool> {
    conn.execute("SET LOCAL idle_in_transaction_session_timeout = 0").await.map_err(refused(KEPT))?;
    sqlx::query_scalar("SELECT pg_try_advisory_xact_lock(hashtextextended($1, 0))")
        .bind(format!("backup {}", run.0))
        .fetch_one(conn)
        .await
        .map_err(refused(KEPT))
}

/// Keeps the hashes of the table at this place.
pub async fn write(conn: &mut PgConnection, rows: Uuid, at: usize, mut hashes: Hashes<'_>) -> Result<()> {
    let (mut page, mut pages) = (Vec::new(), 0);
    loop {
        let next = hashes.try_next().await?;
        page.extend(next);
        if page.len() >= PAGE || (next.is_none() && !page.is_empty()) {
            sqlx::query("INSERT INTO backup_rows (rows, table_at, page, hashes) VALUES ($1, $2, $3, $4)")
                .bind(rows)
                .bind(place(at))
                .bind(pages)
                .bind(&page)
                .execute(&mut *conn)
                .await
                .map_err(refused(KEPT))?;
            page.clear();
            pages += 1;
        }
        if next.is_none() {
            return Ok(());
        }
    }
}

fn place(at: usize) -> i32 {
    i32::try_from(at).unwrap_or(i32::MAX)
}

/// The hashes that a release keeps.
pub struct Pages {
    pub conn: PoolConnection<Postgres>,
    pub rows: Uuid,
}

impl Kept for Pages {
    fn hashes(&mut self, at: usize) -> Hashes<'_> {
        sqlx::query_scalar("SELECT hashes FROM backup_rows WHERE rows = $1 AND table_at = $2 ORDER BY page")
            .bind(self.rows)
            .bind(place(at))
            .fetch(&mut *self.conn)
            .map_err(|error| refused("What the backup holds could not be read.")(error))
            .map_ok(|page: Vec<i64>| stream::iter(page).map(Ok))
            .try_flatten()
            .boxed()
    }
}
