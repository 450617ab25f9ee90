//! People and their roles, for the owner.

use crate::error::AppError;
use leptos::prelude::*;
use lockstep::access::{Person, PersonId, Role};

#[server(endpoint = "people")]
pub async fn people() -> Result<Vec<Person>, AppError> {
    crate::ssr::run(|console, actor| async move { lockstep::engine::people(&console, &actor).await }).await
}

#[server(endpoint = "add-person")]
pub async fn add_person(name: String, email: String, role: Role, password: String) -> Result<(), AppError> {
    use lockstep::engine;
    let added = |console, actor| async move { engine::add_person(&console, &actor, &name, &email, role, &password).await };
    crate::ssr::run(added).await?;
    crate::ssr::go_back();
    Ok(())
}

#[server(endpoint = "change-role")]
pub async fn change_role(person: PersonId, role: Role) -> Result<(), AppError> {
    crate::ssr::run(|console, actor| async move { lockstep::engine::change_role(&console, &actor, person, role).await }).await?;
    crate::ssr::go_back();
    Ok(())
}

#[server(endpoint = "disable-person")]
pub async fn disable_person(person: PersonId) -> Result<(), AppError> {
    crate::ssr::run(|console, actor| async move { lockstep::engine::disable_person(&console, &actor, person).await }).await?;
    crate::ssr::go_back();
    Ok(())
}

#[server(endpoint = "enable-person")]
pub async fn enable_person(person: PersonId) -> Result<(), AppError> {
    crate::ssr::run(|console, actor| async move { lockstep::engine::enable_person(&console, &actor, person).await }).await?;
    crate::ssr::go_back();
    Ok(())
}
