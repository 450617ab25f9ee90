//! The database of the console itself. Knows nothing of targets.
