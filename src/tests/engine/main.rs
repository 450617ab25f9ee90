//! Tests of the engine on a real PostgreSQL: one private cluster for all, a fresh database for each test.

#![cfg(test)]

mod catalog;
mod connect;
mod dump;
mod harness;
mod plan;
mod private_pg;
