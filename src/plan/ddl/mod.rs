//! The only printers of DDL, one file per kind.
