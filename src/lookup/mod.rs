//! Lookup tables: rows that travel with a release. Which they are, what differs in them, and the statements that sync them.
//!
//! Values are PostgreSQL's canonical text under the pinned session settings; NULL is `None` and never the empty text.

mod changes;
mod compare;
mod conflict;
mod digest;
pub mod dml;
mod fingerprint;
pub mod lines;
mod names;
mod order;
mod packed;
mod pairs;
mod park;
mod picked;
mod rows;
mod set;
mod shape;
mod sound;
mod suggest;
mod table;
mod translate;
mod undo;

pub use changes::{Deferred, RowUpdate, SequenceOf, TableChanges};
pub use compare::{Comparison, Frame, Side, Terms, diff, held};
pub use conflict::{Choice, Conflict, Keep};
pub use digest::{Digest, hash_of, record};
pub use fingerprint::{Counted, fingerprint};
pub use lines::Lines;
pub use names::{Referring, referring, values};
pub use packed::Packed;
pub use pairs::{ambiguous, same_key};
pub use picked::Picked;
pub use rows::{Row, RowColumn, RowKey, Seal, TableDigest, TableRows, owned_key};
pub use set::{LookupSet, LookupTable, Mode};
pub use shape::{Shape, pinned_are_there, shape};
pub use sound::{Facts, Question, questions};
pub use suggest::{Suggestion, candidates, suggest};
pub use table::{Part, TableDiff, hidden};
pub use translate::entangled;
pub use undo::Undo;
