//! The command line, one file per command. A command that goes wrong ends with 1, also when it was typed wrong: 2 means something else to
//! the scripts that call `drift`.

mod drift;
mod plan;
mod side;

use crate::terminal;
use clap::{Parser, Subcommand};
use lockstep::problem::{Problem, ProblemKind};
use std::process::ExitCode;

/// Promotes database releases between PostgreSQL environments.
#[derive(Parser)]
#[command(name = "lockstep", version, max_term_width = 100)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    Plan(plan::Arguments),
    Drift(drift::Arguments),
}

pub fn main() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(usage) => return explain(&usage),
    };
    let result = match cli.command {
        Command::Plan(arguments) => block_on(plan::run(arguments)),
        Command::Drift(arguments) => block_on(drift::run(arguments)),
    };
    result.unwrap_or_else(|problem| {
        terminal::complain(&problem);
        ExitCode::FAILURE
    })
}

/// Help and version are results; anything else was typed wrong. Passwords in connection strings are not repeated.
fn explain(usage: &clap::Error) -> ExitCode {
    if usage.use_stderr() {
        terminal::say(terminal::without_passwords(&usage.render().to_string()).trim_end());
        return ExitCode::FAILURE;
    }
    match usage.print() {
        Ok(()) => ExitCode::SUCCESS,
        Err(_) => ExitCode::FAILURE,
    }
}

/// One thread is enough for a command that waits for databases, and it starts faster.
fn block_on<T>(command: impl Future<Output = Result<T, Problem>>) -> Result<T, Problem> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    runtime
        .map_err(|error| Problem::new(ProblemKind::Internal, "Lockstep could not start.").because(error.to_string()))?
        .block_on(command)
}

/// Standard output could not be written, e.g. because the disk behind it is full.
fn unwritten(error: &std::io::Error) -> Problem {
    Problem::new(ProblemKind::Internal, "The result could not be written.").because(error.to_string())
}
