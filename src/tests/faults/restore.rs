//! A backup that is restored over its target, and what goes wrong meanwhile.

use crate::lost::Contents;
use crate::stage::{Stage, exec, patient, story, until};
use crate::table::{How, Row};
use lockstep::engine;
use lockstep::problem::ProblemKind;
use lockstep::promotion::{Outcome, PromotionId, Proposal};
use lockstep::run::EventKind;

pub const ROWS: &[Row] = &[
    Row {
        number: 8,
        injected: "kill -9 while a backup is restored over its target",
        expected: "the run is taken up and restores it, once",
        how: How::Quick(|| Box::pin(killed_while_it_restores())),
    },
    Row {
        number: 56,
        injected: "a backup is restored after tables came that refer to what it holds",
        expected: "the target is what was dumped, to the byte",
        how: How::Slow(|| Box::pin(restored_under_new_tables())),
    },
    Row {
        number: 57,
        injected: "the session of a restore is ended, in the middle and before its COMMIT",
        expected: "as before, to the byte; the next one succeeds",
        how: How::Slow(|| Box::pin(interrupted())),
    },
    Row {
        number: 58,
        injected: "tables belong to somebody else when a restore begins, or its last statement fails",
        expected: "failed and nothing changed; what is in the way is named",
        how: How::Slow(|| Box::pin(it_cannot_succeed())),
    },
    Row {
        number: 59,
        injected: "rows were written after the backup, and after the approval of its restore",
        expected: "refused, counted table by table; the rows are there still",
        how: How::Slow(|| Box::pin(newer_rows())),
    },
];

/// Tables that refer to what is there come with the promotion.
const MORE: &str = "CREATE TABLE visits (id int PRIMARY KEY, fee int REFERENCES fees)";

struct Restored {
    stage: Stage,
    /// The promotion whose backup is restored.
    of: PromotionId,
    /// What was dumped.
    then: String,
}

impl Restored {
    /// The promotion has succeeded, and the restore of what was before it is not requested yet.
    async fn promoted(name: &str) -> Self {
        let mut stage = Stage::with(name, patient(), MORE).await;
        let then = stage.target().dump().await;
        stage.after = Some(Contents::of(stage.target()).await);
        let console = stage.console().await;
        let run = stage.start().await;
        let view = stage.end(run).await;
        assert_eq!(view.outcome, Some(Outcome::Succeeded), "{}", story(&view));
        console.kill().await;
        let of = stage.promotion;
        Self { stage, of, then }
    }

    async fn preview(&self, version: &str) -> Proposal {
        let trio = &self.stage.trio;
        engine::restore_promotion(&trio.world.console, &trio.ada, self.of, version, "Back").await.unwrap()
    }

    /// The restore is approved.
    async fn approved(mut self, version: &str) -> Self {
        let proposal = self.preview(version).await;
        self.stage.promotion = self.stage.trio.propose(&proposal).await;
        self.stage.trio.approve(self.stage.promotion).await;
        self.stage.before = Contents::of(self.stage.target()).await;
        self
    }

    async fn is_as_dumped(&self) {
        assert_eq!(self.stage.target().dump().await, self.then);
        let left = "SELECT datname FROM pg_database WHERE datname LIKE 'lockstep_%'";
        assert_eq!(self.stage.target().column(left).await, Vec::<String>::new());
    }
}

async fn killed_while_it_restores() {
    let restored = Restored::promoted("restoring").await.approved("back").await;
    let stage = &restored.stage;
    let first = stage.console().await;
    let hold = stage.hold("record").await;
    let run = stage.start().await;
    hold.reached().await;
    first.kill().await;
    let left = "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND application_name LIKE 'lockstep:%'";
    until("the server ends what the dead console left", async || stage.target().column(left).await.is_empty().then_some(()))
        .await;
    assert_eq!(Contents::of(stage.target()).await, stage.before);
    hold.release().await;
    let second = stage.console().await;
    let view = stage.succeeds(run).await;
    assert!(view.events.iter().any(|event| matches!(event.kind, EventKind::Resumed { .. })));
    restored.is_as_dumped().await;
    second.kill().await;
    restored.stage.close().await;
}

async fn restored_under_new_tables() {
    let restored = Restored::promoted("dependents").await;
    restored.stage.target().exec("INSERT INTO visits VALUES (1, 1), (2, 3)").await;
    let restored = restored.approved("back").await;
    let console = restored.stage.console().await;
    let run = restored.stage.start().await;
    restored.stage.succeeds(run).await;
    restored.is_as_dumped().await;
    console.kill().await;
    restored.stage.close().await;
}

async fn interrupted() {
    let mut restored = Restored::promoted("interrupted").await;
    // What is read while all else is removed already.
    restored.stage.target().exec("CREATE MATERIALIZED VIEW zebras AS SELECT 1").await;
    for (version, in_the_middle) in [("back", true), ("once more", false)] {
        restored = restored.approved(version).await;
        let stage = &restored.stage;
        let now = stage.target().dump().await;
        let console = stage.console().await;
        let mut reader = stage.target().connect().await;
        let hold = stage.hold("record").await;
        if in_the_middle {
            exec(&mut reader, "BEGIN; SELECT * FROM zebras").await;
        }
        let run = stage.start().await;
        let waits =
            "SELECT pid FROM pg_stat_activity WHERE application_name LIKE 'lockstep:%:apply' AND wait_event_type = 'Lock'";
        until("the restore waits", async || (!stage.target().column(waits).await.is_empty()).then_some(())).await;
        stage.target().exec(&format!("SELECT pg_terminate_backend(pid) FROM ({waits}) AS w")).await;
        exec(&mut reader, "ROLLBACK").await;
        let view = stage.settled_with(run, hold).await;
        let Some(Outcome::Failed { problem }) = &view.outcome else { panic!("{}", story(&view)) };
        assert_eq!(problem.sqlstate.as_deref(), Some("57P01"), "{problem}");
        assert_eq!(stage.target().dump().await, now);
        console.kill().await;
    }
    let restored = restored.approved("at last").await;
    let console = restored.stage.console().await;
    let run = restored.stage.start().await;
    restored.stage.succeeds(run).await;
    restored.is_as_dumped().await;
    console.kill().await;
    restored.stage.close().await;
}

async fn it_cannot_succeed() {
    let restored = Restored::promoted("cannot").await;
    let role = format!("former_{}", std::process::id());
    restored
        .stage
        .target()
        .exec(&format!(
            "CREATE ROLE {role} LOGIN SUPERUSER PASSWORD 'former'; GRANT ALL ON SCHEMA lockstep TO {role};
             GRANT ALL ON ALL TABLES IN SCHEMA lockstep TO {role}"
        ))
        .await;
    let (_, address) = restored.stage.target().url().split_once('@').unwrap();
    restored.stage.reached_by(&format!("postgresql://{role}:former@{address}"));
    let restored = restored.approved("back").await;
    let stage = &restored.stage;
    let now = stage.target().dump().await;
    stage.target().exec(&format!("ALTER ROLE {role} NOSUPERUSER CREATEDB")).await;
    let console = stage.console().await;
    let run = stage.start().await;
    let view = stage.end(run).await;
    let Some(Outcome::Failed { problem }) = &view.outcome else { panic!("{}", story(&view)) };
    assert!(problem.to_string().contains("belongs to postgres"), "{problem}");
    assert_eq!(stage.target().dump().await, now);
    console.kill().await;
    stage.target().exec(&format!("ALTER ROLE {role} SUPERUSER")).await;

    // Everything was done but the last word.
    let restored = restored.approved("once more").await;
    let stage = &restored.stage;
    stage.hook("record", "SELECT 1 / 0").await;
    let console = stage.console().await;
    let run = stage.start().await;
    let problem = stage.fails(run).await;
    assert_eq!(problem.sqlstate.as_deref(), Some("22012"), "{problem}");
    assert_eq!(stage.target().dump().await, now);
    console.kill().await;
    restored.stage.close().await;
}

async fn newer_rows() {
    let restored = Restored::promoted("newer").await;
    let (trio, console) = (&restored.stage.trio, &restored.stage.trio.world.console);
    restored.stage.target().exec("INSERT INTO sales (fee) VALUES (1), (2); INSERT INTO visits VALUES (1, 1)").await;
    let proposal = restored.preview("back").await;
    let draft = engine::preview(console, &trio.ada, &proposal).await.unwrap();
    let refused = engine::request(console, &trio.ada, &proposal, &draft.digest.0, &[], "").await.unwrap_err();
    assert_eq!(refused.kind, ProblemKind::Invalid, "{refused}");
    let losses = draft.preview.to_confirm(&draft.lookup_totals);
    let told: Vec<&str> = losses.iter().map(|loss| loss.sentences[0].as_str()).collect();
    for expected in ["2 rows of public.sales are not in the backup", "1 row of public.visits is lost", "Export them before"] {
        assert!(told.iter().any(|sentence| sentence.contains(expected)), "{told:?}");
    }
    let restored = restored.approved("back").await;
    let mut stage = restored.stage;
    stage.target().exec("INSERT INTO sales (fee) VALUES (1)").await;
    stage.before = Contents::of(stage.target()).await;
    let runner = stage.console().await;
    let run = stage.start().await;
    let problem = stage.fails(run).await;
    assert!(problem.cause.contains("3 rows of public.sales instead of 2"), "{problem}");
    runner.kill().await;
    stage.close().await;
    written_at_the_last_moment("sales", "CREATE TABLE late AS SELECT 1 AS id; INSERT INTO visits VALUES (3, 1)").await;
    written_at_the_last_moment("zebras", "CREATE TABLE late AS SELECT 1 AS id").await;
}

/// The restore waits for somebody who reads `behind`: at its locks, or when the rest is removed already.
async fn written_at_the_last_moment(behind: &str, sql: &str) {
    let restored = Restored::promoted("late").await;
    restored.stage.target().exec("CREATE MATERIALIZED VIEW zebras AS SELECT 1").await;
    let stage = restored.approved("back").await.stage;
    let console = stage.console().await;
    let run = stage.start().await;
    let mut reader = stage.target().connect().await;
    let hold = stage.hold("record").await;
    exec(&mut reader, &format!("BEGIN; SELECT * FROM {behind}")).await;
    let waits = "SELECT pid FROM pg_stat_activity WHERE application_name LIKE 'lockstep:%:apply' AND wait_event_type = 'Lock'";
    until("the restore waits", async || (!stage.target().column(waits).await.is_empty()).then_some(())).await;
    exec(&mut reader, sql).await;
    exec(&mut reader, "COMMIT").await;
    hold.release().await;
    let view = stage.end(run).await;
    let Some(Outcome::Failed { problem }) = &view.outcome else { panic!("{}", story(&view)) };
    assert_eq!(problem.kind, ProblemKind::Conflict, "{problem}");
    assert_eq!(stage.target().column("SELECT id FROM late").await, ["1"]);
    console.kill().await;
    stage.close().await;
}
