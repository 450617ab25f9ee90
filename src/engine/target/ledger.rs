//! The row that the apply transaction leaves in a target: if it is there, the promotion happened.

use super::super::{Result, unbuilt};
use crate::promotion::PromotionId;
use crate::run::RunId;
use chrono::{DateTime, Utc};
use sqlx::PgConnection;

/// One promotion that happened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    pub run: RunId,
    pub promotion: PromotionId,
    /// Digest of the release.
    pub release: String,
    pub version: String,
    /// The target's clock.
    pub applied_at: DateTime<Utc>,
    pub by: String,
}

/// The row of a run; none when the run did not happen, or no run ever did.
pub async fn find(_conn: &mut PgConnection, _run: RunId) -> Result<Option<Entry>> {
    unbuilt()
}

/// The newest row: what the target says it is.
pub async fn current(_conn: &mut PgConnection) -> Result<Option<Entry>> {
    unbuilt()
}
