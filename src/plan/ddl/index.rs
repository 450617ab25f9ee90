//! Indexes that no constraint owns.

use crate::catalog::Index;

pub fn create(index: &Index) -> String {
    index.definition.clone()
}
