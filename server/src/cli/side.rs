//! One side of a comparison, as it was typed: an environment's name, a connection string, or a reference to one.

use super::console;
use crate::config::Config;
use lockstep::access::Actor;
use lockstep::catalog::Scope;
use lockstep::engine::target::connect::{self, TargetUrl};
use lockstep::engine::{self, Result};
use lockstep::lookup::LookupSet;

/// A database to read, and what people call it.
pub struct Side {
    /// The environment's name, or host and database: never the connection string.
    pub label: String,
    pub url: TargetUrl,
    /// The lookup tables of its pipeline; none without a pipeline.
    pub set: Option<LookupSet>,
    /// Whether its policy lets rows be deleted.
    pub deletes_allowed: bool,
    /// What of the schema its policy compares.
    pub scope: Scope,
    /// Whether its policy lets clients work meanwhile.
    pub online: bool,
    /// Whether its policy keeps its triggers off while lookup rows are written.
    pub triggers_off: bool,
}

pub fn is_url(typed: &str) -> bool {
    typed.starts_with("postgresql://") || typed.starts_with("postgres://")
}

impl Side {
    pub async fn resolve(typed: &str) -> Result<Self> {
        let url = if is_url(typed) {
            TargetUrl::typed(typed)?
        } else if typed.starts_with("env:") || typed.starts_with("file:") {
            connect::resolve(typed)?
        } else {
            return Self::environment(typed).await;
        };
        Ok(Self {
            label: url.to_string(),
            url,
            set: None,
            deletes_allowed: true,
            scope: Scope::default(),
            online: false,
            triggers_off: false,
        })
    }

    /// Looks into the store, which no connection string needs.
    async fn environment(name: &str) -> Result<Self> {
        let console = console::open(&Config::from_env()?).await?;
        let actor = Actor::command_line();
        let found = console::environment(&console, &actor, name).await;
        let set = engine::lookup_tables(&console, &actor).await;
        console.shutdown().await;
        let environment = found?;
        Ok(Self {
            label: environment.name,
            url: connect::resolve(&environment.connection)?,
            set: Some(set?),
            deletes_allowed: environment.policy.deletes_allowed,
            scope: environment.policy.scope(),
            online: environment.policy.online,
            triggers_off: environment.policy.triggers_off,
        })
    }
}
