//! Backups: proven when they are written, and every damage afterwards is found.

use super::harness::{self, Database};
use super::trio::{Trio, proposal};
use chrono::{DateTime, Utc};
use lockstep::catalog::QName;
use lockstep::engine;
use lockstep::engine::private_pg::{Options, PrivatePg};
use lockstep::engine::target::backup::{Extent, Manifest, Order, Shelf, obstacles, sweep, take, verify};
use lockstep::engine::target::connect::TargetUrl;
use lockstep::engine::target::{Told, cancellation};
use lockstep::plan::Rename;
use lockstep::problem::{Problem, ProblemKind};
use lockstep::promotion::{BackupMode, BackupSummary, EnvironmentInput, Outcome, Policy, PromotionId, Proposal, RunId};
use lockstep::run::{EventKind, RunView, Step};
use std::collections::BTreeSet;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use uuid::Uuid;

/// A backup directory that goes with its test.
pub struct Folder(pub PathBuf, Shelf);

impl Folder {
    pub fn new(path: PathBuf) -> Self {
        Self(path.clone(), Shelf::Folder(path))
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _gone_already = fs::remove_dir_all(&self.0);
    }
}

pub async fn example(name: &str) -> (Database, Folder) {
    let database = harness::database(name).await;
    database.exec("CREATE TABLE t (id int PRIMARY KEY, text text); INSERT INTO t SELECT g, repeat(md5(g::text), 4) FROM generate_series(1, 5000) g").await;
    let folder = std::env::temp_dir().join(format!("lockstep-{name}-{}", std::process::id()));
    (database, Folder::new(folder))
}

pub fn order<'a>(url: &'a TargetUrl, folder: &'a Folder, extent: &'a Extent) -> Order<'a> {
    let taken_at = DateTime::<Utc>::UNIX_EPOCH;
    Order {
        url,
        extent,
        dir: &folder.0,
        shelf: &folder.1,
        run: RunId(Uuid::from_u128(1)),
        fence: 1,
        name: "run-1",
        bin: None,
        taken_at,
        lock_timeout_ms: 1_000,
        drill: None,
    }
}

pub async fn taken(url: &TargetUrl, folder: &Folder, extent: &Extent) -> Result<Manifest, Problem> {
    let (_keep, cancel) = cancellation();
    take(&order(url, folder, extent), &|_| {}, &cancel).await
}

async fn backup(database: &Database, folder: &Folder) -> Result<Manifest, Problem> {
    taken(&database.target(), folder, &Extent::Full).await
}

pub fn names(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> =
        fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    names
}

#[tokio::test]
async fn a_backup_is_private_counts_its_rows_and_holds_against_its_manifest() {
    let (database, folder) = example("sound").await;
    let manifest = backup(&database, &folder).await.unwrap();
    assert_eq!(manifest.rows.get("public.t"), Some(&5000));
    assert_eq!(names(&folder.0), ["run-1.dump", "run-1.dump.json"]);
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(&folder.0), 0o700);
    for name in names(&folder.0) {
        assert_eq!(mode(&folder.0.join(name)), 0o600);
    }
    assert_eq!(verify(&folder.0, "run-1.dump", None).await.unwrap(), manifest);
}

#[tokio::test]
async fn a_flipped_bit_a_cut_end_and_another_file_are_found() {
    let (database, folder) = example("damaged").await;
    backup(&database, &folder).await.unwrap();
    let file = folder.0.join("run-1.dump");
    let sound = fs::read(&file).unwrap();
    let mut flipped = sound.clone();
    let middle = flipped.len() / 2;
    flipped[middle] ^= 1;
    for (damage, word) in [(flipped, "SHA-256"), (sound[..sound.len() - 10].to_vec(), "bytes instead of")] {
        fs::write(&file, damage).unwrap();
        let problem = verify(&folder.0, "run-1.dump", None).await.unwrap_err();
        assert!(problem.what.contains("is not what was written") && problem.cause.contains(word), "{problem}");
    }
    fs::remove_file(&file).unwrap();
    assert!(verify(&folder.0, "run-1.dump", None).await.is_err());
}

#[tokio::test]
async fn a_backup_that_fails_leaves_nothing_and_says_why() {
    let (database, folder) = example("locked").await;
    let mut holder = database.connect().await;
    sqlx::raw_sql("BEGIN; CREATE TABLE other (id int); DROP TABLE other; LOCK TABLE t IN ACCESS EXCLUSIVE MODE")
        .execute(&mut holder)
        .await
        .unwrap();
    let problem = backup(&database, &folder).await.unwrap_err();
    assert!(!problem.cause.is_empty(), "{problem}");
    assert_eq!(names(&folder.0), Vec::<String>::new());
}

#[tokio::test]
async fn a_backup_that_is_stopped_leaves_nothing() {
    let (database, folder) = example("stopped").await;
    let url = database.target();
    let (canceller, cancel) = cancellation();
    let stop = move |told| {
        if matches!(told, Told::Progress { .. }) {
            canceller.cancel();
        }
    };
    let problem = take(&order(&url, &folder, &Extent::Full), &stop, &cancel).await.unwrap_err();
    assert_eq!(problem.kind, ProblemKind::Conflict, "{problem}");
    assert_eq!(names(&folder.0), Vec::<String>::new());
}

#[tokio::test]
async fn what_a_dead_console_left_is_swept_and_what_is_finished_or_works_stays() {
    let (database, folder) = example("swept").await;
    backup(&database, &folder).await.unwrap();
    for scrap in ["run-2.dump.partial", "run-2.pgpass", "run-3.dump.json", "works-1.dump.partial"] {
        fs::write(folder.0.join(scrap), "").unwrap();
    }
    let mut swept = sweep(&folder.0, |name| name.starts_with("works")).unwrap();
    swept.sort();
    assert_eq!(swept, ["run-2.dump.partial", "run-2.pgpass", "run-3.dump.json"]);
    assert_eq!(names(&folder.0), ["run-1.dump", "run-1.dump.json", "works-1.dump.partial"]);
}

/// What the archive holds, restored into a fresh database without the rules that rows must keep.
async fn restored(folder: &Folder, file: &str) -> Database {
    let copy = harness::database("restored").await;
    let output = tokio::process::Command::new(harness::bin().await.join("pg_restore"))
        .args(["--exit-on-error", "--section=pre-data", "--section=data", "--dbname", copy.url()])
        .arg(folder.0.join(file))
        .output()
        .await
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    copy
}

#[tokio::test]
async fn a_backup_of_the_touched_tables_has_every_table_and_only_their_rows_with_those_of_partitions_and_children() {
    let (database, folder) = example("touched").await;
    database
        .exec(
            "CREATE SCHEMA \"Odd\"; CREATE TABLE \"Odd\".\"a \"\"b*\" (id int); INSERT INTO \"Odd\".\"a \"\"b*\" VALUES (1), (2);
             CREATE TABLE \"Odd\".\"a \"\"bc\" (id int); INSERT INTO \"Odd\".\"a \"\"bc\" VALUES (1);
             CREATE TABLE parts (id int) PARTITION BY RANGE (id); CREATE TABLE low PARTITION OF parts FOR VALUES FROM (0) TO (10);
             CREATE TABLE high PARTITION OF parts FOR VALUES FROM (10) TO (20); INSERT INTO parts VALUES (1), (2), (11);
             CREATE TABLE base (id int); CREATE TABLE child () INHERITS (base); INSERT INTO base VALUES (1); INSERT INTO child VALUES (2);
             CREATE SEQUENCE counter; SELECT setval('counter', 77);",
        )
        .await;
    let named = [("Odd", "a \"b*"), ("public", "parts"), ("public", "base"), ("public", "comes_with_the_release")];
    let extent = Extent::Touched(named.map(|(schema, name)| QName::new(schema, name)).into());
    let manifest = taken(&database.target(), &folder, &extent).await.unwrap();
    let rows: Vec<(&str, u64)> = manifest.rows.iter().map(|(name, rows)| (name.as_str(), *rows)).collect();
    let kept = [("Odd.a \"b*", 2), ("public.base", 1), ("public.child", 1), ("public.high", 1), ("public.low", 2)];
    assert_eq!(rows, kept);
    assert_eq!(manifest.mode, BackupMode::Touched);
    let copy = restored(&folder, &manifest.file).await;
    for (table, rows) in [("\"Odd\".\"a \"\"b*\"", "2"), ("\"Odd\".\"a \"\"bc\"", "0"), ("parts", "3"), ("base", "2"), ("t", "0")]
    {
        assert_eq!(copy.column(&format!("SELECT count(*) FROM {table}")).await, [rows], "{table}");
    }
    assert_eq!(copy.column("SELECT last_value FROM counter").await, ["77"]);
    assert_eq!(verify(&folder.0, &manifest.file, None).await.unwrap(), manifest);
}

#[tokio::test]
async fn a_restore_point_has_a_name_where_the_user_may_give_one_and_a_place_in_the_log_anyway() {
    let (database, folder) = example("external").await;
    let role = format!("modest_{}", std::process::id());
    database.exec(&format!("CREATE ROLE {role} LOGIN PASSWORD 'modest'")).await;
    for (url, may_name) in [(database.target(), true), (database.target_as(&role, "modest"), false)] {
        assert_eq!(obstacles(&order(&url, &folder, &Extent::External), None).await.unwrap(), []);
        let before = database.column("SELECT pg_current_wal_insert_lsn()").await.remove(0);
        let manifest = taken(&url, &folder, &Extent::External).await.unwrap();
        let point = manifest.restore_point.clone().unwrap();
        assert_eq!(point.name.is_some(), may_name);
        assert_eq!(point.timeline, 1);
        let between = format!("SELECT '{}' BETWEEN '{before}'::pg_lsn AND pg_current_wal_insert_lsn()", point.lsn);
        assert_eq!(database.column(&between).await, ["true"]);
        assert_eq!(names(&folder.0), ["run-1.json"]);
        let written: Manifest = serde_json::from_slice(&fs::read(folder.0.join("run-1.json")).unwrap()).unwrap();
        assert_eq!(written, manifest);
    }
}

#[tokio::test]
async fn a_standby_gives_no_restore_point_and_says_where_to_go() {
    let folder = Folder::new(harness::folder("standby"));
    let options = Options { discard: false, ..harness::options() };
    PrivatePg::start(&folder.0, &options).await.unwrap().stop().await.unwrap();
    let data = fs::read_dir(&folder.0).unwrap().map(|entry| entry.unwrap().path()).find(|path| path.join("PG_VERSION").exists());
    fs::write(data.unwrap().join("standby.signal"), "").unwrap();
    let standby = PrivatePg::start(&folder.0, &options).await.unwrap();
    let url = TargetUrl::parse(&standby.url("postgres")).unwrap();
    let backups = Folder::new(harness::folder("standby-backups"));
    let problem = taken(&url, &backups, &Extent::External).await.unwrap_err();
    assert!(problem.cause.contains("standby") && problem.way_out.contains("primary"), "{problem}");
    assert_eq!(obstacles(&order(&url, &backups, &Extent::External), None).await.unwrap(), [problem]);
    assert_eq!(names(&backups.0), Vec::<String>::new());
    standby.stop().await.unwrap();
}

pub fn notes(view: &RunView) -> Vec<&str> {
    let of_the_backup = view.events.iter().filter_map(|event| match &event.kind {
        EventKind::Note { step: Step::Backup, text } => Some(text.as_str()),
        _ => None,
    });
    of_the_backup.collect()
}

/// A promotion into a test environment that keeps only so much.
async fn promoted(trio: &Trio, promotion: PromotionId) -> (RunView, BackupSummary, Manifest) {
    let view = trio.run(promotion).await;
    assert_eq!(view.outcome, Some(Outcome::Succeeded), "{view:#?}");
    let kept = engine::promotion(&trio.world.console, &trio.ada, promotion).await.unwrap().backup.unwrap();
    let beside = if kept.restore_point.is_some() { kept.file.clone() } else { format!("{}.json", kept.file) };
    let manifest = fs::read(trio.world.console.backup_dir().join(beside)).unwrap();
    let manifest = serde_json::from_slice(&manifest).unwrap();
    (view, kept, manifest)
}

#[tokio::test]
async fn a_run_keeps_the_lookup_tables_and_every_table_that_its_plan_may_take_values_from() {
    let trio = Trio::with("keeps_touched", Policy { backup: BackupMode::Touched, ..Policy::default() }).await;
    let more = "CREATE TABLE dropped (id int); CREATE TABLE narrowed (id int, gone int); CREATE TABLE rewritten (id int);
        CREATE TABLE grown (id int); CREATE TABLE calm (id int); CREATE TABLE old_name (id int, gone int)";
    for database in [&trio.development_database, &trio.test_database] {
        database.exec(more).await;
    }
    let change = "DROP TABLE dropped; ALTER TABLE narrowed DROP gone; ALTER TABLE rewritten ALTER id TYPE bigint;
        ALTER TABLE grown ADD more text; ALTER TABLE old_name RENAME TO new_name; ALTER TABLE new_name DROP gone";
    trio.development_database.exec(change).await;
    trio.world.console.start_runner().await.unwrap();
    let renamed = Rename { table: QName::new("public", "old_name"), column: None, to: "new_name".to_owned() };
    let proposal = Proposal { renames: vec![renamed], ..proposal(trio.freeze("1").await, &trio.test) };
    let promotion = trio.propose(&proposal).await;
    trio.approve(promotion).await;
    let (view, kept, manifest) = promoted(&trio, promotion).await;
    let tables: BTreeSet<&str> = manifest.rows.keys().map(String::as_str).collect();
    let wanted = ["public.dropped", "public.fees", "public.narrowed", "public.old_name", "public.rewritten"];
    assert_eq!(tables, BTreeSet::from(wanted));
    assert_eq!((kept.mode, manifest.mode), (BackupMode::Touched, BackupMode::Touched));
    let told = format!("the rows of {}; the rows of 3 other tables", wanted.join(", "));
    assert!(notes(&view).iter().any(|note| note.contains(&told)), "{:?}", notes(&view));
    trio.world.close().await;
}

#[tokio::test]
async fn an_attribute_that_goes_from_a_type_lets_every_row_be_kept() {
    let trio = Trio::with("keeps_typed", Policy { backup: BackupMode::Touched, ..Policy::default() }).await;
    for database in [&trio.development_database, &trio.test_database] {
        database.exec("CREATE TYPE place AS (street text, town text); CREATE TABLE shops (id int, at place)").await;
    }
    trio.development_database.exec("ALTER TYPE place DROP ATTRIBUTE street").await;
    trio.world.console.start_runner().await.unwrap();
    let promotion = trio.approved().await;
    let (view, kept, manifest) = promoted(&trio, promotion).await;
    assert_eq!(kept.mode, BackupMode::Full);
    assert!(manifest.rows.contains_key("public.shops") && manifest.rows.contains_key("public.sales"), "{:?}", manifest.rows);
    assert!(notes(&view)[0].contains("type"), "{:?}", notes(&view));
    trio.world.close().await;
}

#[tokio::test]
async fn a_run_that_leaves_backups_to_the_provider_says_which_moment_to_go_back_to() {
    let trio = Trio::with("keeps_moment", Policy { backup: BackupMode::External, ..Policy::default() }).await;
    trio.world.console.start_runner().await.unwrap();
    let promotion = trio.approved().await;
    let (view, kept, manifest) = promoted(&trio, promotion).await;
    assert_eq!(kept.restore_point, manifest.restore_point);
    let point = kept.restore_point.unwrap();
    assert!(point.name.is_some());
    assert!(
        notes(&view).iter().any(|note| note.contains(&point.lsn) && note.contains("Nothing was dumped")),
        "{:?}",
        notes(&view)
    );
    trio.world.close().await;
}

#[tokio::test]
async fn a_disk_with_too_little_room_is_found_before_anything_is_begun_and_both_figures_are_named() {
    let (database, folder) = example("room").await;
    let url = database.target();
    assert_eq!(obstacles(&order(&url, &folder, &Extent::Full), None).await.unwrap(), []);
    // The kernel's own file systems have no room at all.
    let full = Folder::new(PathBuf::from("/proc/backups"));
    let size = database.column("SELECT pg_database_size(current_database())").await.remove(0);
    let problems = obstacles(&order(&url, &full, &Extent::Full), None).await.unwrap();
    let told = lockstep::run::size(size.parse().unwrap());
    let [problem] = problems.as_slice() else { panic!("{problems:?}") };
    assert!(problem.cause.contains(&told) && problem.cause.contains("0 bytes are free"), "{problem}");
    assert!(problem.what.contains("/proc/backups"), "{problem}");
    let extent = Extent::Touched(BTreeSet::from([QName::new("public", "t")]));
    let size = database.column("SELECT pg_table_size('t')").await.remove(0);
    let problem = obstacles(&order(&url, &full, &extent), None).await.unwrap().remove(0);
    assert!(problem.cause.contains(&lockstep::run::size(size.parse().unwrap())), "{problem}");
    assert_eq!(obstacles(&order(&url, &full, &Extent::External), None).await.unwrap(), []);
}

#[tokio::test]
async fn a_run_without_room_for_its_backup_ends_in_its_preflight() {
    let trio = Trio::new("no_room").await;
    let console = trio.world.reopen_with(|settings| settings.backup_dir = Some(PathBuf::from("/proc/backups"))).await;
    console.start_runner().await.unwrap();
    let promotion = trio.approved().await;
    let view = trio.run(promotion).await;
    let Some(Outcome::Failed { problem }) = &view.outcome else { panic!("{view:#?}") };
    assert!(problem.what.contains("too little room"), "{problem}");
    assert_eq!(view.steps[1].started, None);
    console.shutdown().await;
    trio.world.close().await;
}

/// Promotes one more change into the test environment.
pub async fn next(trio: &Trio, version: &str) -> (RunView, BackupSummary) {
    let version = version.to_owned();
    trio.development_database.exec(&format!("CREATE TABLE of_{version} (id int)")).await;
    let promotion = trio.request(trio.freeze(&version).await, &trio.test).await;
    trio.approve(promotion).await;
    let view = trio.run(promotion).await;
    (view, engine::promotion(&trio.world.console, &trio.ada, promotion).await.unwrap().backup.unwrap())
}

#[tokio::test]
async fn older_backups_go_but_never_one_that_is_needed_nor_the_newest_dump() {
    let trio = Trio::online("retention").await;
    let console = trio.world.reopen_with(|settings| settings.keep_backups = 1).await;
    console.start_runner().await.unwrap();
    // What breaks a rule that is proven after the COMMIT needs attention.
    let first = trio.approved().await;
    trio.test_database.exec("INSERT INTO sales (fee, amount) VALUES (1, -500)").await;
    assert!(matches!(trio.run(first).await.outcome, Some(Outcome::NeedsAttention { .. })));
    trio.test_database.exec("DELETE FROM sales").await;
    engine::settle(&console, &trio.lea, first, "The row is gone.").await.unwrap();
    let first = engine::promotion(&console, &trio.ada, first).await.unwrap().backup.unwrap();
    let (_, second) = next(&trio, "b").await;
    let (view, third) = next(&trio, "c").await;
    let told = |view: &RunView, file: &str| {
        let says = |kind: &EventKind| matches!(kind, EventKind::Note { step: Step::Record, text } if text.contains(file));
        view.events.iter().any(|event| says(&event.kind))
    };
    assert!(told(&view, &second.file), "{view:#?}");
    let external = EnvironmentInput {
        name: trio.test.name.clone(),
        label: trio.test.label.clone(),
        connection: trio.test.connection.clone(),
        policy: Policy { backup: BackupMode::External, ..trio.test.policy.clone() },
    };
    engine::edit_environment(&console, &trio.world.owner, trio.test.id, &external).await.unwrap();
    let (_, fourth) = next(&trio, "d").await;
    let (view, fifth) = next(&trio, "e").await;
    assert!(told(&view, &fourth.file), "{view:#?}");
    let beside = |file: &str| format!("{file}.json");
    let mut wanted = vec![first.file.clone(), beside(&first.file), third.file.clone(), beside(&third.file), fifth.file];
    wanted.sort();
    assert_eq!(names(console.backup_dir()), wanted);
    let removed = "SELECT file FROM backups WHERE removed_at IS NOT NULL ORDER BY taken_at";
    assert_eq!(trio.world.store.column(removed).await, [second.file, fourth.file]);
    console.shutdown().await;
    trio.world.close().await;
}
