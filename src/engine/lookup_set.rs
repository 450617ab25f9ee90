//! The lookup set of the pipeline: which tables travel with a release, and how.

use super::{Console, Result, unbuilt};
use crate::access::Actor;
use crate::lookup::LookupSet;
use crate::promotion::LookupSetView;

/// The set and what the first environment suggests beyond it.
pub async fn lookup_set(_console: &Console, _actor: &Actor) -> Result<LookupSetView> {
    unbuilt()
}

/// Replaces the set. Releases keep the one they were frozen with.
pub async fn edit_lookup_set(_console: &Console, _actor: &Actor, _set: &LookupSet) -> Result<()> {
    unbuilt()
}
