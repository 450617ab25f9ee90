//! What the target itself does to a promotion: limits, triggers, changes by others, and people who change their mind.

use crate::lost::Contents;
use crate::stage::{Stage, exec, impatient, patient, story, until};
use crate::table::{How, Row};
use lockstep::engine;
use lockstep::problem::ProblemKind;
use lockstep::promotion::{Outcome, Policy};
use lockstep::run::{EventKind, Step};

pub const ROWS: &[Row] = &[
    Row {
        number: 24,
        injected: "a statement takes longer than the policy allows (57014)",
        expected: "rolled back; said in words",
        how: How::Slow(|| Box::pin(a_slow_statement())),
    },
    Row {
        number: 25,
        injected: "the disk of the target is full (53100)",
        expected: "rolled back; said in words",
        how: How::Slow(|| Box::pin(a_full_disk())),
    },
    Row {
        number: 32,
        injected: "an event trigger refuses the change",
        expected: "rolled back; what it said is passed on",
        how: How::Slow(|| Box::pin(an_event_trigger_refuses())),
    },
    Row {
        number: 40,
        injected: "numbers are drawn from a sequence in a transaction that is rolled back",
        expected: "they are not given back, and nothing else differs",
        how: How::Slow(|| Box::pin(numbers_drawn_in_vain())),
    },
    Row {
        number: 54,
        injected: "a trigger alters a row that was written, before it is read back",
        expected: "rolled back; rows that others wrote meanwhile stay",
        how: How::Quick(|| Box::pin(an_altered_row())),
    },
    Row {
        number: 55,
        injected: "the verification itself fails",
        expected: "rolled back",
        how: How::Slow(|| Box::pin(the_verification_fails())),
    },
    Row {
        number: 60,
        injected: "somebody cancels, at each step of a run",
        expected: "cancelled and as before, or succeeded in full, never else",
        how: How::Slow(|| Box::pin(cancelled_at_each_step())),
    },
    Row {
        number: 72,
        injected: "schema or lookup rows change between the last look and the locks",
        expected: "refused; the other change stays",
        how: How::Slow(|| Box::pin(changed_at_the_last_moment())),
    },
];

async fn a_slow_statement() {
    let stage = Stage::with("slow", Policy { statement_timeout_ms: 1_000, ..patient() }, "").await;
    stage.hook("change", "SELECT pg_catalog.pg_sleep(600)").await;
    let console = stage.console().await;
    let run = stage.start().await;
    let problem = stage.fails(run).await;
    assert_eq!(problem.sqlstate.as_deref(), Some("57014"), "{problem}");
    assert!(problem.cause.contains("took longer than allowed"), "{problem}");
    console.kill().await;
    stage.close().await;
}

async fn a_full_disk() {
    // A real error of the server's with that code; what matters is what becomes of it.
    let stage = Stage::new("full").await;
    stage
        .hook("change", "DO $do$ BEGIN RAISE EXCEPTION USING ERRCODE = '53100', MESSAGE = 'could not extend file'; END $do$")
        .await;
    let console = stage.console().await;
    let run = stage.start().await;
    let problem = stage.fails(run).await;
    assert_eq!(problem.sqlstate.as_deref(), Some("53100"), "{problem}");
    assert!(problem.cause.contains("disk of the database server is full"), "{problem}");
    stage.target().exec("DELETE FROM lockstep.hook").await;
    stage.goes_on().await;
    console.kill().await;
    stage.close().await;
}

async fn an_event_trigger_refuses() {
    let stage = Stage::new("refused").await;
    stage.hook("change", "DO $do$ BEGIN RAISE EXCEPTION 'nobody changes tables on a Friday'; END $do$").await;
    let console = stage.console().await;
    let run = stage.start().await;
    let problem = stage.fails(run).await;
    assert!(problem.cause.contains("Nobody changes tables on a Friday"), "{problem}");
    console.kill().await;
    stage.close().await;
}

async fn numbers_drawn_in_vain() {
    let stage = Stage::new("drawn").await;
    let last = "SELECT last_value FROM sales_id_seq";
    let before: i64 = stage.target().column(last).await[0].parse().unwrap();
    stage.hook("change", "SELECT nextval('public.sales_id_seq') FROM generate_series(1, 10)").await;
    stage.hook("record", "SELECT 1 / 0").await;
    let console = stage.console().await;
    let run = stage.start().await;
    let problem = stage.fails(run).await;
    assert_eq!(problem.sqlstate.as_deref(), Some("22012"), "{problem}");
    let after: i64 = stage.target().column(last).await[0].parse().unwrap();
    assert!(after >= before + 10, "{before} {after}");
    console.kill().await;
    stage.close().await;
}

async fn an_altered_row() {
    // As late as it can be: when all rows are written and the constraints are checked.
    let both = "CREATE FUNCTION public.meddle() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
           IF to_regclass('lockstep.hook') IS NOT NULL AND EXISTS (SELECT FROM lockstep.hook WHERE sql = 'meddle') THEN
             UPDATE public.fees SET cents = 77 WHERE id = 1; END IF; RETURN NULL; END $$;
         CREATE CONSTRAINT TRIGGER meddle AFTER INSERT ON public.fees DEFERRABLE INITIALLY DEFERRED
           FOR EACH ROW EXECUTE FUNCTION public.meddle()";
    let stage = Stage::with_both("altered", patient(), both).await;
    stage.target().exec("INSERT INTO lockstep.hook VALUES ('record', 'meddle')").await;
    let console = stage.console().await;
    let mut other = stage.target().connect().await;
    exec(&mut other, "CREATE TABLE lockstep.others (id int); INSERT INTO lockstep.others VALUES (1)").await;
    let run = stage.start().await;
    let problem = stage.fails(run).await;
    assert_eq!(problem.kind, ProblemKind::Conflict, "{problem}");
    assert!(problem.cause.contains("lookup rows differ"), "{problem}");
    assert_eq!(stage.target().column("SELECT id FROM lockstep.others").await, ["1"]);
    console.kill().await;
    stage.close().await;
}

async fn the_verification_fails() {
    for sql in ["SELECT 1 / 0", "SELECT pg_catalog.pg_sleep(600)"] {
        let stage = Stage::with("unverified", Policy { statement_timeout_ms: 1_000, ..patient() }, "").await;
        stage.hook("record", sql).await;
        let console = stage.console().await;
        let run = stage.start().await;
        let problem = stage.fails(run).await;
        assert!(["22012", "57014"].contains(&problem.sqlstate.as_deref().unwrap_or_default()), "{problem}");
        console.kill().await;
        stage.close().await;
    }
}

async fn cancelled_at_each_step() {
    for step in [Step::Preflight, Step::Backup, Step::Apply, Step::Verify, Step::Record] {
        let stage = Stage::new("cancelled").await;
        let console = stage.console().await;
        let run = stage.start().await;
        stage.begun(run, step).await;
        let asked = engine::cancel(&stage.trio.world.console, &stage.trio.lea, stage.promotion).await;
        let view = stage.settled(run).await;
        match (&view.outcome, asked) {
            (Some(Outcome::Cancelled), Ok(())) => {}
            // It came too late, and was told so or was overtaken by the COMMIT.
            (Some(Outcome::Succeeded), _) => {}
            (outcome, asked) => panic!("{step:?}: {outcome:?} {asked:?}\n{}", story(&view)),
        }
        console.kill().await;
        stage.close().await;
    }
    // In the middle of the transaction and right before its COMMIT there is time enough.
    for at in ["change", "record"] {
        let stage = Stage::new("cancelled").await;
        let console = stage.console().await;
        let hold = stage.hold(at).await;
        let run = stage.start().await;
        hold.reached().await;
        engine::cancel(&stage.trio.world.console, &stage.trio.lea, stage.promotion).await.unwrap();
        let view = stage.settled_with(run, hold).await;
        assert_eq!(view.outcome, Some(Outcome::Cancelled), "{at}: {}", story(&view));
        console.kill().await;
        stage.close().await;
    }
}

async fn changed_at_the_last_moment() {
    for change in ["ALTER TABLE sales ADD COLUMN theirs int", "UPDATE fees SET cents = 99 WHERE id = 1"] {
        let stage = Stage::with("meanwhile", Policy { lock_timeout_ms: 30_000, ..impatient() }, "").await;
        let console = stage.console().await;
        let mut other = stage.target().connect().await;
        exec(&mut other, "BEGIN; LOCK TABLE sales, fees IN SHARE ROW EXCLUSIVE MODE").await;
        let run = stage.start().await;
        stage.begun(run, Step::Apply).await;
        let waits =
            "SELECT count(*) FROM pg_stat_activity WHERE application_name LIKE 'lockstep:%:apply' AND wait_event_type = 'Lock'";
        until("the run waits for the locks", async || (stage.target().column(waits).await == ["1"]).then_some(())).await;
        exec(&mut other, change).await;
        exec(&mut other, "COMMIT").await;
        let view = stage.end(run).await;
        let Some(Outcome::Failed { problem }) = &view.outcome else { panic!("{}", story(&view)) };
        assert_eq!(problem.kind, ProblemKind::Conflict, "{problem}");
        let now = Contents::of(stage.target()).await;
        assert_ne!(now, stage.before, "the other change stays");
        crate::lost::assert_nothing_lost_of(&stage, stage.promotion, run, &view, &now).await;
        assert!(!view.events.iter().any(|event| matches!(event.kind, EventKind::StepStarted { step: Step::Record })));
        console.kill().await;
        stage.close().await;
    }
}
