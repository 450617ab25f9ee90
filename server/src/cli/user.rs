//! `lockstep user add`: for the operator of the machine, directly on the store.

use super::{console, secret};
use crate::config::Config;
use crate::terminal;
use clap::{Args, Subcommand, ValueEnum};
use lockstep::access::{Actor, Role};
use lockstep::engine::{self, Result};
use std::process::ExitCode;

const EXAMPLES: &str = "\
The password comes from LOCKSTEP_PASSWORD or is asked for.

Examples:
  lockstep user add --email lead@example.com --name 'The lead' --role lead
  LOCKSTEP_PASSWORD=$(pass show lockstep/ci) lockstep user add --email ci@example.com --name CI --role admin";

/// Manage people
#[derive(Args)]
pub struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Add a person
    #[command(after_help = EXAMPLES)]
    Add {
        /// The address to sign in with
        #[arg(long)]
        email: String,
        /// The name that others see
        #[arg(long)]
        name: String,
        /// What the person may do
        #[arg(long, value_enum)]
        role: RoleName,
    },
}

#[derive(Clone, Copy, ValueEnum)]
enum RoleName {
    Auditor,
    Admin,
    Lead,
    Owner,
}

impl From<RoleName> for Role {
    fn from(name: RoleName) -> Self {
        match name {
            RoleName::Auditor => Self::Auditor,
            RoleName::Admin => Self::Admin,
            RoleName::Lead => Self::Lead,
            RoleName::Owner => Self::Owner,
        }
    }
}

pub async fn run(arguments: Arguments) -> Result<ExitCode> {
    let Command::Add { email, name, role } = arguments.command;
    let role = Role::from(role);
    let config = Config::from_env()?;
    let password = secret::new_password(&email)?;
    let console = console::open(&config).await?;
    let added = engine::add_person(&console, &Actor::command_line(), &name, &email, role, &password).await;
    console.shutdown().await;
    added?;
    terminal::say(&format!("{email} may now sign in as {}.", role.label()));
    Ok(ExitCode::SUCCESS)
}
