//! The pipeline, its legal pairs, and releases.

use crate::error::AppError;
use leptos::prelude::*;
use lockstep::promotion::{EnvironmentId, Pair, Pipeline, ReleaseSummary};

#[server(name = ReadPipeline, endpoint = "pipeline")]
pub async fn pipeline() -> Result<Pipeline, AppError> {
    crate::ssr::run(|console, actor| async move { lockstep::engine::pipeline(&console, &actor).await }).await
}

#[server(endpoint = "pairs")]
pub async fn pairs() -> Result<Vec<Pair>, AppError> {
    crate::ssr::run(|console, actor| async move { lockstep::engine::pairs(&console, &actor).await }).await
}

/// Those that may go into `target` now.
#[server(endpoint = "releases")]
pub async fn releases(target: EnvironmentId) -> Result<Vec<ReleaseSummary>, AppError> {
    crate::ssr::run(|console, actor| async move { lockstep::engine::releases(&console, &actor, Some(target)).await }).await
}

/// Freezes a release and leads to its preview.
#[server(endpoint = "freeze")]
pub async fn freeze(
    source: EnvironmentId,
    target: EnvironmentId,
    #[server(default)] version: String,
    #[server(default)] notes: String,
) -> Result<(), AppError> {
    use lockstep::engine;
    let frozen = |console, actor| async move { engine::freeze(&console, &actor, source, &version, &notes).await };
    let release = crate::ssr::run(frozen).await?;
    crate::ssr::go(&format!("/preview/{}/{}", release.id.0, target.0));
    Ok(())
}
