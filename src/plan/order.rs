//! The order of statements: what must exist before what, and what must be gone first.
