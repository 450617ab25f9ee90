//! The fault matrix: every row is injected for real and held against what must never be lost. `README.md` beside this file says what is
//! promised and which row proves it.
//!
//! Without an argument the rows run that are quick; `all` runs every row, numbers such as `F05 19` those rows, `soak` disturbs a stream of
//! promotions at random.

#![cfg(test)]

mod backup;
mod changed;
mod child;
mod elsewhere;
mod locks;
mod lost;
mod memory;
mod network;
mod outage;
mod process;
mod proxy;
mod restore;
mod servers;
mod soak;
mod stage;
mod table;
mod together;

#[path = "../engine/harness.rs"]
#[expect(dead_code, reason = "the engine tests use the rest")]
mod harness;
#[path = "../engine/trio.rs"]
#[expect(dead_code, reason = "the engine tests use the rest")]
mod trio;
#[path = "../engine/world.rs"]
#[expect(dead_code, reason = "the engine tests use the rest")]
mod world;

use std::process::ExitCode;
use table::Wanted;

fn main() -> ExitCode {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    if let Some(orders) = child::orders() {
        return runtime.block_on(child::serve(orders));
    }
    elsewhere::assert_named_tests_exist();
    let words: Vec<String> = std::env::args().skip(1).filter(|word| !word.starts_with('-')).collect();
    if words.iter().any(|word| word == "soak") {
        return runtime.block_on(soak::soak());
    }
    match Wanted::read(&words) {
        Some(wanted) => runtime.block_on(tokio::task::LocalSet::new().run_until(table::run(&wanted))),
        // Names of other tests: cargo hands them to every suite.
        None => ExitCode::SUCCESS,
    }
}
