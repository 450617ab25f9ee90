//! Looking back: history, evidence, the audit log and its chain.

use super::{Console, Result, unbuilt};
use crate::access::Actor;
use crate::promotion::{AuditEntry, HistoryFilter, Page, PromotionId, PromotionSummary};

/// Newest first.
pub async fn history(_console: &Console, _actor: &Actor, _filter: &HistoryFilter) -> Result<Page<PromotionSummary>> {
    unbuilt()
}

/// One file with everything an auditor needs, as JSON.
pub async fn evidence(_console: &Console, _actor: &Actor, _promotion: PromotionId) -> Result<String> {
    unbuilt()
}

/// Newest first.
pub async fn audit(_console: &Console, _actor: &Actor, _page: u64) -> Result<Page<AuditEntry>> {
    unbuilt()
}

/// Recomputes the hash chain; the text says how many rows hold, or which row was altered.
pub async fn verify_audit(_console: &Console, _actor: &Actor) -> Result<String> {
    unbuilt()
}
