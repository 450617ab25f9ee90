//! Others who hold locks on what a promotion changes.

use crate::stage::{STUCK, Stage, exec, impatient, story, within};
use crate::table::{How, Row};
use lockstep::promotion::{Outcome, Policy};
use lockstep::run::{EventKind, RunView, Step};
use sqlx::PgConnection;
use std::time::{Duration, Instant};

pub const ROWS: &[Row] = &[
    Row {
        number: 20,
        injected: "another session reads the table in a long transaction",
        expected: "tried again and again, then failed; the reader is named, nobody waits long",
        how: How::Quick(|| Box::pin(a_long_reader())),
    },
    Row {
        number: 21,
        injected: "an idle transaction holds a lock",
        expected: "named as idle in transaction, and for how long",
        how: How::Slow(|| Box::pin(an_idle_transaction())),
    },
    Row {
        number: 22,
        injected: "a prepared transaction holds a lock",
        expected: "found before anything is begun, with its name",
        how: How::Quick(|| Box::pin(a_prepared_transaction())),
    },
    Row {
        number: 23,
        injected: "a deadlock with another session",
        expected: "the transaction is tried again, and succeeds",
        how: How::Slow(|| Box::pin(a_deadlock())),
    },
    Row {
        number: 41,
        injected: "readers come and go for as long as the run tries",
        expected: "it fails clean, or gets its turn; no reader waits longer than the policy lets it",
        how: How::Slow(|| Box::pin(readers_come_and_go())),
    },
];

fn waits(view: &RunView) -> Vec<&str> {
    let waits = view.events.iter().filter_map(|event| match &event.kind {
        EventKind::Waiting { for_whom, .. } => Some(for_whom.as_str()),
        _ => None,
    });
    waits.collect()
}

async fn pid(session: &mut PgConnection) -> i32 {
    sqlx::query_scalar("SELECT pg_backend_pid()").fetch_one(session).await.unwrap()
}

/// The longest that a reader has to wait for the table until the run has ended.
async fn longest_wait(stage: &Stage, ended: impl Future<Output = RunView>) -> (RunView, Duration) {
    let mut longest = Duration::ZERO;
    let mut reader = stage.target().connect().await;
    let read = async {
        loop {
            let begun = Instant::now();
            exec(&mut reader, "SELECT count(*) FROM sales").await;
            longest = longest.max(begun.elapsed());
        }
    };
    let view = tokio::select! {
        view = ended => view,
        () = read => unreachable!("readers read for ever"),
    };
    (view, longest)
}

async fn a_long_reader() {
    let stage = Stage::with("reader", impatient(), "").await;
    let mut reader = stage.target().connect().await;
    exec(&mut reader, "SET application_name = 'reporting'; BEGIN; SELECT count(*) FROM sales").await;
    let pid = pid(&mut reader).await;
    let console = stage.console().await;
    let run = stage.start().await;
    let (view, longest) = longest_wait(&stage, stage.end(run)).await;
    let Some(Outcome::Failed { problem }) = &view.outcome else { panic!("{}", story(&view)) };
    assert_eq!(problem.sqlstate.as_deref(), Some("55P03"), "{problem}");
    assert!(longest < Duration::from_millis(2_000), "a reader waited {longest:?}");
    let named = format!("session {pid} (reporting");
    assert!(waits(&view).iter().any(|wait| wait.contains(&named)), "{}", story(&view));
    let tries = view.events.iter().filter(|event| event.kind.sentence().contains("of 5 follows")).count();
    assert_eq!(tries, 4, "{}", story(&view));
    exec(&mut reader, "ROLLBACK").await;
    stage.settled(run).await;
    stage.goes_on().await;
    console.kill().await;
    stage.close().await;
}

async fn an_idle_transaction() {
    let stage = Stage::with("idle", Policy { lock_timeout_ms: 1_500, ..Policy::default() }, "").await;
    let mut idle = stage.target().connect().await;
    exec(&mut idle, "BEGIN; LOCK TABLE sales IN SHARE ROW EXCLUSIVE MODE").await;
    let console = stage.console().await;
    let run = stage.start().await;
    let view = stage.end(run).await;
    exec(&mut idle, "ROLLBACK").await;
    assert!(waits(&view).iter().any(|wait| wait.contains("idle in transaction for 00:00:")), "{}", story(&view));
    stage.settled(run).await;
    console.kill().await;
    stage.close().await;
}

async fn a_prepared_transaction() {
    let stage = Stage::new("prepared").await;
    let gid = format!("forgotten-{}", std::process::id());
    stage.target().exec(&format!("BEGIN; LOCK TABLE sales IN SHARE ROW EXCLUSIVE MODE; PREPARE TRANSACTION '{gid}'")).await;
    let console = stage.console().await;
    let run = stage.start().await;
    let view = stage.end(run).await;
    stage.target().exec(&format!("ROLLBACK PREPARED '{gid}'")).await;
    let Some(Outcome::Failed { problem }) = &view.outcome else { panic!("{}", story(&view)) };
    assert!(problem.what.contains(&gid), "{problem}");
    assert!(!view.events.iter().any(|event| event.kind == EventKind::StepStarted { step: Step::Backup }), "{}", story(&view));
    stage.settled(run).await;
    console.kill().await;
    stage.close().await;
}

async fn a_deadlock() {
    let stage = Stage::new("deadlock").await;
    // The run holds sales and waits for the lock 7; the other session holds that and waits for sales.
    let mut other = stage.target().connect().await;
    exec(&mut other, "SET deadlock_timeout = '1h'; BEGIN; SELECT pg_advisory_xact_lock(7)").await;
    stage.hook("change", "SELECT pg_catalog.pg_advisory_xact_lock(7)").await;
    let console = stage.console().await;
    let run = stage.start().await;
    let waits = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted
        AND database = (SELECT oid FROM pg_database WHERE datname = current_database())";
    crate::stage::until("the run waits", async || (stage.target().column(waits).await == ["1"]).then_some(())).await;
    let waiting = exec(&mut other, "LOCK TABLE sales IN ACCESS SHARE MODE; COMMIT");
    within(STUCK, "the deadlock is resolved", waiting).await;
    let view = stage.succeeds(run).await;
    let again = view.events.iter().filter(|event| event.kind.sentence().contains("waited for each other")).count();
    assert_eq!(again, 1, "{}", story(&view));
    console.kill().await;
    stage.close().await;
}

async fn readers_come_and_go() {
    let stage = Stage::with("readers", impatient(), "").await;
    let console = stage.console().await;
    let run = stage.start().await;
    // Two readers whose transactions overlap: there is never a moment without one.
    let overlap = async {
        let (mut one, mut two) = (stage.target().connect().await, stage.target().connect().await);
        exec(&mut one, "BEGIN; SELECT count(*) FROM sales").await;
        loop {
            exec(&mut two, "BEGIN; SELECT count(*) FROM sales; SELECT pg_sleep(0.3)").await;
            exec(&mut one, "COMMIT; BEGIN; SELECT count(*) FROM sales; SELECT pg_sleep(0.3)").await;
            exec(&mut two, "COMMIT").await;
        }
    };
    let ((view, longest), ()) = tokio::select! {
        ended = longest_wait(&stage, stage.end(run)) => (ended, ()),
        () = overlap => unreachable!("readers read for ever"),
    };
    assert!(longest < Duration::from_millis(2_000), "a reader waited {longest:?}: {}", story(&view));
    stage.settled(run).await;
    console.kill().await;
    stage.close().await;
}
