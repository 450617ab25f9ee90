//! Nothing is lost: what holds after every fault, whatever it was.

use crate::harness::Database;
use crate::stage::{Stage, story, until};
use lockstep::catalog::Scope;
use lockstep::engine;
use lockstep::engine::target::{backup, introspect};
use lockstep::promotion::{Outcome, PromotionId, RunId, State};
use lockstep::run::{EventKind, RunView, Step};

/// What a target holds of all that a promotion touches, and of what it must leave alone.
#[derive(Debug, Clone, PartialEq)]
pub struct Contents {
    pub catalog: String,
    pub fees: Vec<String>,
    pub sales: Vec<String>,
}

impl Contents {
    pub async fn of(database: &Database) -> Self {
        Self {
            catalog: introspect::read_at(&database.target(), Scope::default()).await.unwrap().fingerprint().0,
            fees: database.column("SELECT fees::text FROM fees ORDER BY id").await,
            sales: database.column("SELECT concat_ws(',', id, fee, amount) FROM sales ORDER BY id").await,
        }
    }
}

/// Holds a run that has ended against the target, the store, the server and the backup directory.
pub async fn assert_nothing_lost(stage: &Stage, run: RunId, view: &RunView) {
    assert_nothing_lost_of(stage, stage.promotion, run, view, &stage.before).await;
}

/// The same for any promotion into the target, which held `before` before it and what development holds after it.
pub async fn assert_nothing_lost_of(stage: &Stage, promotion: PromotionId, run: RunId, view: &RunView, before: &Contents) {
    let applied = ledger_rows(stage, run).await;
    all_or_nothing(stage, view, before, applied).await;
    once(stage, run, applied).await;
    the_store_tells_the_truth(stage, promotion, view).await;
    no_orphans(stage).await;
    a_backup_that_is_whole(stage, promotion, view).await;
    audited_once(stage, promotion).await;
    in_order(view);
}

/// I1: the target is exactly as before, or exactly as the release says; which of both the outcome tells.
async fn all_or_nothing(stage: &Stage, view: &RunView, before: &Contents, applied: usize) {
    let after = match &stage.after {
        Some(after) => after.clone(),
        None => Contents { sales: before.sales.clone(), ..Contents::of(&stage.trio.development_database).await },
    };
    let now = Contents::of(stage.target()).await;
    match &view.outcome {
        Some(Outcome::Succeeded) => {
            assert_eq!(now, after, "I1: the target is not what the release says\n{}", story(view));
            assert_eq!(applied, 1, "I2: the ledger does not know a run that succeeded\n{}", story(view));
        }
        Some(Outcome::Failed { .. } | Outcome::Cancelled | Outcome::RolledBack { .. }) => {
            assert_eq!(now, *before, "I1: the target is not as before\n{}", story(view));
            assert_eq!(applied, 0, "I2: the ledger knows a run that changed nothing\n{}", story(view));
        }
        Some(Outcome::NeedsAttention { problem }) => {
            assert!(!problem.way_out.is_empty(), "I7: nobody is told what to do\n{}", story(view));
        }
        None => panic!("I7: the run has no end\n{}", story(view)),
    }
}

async fn ledger_rows(stage: &Stage, run: RunId) -> usize {
    stage.target().column(&format!("SELECT run_id FROM lockstep.ledger WHERE run_id = '{}'", run.0)).await.len()
}

/// I6: what the transaction writes is there once for each time that the ledger says, and the run is in it once.
async fn once(stage: &Stage, run: RunId, applied: usize) {
    let there = stage.target().column("SELECT to_regclass('public.schema_versions') IS NOT NULL").await == ["true"];
    let versions = if there { stage.target().column("SELECT version FROM schema_versions").await.len() } else { 0 };
    let all = stage.target().column("SELECT run_id FROM lockstep.ledger").await.len();
    assert!(applied <= 1, "I6: the run {} is {applied} times in the ledger", run.0);
    assert_eq!(versions, all, "I6: as many versions as rows of the ledger");
}

/// I2, I7: the promotion has the state that the run ended with, and no run is left open.
async fn the_store_tells_the_truth(stage: &Stage, promotion: PromotionId, view: &RunView) {
    let detail = engine::promotion(&stage.trio.world.console, &stage.trio.ada, promotion).await.unwrap();
    match (&detail.summary.state, &view.outcome) {
        (State::Finished { outcome, .. }, Some(ended)) => assert_eq!(outcome, ended, "I2: the store and the run disagree"),
        (state, _) => panic!("I7: the promotion is {state:?}\n{}", story(view)),
    }
    let open = stage.trio.world.store.column("SELECT id FROM runs WHERE state <> 'ended'").await;
    assert_eq!(open, Vec::<String>::new(), "I7: runs are left open");
}

/// I3: no session, no lock, no broken index, no prepared transaction, no unfinished file, no program.
async fn no_orphans(stage: &Stage) {
    const LEFT: &[(&str, &str)] = &[
        (
            "session",
            "SELECT application_name FROM pg_stat_activity WHERE datname = current_database() AND application_name LIKE 'lockstep:%'",
        ),
        (
            "lock",
            "SELECT l.objid FROM pg_locks l JOIN pg_database d ON d.oid = l.database
              WHERE l.locktype = 'advisory' AND d.datname = current_database()",
        ),
        ("broken index", "SELECT indexrelid::regclass FROM pg_index WHERE NOT indisvalid"),
        ("prepared transaction", "SELECT gid FROM pg_prepared_xacts WHERE database = current_database()"),
    ];
    for (what, query) in LEFT {
        let none = async || stage.target().column(query).await.is_empty().then_some(());
        until(&format!("the target has no {what} that a run has left"), none).await;
    }
    let none = async || unfinished(stage).is_empty().then_some(());
    until("the backup directory has nothing unfinished", none).await;
    let name = stage.target().target().database().to_owned();
    let none = async || programs(&name).is_empty().then_some(());
    until("no program of PostgreSQL's works on the target", none).await;
}

/// Files of backups that never came to their end.
pub fn unfinished(stage: &Stage) -> Vec<String> {
    let names = std::fs::read_dir(stage.backups()).into_iter().flatten().flatten();
    let names = names.map(|entry| entry.file_name().to_string_lossy().into_owned());
    names.filter(|name| name.ends_with(".partial") || name.ends_with(".pgpass")).collect()
}

/// Processes of pg_dump and pg_restore for a database.
pub fn programs(database: &str) -> Vec<String> {
    let processes = std::fs::read_dir("/proc").into_iter().flatten().flatten();
    let words = processes.filter_map(|entry| std::fs::read(entry.path().join("cmdline")).ok());
    let words = words.map(|words| String::from_utf8_lossy(&words).replace('\0', " "));
    words.filter(|words| words.contains("pg_dump ") && words.contains(&format!("dbname='{database}'"))).collect()
}

/// I4: a run that began to change the target has a backup that reads in full and is what was written.
async fn a_backup_that_is_whole(stage: &Stage, promotion: PromotionId, view: &RunView) {
    let applying = |kind: &EventKind| *kind == EventKind::StepStarted { step: Step::Apply };
    if view.events.iter().any(|event| applying(&event.kind)) {
        let detail = engine::promotion(&stage.trio.world.console, &stage.trio.ada, promotion).await.unwrap();
        let kept = detail.backup.unwrap_or_else(|| panic!("I4: no backup is known\n{}", story(view)));
        let manifest = backup::verify(&stage.backups(), &kept.file, None).await;
        let manifest = manifest.unwrap_or_else(|problem| panic!("I4: {problem}\n{}", story(view)));
        assert_eq!(manifest.sha256, kept.sha256, "I4: the store knows another backup");
    }
}

/// I5: the chain holds, and the run has one row in it.
async fn audited_once(stage: &Stage, promotion: PromotionId) {
    let verified = engine::verify_audit(&stage.trio.world.console, &stage.trio.ada).await.unwrap();
    assert!(verified.starts_with("All "), "I5: {verified}");
    let rows = format!("SELECT result FROM audit WHERE action = 'run' AND object = 'promotion {}'", promotion.0);
    let rows = stage.trio.world.store.column(&rows).await;
    assert_eq!(rows.len(), 1, "I5: the end of the run is in the audit once: {rows:?}");
}

/// I5, I8: one beginning and one end, each in its place; a step ends only after it began.
fn in_order(view: &RunView) {
    let kinds: Vec<&EventKind> = view.events.iter().map(|event| &event.kind).collect();
    let ends = kinds.iter().filter(|kind| matches!(kind, EventKind::Finished { .. })).count();
    assert_eq!(ends, 1, "I5: one end\n{}", story(view));
    assert!(matches!(kinds.first(), Some(EventKind::Started { .. })), "I5: begins\n{}", story(view));
    assert!(matches!(kinds.last(), Some(EventKind::Finished { .. })), "I5: ends\n{}", story(view));
    let succeeded = view.outcome == Some(Outcome::Succeeded);
    for (at, kind) in kinds.iter().enumerate() {
        if let EventKind::StepFinished { step } = kind {
            let begun = kinds[..at].iter().any(|kind| **kind == EventKind::StepStarted { step: *step });
            // A run that was taken up after its COMMIT closes steps whose beginning was never written.
            assert!(begun || succeeded, "I5: {step:?} ends before it begins\n{}", story(view));
        }
    }
}
