//! Reads a catalog from `pg_catalog` in one snapshot.
