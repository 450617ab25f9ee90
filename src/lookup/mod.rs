//! Lookup tables: rows that travel with a release. Which they are, what differs in them, and the statements that sync them.
//!
//! Values are PostgreSQL's canonical text under the pinned session settings; NULL is `None` and never the empty text.

mod changes;
mod compare;
mod conflict;
pub mod dml;
mod fingerprint;
mod order;
mod pairs;
mod park;
mod rows;
mod set;
mod shape;
mod sound;
mod suggest;
mod translate;

pub use changes::{Deferred, RowUpdate, SequenceOf, TableChanges};
pub use compare::{Comparison, Side, Terms, diff};
pub use conflict::{Choice, Conflict, Keep};
pub use fingerprint::{fingerprint, fingerprint_after};
pub use pairs::{ambiguous, same_key};
pub use rows::{Row, RowColumn, RowKey, TableRows};
pub use set::{LookupSet, LookupTable, Mode};
pub use shape::{Shape, shape};
pub use suggest::{Suggestion, candidates, suggest};
