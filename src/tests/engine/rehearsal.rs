//! Rehearsals: what fails on the target's own rows fails on a copy of them first, and nothing of the copy stays.

use super::backup::{Folder, example, order};
use super::backup_drill::{scratch, scratches};
use super::trio::{Trio, heard, proposal, watch};
use lockstep::engine;
use lockstep::engine::target::backup::{Extent, Trial, obstacles};
use lockstep::problem::{Problem, ProblemKind};
use lockstep::promotion::{Environment, Outcome, Policy};
use lockstep::run::{EventKind, RunView, Step, StepStatus};
use std::collections::BTreeSet;
use std::path::PathBuf;

fn rehearsed() -> Policy {
    Policy { rehearsal: true, ..Policy::default() }
}

fn status(view: &RunView, step: Step) -> StepStatus {
    view.steps.iter().find(|one| one.step == step).unwrap().status
}

fn failed(view: &RunView) -> &Problem {
    match &view.outcome {
        Some(Outcome::Failed { problem }) => problem,
        other => panic!("{other:?}"),
    }
}

/// What must be as it was when the target was not touched.
async fn contents(trio: &Trio) -> Vec<String> {
    let test = &trio.test_database;
    let mut all = test.column("SELECT fees::text FROM fees ORDER BY id").await;
    all.extend(test.column("SELECT coalesce(to_regclass('lockstep.ledger')::text, 'no ledger')").await);
    all.push(test.catalog().await.fingerprint().0);
    all
}

#[tokio::test]
async fn a_rehearsal_tells_how_long_statements_took_and_tables_were_locked() {
    let trio = Trio::rehearsing("rehearsal").await;
    // Enough that no machine builds an index on it in no time.
    trio.test_database.exec("INSERT INTO sales (fee, amount) SELECT 1, g FROM generate_series(1, 100000) AS g").await;
    trio.world.console.start_runner().await.unwrap();
    let promotion = trio.approved().await;
    let run = trio.start(promotion).await;
    let view = watch(&trio.world.console, &trio.ada, run).await;
    assert_eq!(view.outcome, Some(Outcome::Succeeded), "{view:#?}");
    assert!(view.steps.iter().all(|step| step.status == StepStatus::Done), "{view:#?}");
    let of_the_rehearsal = view.events.iter().filter_map(|event| match &event.kind {
        EventKind::Note { step: Step::Rehearse, text } => Some(text.as_str()),
        _ => None,
    });
    let notes: Vec<&str> = of_the_rehearsal.collect();
    let said = |beginning: &str, words: &[&str]| {
        let fits = |note: &str| note.starts_with(beginning) && words.iter().all(|word| note.contains(word));
        assert!(notes.iter().any(|note| fits(note)), "{beginning} {words:?}: {notes:#?}");
    };
    said("Rehearsed in ", &["statements", "what the release says"]);
    said("The slowest: ", &["sales", " ("]);
    said("Locked against reading and writing: ", &["sales for "]);
    said("Locked against writing: ", &["fees for "]);
    assert!(!scratches(&trio.test_database).await.contains(&scratch(run)));
    assert_eq!(trio.test_database.column("SELECT count(*) FROM lockstep.ledger").await, ["1"]);
    trio.world.close().await;
}

#[tokio::test]
async fn rows_that_break_a_rule_fail_in_the_rehearsal_and_the_target_is_not_touched() {
    let trio = Trio::with("rehearsal_fails", rehearsed()).await;
    trio.development_database.exec("ALTER TABLE sales ADD CONSTRAINT positive CHECK (amount > 0)").await;
    trio.world.console.start_runner().await.unwrap();
    let promotion = trio.approved().await;
    trio.test_database.exec("INSERT INTO sales (fee, amount) VALUES (1, -5)").await;
    let before = contents(&trio).await;
    let run = trio.start(promotion).await;
    let view = watch(&trio.world.console, &trio.ada, run).await;
    let problem = failed(&view);
    assert_eq!(problem.sqlstate.as_deref(), Some("23514"), "{problem}");
    assert!(problem.what.starts_with("The rehearsal failed") && problem.what.contains("positive"), "{problem}");
    assert_eq!((status(&view, Step::Rehearse), status(&view, Step::Apply)), (StepStatus::Failed, StepStatus::Skipped));
    assert_eq!(contents(&trio).await, before);
    assert!(!scratches(&trio.test_database).await.contains(&scratch(run)));
    trio.world.close().await;
}

#[tokio::test]
async fn what_fails_after_the_transaction_fails_in_the_rehearsal_too() {
    let trio = Trio::rehearsing("rehearsal_left").await;
    trio.world.console.start_runner().await.unwrap();
    let promotion = trio.approved().await;
    trio.test_database.exec("INSERT INTO sales (fee, amount) VALUES (1, -500)").await;
    let before = contents(&trio).await;
    let view = trio.run(promotion).await;
    assert_eq!(failed(&view).sqlstate.as_deref(), Some("23514"), "{view:#?}");
    assert_eq!(contents(&trio).await, before);
    trio.world.close().await;
}

/// Lookup rows are never all written where a rehearsal writes them, so that it goes on until somebody stops it.
const ENDLESS: &str = "CREATE FUNCTION wait() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
      IF current_database() LIKE 'lockstep_drill_%' THEN PERFORM pg_sleep(600); END IF; RETURN NEW; END $$;
    CREATE TRIGGER wait BEFORE INSERT ON fees FOR EACH ROW EXECUTE FUNCTION wait()";

#[tokio::test]
async fn a_rehearsal_that_is_stopped_leaves_nothing() {
    let trio = Trio::with("rehearsal_stopped", rehearsed()).await;
    for database in [&trio.development_database, &trio.test_database] {
        database.exec(ENDLESS).await;
    }
    let console = &trio.world.console;
    console.start_runner().await.unwrap();
    let promotion = trio.approved().await;
    let before = contents(&trio).await;
    let run = trio.start(promotion).await;
    let writes =
        |kind: &EventKind| matches!(kind, EventKind::Progress { step: Step::Rehearse, what, .. } if what.contains("fees"));
    heard(console, &trio.ada, run, writes).await;
    engine::cancel(console, &trio.lea, promotion).await.unwrap();
    let view = watch(console, &trio.ada, run).await;
    assert_eq!(view.outcome, Some(Outcome::Cancelled), "{view:#?}");
    assert_eq!(contents(&trio).await, before);
    assert!(!scratches(&trio.test_database).await.contains(&scratch(run)));
    trio.world.close().await;
}

/// Lets another user stand behind an environment's connection.
async fn connects_as(environment: &Environment, database: &super::harness::Database, user: &str) {
    let file = environment.connection.strip_prefix("file:").unwrap();
    let rest = database.url().split_once('@').unwrap().1;
    std::fs::write(file, format!("postgresql://{user}:humble@{rest}")).unwrap();
}

#[tokio::test]
async fn a_user_who_may_create_no_database_is_told_in_the_preview_and_before_the_run_begins() {
    let trio = Trio::with("rehearsal_forbidden", rehearsed()).await;
    let console = &trio.world.console;
    console.start_runner().await.unwrap();
    let (release, role) = (trio.freeze("1").await, format!("unable_{}", std::process::id()));
    let promotion = trio.request(release, &trio.test).await;
    trio.approve(promotion).await;
    // It owns everything by its membership, and has no attribute of its own.
    let owner = trio.test_database.column("SELECT current_user").await.remove(0);
    trio.test_database.exec(&format!("CREATE ROLE {role} LOGIN PASSWORD 'humble'; GRANT \"{owner}\" TO {role}")).await;
    connects_as(&trio.test, &trio.test_database, &role).await;
    let draft = engine::preview(console, &trio.ada, &proposal(release, &trio.test)).await.unwrap();
    let [blocker] = draft.preview.blockers.as_slice() else { panic!("{:?}", draft.preview.blockers) };
    assert!(blocker.what.contains("no rehearsal of") && blocker.way_out.contains("CREATEDB"), "{blocker}");
    let before = contents(&trio).await;
    let view = trio.run(promotion).await;
    assert_eq!(failed(&view).sqlstate.as_deref(), Some("42501"), "{view:#?}");
    assert_eq!(status(&view, Step::Preflight), StepStatus::Failed);
    assert_eq!(contents(&trio).await, before);
    trio.world.close().await;
}

#[tokio::test]
async fn what_stands_in_the_way_of_a_backup_is_in_the_preview() {
    let trio = Trio::new("preview_room").await;
    let console = trio.world.reopen_with(|settings| settings.backup_dir = Some(PathBuf::from("/proc/backups"))).await;
    let release = trio.freeze("1").await;
    let draft = engine::preview(&console, &trio.ada, &proposal(release, &trio.test)).await.unwrap();
    let [blocker] = draft.preview.blockers.as_slice() else { panic!("{:?}", draft.preview.blockers) };
    assert!(blocker.what.contains("too little room"), "{blocker}");
    console.shutdown().await;
    trio.world.close().await;
}

#[tokio::test]
async fn only_a_backup_of_everything_is_rehearsed_on() {
    let (database, folder): (_, Folder) = example("rehearsal_extent").await;
    let url = database.target();
    for extent in [Extent::Touched(BTreeSet::new()), Extent::External] {
        let [problem] = obstacles(&order(&url, &folder, &extent), Some(Trial::Rehearsal)).await.unwrap().try_into().unwrap();
        assert_eq!(problem.kind, ProblemKind::Unsupported, "{problem}");
        assert!(problem.cause.contains("the policy keeps less"), "{problem}");
    }
    assert_eq!(obstacles(&order(&url, &folder, &Extent::Full), Some(Trial::Rehearsal)).await.unwrap(), []);
}

/// A table of somebody else, and everything else of the user who promotes.
async fn shared(trio: &Trio, mover: &str, owner: &str) {
    trio.test_database.exec(&format!("CREATE ROLE {mover} LOGIN CREATEDB PASSWORD 'humble'; CREATE ROLE {owner}")).await;
    for database in [&trio.development_database, &trio.test_database] {
        database
            .exec(&format!(
                "CREATE TABLE others (id int); ALTER TABLE others OWNER TO {owner}; GRANT SELECT ON others TO {mover};
                 ALTER TABLE fees OWNER TO {mover}; ALTER TABLE sales OWNER TO {mover}; GRANT ALL ON SCHEMA public TO {mover};
                 DO $$ BEGIN EXECUTE format('GRANT CREATE ON DATABASE %I TO {mover}', current_database()); END $$"
            ))
            .await;
    }
    trio.development_database.exec(&format!("GRANT SELECT ON fees TO {owner}")).await;
}

#[tokio::test]
async fn privileges_are_rehearsed_with_the_owners_of_the_target_or_not_at_all() {
    let trio = Trio::with("rehearsal_rights", Policy { privileges: true, ..rehearsed() }).await;
    let console = &trio.world.console;
    console.start_runner().await.unwrap();
    let (mover, owner) = (format!("mover_{}", std::process::id()), format!("owner_{}", std::process::id()));
    shared(&trio, &mover, &owner).await;
    connects_as(&trio.test, &trio.test_database, &mover).await;
    let release = trio.freeze("1").await;
    let promotion = trio.request(release, &trio.test).await;
    trio.approve(promotion).await;
    let view = trio.run(promotion).await;
    let problem = failed(&view);
    assert!(problem.what.contains("cannot be rehearsed") && problem.cause.contains(&owner), "{problem}");
    trio.test_database.exec(&format!("ALTER ROLE {mover} SUPERUSER")).await;
    let promotion = trio.request(trio.freeze("2").await, &trio.test).await;
    trio.approve(promotion).await;
    let view = trio.run(promotion).await;
    assert_eq!(view.outcome, Some(Outcome::Succeeded), "{view:#?}");
    trio.world.close().await;
}
