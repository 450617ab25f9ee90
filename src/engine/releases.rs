//! Releases: frozen once, promoted many times.

use super::{Console, Result, unbuilt};
use crate::access::Actor;
use crate::promotion::{EnvironmentId, ReleaseSummary};

/// Newest first; `target` keeps those that may go into that environment now.
pub async fn releases(_console: &Console, _actor: &Actor, _target: Option<EnvironmentId>) -> Result<Vec<ReleaseSummary>> {
    unbuilt()
}

/// Reads the source in one snapshot and keeps it. The same content under the same version is the same release.
pub async fn freeze(
    _console: &Console,
    _actor: &Actor,
    _source: EnvironmentId,
    _version: &str,
    _notes: &str,
) -> Result<ReleaseSummary> {
    unbuilt()
}
