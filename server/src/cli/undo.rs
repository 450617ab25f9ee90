//! `lockstep undo PROMOTION`: a whole promotion taken back by one more.

use super::promote::{self, Wish};
use super::{console, secret};
use crate::config::Config;
use clap::Args;
use lockstep::engine::{self, Result};
use lockstep::promotion::PromotionId;
use std::process::ExitCode;
use uuid::Uuid;

const EXAMPLES: &str = "\
Exit codes are those of `lockstep promote`. `lockstep data undo` takes chosen rows back and leaves the schema.

Example:
  lockstep undo 01994b1e-5d7c-7cc3-a5a4-0c1c4f1f9f10 --release '1.4.0 undo' --as admin@example.com";

/// Take the last promotion into an environment back: request, wait for approval, run, follow
#[derive(Args)]
#[command(after_help = EXAMPLES)]
pub struct Arguments {
    /// The number of the promotion, as its page's address has it
    promotion: Uuid,
    /// The version under which the undo is kept as a release
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
        let proposal = engine::undo_promotion(&console, &actor, promotion, &arguments.release, notes).await?;
        promote::carry(&console, &actor, proposal, &arguments.wish).await
    };
    let result = result.await;
    console.shutdown().await;
    result
}
