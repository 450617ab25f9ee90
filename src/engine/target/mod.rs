//! The databases that are promoted: everything Lockstep reads from them and writes to them. Knows nothing of the store.

pub mod apply;
pub mod backup;
pub mod checks;
pub mod connect;
pub mod introspect;
pub mod ledger;
pub mod rows;
pub mod verify;
