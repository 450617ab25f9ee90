//! The database of the console itself. Knows nothing of targets.

pub mod alerts;
pub mod audit;
pub mod backup_rows;
pub mod backups;
pub mod environments;
pub mod people;
pub mod promotions;
pub mod refused;
pub mod release_rows;
pub mod releases;
pub mod runs;
pub mod sessions;
pub mod wake;

use super::Result;
use chrono::{DateTime, Utc};
use refused::refused;
use sqlx::pool::PoolConnection;
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx::{ConnectOptions, Executor, PgConnection, PgPool, Postgres, Transaction};
use std::str::FromStr;
use std::time::Duration;

pub type Tx = Transaction<'static, Postgres>;

/// Connections to the store.
#[derive(Clone)]
pub struct Store {
    pool: PgPool,
}

impl Store {
    /// Connects and brings the schema up to date. A store that a newer Lockstep has migrated is refused.
    pub async fn open(url: &str) -> Result<Self> {
        let options = PgConnectOptions::from_str(url)
            .map_err(refused("The store's connection URL cannot be used."))?
            .application_name("lockstep store")
            .options([
                ("timezone", "UTC"),
                ("lock_timeout", "20s"),
                ("idle_in_transaction_session_timeout", "60s"),
                // A ROLLBACK without a transaction warns.
                ("client_min_messages", "error"),
            ])
            .disable_statement_logging();
        let pool = PgPoolOptions::new()
            .max_connections(12)
            .acquire_timeout(Duration::from_secs(30))
            // A request that was given up may leave a transaction open, and with it the locks of whoever comes next.
            .after_release(|connection, _| {
                Box::pin(async move {
                    connection.execute("ROLLBACK").await?;
                    Ok(true)
                })
            })
            .connect_with(options)
            .await
            .map_err(refused("The store cannot be reached."))?;
        sqlx::migrate!("src/engine/store/migrations").run(&pool).await.map_err(refused::migration)?;
        Ok(Self { pool })
    }

    /// A connection for reading, or for one statement.
    pub async fn connection(&self) -> Result<PoolConnection<Postgres>> {
        self.pool.acquire().await.map_err(refused("The store cannot be reached."))
    }

    /// A transaction for a change and its audit row. Dropping it changes nothing.
    pub async fn begin(&self) -> Result<Tx> {
        self.pool.begin().await.map_err(refused("The store cannot be reached."))
    }

    pub async fn close(&self) {
        self.pool.close().await;
    }
}

/// What time it is: consoles may disagree, the store decides.
pub async fn now(conn: &mut PgConnection) -> Result<DateTime<Utc>> {
    sqlx::query_scalar("SELECT clock_timestamp()")
        .fetch_one(conn)
        .await
        .map_err(refused("The store does not say what time it is."))
}

/// Makes the change and its audit row visible together.
pub async fn commit(tx: Tx) -> Result<()> {
    tx.commit().await.map_err(refused("The store did not keep the change."))
}
