//! Requested promotions: sealing a preview, and showing what was sealed.

use super::{Console, Result, unbuilt};
use crate::access::Actor;
use crate::promotion::{EnvironmentId, LookupPage, PromotionDetail, PromotionId, ReleaseId};

/// Seals the preview that has `digest`; refused when the target or the policy has moved on since it was shown. `confirmed` holds
/// the id of each of `Preview::to_confirm`.
pub async fn request(
    _console: &Console,
    _actor: &Actor,
    _release: ReleaseId,
    _target: EnvironmentId,
    _digest: &str,
    _confirmed: &[String],
    _notes: &str,
) -> Result<PromotionId> {
    unbuilt()
}

pub async fn promotion(_console: &Console, _actor: &Actor, _promotion: PromotionId) -> Result<PromotionDetail> {
    unbuilt()
}

pub async fn promotion_lookup(
    _console: &Console,
    _actor: &Actor,
    _promotion: PromotionId,
    _table: &str,
    _page: u64,
) -> Result<LookupPage> {
    unbuilt()
}

/// The plan's SQL and the lookup statements, as one runnable script.
pub async fn promotion_sql(_console: &Console, _actor: &Actor, _promotion: PromotionId) -> Result<String> {
    unbuilt()
}
