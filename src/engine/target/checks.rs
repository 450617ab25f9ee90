//! Questions to the rows of a target, asked before approval and again before a run.
