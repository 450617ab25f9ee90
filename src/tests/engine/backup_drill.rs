//! Restore drills: what does not restore is found before anything is changed, and no scratch database stays.

use super::backup::{Folder, example, next, notes, order, taken};
use super::harness::Database;
use super::trio::{Trio, watch};
use lockstep::catalog::{Fingerprint, QName};
use lockstep::engine::target::backup::drill::drill;
use lockstep::engine::target::backup::{Extent, Manifest, Order, Trial, obstacles, take};
use lockstep::engine::target::{Told, cancellation};
use lockstep::engine::{Faults, Moment};
use lockstep::problem::{Problem, ProblemKind};
use lockstep::promotion::{BackupMode, Outcome, Policy, RunId};
use lockstep::run::{EventKind, Step};
use std::collections::BTreeSet;
use uuid::Uuid;

fn run() -> RunId {
    RunId(Uuid::now_v7())
}

pub async fn scratches(database: &Database) -> Vec<String> {
    database.column("SELECT datname FROM pg_database WHERE datname LIKE 'lockstep_drill_%' ORDER BY 1").await
}

pub fn scratch(run: RunId) -> String {
    format!("lockstep_drill_{}", run.0.simple())
}

async fn drilled(database: &Database, folder: &Folder, extent: &Extent) -> Result<Manifest, Problem> {
    let (run, url, (_keep, cancel)) = (run(), database.target(), cancellation());
    let seen = std::sync::Mutex::new(Vec::new());
    let tell = |told| {
        if let Told::Note(text) = told {
            seen.lock().unwrap().push(text);
        }
    };
    let done = take(&Order { drill: Some(run), ..order(&url, folder, extent) }, &tell, &cancel).await;
    let seen = seen.into_inner().unwrap();
    assert!(seen.iter().any(|note| note.contains(&scratch(run))), "{seen:?}");
    assert_eq!(seen.iter().any(|note| note.starts_with("The backup was restored")), done.is_ok(), "{seen:?}");
    assert!(!scratches(database).await.contains(&scratch(run)));
    done
}

#[tokio::test]
async fn a_drill_restores_everything_or_what_is_touched_and_leaves_nothing() {
    let (database, folder) = example("drill").await;
    database
        .exec(
            "CREATE TABLE users (id int PRIMARY KEY); INSERT INTO users VALUES (1);
             CREATE TABLE orders (id int, by int REFERENCES users); INSERT INTO orders VALUES (1, 1), (2, 1);
             CREATE MATERIALIZED VIEW sums AS SELECT by, count(*) FROM orders GROUP BY by;
             CREATE PUBLICATION all_of_it FOR ALL TABLES",
        )
        .await;
    drilled(&database, &folder, &Extent::Full).await.unwrap();
    let touched = Extent::Touched(BTreeSet::from([QName::new("public", "orders")]));
    let manifest = drilled(&database, &folder, &touched).await.unwrap();
    assert_eq!(manifest.rows.len(), 1);
}

#[tokio::test]
async fn a_backup_that_cannot_be_restored_fails_its_drill_with_what_postgresql_said() {
    let (database, folder) = example("drill_fails").await;
    // The rows were fine when they were written, and are no more.
    database
        .exec(
            "CREATE FUNCTION fine(int) RETURNS boolean LANGUAGE sql AS 'SELECT true'; CREATE TABLE strict (id int CHECK (fine(id)));
             INSERT INTO strict VALUES (1); CREATE OR REPLACE FUNCTION fine(int) RETURNS boolean LANGUAGE sql AS 'SELECT false'",
        )
        .await;
    let problem = drilled(&database, &folder, &Extent::Full).await.unwrap_err();
    assert!(problem.cause.contains("public.strict has 0 rows instead of 1") && problem.cause.contains("violates"), "{problem}");
    assert!(std::fs::read_dir(&folder.0).unwrap().next().is_none());
}

#[tokio::test]
async fn a_drill_finds_another_schema_and_other_rows() {
    let (database, folder) = example("drill_differs").await;
    let url = database.target();
    let manifest = taken(&url, &folder, &Extent::Full).await.unwrap();
    let archive = folder.0.join(&manifest.file);
    let mut fewer = manifest.clone();
    fewer.rows.insert("public.t".to_owned(), 4999);
    let other = Manifest { catalog: Some(Fingerprint::of(&"another")), ..manifest.clone() };
    for (manifest, told) in [(fewer, "5000 rows instead of 4999"), (other, "schema is another one")] {
        let (run, (_keep, cancel)) = (run(), cancellation());
        let order = order(&url, &folder, &Extent::Full);
        let problem = drill(&order, run, &archive, &manifest, &|_| {}, &cancel).await.unwrap_err();
        assert!(problem.cause.contains(told), "{problem}");
        assert!(!scratches(&database).await.contains(&scratch(run)));
    }
}

#[tokio::test]
async fn a_user_who_may_create_no_database_is_told_before_anything_is_begun() {
    let (database, folder) = example("drill_forbidden").await;
    let role = format!("humble_{}", std::process::id());
    database.exec(&format!("CREATE ROLE {role} LOGIN PASSWORD 'humble'")).await;
    let url = database.target_as(&role, "humble");
    let wanted = Order { drill: Some(run()), ..order(&url, &folder, &Extent::Full) };
    let [problem] = obstacles(&wanted, Some(Trial::Drill)).await.unwrap().try_into().unwrap();
    assert_eq!(problem.kind, ProblemKind::Forbidden);
    assert!(problem.cause.contains(&role) && problem.way_out.contains("CREATEDB"), "{problem}");
    assert_eq!(obstacles(&order(&url, &folder, &Extent::Full), None).await.unwrap(), []);
}

#[tokio::test]
async fn a_drill_that_is_stopped_while_its_scratch_database_is_there_leaves_nothing() {
    let (database, folder) = example("drill_stopped").await;
    let (run, url, (canceller, cancel)) = (run(), database.target(), cancellation());
    let stop = async {
        while !scratches(&database).await.contains(&scratch(run)) {}
        canceller.cancel();
        std::future::pending::<()>().await;
    };
    let wanted = Order { drill: Some(run), ..order(&url, &folder, &Extent::Full) };
    let taken = tokio::select! {
        taken = take(&wanted, &|_| {}, &cancel) => taken,
        () = stop => panic!("a wish to stop never ends"),
    };
    let problem = taken.unwrap_err();
    assert_eq!(problem.kind, ProblemKind::Conflict, "{problem}");
    assert!(!scratches(&database).await.contains(&scratch(run)));
}

fn with_drill() -> Policy {
    Policy { drill: true, backup: BackupMode::Touched, ..Policy::default() }
}

#[tokio::test]
async fn a_run_removes_the_scratch_databases_of_ended_runs_and_leaves_those_of_strangers() {
    let trio = Trio::with("drill_left", with_drill()).await;
    trio.world.console.start_runner().await.unwrap();
    let promotion = trio.approved().await;
    let first = trio.start(promotion).await;
    assert_eq!(watch(&trio.world.console, &trio.ada, first).await.outcome, Some(Outcome::Succeeded));
    let stranger = scratch(run());
    for name in [&scratch(first), &stranger] {
        trio.test_database.exec(&format!("CREATE DATABASE {name}")).await;
    }
    let (view, _) = next(&trio, "b").await;
    assert_eq!(view.outcome, Some(Outcome::Succeeded), "{view:#?}");
    assert!(notes(&view).iter().any(|note| note.starts_with("The backup was restored")), "{view:#?}");
    let told =
        |kind: &EventKind| matches!(kind, EventKind::Note { step: Step::Preflight, text } if text.contains(&first.0.to_string()));
    assert!(view.events.iter().any(|event| told(&event.kind)), "{view:#?}");
    let there = scratches(&trio.test_database).await;
    assert!(!there.contains(&scratch(first)) && there.contains(&stranger), "{there:?}");
    trio.test_database.exec(&format!("DROP DATABASE {stranger}")).await;
    trio.world.close().await;
}

#[tokio::test]
async fn a_crash_in_a_drill_leaves_no_scratch_database_when_the_run_is_taken_up_again() {
    let undisturbed = Trio::with("drill_undisturbed", with_drill()).await;
    undisturbed.world.console.start_runner().await.unwrap();
    let promotion = undisturbed.approved().await;
    let view = undisturbed.run(promotion).await;
    let tells = |kind: &EventKind| matches!(kind, EventKind::Note { text, .. } if text.contains("into the scratch database"));
    // The first event is the person's; the runner writes one event at a time until the end.
    let write = u32::try_from(view.events.iter().find(|event| tells(&event.kind)).unwrap().seq - 1).unwrap();
    undisturbed.world.close().await;
    let trio = Trio::with("drill_crash", with_drill()).await;
    let promotion = trio.approved().await;
    let run = trio.start(promotion).await;
    let first = trio.world.reopen().await;
    let (faults, mut crash) = Faults::crash(Moment::Before, write);
    first.start_runner_with(faults).await.unwrap();
    crash.reached().await;
    // The work goes on while its journal hangs: the crash comes when the scratch database is there.
    let name = scratch(run);
    while !scratches(&trio.test_database).await.contains(&name) {}
    first.kill_runner().await;
    trio.world.console.start_runner().await.unwrap();
    let view = watch(&trio.world.console, &trio.ada, run).await;
    assert_eq!(view.outcome, Some(Outcome::Succeeded), "{view:#?}");
    assert!(!scratches(&trio.test_database).await.contains(&name));
    first.shutdown().await;
    trio.world.close().await;
}
