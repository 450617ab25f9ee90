//! A backup put in the place of everything that a target holds, in one transaction.
//!
//! What stays is what Lockstep itself keeps there, the ledger and the table of versions, and what a user who owns the database cannot make
//! again: the schema `public` and extensions. Dropping and making again, and not a plan that changes what differs, because only then the
//! result is the backup itself: its owners, the order of columns, large objects and rows included.

mod preview;
mod ready;
mod rows;
mod source;
mod toc;
mod write;

pub use preview::{Question, preview};
pub use ready::obstacles;
pub use source::{Source, prepare, read};
pub(super) use write::{differs, lock, write};
