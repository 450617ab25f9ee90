//! `lockstep restore PROMOTION`: the backup of a promotion's run over its target, by one more promotion.

use super::undo::Back;
use clap::Args;
use lockstep::engine::{self, Result};
use std::process::ExitCode;

const EXAMPLES: &str = "\
Exit codes are those of `lockstep promote`. The backup is first restored into a scratch database beside the target and read; rows of the
target that it does not have are counted table by table, and --yes confirms their loss. What is to stay is exported before, for example
by `lockstep data export`.

Example:
  lockstep restore 01994b1e-5d7c-7cc3-a5a4-0c1c4f1f9f10 --release '1.3.0 restored' --as admin@example.com";

/// Restore the backup that was made before a promotion: request, wait for approval, run, follow
#[derive(Args)]
#[command(after_help = EXAMPLES)]
pub struct Arguments {
    #[command(flatten)]
    back: Back,
}

pub async fn run(arguments: Arguments) -> Result<ExitCode> {
    arguments.back.carry("Reading the backup", engine::restore_promotion).await
}
