//! One side of a comparison, as it was typed: an environment's name, a connection string, or a reference to one.

use super::console;
use crate::config::Config;
use lockstep::access::Actor;
use lockstep::catalog::Catalog;
use lockstep::engine::Result;
use lockstep::engine::target::connect::{self, TargetUrl};
use lockstep::engine::target::introspect;

/// A database to read, and what people call it.
pub struct Side {
    /// The environment's name, or host and database: never the connection string.
    pub label: String,
    pub url: TargetUrl,
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
        Ok(Self { label: url.to_string(), url })
    }

    /// Looks into the store, which no connection string needs.
    async fn environment(name: &str) -> Result<Self> {
        let console = console::open(&Config::from_env()?).await?;
        let found = console::environment(&console, &Actor::command_line(), name).await;
        console.shutdown().await;
        let environment = found?;
        Ok(Self { label: environment.name, url: connect::resolve(&environment.connection)? })
    }

    pub async fn catalog(&self) -> Result<Catalog> {
        let mut session = connect::open(&self.url, "lockstep").await?;
        let mut snapshot = connect::snapshot(&mut session).await?;
        let catalog = introspect::read(&mut snapshot).await?;
        drop(snapshot);
        connect::close(session).await;
        Ok(catalog)
    }
}
