//! The store is away.

use crate::child::Orders;
use crate::servers::{End, Server};
use crate::stage::{Stage, story};
use crate::table::{How, Row};
use lockstep::engine::{self, Console, Settings};
use lockstep::problem::ProblemKind;
use lockstep::promotion::Outcome;
use lockstep::run::Step;

pub const ROWS: &[Row] = &[
    Row {
        number: 74,
        injected: "the store is away while a run waits in its transaction",
        expected: "nothing is committed without it; when it is back the run is finished",
        how: How::Slow(|| Box::pin(away_in_the_transaction())),
    },
    Row {
        number: 74,
        injected: "the store crashes when a step begins, for each step",
        expected: "the run is finished when it is back, or was before",
        how: How::Slow(|| Box::pin(crashes_at_each_step())),
    },
    Row {
        number: 75,
        injected: "the store takes no writes any more",
        expected: "nobody starts or approves anything; nothing is done that cannot be written down",
        how: How::Slow(|| Box::pin(read_only())),
    },
    Row {
        number: 76,
        injected: "a newer Lockstep has migrated the store",
        expected: "this one does not start, changes nothing and says why; one that runs goes on",
        how: How::Quick(|| Box::pin(a_newer_store())),
    },
];

async fn away_in_the_transaction() {
    let stage = Stage::new("away").await;
    let console = stage.console().await;
    let hold = stage.hold("record").await;
    let run = stage.start().await;
    hold.reached().await;
    Server::Store.stop(End::Fast).await;
    hold.release().await;
    let committed = "SELECT run_id FROM lockstep.ledger";
    assert_eq!(stage.target().column(committed).await, Vec::<String>::new());
    let asked = engine::promotion_events(&stage.trio.world.console, &stage.trio.ada, stage.promotion).await.unwrap_err();
    assert_eq!(asked.kind, ProblemKind::Unreachable, "{asked}");
    Server::Store.start().await;
    stage.succeeds(run).await;
    console.kill().await;
    stage.close().await;
}

async fn crashes_at_each_step() {
    for step in [Step::Preflight, Step::Backup, Step::Apply, Step::Verify, Step::Record] {
        let stage = Stage::new("store_crash").await;
        let console = stage.console().await;
        let run = stage.start().await;
        stage.begun(run, step).await;
        Server::Store.restart(End::Immediate).await;
        let view = stage.succeeds(run).await;
        eprintln!("    {step:?}: {} events", view.events.len());
        console.kill().await;
        stage.close().await;
    }
}

async fn read_only() {
    let stage = Stage::new("read_only").await;
    let store = &stage.trio.world.store;
    let console = stage.console().await;
    let hold = stage.hold("change").await;
    let run = stage.start().await;
    hold.reached().await;
    // From now on every transaction of a new session only reads, and the old sessions end.
    let name = store.target().database().to_owned();
    let others =
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()";
    store.exec(&format!("ALTER DATABASE \"{name}\" SET default_transaction_read_only = on; {others}")).await;
    hold.release().await;
    let again = engine::start_run(&stage.trio.world.console, &stage.trio.ada, stage.promotion).await;
    assert!(again.is_err() || again == Ok(run), "{again:?}");
    let refused = engine::cancel(&stage.trio.world.console, &stage.trio.ada, stage.promotion).await.unwrap_err();
    assert!(!refused.cause.is_empty(), "{refused}");
    assert_eq!(stage.target().column("SELECT run_id FROM lockstep.ledger").await, Vec::<String>::new());
    store
        .exec(&format!("BEGIN READ WRITE; ALTER DATABASE \"{name}\" RESET default_transaction_read_only; COMMIT; {others}"))
        .await;
    let view = stage.settled(run).await;
    assert_eq!(view.outcome, Some(Outcome::Succeeded), "{}", story(&view));
    console.kill().await;
    stage.close().await;
}

async fn a_newer_store() {
    let stage = Stage::new("newer").await;
    let store = &stage.trio.world.store;
    let console = stage.console().await;
    store.exec("INSERT INTO _sqlx_migrations VALUES (99990101000000, 'of a newer one', now(), true, '', 0)").await;
    let known = "SELECT version FROM _sqlx_migrations ORDER BY 1";
    let before = (store.catalog().await.fingerprint(), store.column(known).await);
    let Orders { store: url, folder, .. } = stage.orders();
    let settings = Settings { data_dir: folder, store_url: Some(url), ..Settings::default() };
    let Err(refused) = Console::open(settings).await else { panic!("an older Lockstep opens a newer store") };
    assert!(refused.cause.contains("newer Lockstep"), "{refused}");
    assert_eq!((store.catalog().await.fingerprint(), store.column(known).await), before);
    let run = stage.start().await;
    stage.succeeds(run).await;
    console.kill().await;
    stage.close().await;
}
