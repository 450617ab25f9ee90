//! The binary `lockstep`: it reads the command line and hands over. No command means `serve`.

mod cli;
mod terminal;

use std::process::ExitCode;

fn main() -> ExitCode {
    cli::main()
}
