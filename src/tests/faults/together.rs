//! Several consoles, several runs.

use crate::child::{Orders, Process};
use crate::lost::Contents;
use crate::proxy::{Network, Proxy};
use crate::stage::{Stage, exec, story, until};
use crate::table::{How, Row};
use crate::trio::Trio;
use lockstep::access::Role;
use lockstep::engine;
use lockstep::problem::ProblemKind;
use lockstep::promotion::{Decision, Outcome};
use lockstep::run::{EventKind, Step};

pub const ROWS: &[Row] = &[
    Row {
        number: 63,
        injected: "forty decisions at once, for and against",
        expected: "one counts, the others are refused",
        how: How::Quick(|| Box::pin(forty_decisions())),
    },
    Row {
        number: 83,
        injected: "one console is an hour ahead and dies, the next one is an hour behind",
        expected: "all times are the store's, in their order",
        how: How::Slow(|| Box::pin(other_clocks())),
    },
    Row {
        number: 65,
        injected: "Run is pressed eight times at once",
        expected: "one run",
        how: How::Elsewhere(&[("src/tests/engine/runs.rs", "asking_twice_gives_the_same_run_and_asking_at_once_too")]),
    },
    Row {
        number: 66,
        injected: "three consoles on one store",
        expected: "one of them executes the run",
        how: How::Slow(|| Box::pin(three_consoles())),
    },
    Row {
        number: 67,
        injected: "a console stands still in its transaction beyond its lease, and goes on while another one works",
        expected: "the other one finishes; the first one writes nothing",
        how: How::Quick(|| Box::pin(stands_still_in_the_transaction())),
    },
    Row {
        number: 67,
        injected: "a console stands still before its transaction, and goes on after the run was taken over and cancelled",
        expected: "nothing is committed",
        how: How::Slow(|| Box::pin(stands_still_before_the_transaction())),
    },
    Row {
        number: 67,
        injected: "a console loses its store and its lease in the transaction",
        expected: "another one takes over; the first one does not commit",
        how: How::Slow(|| Box::pin(loses_its_store())),
    },
    Row {
        number: 68,
        injected: "two promotions into one target",
        expected: "the second one is refused in words",
        how: How::Slow(|| Box::pin(two_promotions())),
    },
];

/// The first console is an hour ahead and dies; the second one is an hour behind.
async fn other_clocks() {
    let stage = Stage::new("clocks").await;
    let ahead = Process::with_clock(&stage.orders(), 3600).await;
    let hold = stage.hold("change").await;
    let run = stage.start().await;
    hold.reached().await;
    ahead.kill().await;
    let behind = Process::with_clock(&stage.orders(), -3600).await;
    hold.release().await;
    let view = stage.succeeds(run).await;
    let times: Vec<_> = view.events.iter().map(|event| event.at).collect();
    assert!(times.is_sorted(), "{}", story(&view));
    let took = view.steps.iter().filter_map(|step| Some(step.finished? - step.started?));
    assert!(took.clone().count() > 3 && took.clone().all(|took| (0..300).contains(&took.num_seconds())), "{}", story(&view));
    let ended = "SELECT ended_at BETWEEN requested_at AND now() FROM promotions WHERE ended_at IS NOT NULL";
    assert_eq!(stage.trio.world.store.column(ended).await, ["true"]);
    let taken = "SELECT count(*) FROM backups WHERE taken_at NOT BETWEEN now() - interval '5 minutes' AND now()";
    assert_eq!(stage.trio.world.store.column(taken).await, ["0"]);
    behind.kill().await;
    stage.close().await;
}

async fn forty_decisions() {
    let trio = Trio::new("forty").await;
    let promotion = trio.request(trio.freeze("1").await, &trio.test).await;
    let lou = trio.world.person("Lou", Role::Lead).await;
    let console = &trio.world.console;
    let digest = engine::promotion(console, &trio.lea, promotion).await.unwrap().digest;
    let decisions = (0..40).map(|turn| match turn % 2 {
        0 => engine::decide(console, &trio.lea, promotion, &digest.0, Decision::Approve, "", "test"),
        _ => engine::decide(console, &lou, promotion, &digest.0, Decision::Reject, "Not now", "test"),
    });
    let decided = futures::future::join_all(decisions).await;
    assert_eq!(decided.iter().filter(|decided| decided.is_ok()).count(), 1, "{decided:?}");
    assert_eq!(trio.world.store.column("SELECT count(*) FROM approvals").await, ["1"]);
    let audit = engine::verify_audit(console, &trio.ada).await.unwrap();
    assert!(audit.starts_with("All "), "{audit}");
    trio.world.close().await;
}

async fn three_consoles() {
    let stage = Stage::new("three").await;
    let consoles = [stage.console().await, stage.console().await, stage.console().await];
    let run = stage.start().await;
    let view = stage.succeeds(run).await;
    let begun = |step| view.events.iter().filter(|event| event.kind == EventKind::StepStarted { step }).count();
    assert_eq!((begun(Step::Preflight), begun(Step::Apply)), (1, 1), "{}", story(&view));
    assert_eq!(stage.trio.world.store.column("SELECT fence FROM runs").await, ["1"]);
    for console in consoles {
        console.kill().await;
    }
    stage.close().await;
}

async fn taken_over(stage: &Stage, times: u32) {
    let fence = format!("{times}");
    until("another console takes the run over", async || {
        (stage.trio.world.store.column("SELECT fence FROM runs").await == [fence.as_str()]).then_some(())
    })
    .await;
}

async fn stands_still_in_the_transaction() {
    let stage = Stage::new("still").await;
    let proxy = Proxy::before(stage.trio.world.store.url()).await;
    let store = proxy.url(stage.trio.world.store.url());
    let mut first = Process::start(&Orders { store, ..stage.orders() }).await;
    let hold = stage.hold("change").await;
    let run = stage.start().await;
    hold.reached().await;
    first.stop();
    let second = stage.console().await;
    taken_over(&stage, 2).await;
    // The second one has begun anew, and waits at the same place.
    let waits =
        "SELECT count(*) FROM pg_stat_activity WHERE application_name LIKE 'lockstep:%:2:apply' AND wait_event = 'advisory'";
    until("the second console applies", async || (stage.target().column(waits).await == ["1"]).then_some(())).await;
    // The store does not tell the first one that it was overtaken. It finds that its session is gone and looks at the target, where it
    // waits for the ledger once it has ended the sessions that it takes for its own.
    proxy.becomes(Network::Silent);
    let mut other = stage.target().connect().await;
    exec(&mut other, "BEGIN; LOCK TABLE lockstep.ledger IN ACCESS EXCLUSIVE MODE").await;
    first.go_on();
    let looks = "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'lockstep:look' AND wait_event_type = 'Lock'";
    until("the first console looks", async || (stage.target().column(looks).await == ["1"]).then_some(())).await;
    assert_eq!(stage.target().column(waits).await, ["1"], "the session of the second console is still there");
    exec(&mut other, "ROLLBACK").await;
    proxy.becomes(Network::Sound);
    first.terminate();
    assert_eq!(first.ended().await.code(), Some(0));
    hold.release().await;
    stage.succeeds(run).await;
    assert_eq!(stage.trio.world.store.column("SELECT fence FROM runs").await, ["2"]);
    second.kill().await;
    stage.close().await;
}

async fn stands_still_before_the_transaction() {
    let stage = Stage::new("asleep").await;
    let mut first = stage.console().await;
    let run = stage.start().await;
    stage.begun(run, Step::Backup).await;
    first.stop();
    let hold = stage.hold("change").await;
    let second = stage.console().await;
    taken_over(&stage, 2).await;
    hold.reached().await;
    engine::cancel(&stage.trio.world.console, &stage.trio.lea, stage.promotion).await.unwrap();
    let view = stage.settled_with(run, hold).await;
    assert_eq!(view.outcome, Some(Outcome::Cancelled), "{}", story(&view));
    first.go_on();
    first.terminate();
    assert_eq!(first.ended().await.code(), Some(0));
    second.kill().await;
    assert_eq!(Contents::of(stage.target()).await, stage.before);
    assert!(!stage.target().column("SELECT run_id FROM lockstep.ledger").await.contains(&run.0.to_string()));
    stage.close().await;
}

async fn loses_its_store() {
    let stage = Stage::new("storeless").await;
    let proxy = Proxy::before(stage.trio.world.store.url()).await;
    let store = proxy.url(stage.trio.world.store.url());
    let first = Process::start(&Orders { store, ..stage.orders() }).await;
    let hold = stage.hold("record").await;
    let run = stage.start().await;
    hold.reached().await;
    proxy.becomes(Network::Silent);
    // It is let go on, and would commit now if it did not need leave.
    hold.release().await;
    let left = "SELECT count(*) FROM pg_stat_activity WHERE application_name LIKE 'lockstep:%:1:apply' AND state = 'idle in transaction'";
    until("the first console waits for leave", async || (stage.target().column(left).await == ["1"]).then_some(())).await;
    assert_eq!(stage.target().column("SELECT run_id FROM lockstep.ledger").await, Vec::<String>::new());
    let second = stage.console().await;
    taken_over(&stage, 2).await;
    assert_eq!(stage.end(run).await.outcome, Some(Outcome::Succeeded));
    // Now it learns that it was overtaken, and leaves nothing in the target.
    proxy.becomes(Network::Sound);
    stage.succeeds(run).await;
    assert_eq!(stage.trio.world.store.column("SELECT fence FROM runs").await, ["2"]);
    first.kill().await;
    second.kill().await;
    stage.close().await;
}

async fn two_promotions() {
    let stage = Stage::new("two").await;
    let trio = &stage.trio;
    let second = trio.freeze("2").await;
    let draft = trio.draft(second, &trio.test).await;
    let confirmed: Vec<String> = draft.preview.to_confirm(&draft.lookup_totals).into_iter().map(|loss| loss.id).collect();
    let proposal = crate::trio::proposal(second, &trio.test);
    let refused = engine::request(&trio.world.console, &trio.ada, &proposal, &draft.digest.0, &confirmed, "").await.unwrap_err();
    assert_eq!(
        (refused.kind, refused.what.as_str()),
        (ProblemKind::Conflict, "Another promotion into this environment is open.")
    );
    let console = stage.console().await;
    let run = stage.start().await;
    stage.succeeds(run).await;
    console.kill().await;
    stage.close().await;
}
