//! Sessions of tower-sessions on the engine's store, which knows the SHA-256 of an id and never the id itself.

use async_trait::async_trait;
use lockstep::access::PersonId;
use lockstep::engine::{self, Console};
use lockstep::problem::Problem;
use lockstep_app::ssr::SESSION_PERSON;
use sha2::{Digest, Sha256};
use std::fmt;
use std::time::Duration;
use tower_sessions::cookie::SameSite;
use tower_sessions::session::{Id, Record};
use tower_sessions::session_store::{Error, Result};
use tower_sessions::{Expiry, SessionManagerLayer, SessionStore};

/// `__Host-` makes browsers insist on `Secure`, on `Path=/` and on this very host.
pub const COOKIE: &str = "__Host-lockstep";

/// Nobody stays signed in for longer than this, however busy.
const ABSOLUTE: Duration = Duration::from_secs(8 * 3600);

#[derive(Clone)]
pub struct Sessions(Console);

impl fmt::Debug for Sessions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Sessions")
    }
}

/// The cookie ends with the browser; how long the session is good, idle or not, the store decides.
pub fn layer(console: Console) -> SessionManagerLayer<Sessions> {
    SessionManagerLayer::new(Sessions(console))
        .with_name(COOKIE)
        .with_secure(true)
        .with_http_only(true)
        .with_same_site(SameSite::Strict)
        .with_path("/")
        .with_expiry(Expiry::OnSessionEnd)
}

/// What the store knows a session by.
pub fn id_hash(id: Id) -> String {
    hex::encode(Sha256::digest(id.0.to_le_bytes()))
}

fn backend(problem: Problem) -> Error {
    Error::Backend(problem.to_string())
}

#[async_trait]
impl SessionStore for Sessions {
    /// An id is 128 random bits: none is drawn twice.
    async fn create(&self, record: &mut Record) -> Result<()> {
        self.save(record).await
    }

    async fn save(&self, record: &Record) -> Result<()> {
        let data = serde_json::to_vec(&record.data).map_err(|error| Error::Encode(error.to_string()))?;
        let person = record.data.get(SESSION_PERSON).and_then(|value| serde_json::from_value::<PersonId>(value.clone()).ok());
        engine::session_save(&self.0, &id_hash(record.id), &data, person, ABSOLUTE).await.map_err(backend)
    }

    async fn load(&self, id: &Id) -> Result<Option<Record>> {
        let Some(stored) = engine::session_load(&self.0, &id_hash(*id)).await.map_err(backend)? else { return Ok(None) };
        let data = serde_json::from_slice(&stored.data).map_err(|error| Error::Decode(error.to_string()))?;
        // The store's clock decides; this one may be another.
        let expiry_date = tower_sessions::cookie::time::OffsetDateTime::now_utc() + stored.lasts;
        Ok(Some(Record { id: *id, data, expiry_date }))
    }

    async fn delete(&self, id: &Id) -> Result<()> {
        engine::session_delete(&self.0, &id_hash(*id)).await.map_err(backend)
    }
}
