//! Deciding: the inbox, approving, rejecting, withdrawing.

use super::{Console, Result, unbuilt};
use crate::access::Actor;
use crate::promotion::{Decision, PromotionId, PromotionSummary};

/// Promotions that wait for this person's decision.
pub async fn inbox(_console: &Console, _actor: &Actor) -> Result<Vec<PromotionSummary>> {
    unbuilt()
}

/// Approves or rejects what has `digest`. A reject needs a comment; approving into a protected environment needs its name typed.
pub async fn decide(
    _console: &Console,
    _actor: &Actor,
    _promotion: PromotionId,
    _digest: &str,
    _decision: Decision,
    _comment: &str,
    _typed_name: &str,
) -> Result<()> {
    unbuilt()
}

/// Withdraws a request, or asks a run to stop: before COMMIT nothing is changed, afterwards it is refused.
pub async fn cancel(_console: &Console, _actor: &Actor, _promotion: PromotionId) -> Result<()> {
    unbuilt()
}
