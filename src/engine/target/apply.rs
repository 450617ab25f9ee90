//! The one transaction that changes a target.
