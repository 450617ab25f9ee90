//! The databases that are promoted: everything Lockstep reads from them and writes to them. Knows nothing of the store.

mod alive;
pub mod apply;
pub mod backup;
pub mod cancel;
pub mod checks;
pub mod compare;
pub mod connect;
mod encoding;
pub mod finish;
pub mod inspect;
pub mod introspect;
pub mod ledger;
pub mod measure;
mod neighbours;
pub mod preflight;
pub mod preview;
mod programs;
pub mod reading;
pub mod rehearse;
pub mod restore;
pub mod rows;
pub mod script;
mod session;
mod settle;
mod sizes;
mod subscribed;
pub mod verify;
pub mod written;

pub use alive::while_it_answers;
pub use cancel::{Cancel, Canceller, cancellation};

use crate::run::RunId;

/// What the work on a target reports while it goes on. The caller stores it; nothing here waits for that.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Told {
    /// A line worth reading: what was checked, found, decided.
    Note(String),
    /// `done` of `total` in `unit`; `total` is 0 when nobody knows.
    Progress { done: u64, total: u64, unit: &'static str, what: String },
    /// Waiting for a lock, and for whom.
    Waiting { for_whom: String },
    /// Everything is written; the target is read back before the COMMIT.
    Verifying,
}

/// Takes reports.
pub type Tell<'a> = &'a (dyn Fn(Told) + Send + Sync);

/// The name of a session of a run, by which whoever takes the run up finds it. `fence` tells which claim of the run it belongs to.
pub fn session_name(run: RunId, fence: i64, step: &str) -> String {
    format!("lockstep:{}:{fence}:{step}", run.0)
}
