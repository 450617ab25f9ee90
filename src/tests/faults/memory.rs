//! Much to promote, and consoles that have little memory for it.

use crate::child::Process;
use crate::stage::{Stage, patient};
use crate::table::{How, Row};
use lockstep::engine;
use lockstep::promotion::RowsWanted;

/// A hundred thousand lookup rows more in development.
const MANY: &str = "INSERT INTO fees SELECT g, 'fee number ' || g, g FROM generate_series(10, 100009) AS g";

/// Kilobytes for all that a console reads and writes.
const LITTLE: u32 = 100_000;

pub const ROWS: &[Row] = &[
    Row {
        number: 15,
        injected: "100,000 lookup rows differ, and the console may take 100 MB",
        expected: "they are applied and read back",
        how: How::Slow(|| Box::pin(with_little_memory())),
    },
    Row {
        number: 81,
        injected: "100,000 lookup rows differ",
        expected: "people page through them and find one; they are applied and read back",
        how: How::Slow(|| Box::pin(paged())),
    },
];

async fn with_little_memory() {
    let stage = Stage::with("little_memory", patient(), MANY).await;
    let console = Process::with_memory(&stage.orders(), LITTLE).await;
    let run = stage.start().await;
    stage.succeeds(run).await;
    assert_eq!(stage.trio.world.store.column("SELECT fence FROM runs").await, ["1"], "one console sufficed");
    console.kill().await;
    stage.close().await;
}

async fn paged() {
    let stage = Stage::with("paged", patient(), MANY).await;
    let (watching, ada) = (&stage.trio.world.console, &stage.trio.ada);
    let all = RowsWanted { table: "\"public\".\"fees\"".to_owned(), page: 1_999, ..RowsWanted::default() };
    let page = engine::promotion_lookup(watching, ada, stage.promotion, &all).await.unwrap();
    assert!(page.total > 100_000 && page.page == 1_999 && page.changes.len() == 50, "{} {}", page.total, page.page);
    let one = RowsWanted { search: "fee number 77777".to_owned(), page: 0, ..all };
    assert_eq!(engine::promotion_lookup(watching, ada, stage.promotion, &one).await.unwrap().total, 1);
    let console = stage.console().await;
    let run = stage.start().await;
    stage.succeeds(run).await;
    assert_eq!(stage.target().column("SELECT count(*) FROM fees WHERE id >= 10").await, ["100000"]);
    console.kill().await;
    stage.close().await;
}
