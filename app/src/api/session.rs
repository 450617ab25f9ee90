//! Signing in and out, first run, one's own password, the theme, and what the frame around every page shows.

use crate::error::AppError;
use leptos::prelude::*;
use lockstep::access::Actor;
use serde::{Deserialize, Serialize};

/// What the frame around every page shows.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Frame {
    pub person: Option<Actor>,
    /// Promotions that wait for the person's decision.
    pub turns: usize,
    /// What a form without JavaScript was answered.
    pub notice: Option<AppError>,
    pub theme: Option<String>,
}

#[server(name = ReadFrame, endpoint = "frame")]
pub async fn frame() -> Result<Frame, AppError> {
    use crate::ssr;
    let person = ssr::answer(ssr::who().await).await?;
    let turns = match &person {
        Some(actor) => lockstep::engine::inbox(&ssr::console(), actor).await.map_or(0, |inbox| inbox.len()),
        None => 0,
    };
    let notice = ssr::answer(ssr::notice().await).await?;
    Ok(Frame { person, turns, notice, theme: ssr::theme().map(str::to_owned) })
}

#[server(endpoint = "is-first-run")]
pub async fn is_first_run() -> Result<bool, AppError> {
    crate::ssr::answer(lockstep::engine::first_run(&crate::ssr::console()).await).await
}

#[server(endpoint = "create-owner")]
pub async fn create_owner(token: String, name: String, email: String, password: String) -> Result<(), AppError> {
    use crate::ssr;
    let (console, ip) = (ssr::console(), ssr::peer_ip());
    let actor = ssr::answer(lockstep::engine::create_owner(&console, &token, &name, &email, &password, ip).await).await?;
    ssr::answer(ssr::remember(&actor).await).await?;
    ssr::go("/");
    Ok(())
}

#[server(endpoint = "sign-in")]
pub async fn sign_in(email: String, password: String, #[server(default)] next: String) -> Result<(), AppError> {
    use crate::ssr;
    let result = lockstep::engine::sign_in(&ssr::console(), &email, &password, ssr::peer_ip()).await;
    let actor = ssr::answer(result).await?;
    ssr::answer(ssr::remember(&actor).await).await?;
    ssr::go(&next);
    Ok(())
}

#[server(endpoint = "sign-out")]
pub async fn sign_out() -> Result<(), AppError> {
    use crate::ssr;
    ssr::run(|console, actor| async move { lockstep::engine::sign_out(&console, &actor).await }).await?;
    ssr::answer(ssr::forget().await).await?;
    ssr::go("/sign-in");
    Ok(())
}

#[server(endpoint = "change-password")]
pub async fn change_password(old: String, new: String) -> Result<(), AppError> {
    use crate::ssr;
    let change = |console, actor| async move {
        lockstep::engine::change_password(&console, &actor, &old, &new, None).await?;
        ssr::remember(&actor).await
    };
    ssr::run(change).await?;
    ssr::go("/password?changed=1");
    Ok(())
}

#[server(endpoint = "theme")]
pub async fn set_theme(theme: String) -> Result<(), AppError> {
    crate::ssr::keep_theme(&theme);
    crate::ssr::go_back();
    Ok(())
}

/// The answer of a page that does not exist.
#[server(endpoint = "missing")]
pub async fn missing() -> Result<(), AppError> {
    use lockstep::problem::{Problem, ProblemKind};
    let problem = Problem::new(ProblemKind::NotFound, "There is no such page.").way_out("Start again from the pipeline.");
    crate::ssr::answer(Err(problem)).await
}
