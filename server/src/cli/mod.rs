//! The command line, one file per command. A command that goes wrong ends with 1, also when it was typed wrong: 2 means something else to
//! the scripts that call `drift`.

mod compared;
mod console;
mod data;
mod demo;
mod doctor;
mod drift;
mod plan;
mod promote;
mod restore;
mod secret;
mod serve;
mod side;
mod undo;
mod user;
mod which;

use crate::terminal;
use clap::{Parser, Subcommand};
use lockstep::problem::{Problem, ProblemKind};
use std::process::ExitCode;
use tokio::runtime::Builder;

const EXAMPLES: &str = "\
Without a command it serves. Settings are environment variables; README.md lists them.

Examples:
  lockstep demo
  lockstep drift development production
  lockstep plan --from development --to production -o next.sql";

/// Promotes database releases between PostgreSQL environments
#[derive(Parser)]
#[command(name = "lockstep", version, max_term_width = 100, after_help = EXAMPLES)]
struct Cli {
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Subcommand)]
enum Command {
    Serve(serve::Arguments),
    Demo(demo::Arguments),
    Doctor(doctor::Arguments),
    Plan(plan::Arguments),
    Drift(drift::Arguments),
    Promote(promote::Arguments),
    Undo(undo::Arguments),
    Restore(restore::Arguments),
    Data(data::Arguments),
    User(user::Arguments),
}

pub fn main() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(usage) => return explain(&usage),
    };
    let result = match cli.command.unwrap_or(Command::Serve(serve::Arguments::default())) {
        Command::Serve(arguments) => on_all_cores(serve::run(arguments)),
        Command::Demo(arguments) => on_all_cores(demo::run(arguments)),
        Command::Doctor(arguments) => block_on(doctor::run(arguments)),
        Command::Plan(arguments) => block_on(plan::run(arguments)),
        Command::Drift(arguments) => block_on(drift::run(arguments)),
        Command::Promote(arguments) => on_all_cores(promote::run(arguments)),
        Command::Restore(arguments) => on_all_cores(restore::run(arguments)),
        Command::Undo(arguments) => on_all_cores(undo::run(arguments)),
        Command::Data(arguments) => on_all_cores(data::run(arguments)),
        Command::User(arguments) => block_on(user::run(arguments)),
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
    Builder::new_current_thread().enable_all().build().map_err(not_started)?.block_on(command)
}

fn on_all_cores<T>(command: impl Future<Output = Result<T, Problem>>) -> Result<T, Problem> {
    Builder::new_multi_thread().enable_all().build().map_err(not_started)?.block_on(command)
}

fn not_started(error: std::io::Error) -> Problem {
    Problem::new(ProblemKind::Internal, "Lockstep could not start.").because(error.to_string())
}

/// Standard output could not be written, e.g. because the disk behind it is full.
fn unwritten(error: &std::io::Error) -> Problem {
    Problem::new(ProblemKind::Internal, "The result could not be written.").because(error.to_string())
}
