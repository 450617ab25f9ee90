//! A backup restored over its target: the target is what it was when the backup was taken, and nothing newer is lost unasked.

use super::backup::notes;
use super::catalog::EVERYTHING;
use super::harness::{self, Database};
use super::trio::{Trio, watch};
use super::world::refusal;
use lockstep::engine;
use lockstep::engine::{Faults, Moment};
use lockstep::problem::ProblemKind;
use lockstep::promotion::{BackupMode, HistoryFilter, Like, Outcome, Policy, PromotionId, Proposal, RestoredTable};
use lockstep::run::RunView;
use tokio::process::Command;

/// What `pg_dump` writes of the database that a dump restores to: some expressions PostgreSQL prints otherwise once they were reloaded.
async fn reloaded(database: &Database) -> String {
    let (bin, copy) = (harness::bin().await, harness::database("reloaded").await);
    let file = harness::folder(copy.url().rsplit('/').next().unwrap());
    let archive = file.to_str().unwrap();
    for (program, arguments) in [
        ("pg_dump", ["--format=custom", "--file", archive, "--dbname", database.url()].as_slice()),
        ("pg_restore", &["--exit-on-error", "--dbname", copy.url(), archive]),
    ] {
        let output = Command::new(bin.join(program)).args(arguments).output().await.unwrap();
        assert!(output.status.success(), "{program}: {}", String::from_utf8_lossy(&output.stderr));
    }
    std::fs::remove_file(&file).unwrap();
    copy.dump().await
}

/// Fails with the first lines that differ.
fn assert_same(before: &str, after: &str) {
    let differs = before.lines().zip(after.lines()).position(|(a, b)| a != b);
    if let Some(at) = differs {
        let around = |text: &str| text.lines().skip(at.saturating_sub(6)).take(12).collect::<Vec<_>>().join("\n");
        panic!("before:\n{}\n\nafter:\n{}", around(before), around(after));
    }
    assert_eq!(before.lines().count(), after.lines().count());
}

async fn succeeds(trio: &Trio, promotion: PromotionId) -> RunView {
    trio.approve(promotion).await;
    let view = trio.run(promotion).await;
    assert_eq!(view.outcome, Some(Outcome::Succeeded), "{view:#?}");
    view
}

async fn restore(trio: &Trio, promotion: PromotionId, version: &str) -> Proposal {
    engine::restore_promotion(&trio.world.console, &trio.ada, promotion, version, "The fees were wrong").await.unwrap()
}

/// Promotes what development is ahead by into test, as version 1.
async fn promoted(trio: &Trio) -> PromotionId {
    trio.world.console.start_runner().await.unwrap();
    let promotion = trio.approved().await;
    let view = trio.run(promotion).await;
    assert_eq!(view.outcome, Some(Outcome::Succeeded), "{view:#?}");
    promotion
}

async fn tables(trio: &Trio, proposal: &Proposal) -> Vec<RestoredTable> {
    let draft = engine::preview(&trio.world.console, &trio.ada, proposal).await.unwrap();
    draft.preview.sealed.restore.unwrap().tables
}

/// Scratch databases of this console's runs.
async fn left(trio: &Trio) -> Vec<String> {
    let runs = trio.world.store.column("SELECT replace(id::text, '-', '') FROM runs").await;
    let mut names = trio.test_database.column("SELECT datname FROM pg_database WHERE datname LIKE 'lockstep_%'").await;
    names.retain(|name| runs.iter().any(|run| name.ends_with(run)));
    names
}

async fn undone(trio: &Trio) -> Vec<bool> {
    let all = engine::history(&trio.world.console, &trio.ada, &HistoryFilter::default()).await.unwrap();
    all.items.iter().map(|one| one.undone).collect()
}

#[tokio::test]
async fn a_restore_brings_everything_back_as_it_was() {
    let trio = Trio::new("restored").await;
    for database in [&trio.development_database, &trio.test_database] {
        database.exec(EVERYTHING).await;
        database.exec("CREATE SCHEMA \"my tools\"; CREATE EXTENSION citext SCHEMA \"my tools\"").await;
    }
    let role = format!("restored_reader_{}", std::process::id());
    trio.test_database
        .exec(&format!(
            "CREATE ROLE {role}; GRANT SELECT ON fees TO {role}; ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO {role};
             CREATE TABLE owned (id int); ALTER TABLE owned OWNER TO {role}; GRANT USAGE ON SCHEMA public TO {role};
             COMMENT ON SCHEMA \"my tools\" IS 'for texts'; GRANT USAGE ON SCHEMA \"my tools\" TO {role};
             CREATE TABLE \"my tools\".used (word \"my tools\".citext PRIMARY KEY); INSERT INTO \"my tools\".used VALUES ('A');
             INSERT INTO owned SELECT 1 FROM generate_series(1, 3); ALTER TABLE owned ADD COLUMN twice int GENERATED ALWAYS AS (id * 2) STORED;
             INSERT INTO counted DEFAULT VALUES; INSERT INTO counted DEFAULT VALUES;
             ALTER TABLE events DISABLE TRIGGER parted; INSERT INTO events VALUES (1, '2025-05-05', 'a'), (2, '2026-05-05', 'b'), (3, '2030-05-05', 'c'); ALTER TABLE events ENABLE TRIGGER parted;
             INSERT INTO animals VALUES ('cat'); INSERT INTO birds VALUES ('owl', 2, 2);
             INSERT INTO shaped (a, b) VALUES (1, '(3,4),(1,2)'); CREATE TABLE empty (); INSERT INTO empty DEFAULT VALUES;
             CREATE MATERIALIZED VIEW sums AS SELECT sum(twice) FROM owned;
             CREATE TABLE places (what regclass); INSERT INTO places VALUES ('public.fees');
             SELECT lo_from_bytea(4711, decode(repeat('01fe', 1000000), 'hex')), lo_create(4713); COMMENT ON LARGE OBJECT 4711 IS 'two pieces'; SELECT nextval('numbers')"
        ))
        .await;
    let before = reloaded(&trio.test_database).await;
    let first = promoted(&trio).await;
    // Refers to what comes back, and is in no backup.
    trio.test_database
        .exec("CREATE TABLE visits (id int PRIMARY KEY, fee int REFERENCES fees); INSERT INTO visits VALUES (1, 1); SELECT lo_unlink(4711); SELECT lo_from_bytea(4712, '\\x04');
               CREATE SCHEMA later; CREATE TABLE later.t (id int); DROP EXTENSION citext CASCADE; CREATE EXTENSION hstore SCHEMA later;
               COMMENT ON SCHEMA \"my tools\" IS NULL; COMMENT ON SCHEMA public IS NULL; GRANT CREATE ON SCHEMA \"my tools\" TO PUBLIC; CREATE EVENT TRIGGER late ON sql_drop EXECUTE FUNCTION watched()")
        .await;
    let ledger = "SELECT run_id FROM lockstep.ledger ORDER BY applied_at";
    let known = trio.test_database.column(ledger).await;
    let back = restore(&trio, first, "1 restored").await;
    let second = trio.propose(&back).await;
    succeeds(&trio, second).await;
    assert_same(&before, &trio.test_database.dump().await);
    let all = trio.test_database.column(ledger).await;
    assert_eq!((&all[..1], all.len()), (&known[..], 2), "the ledger stays");
    assert_eq!(trio.test_database.column("SELECT version FROM schema_versions ORDER BY version").await, ["1", "1 restored"]);
    assert_eq!(trio.test_database.column("SELECT sum FROM sums").await, ["6"]);
    assert_eq!(trio.test_database.column("SELECT what::oid::regclass FROM places").await, ["fees"]);
    assert_eq!(undone(&trio).await, [false, true]);
    assert_eq!(left(&trio).await, Vec::<String>::new());
    trio.world.close().await;
}

#[tokio::test]
async fn rows_that_the_backup_does_not_have_are_counted_and_confirmed_one_table_at_a_time() {
    let trio = Trio::new("restore_newer").await;
    let console = &trio.world.console;
    trio.test_database.exec("INSERT INTO sales (fee, amount) SELECT 1, g FROM generate_series(1, 10) g").await;
    let first = promoted(&trio).await;
    trio.test_database
        .exec("INSERT INTO sales (fee, amount) VALUES (2, 11), (2, 12); DELETE FROM sales WHERE amount = 1; UPDATE sales SET amount = 99 WHERE amount = 2; CREATE TABLE visits (id int); INSERT INTO visits VALUES (1)")
        .await;
    let back = restore(&trio, first, "1 restored").await;
    let (one, other) = tokio::join!(
        engine::restore_promotion(console, &trio.ada, first, "one", ""),
        engine::restore_promotion(console, &trio.ada, first, "other", "")
    );
    let refused = [one, other].into_iter().filter_map(Result::err).next().unwrap();
    assert!(refused.what.starts_with("Somebody else reads the backup"), "{refused}");
    let told: Vec<(String, [Option<u64>; 2], u64, u64)> =
        tables(&trio, &back).await.into_iter().map(|one| (one.name(), [one.now, one.kept], one.lost, one.back)).collect();
    let expected = [
        ("public.sales", [Some(11), Some(10)], 3, 2),
        ("public.fees", [Some(3), Some(2)], 2, 1),
        ("public.visits", [Some(1), None], 1, 0),
    ];
    assert_eq!(told, expected.map(|(name, counts, lost, back)| (name.to_owned(), counts, lost, back)));
    let draft = engine::preview(console, &trio.ada, &back).await.unwrap();
    let all: Vec<String> = draft.preview.to_confirm(&draft.lookup_totals).into_iter().map(|loss| loss.id).collect();
    let of_sales = all.iter().position(|id| id.ends_with("public.sales")).unwrap();
    let mut but_one = all.clone();
    but_one.remove(of_sales);
    let refused = engine::request(console, &trio.ada, &back, &draft.digest.0, &but_one, "").await.unwrap_err();
    assert_eq!((refused.kind, refused.what.as_str()), (ProblemKind::Invalid, "A loss is not confirmed."));
    assert!(refused.cause.starts_with("3 rows of public.sales are not in the backup"), "{refused}");
    assert!(draft.preview.warnings.is_empty(), "{:?}", draft.preview.warnings);

    let second = engine::request(console, &trio.ada, &back, &draft.digest.0, &all, "").await.unwrap();
    trio.approve(second).await;
    trio.test_database.exec("INSERT INTO sales (fee, amount) VALUES (2, 13)").await;
    let view = trio.run(second).await;
    let Some(Outcome::Failed { problem }) = &view.outcome else { panic!("{view:#?}") };
    assert!(problem.cause.contains("4 rows of public.sales instead of 3"), "{problem}");
    assert_eq!(trio.test_database.column("SELECT count(*) FROM sales").await, ["12"]);
    let third = trio.propose(&back).await;
    succeeds(&trio, third).await;
    assert_eq!(trio.test_database.column("SELECT concat_ws(' ', count(*), sum(amount)) FROM sales").await, ["10 55"]);
    assert_eq!(trio.test_database.column("SELECT to_regclass('visits')").await, ["NULL"]);
    trio.world.close().await;
}

#[tokio::test]
async fn a_restore_takes_later_promotions_along_and_its_own_backup_brings_them_again() {
    let trio = Trio::new("restore_past").await;
    let console = &trio.world.console;
    let before = trio.test_database.dump().await;
    let first = promoted(&trio).await;
    trio.development_database.exec("CREATE TABLE kinds (id int)").await;
    let second = trio.request(trio.freeze("2").await, &trio.test).await;
    succeeds(&trio, second).await;
    let after = trio.test_database.dump().await;
    let back = restore(&trio, first, "1 restored").await;
    let draft = engine::preview(console, &trio.ada, &back).await.unwrap();
    assert_eq!(draft.preview.warnings, ["What came later goes back, too: 2."]);
    let third = trio.propose(&back).await;
    succeeds(&trio, third).await;
    assert_same(&before, &trio.test_database.dump().await);
    assert_eq!(undone(&trio).await, [false, true, true]);
    let (kind, what) = refusal(engine::undo_promotion(console, &trio.ada, third, "again", "").await);
    assert_eq!((kind, what.as_str()), (ProblemKind::Unsupported, "A restore cannot be undone."));
    let again = trio.propose(&restore(&trio, third, "2 again").await).await;
    succeeds(&trio, again).await;
    assert_same(&after, &trio.test_database.dump().await);
    assert_eq!(undone(&trio).await, [false, true, false, false]);
    trio.world.close().await;
}

#[tokio::test]
async fn a_backup_of_less_or_of_nothing_or_a_damaged_one_is_refused_with_the_way_out() {
    for (mode, cause, way_out) in [
        (BackupMode::Touched, "rows of some tables only", "pg_restore"),
        (BackupMode::External, "Nothing was dumped", "restore point"),
    ] {
        let trio = Trio::with("restore_less", Policy { backup: mode, ..Policy::default() }).await;
        let first = promoted(&trio).await;
        let problem = engine::restore_promotion(&trio.world.console, &trio.ada, first, "x", "").await.unwrap_err();
        assert!(problem.cause.contains(cause) && problem.way_out.contains(way_out), "{problem}");
        let may = engine::promotion(&trio.world.console, &trio.ada, first).await.unwrap().may;
        assert_eq!(may.restore, Some(problem.what));
        trio.world.close().await;
    }
    let trio = Trio::new("restore_damaged").await;
    let console = &trio.world.console;
    let first = promoted(&trio).await;
    let kept = engine::promotion(console, &trio.ada, first).await.unwrap().backup.unwrap();
    let file = console.backup_dir().join(&kept.file);
    let second = trio.propose(&restore(&trio, first, "1 restored").await).await;
    let mut bytes = std::fs::read(&file).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    std::fs::write(&file, bytes).unwrap();
    let (kind, what) = refusal(engine::restore_promotion(console, &trio.ada, first, "2 restored", "").await);
    assert_eq!((kind, what.ends_with("is not what was written.")), (ProblemKind::Conflict, true), "{what}");
    let before = trio.test_database.dump().await;
    trio.approve(second).await;
    let view = trio.run(second).await;
    let Some(Outcome::Failed { problem }) = &view.outcome else { panic!("{view:#?}") };
    assert!(problem.what.ends_with("is not what was written."), "{problem}");
    assert!(notes(&view).is_empty(), "no fresh backup is made for nothing: {view:#?}");
    assert_same(&before, &trio.test_database.dump().await);
    assert_eq!(left(&trio).await, Vec::<String>::new());
    trio.world.close().await;
}

/// Test belongs to a user who may make databases and nothing else.
async fn owned(name: &str, policy: Policy) -> (Trio, String) {
    let trio = Trio::with(name, policy).await;
    let role = format!("{name}_{}", std::process::id());
    let database = trio.test_database.target().database().to_owned();
    trio.test_database
        .exec(&format!(
            "CREATE ROLE {role} LOGIN CREATEDB PASSWORD 'owner'; ALTER DATABASE {database} OWNER TO {role};
             ALTER TABLE fees OWNER TO {role}; ALTER TABLE sales OWNER TO {role}; CREATE EXTENSION pg_trgm"
        ))
        .await;
    let (_, address) = trio.test_database.url().split_once('@').unwrap();
    let file = trio.test.connection.strip_prefix("file:").unwrap();
    std::fs::write(file, format!("postgresql://{role}:owner@{address}")).unwrap();
    trio.development_database.exec("CREATE EXTENSION pg_trgm; CREATE INDEX named ON fees USING gin (name gin_trgm_ops)").await;
    (trio, role)
}

#[tokio::test]
async fn who_owns_the_database_restores_it_after_a_rehearsal_and_keeps_extensions() {
    let (trio, _) = owned("restore_owned", Policy { rehearsal: true, ..Policy::default() }).await;
    let before = trio.test_database.dump().await;
    let first = promoted(&trio).await;
    let second = trio.propose(&restore(&trio, first, "1 restored").await).await;
    let view = succeeds(&trio, second).await;
    assert!(format!("{view:?}").contains("Rehearsed in"), "{view:#?}");
    assert_same(&before, &trio.test_database.dump().await);
    assert_eq!(left(&trio).await, Vec::<String>::new());
    trio.world.close().await;
}

#[tokio::test]
async fn what_belongs_to_somebody_else_or_rests_on_what_goes_is_named_before_anything_is_touched() {
    let (trio, role) = owned("restore_forbidden", Policy::default()).await;
    let first = promoted(&trio).await;
    let back = restore(&trio, first, "1 restored").await;
    trio.test_database
        .exec(&format!(
            "ALTER TABLE sales OWNER TO postgres; GRANT SELECT ON sales TO {role};
             ALTER TABLE schema_versions ADD COLUMN fee int REFERENCES fees;
             CREATE SUBSCRIPTION {role} CONNECTION 'dbname=nothing' PUBLICATION news WITH (connect = false)"
        ))
        .await;
    let blockers = engine::preview(&trio.world.console, &trio.ada, &back).await.unwrap().preview.blockers;
    let told: Vec<String> = blockers.iter().map(ToString::to_string).collect();
    assert!(told.iter().any(|one| one.contains("table public.sales belongs to postgres")), "{told:?}");
    assert!(told.iter().any(|one| one.contains("on table public.schema_versions rests on")), "{told:?}");
    assert!(told.iter().any(|one| one.contains(&format!("The tables of the subscription {role} would be replaced"))), "{told:?}");
    assert!(!told.iter().any(|one| one.contains(&format!("belongs to {role}"))), "{told:?}");
    trio.test_database.exec(&format!("ALTER SUBSCRIPTION {role} SET (slot_name = NONE)")).await;
    trio.test_database.exec(&format!("DROP SUBSCRIPTION {role}")).await;
    trio.world.close().await;
}

#[tokio::test]
async fn a_crash_at_any_write_of_a_restore_ends_with_the_backup_and_leaves_nothing() {
    let trio = Trio::new("restore_crash").await;
    let (console, database) = (&trio.world.console, &trio.test_database);
    let before = database.dump().await;
    let first = promoted(&trio).await;
    console.kill_runner().await;
    // Every fourth write is enough: each step has several, and the steps before and after the transaction are those of any run.
    let mut of = first;
    for (write, moment) in (1..).step_by(4).zip([Moment::Before, Moment::After].into_iter().cycle()) {
        let restored = trio.propose(&restore(&trio, of, &format!("back {write}")).await).await;
        trio.approve(restored).await;
        let run = trio.start(restored).await;
        let other = trio.world.reopen().await;
        let (faults, mut crash) = Faults::crash(moment, write);
        other.start_runner_with(faults).await.unwrap();
        let crashed = tokio::select! {
            () = crash.reached() => true,
            _ = watch(console, &trio.ada, run) => false,
        };
        other.kill_runner().await;
        console.start_runner().await.unwrap();
        let view = watch(console, &trio.ada, run).await;
        assert_eq!(view.outcome, Some(Outcome::Succeeded), "{moment:?} write {write}: {view:#?}");
        assert_same(&before, &database.dump().await);
        assert_eq!(left(&trio).await, Vec::<String>::new(), "{moment:?} write {write}");
        let known = database.column(&format!("SELECT run_id FROM lockstep.ledger WHERE run_id = '{}'", run.0)).await;
        assert_eq!(known.len(), 1, "{moment:?} write {write}");
        console.kill_runner().await;
        other.shutdown().await;
        // The backup of the first promotion makes room for newer ones; from the second restore on they hold the same.
        of = if write > 1 { restored } else { of };
        if !crashed {
            assert!(write > 20, "the sweep went over {write} writes");
            break;
        }
    }
    trio.world.close().await;
}

#[tokio::test]
async fn a_promotion_that_needed_attention_is_taken_back_by_its_backup_once_it_is_settled() {
    let trio = Trio::online("restore_settled").await;
    let (console, database) = (&trio.world.console, &trio.test_database);
    console.start_runner().await.unwrap();
    let first = trio.approved().await;
    // The run comes to its COMMIT, and what it proves afterwards does not hold.
    database.exec("INSERT INTO sales (fee, amount) VALUES (1, -500)").await;
    let before = database.dump().await;
    let view = trio.run(first).await;
    assert!(matches!(view.outcome, Some(Outcome::NeedsAttention { .. })), "{view:#?}");
    let (_, what) = refusal(engine::restore_promotion(console, &trio.ada, first, "back", "").await);
    assert_eq!(what, "The backup of 1 in Test cannot be restored.");
    engine::settle(console, &trio.lea, first, "We go back to the backup.").await.unwrap();
    let back = trio.propose(&restore(&trio, first, "back").await).await;
    succeeds(&trio, back).await;
    assert_same(&before, &database.dump().await);
    assert_eq!(undone(&trio).await, [false, true]);
    let found = engine::in_database(console, &trio.ada, back).await.unwrap();
    assert!(found.committed && found.schema == Like::After && found.lookup.is_none(), "{found:?}");
    trio.world.close().await;
}

#[tokio::test]
async fn an_extension_that_only_a_superuser_makes_is_named_before_anything_is_requested() {
    let (trio, _) = owned("restore_extension", Policy::default()).await;
    for database in [&trio.development_database, &trio.test_database] {
        database.exec("CREATE EXTENSION pageinspect").await;
    }
    let first = promoted(&trio).await;
    let problem = engine::restore_promotion(&trio.world.console, &trio.ada, first, "back", "").await.unwrap_err();
    assert!(problem.cause.contains("permission denied to create extension \"pageinspect\""), "{problem}");
    assert!(problem.way_out.contains("superuser"), "{problem}");
    assert_eq!(left(&trio).await, Vec::<String>::new());
    trio.world.close().await;
}
