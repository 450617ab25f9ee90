//! Reads a target back and holds it against what was promised.
