//! The promotion core of Lockstep. Modules in suggested reading order.

/// Who may do what, in one table.
pub mod access;
/// A schema as a value: read, normalised, fingerprinted.
pub mod catalog;
/// What differs between two catalogs.
pub mod diff;
/// Everything that touches the world.
#[cfg(feature = "engine")]
pub mod engine;
/// Lookup tables: which rows travel with a release, and what differs in them.
pub mod lookup;
/// The ordered statements that take one catalog to another, with their hazards.
pub mod plan;
/// What went wrong, as a person reads it: what happened, why, the way out.
pub mod problem;
/// A request to take a release into an environment: preview, approvals, state, policy.
pub mod promotion;
/// A frozen, content-addressed copy of what is to be promoted.
pub mod release;
/// One execution of an approved promotion, told by its numbered events.
pub mod run;
