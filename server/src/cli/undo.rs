//! `lockstep undo PROMOTION`: a whole promotion taken back by one more.

use super::promote::{self, Wish};
use super::{console, secret};
use crate::config::Config;
use crate::terminal::Progress;
use clap::Args;
use lockstep::access::Actor;
use lockstep::engine::{self, Console, Result};
use lockstep::promotion::{PromotionId, Proposal};
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
    #[command(flatten)]
    back: Back,
}

/// What goes back, and on whose behalf.
#[derive(Args)]
pub struct Back {
    /// The number of the promotion, as its page's address has it
    promotion: Uuid,
    /// The version under which what comes back is kept as a release
    #[arg(long, value_name = "VERSION")]
    release: String,
    #[command(flatten)]
    wish: Wish,
}

pub async fn run(arguments: Arguments) -> Result<ExitCode> {
    arguments.back.carry("Reading the target", engine::undo_promotion).await
}

impl Back {
    /// Promotes what `propose` makes of it; `doing` is said while it does.
    pub async fn carry(
        &self,
        doing: &str,
        propose: impl AsyncFnOnce(&Console, &Actor, PromotionId, &str, &str) -> Result<Proposal>,
    ) -> Result<ExitCode> {
        let Self { promotion, release, wish } = self;
        let config = Config::from_env()?;
        let password = secret::password(&wish.email)?;
        let console = console::open(&config).await?;
        let result = async {
            let actor = promote::sign_in(&console, &wish.email, &password).await?;
            let progress = Progress::start(doing);
            let proposal = propose(&console, &actor, PromotionId(*promotion), release, &wish.notes).await?;
            drop(progress);
            promote::carry(&console, &actor, proposal, wish).await
        };
        let result = result.await;
        console.shutdown().await;
        result
    }
}
