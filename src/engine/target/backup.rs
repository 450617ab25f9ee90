//! A backup that is proven: written by `pg_dump`, hashed, and read in full.
