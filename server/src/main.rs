//! The binary `lockstep`: it reads the command line and hands over. No command means `serve`.

mod body;
mod cli;
mod config;
mod csrf;
mod downloads;
mod headers;
mod health;
mod logs;
mod peer;
mod router;
mod serve;
mod session;
mod site;
mod terminal;
#[cfg(test)]
mod tests;

use std::process::ExitCode;

fn main() -> ExitCode {
    cli::main()
}
