//! Rows of browser sessions. The store knows the SHA-256 of a session id and never the id.

use super::{Console, Result, unbuilt};
use crate::access::PersonId;
use chrono::{DateTime, Utc};

/// A session that is still good.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredSession {
    pub data: Vec<u8>,
    pub expires_at: DateTime<Utc>,
}

/// Creates or replaces a session. `id_hash` is the SHA-256 of its id in 64 hexadecimal digits.
pub async fn session_save(
    _console: &Console,
    _id_hash: &str,
    _data: &[u8],
    _person: Option<PersonId>,
    _expires_at: DateTime<Utc>,
) -> Result<()> {
    unbuilt()
}

/// None for a session that is unknown, expired, idle for 30 minutes, older than 8 hours, or whose person was disabled.
pub async fn session_load(_console: &Console, _id_hash: &str) -> Result<Option<StoredSession>> {
    unbuilt()
}

pub async fn session_delete(_console: &Console, _id_hash: &str) -> Result<()> {
    unbuilt()
}

/// Deletes what `session_load` would not return.
pub async fn sessions_sweep(_console: &Console) -> Result<u64> {
    unbuilt()
}
