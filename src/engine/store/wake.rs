//! Hints that something has happened: LISTEN and NOTIFY in the store, a broadcast in this process. A hint may be missed or come for
//! nothing; whoever waits looks again after a while anyway.

use super::Store;
use super::refused::refused;
use crate::engine::Result;
use crate::promotion::RunId;
use sqlx::PgConnection;
use sqlx::postgres::PgListener;
use std::time::Duration;
use tokio::sync::broadcast;
use tokio::task::JoinHandle;

const CHANNEL: &str = "lockstep";

/// How long to wait for a hint before looking anyway.
pub const POLL: Duration = Duration::from_secs(1);

/// Told when the transaction commits.
pub async fn notify(conn: &mut PgConnection, run: RunId) -> Result<()> {
    sqlx::query("SELECT pg_notify($1, $2)")
        .bind(CHANNEL)
        .bind(run.0.to_string())
        .execute(conn)
        .await
        .map(|_| ())
        .map_err(refused("The other viewers could not be told."))
}

/// Passes what the store says on to everybody in this process who waits.
pub struct Wake {
    hints: broadcast::Sender<RunId>,
    listener: JoinHandle<()>,
}

impl Wake {
    pub async fn listen(store: &Store) -> Result<Self> {
        let (hints, _) = broadcast::channel(64);
        let mut listener = PgListener::connect_with(&store.pool).await.map_err(refused("The store cannot be listened to."))?;
        listener.listen(CHANNEL).await.map_err(refused("The store cannot be listened to."))?;
        let sender = hints.clone();
        let listener = tokio::spawn(async move {
            loop {
                match listener.recv().await {
                    Ok(hint) => {
                        if let Ok(run) = hint.payload().parse() {
                            // Nobody waits: nobody needs the hint.
                            let _unheard = sender.send(RunId(run));
                        }
                    }
                    // The store is away; the listener connects again by itself when it is back.
                    Err(_) => tokio::time::sleep(POLL).await,
                }
            }
        });
        Ok(Self { hints, listener })
    }

    /// Hints from now on. Take it before reading what the hints are about.
    pub fn subscribe(&self) -> broadcast::Receiver<RunId> {
        self.hints.subscribe()
    }

    pub fn stop(&self) {
        self.listener.abort();
    }
}

/// Returns at a hint about `run` (about any run when none), or after a while.
pub async fn wait(hints: &mut broadcast::Receiver<RunId>, run: Option<RunId>) {
    let heard = async {
        loop {
            match hints.recv().await {
                Ok(hint) if run.is_none_or(|run| run == hint) => return,
                Ok(_) => {}
                // Hints were lost in a crowd: one of them may have been ours.
                Err(broadcast::error::RecvError::Lagged(_)) => return,
                Err(broadcast::error::RecvError::Closed) => std::future::pending().await,
            }
        }
    };
    let _late = tokio::time::timeout(POLL, heard).await;
}
