//! The promotion: a request to take a release into an environment, its preview, approvals and state.

mod alert;
pub mod approval;
pub mod audit;
mod compare;
pub mod environment;
mod in_database;
pub mod policy;
pub mod preview;
mod restore;
pub mod state;
mod touched;
mod undone;
pub mod views;

pub use alert::{Alert, AlertStanding, Message};
pub use compare::{Compared, Terms, around_rows, compare, released};
pub use environment::{BackupMode, Environment, EnvironmentId, Policy};
pub use in_database::{InDatabase, LedgerRow, LeftStatement, Like, RunbookStep};
pub use preview::{CheckResult, Confirmation, Preview, Proposal, Sealed};
pub use restore::{Restore, RestoredTable};
pub use state::{Approval, Decision, Outcome, Rejected, State};
pub use touched::touched;
pub use undone::{Ended, renamed_back, stays_lost, taken_back};
pub use views::*;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct PromotionId(pub Uuid);

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ReleaseId(pub Uuid);

/// The one run of a promotion.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct RunId(pub Uuid);
