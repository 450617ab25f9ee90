//! `lockstep serve`: the console.

use crate::config::Config;
use crate::{logs, serve, site, terminal};
use clap::Args;
use lockstep::engine::{Console, Result, first_run_token};
use std::process::ExitCode;

const EXAMPLES: &str = "\
Without a setting it listens on 127.0.0.1:3000 and keeps its store in a private PostgreSQL cluster in the data directory.

Examples:
  lockstep serve
  LOCKSTEP_STORE_URL=env:STORE_URL LOCKSTEP_PUBLIC_URL=https://lockstep.example.com lockstep serve --addr 0.0.0.0:3000
  LOCKSTEP_LOG_FORMAT=json lockstep serve";

/// Serve the console
#[derive(Args, Default)]
#[command(after_help = EXAMPLES)]
pub struct Arguments {
    /// Address and port to listen on, before LOCKSTEP_ADDR
    #[arg(long)]
    addr: Option<String>,
}

pub async fn run(arguments: Arguments) -> Result<ExitCode> {
    let config = Config::listening(arguments.addr.as_deref())?;
    logs::start(&config)?;
    let options = site::options(&config)?;
    let listener = serve::bind(config.addr).await?;
    let console = Console::open(config.engine.clone()).await?;
    let url = config.shown_url(config.addr);
    terminal::say(&format!("Lockstep is at {url}"));
    if let Some(token) = first_run_token(&console).await? {
        terminal::say(&format!(
            "Nobody is known yet. Open {url}/first-run and create the owner with this one-time token:\n\n  {token}\n"
        ));
    }
    serve::serve(&config, options, console, listener).await
}
