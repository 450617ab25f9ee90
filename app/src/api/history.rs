//! Looking back: history, the audit log and its chain.

use crate::error::AppError;
use leptos::prelude::*;
use lockstep::promotion::{AuditEntry, HistoryFilter, Page, PromotionSummary};

#[server(endpoint = "history")]
pub async fn history(filter: HistoryFilter) -> Result<Page<PromotionSummary>, AppError> {
    crate::ssr::run(|console, actor| async move { lockstep::engine::history(&console, &actor, &filter).await }).await
}

#[server(endpoint = "audit")]
pub async fn audit(page: u64) -> Result<Page<AuditEntry>, AppError> {
    crate::ssr::run(|console, actor| async move { lockstep::engine::audit(&console, &actor, page).await }).await
}

#[server(endpoint = "verify-audit")]
pub async fn verify_audit() -> Result<String, AppError> {
    crate::ssr::run(|console, actor| async move { lockstep::engine::verify_audit(&console, &actor).await }).await
}
