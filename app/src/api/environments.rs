//! Environments, their connections and policies, and the lookup set, for the owner.

use crate::error::AppError;
use crate::forms::{EnvironmentForm, LookupForm};
use leptos::prelude::*;
use lockstep::promotion::{ConnectionReport, Environment, EnvironmentId, LookupSetView};

#[server(endpoint = "environments")]
pub async fn environments() -> Result<Vec<Environment>, AppError> {
    crate::ssr::run(|console, actor| async move { lockstep::engine::environments(&console, &actor).await }).await
}

#[server(endpoint = "add-environment")]
pub async fn add_environment(input: EnvironmentForm) -> Result<(), AppError> {
    let input = input.into();
    crate::ssr::run(|console, actor| async move { lockstep::engine::add_environment(&console, &actor, &input).await }).await?;
    crate::ssr::go("/environments");
    Ok(())
}

#[server(endpoint = "edit-environment")]
pub async fn edit_environment(id: EnvironmentId, input: EnvironmentForm) -> Result<(), AppError> {
    use lockstep::engine;
    let input = input.into();
    crate::ssr::run(|console, actor| async move { engine::edit_environment(&console, &actor, id, &input).await }).await?;
    crate::ssr::go("/environments");
    Ok(())
}

#[server(endpoint = "remove-environment")]
pub async fn remove_environment(id: EnvironmentId) -> Result<(), AppError> {
    crate::ssr::run(|console, actor| async move { lockstep::engine::remove_environment(&console, &actor, id).await }).await?;
    crate::ssr::go("/environments");
    Ok(())
}

#[server(endpoint = "test-connection")]
pub async fn test_connection(reference: String) -> Result<ConnectionReport, AppError> {
    let test = |console, actor| async move { lockstep::engine::test_connection(&console, &actor, &reference).await };
    crate::ssr::run(test).await
}

#[server(endpoint = "offered-environments")]
pub async fn offered_environments() -> Result<Vec<String>, AppError> {
    crate::ssr::run(|console, actor| async move { lockstep::engine::offered_environments(&console, &actor).await }).await
}

#[server(endpoint = "accept-offered-environments")]
pub async fn accept_offered_environments() -> Result<(), AppError> {
    let accept = |console, actor| async move { lockstep::engine::accept_offered_environments(&console, &actor).await };
    crate::ssr::run(accept).await?;
    crate::ssr::go("/");
    Ok(())
}

#[server(name = ReadLookupSet, endpoint = "lookup-set")]
pub async fn lookup_set() -> Result<LookupSetView, AppError> {
    crate::ssr::run(|console, actor| async move { lockstep::engine::lookup_set(&console, &actor).await }).await
}

#[server(endpoint = "edit-lookup-set")]
pub async fn edit_lookup_set(#[server(default)] tables: Vec<LookupForm>) -> Result<(), AppError> {
    let set = crate::forms::lookup_set_of(tables);
    crate::ssr::run(|console, actor| async move { lockstep::engine::edit_lookup_set(&console, &actor, &set).await }).await?;
    crate::ssr::go("/environments?tab=lookup");
    Ok(())
}
