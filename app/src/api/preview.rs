//! Drafts: what a promotion would do, and requesting it.

use crate::error::AppError;
use leptos::prelude::*;
use lockstep::promotion::{DraftPreview, EnvironmentId, LookupPage, ReleaseId};

#[server(endpoint = "preview")]
pub async fn preview(release: ReleaseId, target: EnvironmentId) -> Result<DraftPreview, AppError> {
    crate::ssr::run(|console, actor| async move { lockstep::engine::preview(&console, &actor, release, target).await }).await
}

#[server(endpoint = "preview-lookup")]
pub async fn preview_lookup(release: ReleaseId, target: EnvironmentId, table: String, page: u64) -> Result<LookupPage, AppError> {
    use lockstep::engine;
    let rows = |console, actor| async move { engine::preview_lookup(&console, &actor, release, target, &table, page).await };
    crate::ssr::run(rows).await
}

/// Requests the preview that has `digest`, and leads to the promotion.
#[server(endpoint = "request")]
pub async fn request(
    release: ReleaseId,
    target: EnvironmentId,
    digest: String,
    #[server(default)] confirmed: Vec<String>,
    #[server(default)] notes: String,
) -> Result<(), AppError> {
    use lockstep::engine;
    let sealed =
        |console, actor| async move { engine::request(&console, &actor, release, target, &digest, &confirmed, &notes).await };
    let promotion = crate::ssr::run(sealed).await?;
    crate::ssr::go(&format!("/promotions/{}", promotion.0));
    Ok(())
}
