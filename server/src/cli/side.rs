//! One side of a comparison, as it was typed: an environment's name, a connection string, or a reference to one.

use lockstep::catalog::Catalog;
use lockstep::engine::Result;
use lockstep::engine::target::connect::{self, TargetUrl};
use lockstep::engine::target::introspect;
use lockstep::problem::{Problem, ProblemKind};

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
            return Err(unknown(typed));
        };
        Ok(Self { label: url.to_string(), url })
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

fn unknown(typed: &str) -> Problem {
    Problem::new(ProblemKind::NotFound, format!("There is no environment called {typed}."))
        .way_out("Give the name of an environment, or a connection string: postgresql://user@host:port/database.")
}
