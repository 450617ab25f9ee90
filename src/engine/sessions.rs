//! Rows of browser sessions. The store knows the SHA-256 of a session id and never the id.

use super::store::sessions;
use super::{Console, Result};
use crate::access::PersonId;
use std::time::Duration;

/// A session that is still good.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredSession {
    pub data: Vec<u8>,
    /// How long it is good still, by the store's clock.
    pub lasts: Duration,
}

/// Creates or replaces a session. `id_hash` is the SHA-256 of its id in 64 hexadecimal digits.
pub async fn session_save(
    console: &Console,
    id_hash: &str,
    data: &[u8],
    person: Option<PersonId>,
    lasts: Duration,
) -> Result<()> {
    sessions::save(&mut *console.connection().await?, id_hash, data, person, lasts).await
}

/// None for a session that is unknown, expired, idle for 30 minutes, older than 8 hours, or whose person was disabled.
pub async fn session_load(console: &Console, id_hash: &str) -> Result<Option<StoredSession>> {
    let found = sessions::load(&mut *console.connection().await?, id_hash).await?;
    Ok(found.map(|(data, lasts)| StoredSession { data, lasts }))
}

pub async fn session_delete(console: &Console, id_hash: &str) -> Result<()> {
    sessions::delete(&mut *console.connection().await?, id_hash).await
}

/// Deletes what `session_load` would not return.
pub async fn sessions_sweep(console: &Console) -> Result<u64> {
    sessions::sweep(&mut *console.connection().await?).await
}
