//! Drafts: what a promotion would do, and requesting it.

use crate::error::AppError;
use leptos::prelude::*;
use lockstep::promotion::{DraftPreview, EnvironmentId, LookupPage, Proposal, ReleaseId, RowsWanted};

#[server(endpoint = "preview")]
pub async fn preview(proposal: Proposal) -> Result<DraftPreview, AppError> {
    crate::ssr::run(|console, actor| async move { lockstep::engine::preview(&console, &actor, &proposal).await }).await
}

#[server(endpoint = "preview-lookup")]
pub async fn preview_lookup(proposal: Proposal, wanted: RowsWanted) -> Result<LookupPage, AppError> {
    use lockstep::engine;
    let rows = |console, actor| async move { engine::preview_lookup(&console, &actor, &proposal, &wanted).await };
    crate::ssr::run(rows).await
}

/// Requests the preview that has `digest`, and leads to the promotion. `renamed` and `kept` are the answers that it was computed with.
#[server(endpoint = "request")]
pub async fn request(
    release: ReleaseId,
    target: EnvironmentId,
    digest: String,
    #[server(default)] renamed: Vec<String>,
    #[server(default)] kept: Vec<String>,
    #[server(default)] confirmed: Vec<String>,
    #[server(default)] notes: String,
) -> Result<(), AppError> {
    use lockstep::engine;
    let sealed = |console, actor| async move {
        let renames = renamed.iter().map(|text| text.parse()).collect::<Result<_, _>>()?;
        let choices = kept.iter().map(|text| text.parse()).collect::<Result<_, _>>()?;
        let proposal = Proposal { release, target, renames, choices };
        engine::request(&console, &actor, &proposal, &digest, &confirmed, &notes).await
    };
    let promotion = crate::ssr::run(sealed).await?;
    crate::ssr::go(&format!("/promotions/{}", promotion.0));
    Ok(())
}
