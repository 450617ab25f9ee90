//! The target's server, and the network on the way to it.

use crate::harness;
use crate::proxy::{Network, Proxy};
use crate::servers::{End, Server};
use crate::stage::{Stage, exec, story, within};
use crate::table::{How, Row};
use lockstep::engine;
use lockstep::problem::{Problem, ProblemKind};
use lockstep::promotion::Outcome;
use lockstep::run::{EventKind, RunView, Step};
use std::time::Duration;

pub const ROWS: &[Row] = &[
    Row {
        number: 5,
        injected: "kill -9 between the COMMIT and its confirmation",
        expected: "the ledger says that it happened; nothing is done again",
        how: How::Quick(|| Box::pin(killed_before_the_confirmation())),
    },
    Row {
        number: 5,
        injected: "the connection ends between the COMMIT and its confirmation",
        expected: "the same console finds it in the ledger",
        how: How::Quick(|| Box::pin(cut_before_the_confirmation())),
    },
    Row {
        number: 16,
        injected: "the target is restarted in order while it is changed",
        expected: "nothing was changed, and the restart is named",
        how: How::Quick(|| Box::pin(restarted(End::Fast))),
    },
    Row {
        number: 17,
        injected: "the target crashes and recovers while it is changed",
        expected: "nothing was changed, and the lost connection is named",
        how: How::Slow(|| Box::pin(restarted(End::Immediate))),
    },
    Row {
        number: 18,
        injected: "somebody ends our session",
        expected: "nothing was changed; SQLSTATE 57P01",
        how: How::Slow(|| Box::pin(ended_by_an_administrator())),
    },
    Row {
        number: 19,
        injected: "the network to the target falls silent in the transaction",
        expected: "noticed within 60 s, and settled when it speaks again",
        how: How::Slow(|| Box::pin(silent_in_the_transaction())),
    },
    Row {
        number: 19,
        injected: "the network to the target falls silent during the backup",
        expected: "the run fails within 60 s, nothing was changed",
        how: How::Slow(|| Box::pin(silent_in_the_backup())),
    },
    Row {
        number: 26,
        injected: "the target has no free connection",
        expected: "the run fails before its backup and says so",
        how: How::Slow(|| Box::pin(no_free_connection())),
    },
    Row {
        number: 29,
        injected: "the password was changed; the database was dropped",
        expected: "the run fails, no secret is repeated",
        how: How::Slow(|| Box::pin(locked_out())),
    },
    Row {
        number: 34,
        injected: "another cluster answers behind the same URL",
        expected: "the run fails before anything is touched",
        how: How::Quick(|| Box::pin(another_cluster())),
    },
];

async fn killed_before_the_confirmation() {
    let stage = Stage::new("confirmed").await;
    let mut proxy = Proxy::before(stage.target().url()).await;
    proxy.becomes(Network::SwallowsConfirmation);
    stage.reached_by(&proxy.url(stage.target().url()));
    let first = stage.console().await;
    let run = stage.start().await;
    proxy.swallowed().await;
    first.kill().await;
    stage.reached_by(stage.target().url());
    let second = stage.console().await;
    let view = stage.succeeds(run).await;
    let found = "The change is in the ledger of Test: it happened in full.".to_owned();
    assert!(view.events.iter().any(|event| event.kind == EventKind::Resumed { found: found.clone() }), "{}", story(&view));
    second.kill().await;
    stage.close().await;
}

async fn cut_before_the_confirmation() {
    let stage = Stage::new("unconfirmed").await;
    let mut proxy = Proxy::before(stage.target().url()).await;
    proxy.becomes(Network::SwallowsConfirmation);
    stage.reached_by(&proxy.url(stage.target().url()));
    let console = stage.console().await;
    let run = stage.start().await;
    proxy.swallowed().await;
    proxy.becomes(Network::Sound);
    proxy.cut();
    let view = stage.succeeds(run).await;
    assert!(!view.events.iter().any(|event| matches!(event.kind, EventKind::Resumed { .. })), "the console went on");
    console.kill().await;
    stage.close().await;
}

async fn restarted(end: End) {
    let stage = Stage::new("restarted").await;
    let console = stage.console().await;
    let hold = stage.hold("change").await;
    let run = stage.start().await;
    hold.reached().await;
    Server::Target.restart(end).await;
    stage.target().exec("DELETE FROM lockstep.hook").await;
    let problem = stage.fails(run).await;
    assert!(problem.cause.contains("database was restarted") || problem.cause.contains("connection was lost"), "{problem}");
    stage.goes_on().await;
    console.kill().await;
    stage.close().await;
}

async fn ended_by_an_administrator() {
    let stage = Stage::new("ended").await;
    let console = stage.console().await;
    let hold = stage.hold("change").await;
    let run = stage.start().await;
    hold.reached().await;
    let end = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name LIKE 'lockstep:%:apply'";
    stage.target().exec(end).await;
    let problem = failed(&stage.settled_with(run, hold).await);
    assert_eq!(problem.sqlstate.as_deref(), Some("57P01"), "{problem}");
    assert!(problem.cause.contains("administrator ended the session"), "{problem}");
    console.kill().await;
    stage.close().await;
}

fn failed(view: &RunView) -> Problem {
    match &view.outcome {
        Some(Outcome::Failed { problem }) => problem.clone(),
        _ => panic!("the run did not fail: {}", story(view)),
    }
}

async fn silent_in_the_transaction() {
    let stage = Stage::new("silent").await;
    let proxy = Proxy::before(stage.target().url()).await;
    stage.reached_by(&proxy.url(stage.target().url()));
    let console = stage.console().await;
    let hold = stage.hold("change").await;
    let run = stage.start().await;
    hold.reached().await;
    proxy.becomes(Network::Silent);
    let noticed = stage.told(
        run,
        "the console notices",
        |kind| matches!(kind, EventKind::Waiting { for_whom, .. } if for_whom.starts_with("Test to answer")),
    );
    within(Duration::from_secs(60), "the console notices that nobody answers", noticed).await;
    proxy.becomes(Network::Sound);
    let problem = failed(&stage.settled_with(run, hold).await);
    assert!(problem.what.contains("interrupted before its COMMIT"), "{problem}");
    stage.goes_on().await;
    console.kill().await;
    stage.close().await;
}

async fn silent_in_the_backup() {
    let stage = Stage::new("silent_backup").await;
    let proxy = Proxy::before(stage.target().url()).await;
    stage.reached_by(&proxy.url(stage.target().url()));
    let console = stage.console().await;
    // What the console counts before its backup waits for this lock.
    let mut other = stage.target().connect().await;
    exec(&mut other, "BEGIN; LOCK TABLE sales IN ACCESS EXCLUSIVE MODE").await;
    let run = stage.start().await;
    stage.begun(run, Step::Backup).await;
    proxy.becomes(Network::Silent);
    let view = within(Duration::from_secs(60), "the run ends", stage.end(run)).await;
    let Some(Outcome::Failed { problem }) = &view.outcome else { panic!("{}", story(&view)) };
    assert_eq!(problem.kind, ProblemKind::Unreachable, "{problem}");
    exec(&mut other, "ROLLBACK").await;
    proxy.cut();
    stage.settled(run).await;
    console.kill().await;
    stage.close().await;
}

async fn no_free_connection() {
    let stage = Stage::new("crowded").await;
    let role = format!("crowd_{}", std::process::id());
    let target = stage.target();
    let name = target.target().database().to_owned();
    target.exec(&format!("CREATE ROLE {role} SUPERUSER LOGIN PASSWORD 'crowd' CONNECTION LIMIT 0")).await;
    // A superuser is never too many; whoever is not one meets the limit of the database.
    target.exec(&format!("ALTER ROLE {role} NOSUPERUSER; ALTER DATABASE \"{name}\" CONNECTION LIMIT 0")).await;
    stage.reached_by(&target.url().replace("postgres:tests", &format!("{role}:crowd")));
    let console = stage.console().await;
    let run = stage.start().await;
    let view = stage.end(run).await;
    target.exec(&format!("ALTER DATABASE \"{name}\" CONNECTION LIMIT -1; DROP ROLE {role}")).await;
    let Some(Outcome::Failed { problem }) = &view.outcome else { panic!("{}", story(&view)) };
    assert_eq!(problem.sqlstate.as_deref(), Some("53300"), "{problem}");
    assert!(!view.events.iter().any(|event| event.kind == EventKind::StepStarted { step: Step::Backup }), "{}", story(&view));
    stage.settled(run).await;
    console.kill().await;
    stage.close().await;
}

const CANARY: &str = "hunter2-canary";

async fn locked_out() {
    for state in ["28P01", "3D000"] {
        let stage = Stage::new("locked_out").await;
        let good = stage.target().url().to_owned();
        let bad = match state {
            "28P01" => good.replace(":tests@", &format!(":{CANARY}@")),
            _ => format!("{good}_gone"),
        };
        stage.reached_by(&bad);
        let console = stage.console().await;
        let run = stage.start().await;
        let view = stage.end(run).await;
        let Some(Outcome::Failed { problem }) = &view.outcome else { panic!("{}", story(&view)) };
        assert_eq!(problem.sqlstate.as_deref(), Some(state), "{problem}");
        no_secret(&stage, problem).await;
        stage.reached_by(&good);
        stage.settled(run).await;
        console.kill().await;
        stage.close().await;
    }
}

/// Neither what people read nor what the store keeps has the password.
async fn no_secret(stage: &Stage, problem: &Problem) {
    assert!(!format!("{problem:?}").contains(CANARY));
    let kept = "SELECT count(*) FROM (SELECT event::text FROM run_events UNION ALL SELECT audit::text FROM audit
        UNION ALL SELECT promotions::text FROM promotions) AS kept (line) WHERE line LIKE '%hunter2-canary%'";
    assert_eq!(stage.trio.world.store.column(kept).await, ["0"]);
    let detail = engine::promotion(&stage.trio.world.console, &stage.trio.ada, stage.promotion).await.unwrap();
    assert!(!serde_json::to_string(&detail).unwrap().contains(CANARY));
}

async fn another_cluster() {
    let stage = Stage::new("failover").await;
    let copy = harness::database("copy").await;
    copy.exec("CREATE TABLE untouched ()").await;
    let before = copy.catalog().await.fingerprint();
    stage.reached_by(copy.url());
    let console = stage.console().await;
    let run = stage.start().await;
    let problem = stage.fails(run).await;
    assert!(problem.what.contains("another database than the one that was approved"), "{problem}");
    assert_eq!(copy.catalog().await.fingerprint(), before);
    console.kill().await;
    stage.close().await;
}
