//! What a promotion would do, computed on demand. Nothing is stored.

use super::{Console, Result, unbuilt};
use crate::access::Actor;
use crate::promotion::{DraftPreview, EnvironmentId, LookupPage, ReleaseId};

/// Reads the target and says what the promotion would do. Nothing is stored.
pub async fn preview(_console: &Console, _actor: &Actor, _release: ReleaseId, _target: EnvironmentId) -> Result<DraftPreview> {
    unbuilt()
}

/// One page of changed lookup rows of a draft.
pub async fn preview_lookup(
    _console: &Console,
    _actor: &Actor,
    _release: ReleaseId,
    _target: EnvironmentId,
    _table: &str,
    _page: u64,
) -> Result<LookupPage> {
    unbuilt()
}
