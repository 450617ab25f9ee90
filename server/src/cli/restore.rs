//! `lockstep restore PROMOTION`: the backup of a promotion's run over its target, by one more promotion.

use super::promote::{self, Wish};
use super::{console, secret};
use crate::config::Config;
use crate::terminal::Progress;
use clap::Args;
use lockstep::engine::{self, Result};
use lockstep::promotion::PromotionId;
use std::process::ExitCode;
use uuid::Uuid;

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
    /// The number of the promotion, as its page's address has it
    promotion: Uuid,
    /// The version under which what the backup holds is kept as a release
    #[arg(long, value_name = "VERSION")]
    release: String,
    #[command(flatten)]
    wish: Wish,
}

pub async fn run(arguments: Arguments) -> Result<ExitCode> {
    let config = Config::from_env()?;
    let password = secret::password(&arguments.wish.email)?;
    let console = console::open(&config).await?;
    let result = async {
        let actor = promote::sign_in(&console, &arguments.wish.email, &password).await?;
        let (promotion, notes) = (PromotionId(arguments.promotion), &arguments.wish.notes);
        let progress = Progress::start("Reading the backup");
        let proposal = engine::restore_promotion(&console, &actor, promotion, &arguments.release, notes).await?;
        drop(progress);
        promote::carry(&console, &actor, proposal, &arguments.wish).await
    };
    let result = result.await;
    console.shutdown().await;
    result
}
