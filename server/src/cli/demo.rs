//! `lockstep demo`: three sample environments and four people, in a folder of their own.

use crate::config::Config;
use crate::terminal::{self, Progress};
use crate::{logs, serve, site};
use clap::Args;
use lockstep::engine::Result;
use lockstep::engine::demo::Demo;
use std::process::ExitCode;

const EXAMPLES: &str = "\
Everything is kept in the folder demo of the data directory; a second start finds it as it was left.

Examples:
  lockstep demo
  lockstep demo --reset
  lockstep demo --addr 127.0.0.1:8080
  LOCKSTEP_DATA_DIR=~/.local/share/lockstep/demo lockstep drift development production";

/// Serve the console with sample environments
#[derive(Args)]
#[command(after_help = EXAMPLES)]
pub struct Arguments {
    /// Start over with fresh sample data
    #[arg(long)]
    reset: bool,
    /// Address and port to listen on, before LOCKSTEP_ADDR
    #[arg(long)]
    addr: Option<String>,
}

pub async fn run(arguments: Arguments) -> Result<ExitCode> {
    let config = Config::listening(arguments.addr.as_deref())?;
    logs::start(&config)?;
    let options = site::options(&config)?;
    let listener = serve::bind(config.addr).await?;
    let progress = Progress::start("Starting a private PostgreSQL and loading the sample data, once");
    let demo = Demo::start(&config.engine.data_dir.join("demo"), config.engine.pg_bin.as_deref(), arguments.reset).await?;
    drop(progress);
    terminal::say(&welcome(&config, &demo));
    let ended = serve::serve(&config, options, demo.console.clone(), listener).await;
    demo.stop().await?;
    ended
}

fn welcome(config: &Config, demo: &Demo) -> String {
    let mut text = format!("\nLockstep is at {}\n\n", config.shown_url(config.addr));
    for person in &demo.people {
        text.push_str(&format!("  {:<8} {:<24} {}\n", person.role.label(), person.email, person.password));
    }
    text.push_str("\nCtrl-C stops everything. lockstep demo --reset starts over.\n");
    text
}
