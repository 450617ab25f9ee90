//! A requested promotion: looking at it, deciding, running, cancelling, watching.

use crate::error::AppError;
use leptos::prelude::*;
use leptos::server_fn::codec::{ByteStream, Streaming};
use lockstep::promotion::{Decision, InDatabase, LookupPage, PromotionDetail, PromotionId, PromotionSummary, RowsWanted};
use lockstep::run::{RunId, RunView};

#[server(endpoint = "promotion")]
pub async fn promotion(promotion: PromotionId) -> Result<PromotionDetail, AppError> {
    crate::ssr::run(|console, actor| async move { lockstep::engine::promotion(&console, &actor, promotion).await }).await
}

#[server(endpoint = "promotion-lookup")]
pub async fn promotion_lookup(promotion: PromotionId, wanted: RowsWanted) -> Result<LookupPage, AppError> {
    use lockstep::engine;
    let rows = |console, actor| async move { engine::promotion_lookup(&console, &actor, promotion, &wanted).await };
    crate::ssr::run(rows).await
}

/// Keeps a release that takes the picked rows back, and leads to its preview.
#[server(endpoint = "undo-rows")]
pub async fn undo_rows(
    promotion: PromotionId,
    #[server(default)] rows: Vec<String>,
    #[server(default)] version: String,
    #[server(default)] notes: String,
) -> Result<(), AppError> {
    let undone = |console, actor| async move {
        let picked = rows.iter().map(|text| text.parse()).collect::<Result<Vec<_>, _>>()?;
        lockstep::engine::undo_rows(&console, &actor, promotion, &picked, &version, &notes).await
    };
    let (release, target) = crate::ssr::run(undone).await?;
    crate::ssr::go(&format!("/preview/{}/{}", release.id.0, target.id.0));
    Ok(())
}

/// What is in the target now.
#[server(endpoint = "in-database")]
pub async fn read_database(promotion: PromotionId) -> Result<InDatabase, AppError> {
    crate::ssr::run(|console, actor| async move { lockstep::engine::in_database(&console, &actor, promotion).await }).await
}

/// A person says what was found in the target of a promotion that needs attention.
#[server(endpoint = "settle")]
pub async fn settle(promotion: PromotionId, #[server(default)] note: String) -> Result<(), AppError> {
    use lockstep::engine;
    let settled = |console, actor| async move { engine::settle(&console, &actor, promotion, &note).await };
    crate::ssr::run(settled).await?;
    crate::ssr::go_back();
    Ok(())
}

/// Keeps a release that takes the whole promotion back, and leads to its preview.
#[server(endpoint = "undo-promotion")]
pub async fn undo_promotion(
    promotion: PromotionId,
    #[server(default)] version: String,
    #[server(default)] notes: String,
) -> Result<(), AppError> {
    use lockstep::engine;
    let undone = |console, actor| async move { engine::undo_promotion(&console, &actor, promotion, &version, &notes).await };
    let proposal = crate::ssr::run(undone).await?;
    crate::ssr::go(&crate::words::preview_of(&proposal));
    Ok(())
}

/// Keeps a release that is what the backup of the promotion's run holds, and leads to its preview.
#[server(endpoint = "restore-promotion")]
pub async fn restore_promotion(
    promotion: PromotionId,
    #[server(default)] version: String,
    #[server(default)] notes: String,
) -> Result<(), AppError> {
    use lockstep::engine;
    let restored = |console, actor| async move { engine::restore_promotion(&console, &actor, promotion, &version, &notes).await };
    let proposal = crate::ssr::run(restored).await?;
    crate::ssr::go(&crate::words::preview_of(&proposal));
    Ok(())
}

#[server(endpoint = "promotion-sql")]
pub async fn promotion_sql(promotion: PromotionId) -> Result<String, AppError> {
    crate::ssr::run(|console, actor| async move { lockstep::engine::promotion_sql(&console, &actor, promotion).await }).await
}

#[server(endpoint = "inbox")]
pub async fn inbox() -> Result<Vec<PromotionSummary>, AppError> {
    crate::ssr::run(|console, actor| async move { lockstep::engine::inbox(&console, &actor).await }).await
}

#[server(endpoint = "decide")]
pub async fn decide(
    promotion: PromotionId,
    digest: String,
    decision: Decision,
    #[server(default)] comment: String,
    #[server(default)] typed_name: String,
) -> Result<(), AppError> {
    use lockstep::engine;
    let id = promotion;
    let decided =
        |console, actor| async move { engine::decide(&console, &actor, id, &digest, decision, &comment, &typed_name).await };
    crate::ssr::run(decided).await?;
    crate::ssr::go(&format!("/promotions/{}", promotion.0));
    Ok(())
}

#[server(endpoint = "start-run")]
pub async fn start_run(promotion: PromotionId) -> Result<(), AppError> {
    crate::ssr::run(|console, actor| async move { lockstep::engine::start_run(&console, &actor, promotion).await }).await?;
    crate::ssr::go(&format!("/promotions/{}?tab=run", promotion.0));
    Ok(())
}

#[server(endpoint = "cancel")]
pub async fn cancel(promotion: PromotionId) -> Result<(), AppError> {
    crate::ssr::run(|console, actor| async move { lockstep::engine::cancel(&console, &actor, promotion).await }).await?;
    crate::ssr::go(&format!("/promotions/{}", promotion.0));
    Ok(())
}

/// The promotion's run as its stored events tell it; as if it had not begun while there is none.
#[server(endpoint = "run")]
pub async fn run(promotion: PromotionId) -> Result<RunView, AppError> {
    let stored = |console, actor| async move { lockstep::engine::promotion_events(&console, &actor, promotion).await };
    let events = crate::ssr::run(stored).await?;
    let mut view = RunView::default();
    events.into_iter().for_each(|event| view.apply(event));
    Ok(view)
}

/// The events after `after` as they come, one JSON document per line.
#[server(endpoint = "run-stream", output = Streaming)]
pub async fn run_stream(run: RunId, after: i64) -> Result<ByteStream<AppError>, AppError> {
    let watch = |console, actor| async move { lockstep::engine::watch_run(&console, &actor, run, after).await };
    Ok(ByteStream::new(crate::ssr::run_lines(crate::ssr::run(watch).await?)))
}
