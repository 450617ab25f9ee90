//! Tests of the engine on a real PostgreSQL: one private cluster for all, a fresh database for each test.

#![cfg(test)]

mod accounts;
mod alerts;
mod apply;
mod audit;
mod backup;
mod backup_bucket;
mod backup_drill;
mod catalog;
mod connect;
mod dump;
mod encoding;
mod environments;
mod harness;
mod locks;
mod lookup;
mod lookup_keys;
mod lookup_random;
mod majors;
mod migrations;
mod plan;
mod private_pg;
mod promotions;
mod rehearsal;
mod restore;
mod roles;
mod runs;
mod sessions;
mod subscribers;
mod triggers;
mod trio;
mod undo;
mod viewers;
mod world;
