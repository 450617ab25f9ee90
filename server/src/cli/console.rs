//! The console's store, opened by a command at the machine, beside a console that serves or without one.

use crate::config::Config;
use lockstep::access::Actor;
use lockstep::engine::{self, Console, Result};
use lockstep::problem::{Problem, ProblemKind};
use lockstep::promotion::Environment;

/// Uses the private cluster of the console that serves, when there is one.
pub async fn open(config: &Config) -> Result<Console> {
    Console::attach(config.engine.clone()).await
}

/// The environment with this name.
pub async fn environment(console: &Console, actor: &Actor, name: &str) -> Result<Environment> {
    let all = engine::environments(console, actor).await?;
    let names: Vec<String> = all.iter().map(|environment| environment.name.clone()).collect();
    all.into_iter().find(|environment| environment.name == name).ok_or_else(|| {
        let known = if names.is_empty() { "There are none yet.".to_owned() } else { format!("There are: {}.", names.join(", ")) };
        Problem::new(ProblemKind::NotFound, format!("There is no environment called {name}."))
            .because(known)
            .way_out("Give the name of one, or a connection string: postgresql://user@host:port/database.")
    })
}
