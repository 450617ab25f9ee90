//! The row that the apply transaction leaves in a target: if it is there, the promotion happened.
