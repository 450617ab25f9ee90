//! Handing approved promotions to the runner, and watching it.

use super::{Console, Result, unbuilt};
use crate::access::Actor;
use crate::promotion::PromotionId;
use crate::run::{Event, RunId};

/// Hands an approved promotion to the runner. Asking twice gives the same run.
pub async fn start_run(_console: &Console, _actor: &Actor, _promotion: PromotionId) -> Result<RunId> {
    unbuilt()
}

/// The stored events after `after`, in order.
pub async fn run_events(_console: &Console, _actor: &Actor, _run: RunId, _after: i64) -> Result<Vec<Event>> {
    unbuilt()
}

/// Returns when the run may have new events, or after about a second: a hint, never the data.
pub async fn run_changed(_console: &Console, _run: RunId) {}
