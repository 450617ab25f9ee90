//! Environments, their connections and policies, and the lookup set, for the owner.

use crate::error::AppError;
use leptos::prelude::*;
use lockstep::catalog::QName;
use lockstep::lookup::{LookupSet, LookupTable, Mode};
use lockstep::promotion::{ConnectionReport, Environment, EnvironmentId, EnvironmentInput, LookupSetView, Policy};
use serde::{Deserialize, Serialize};

/// The form of an environment. An unticked box is not sent, so that a missing one means no.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EnvironmentForm {
    pub name: String,
    pub label: String,
    pub connection: String,
    pub approvals: u32,
    #[serde(default)]
    pub protected: bool,
    #[serde(default)]
    pub upstream_first: bool,
    #[serde(default)]
    pub deletes_allowed: bool,
    #[serde(default)]
    pub privileges: bool,
    pub lock_timeout_s: u32,
    pub statement_timeout_s: u32,
}

impl EnvironmentForm {
    fn policy(&self) -> Policy {
        Policy {
            version: 0,
            approvals: self.approvals,
            protected: self.protected,
            upstream_first: self.upstream_first,
            lock_timeout_ms: self.lock_timeout_s.saturating_mul(1000),
            statement_timeout_ms: self.statement_timeout_s.saturating_mul(1000),
            deletes_allowed: self.deletes_allowed,
            privileges: self.privileges,
        }
    }
}

impl From<EnvironmentForm> for EnvironmentInput {
    fn from(form: EnvironmentForm) -> Self {
        let policy = form.policy();
        Self { name: form.name, label: form.label, connection: form.connection, policy }
    }
}

/// One row of the lookup set's form; an empty mode leaves the table out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LookupForm {
    pub schema: String,
    pub name: String,
    #[serde(default)]
    pub mode: String,
    /// Names of columns, separated by commas.
    #[serde(default)]
    pub ignored: String,
}

impl LookupForm {
    fn table(self) -> Option<LookupTable> {
        let mode = match self.mode.as_str() {
            "add_only" => Mode::AddOnly,
            "add_and_update" => Mode::AddAndUpdate,
            "mirror" => Mode::Mirror,
            _ => return None,
        };
        let ignored = self.ignored.split(',').map(str::trim).filter(|name| !name.is_empty()).map(str::to_owned).collect();
        Some(LookupTable { table: QName::new(self.schema, self.name), mode, ignored })
    }
}

/// The chosen tables of the form.
pub fn lookup_set_of(forms: Vec<LookupForm>) -> LookupSet {
    LookupSet { tables: forms.into_iter().filter_map(LookupForm::table).collect() }
}

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
    let set = lookup_set_of(tables);
    crate::ssr::run(|console, actor| async move { lockstep::engine::edit_lookup_set(&console, &actor, &set).await }).await?;
    crate::ssr::go("/environments?tab=lookup");
    Ok(())
}
