//! The one transaction that changes a target.

use super::super::{Result, unbuilt};
use super::connect::TargetUrl;
use super::{Cancel, Tell};
use crate::catalog::Fingerprint;
use crate::lookup::LookupSet;
use crate::problem::Problem;
use crate::promotion::{Policy, PromotionId, Sealed};
use crate::run::RunId;

/// What is to be applied, where, and on whose behalf.
#[derive(Clone, Copy)]
pub struct Order<'a> {
    pub url: &'a TargetUrl,
    pub run: RunId,
    pub promotion: PromotionId,
    /// Of the sealed request.
    pub digest: &'a Fingerprint,
    /// The release's version label and notes.
    pub version: &'a str,
    pub notes: &'a str,
    /// Who started the run.
    pub by: &'a str,
    pub sealed: &'a Sealed,
    /// The lookup set of the release.
    pub set: &'a LookupSet,
    pub policy: &'a Policy,
}

/// How an attempt to change the target ended.
#[derive(Debug, Clone, PartialEq)]
pub enum Applied {
    /// The target is what the release says, and its ledger says so.
    Committed,
    /// The ledger has this run already; nothing was done again.
    AlreadyThere,
    /// It failed, and the target was read again: it is exactly as before.
    NothingChanged { problem: Problem },
    /// Somebody asked for it before the COMMIT; nothing was changed.
    Cancelled,
    /// Statements that run outside the transaction are done and stay; what came after them failed.
    Partly { done: Vec<String>, problem: Problem },
    /// The target cannot be asked. Its ledger decides once it answers: `settle`.
    Unclear { problem: Problem },
}

/// Applies what is sealed. Reports while it works; stops before the COMMIT when asked to.
pub async fn apply(_order: &Order<'_>, _tell: Tell<'_>, _cancel: &Cancel) -> Applied {
    Applied::Unclear { problem: Problem::new(crate::problem::ProblemKind::Unsupported, "This is not built yet.") }
}

/// After a crash or a lost connection: ends what is left of the run in the target and looks which way it went.
pub async fn settle(_order: &Order<'_>) -> Applied {
    Applied::Unclear { problem: Problem::new(crate::problem::ProblemKind::Unsupported, "This is not built yet.") }
}

/// Ends the sessions that a run left in the target, and waits until they are gone. Gives their number.
pub async fn terminate_orphans(_url: &TargetUrl, _run: RunId) -> Result<u64> {
    unbuilt()
}
