use crate::backup_drill::{scratch, scratches};
use crate::trio::{Trio, heard, watch};
use crate::world::refusal;
use lockstep::access::Role;
use lockstep::engine::{self, Faults, Moment};
use lockstep::problem::ProblemKind;
use lockstep::promotion::{Like, Outcome, Policy, State};
use lockstep::run::{EventKind, Step, StepStatus, StepView};

/// What must be the same when nothing was changed.
async fn contents(trio: &Trio) -> Vec<String> {
    let test = &trio.test_database;
    let mut all = test.column("SELECT fees::text FROM fees ORDER BY id").await;
    all.push(test.catalog().await.fingerprint().0);
    all
}

async fn ledger_rows(trio: &Trio) -> usize {
    match test_has_ledger(trio).await {
        true => trio.test_database.column("SELECT run_id FROM lockstep.ledger").await.len(),
        false => 0,
    }
}

async fn test_has_ledger(trio: &Trio) -> bool {
    trio.test_database.column("SELECT to_regclass('lockstep.ledger') IS NOT NULL").await == ["true"]
}

fn problem(outcome: Option<Outcome>) -> lockstep::problem::Problem {
    match outcome {
        Some(Outcome::Failed { problem }) => problem,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn rows_that_break_the_new_rule_end_the_run_and_nothing_is_changed() {
    let trio = Trio::new("data_violates").await;
    trio.development_database.exec("ALTER TABLE sales ADD CONSTRAINT positive CHECK (amount > 0)").await;
    trio.world.console.start_runner().await.unwrap();
    let promotion = trio.approved().await;
    trio.test_database.exec("INSERT INTO sales (fee, amount) VALUES (1, -5)").await;
    let before = contents(&trio).await;
    let view = trio.run(promotion).await;
    let problem = problem(view.outcome);
    assert_eq!(problem.sqlstate.as_deref(), Some("23514"), "{problem:?}");
    assert_eq!(contents(&trio).await, before);
    assert_eq!(ledger_rows(&trio).await, 0);
    let apply = view.steps.iter().find(|step| step.step == Step::Apply);
    assert_eq!(apply.map(|step| step.status), Some(StepStatus::Failed));
    trio.world.close().await;
}

#[tokio::test]
async fn a_target_that_was_changed_after_the_approval_ends_the_run_and_keeps_the_change() {
    for change in ["ALTER TABLE sales ADD COLUMN drift int", "UPDATE fees SET cents = 99 WHERE id = 1"] {
        let trio = Trio::new("target_changed").await;
        trio.world.console.start_runner().await.unwrap();
        let promotion = trio.approved().await;
        trio.test_database.exec(change).await;
        let before = contents(&trio).await;
        assert_eq!(problem(trio.run(promotion).await.outcome).kind, ProblemKind::Conflict, "{change}");
        assert_eq!(contents(&trio).await, before, "{change}");
        trio.world.close().await;
    }
}

#[tokio::test]
async fn a_database_that_cannot_be_reached_ends_the_run_in_words_without_a_secret() {
    let trio = Trio::new("unreachable").await;
    trio.world.console.start_runner().await.unwrap();
    let promotion = trio.approved().await;
    let file = trio.test.connection.strip_prefix("file:").unwrap();
    std::fs::write(file, "postgresql://someone:canary@127.0.0.1:1/nothing?connect_timeout=1").unwrap();
    let view = trio.run(promotion).await;
    let problem = problem(view.outcome.clone());
    assert_eq!(problem.kind, ProblemKind::Unreachable);
    assert!(!serde_json::to_string(&view).unwrap().contains("canary"));
    trio.world.close().await;
}

#[tokio::test]
async fn an_approval_of_somebody_who_lost_the_role_stops_the_start() {
    let trio = Trio::new("demoted").await;
    let console = &trio.world.console;
    let promotion = trio.approved().await;
    engine::change_role(console, &trio.world.owner, trio.lea.id, Role::Auditor).await.unwrap();
    assert_eq!(refusal(engine::start_run(console, &trio.ada, promotion).await).0, ProblemKind::Forbidden);
    trio.world.close().await;
}

#[tokio::test]
async fn an_approval_that_is_void_when_the_runner_begins_ends_the_run_before_anything_is_touched() {
    let trio = Trio::new("demoted_late").await;
    let console = &trio.world.console;
    let promotion = trio.approved().await;
    let run = trio.start(promotion).await;
    engine::disable_person(console, &trio.world.owner, trio.lea.id).await.unwrap();
    console.start_runner().await.unwrap();
    let view = watch(console, &trio.ada, run).await;
    assert_eq!(problem(view.outcome).kind, ProblemKind::Forbidden);
    assert_eq!(ledger_rows(&trio).await, 0);
    trio.world.close().await;
}

#[tokio::test]
async fn what_was_sealed_cannot_be_changed_and_is_not_believed_when_it_was() {
    let trio = Trio::new("sealed").await;
    let promotion = trio.approved().await;
    let change = "UPDATE promotions SET preview = replace(preview, 'sales_by_fee', 'sales_by_fox')";
    let refused = trio.world.store.try_exec(change).await.unwrap_err();
    assert_eq!(refused.as_database_error().unwrap().code().unwrap(), "42501");
    trio.world.store.exec(&format!("ALTER TABLE promotions DISABLE TRIGGER sealed; {change}")).await;
    let (kind, what) = refusal(engine::start_run(&trio.world.console, &trio.ada, promotion).await);
    assert_eq!((kind, what.as_str()), (ProblemKind::Internal, "The sealed preview cannot be used."));
    trio.world.close().await;
}

#[tokio::test]
async fn asking_twice_gives_the_same_run_and_asking_at_once_too() {
    let trio = Trio::new("start_twice").await;
    let console = &trio.world.console;
    let promotion = trio.approved().await;
    let starts = (0..8).map(|_| engine::start_run(console, &trio.ada, promotion));
    let mut runs: Vec<_> = futures::future::join_all(starts).await.into_iter().map(Result::unwrap).collect();
    runs.dedup();
    assert_eq!(runs.len(), 1);
    assert_eq!(trio.world.store.column("SELECT count(*) FROM run_events").await, ["1"]);
    trio.world.close().await;
}

#[tokio::test]
async fn a_run_that_is_cancelled_before_its_commit_changes_nothing() {
    let trio = Trio::new("cancel_run").await;
    let console = &trio.world.console;
    let promotion = trio.approved().await;
    let before = contents(&trio).await;
    // A lock that is held keeps the run before its COMMIT until it is cancelled.
    let mut other = trio.test_database.connect().await;
    sqlx::raw_sql("BEGIN; LOCK TABLE sales IN SHARE ROW EXCLUSIVE MODE").execute(&mut other).await.unwrap();
    let run = trio.start(promotion).await;
    console.start_runner().await.unwrap();
    let waits = |kind: &EventKind| matches!(kind, EventKind::StepStarted { step: Step::Apply });
    heard(console, &trio.ada, run, waits).await;
    engine::cancel(console, &trio.lea, promotion).await.unwrap();
    let view = watch(console, &trio.ada, run).await;
    sqlx::raw_sql("ROLLBACK").execute(&mut other).await.unwrap();
    assert_eq!(view.outcome, Some(Outcome::Cancelled), "{view:#?}");
    assert!(view.cancel_requested);
    assert_eq!(contents(&trio).await, before);
    trio.world.close().await;
}

#[tokio::test]
async fn a_run_that_has_ended_is_not_cancelled() {
    let trio = Trio::new("cancel_late").await;
    trio.world.console.start_runner().await.unwrap();
    let promotion = trio.approved().await;
    assert_eq!(trio.run(promotion).await.outcome, Some(Outcome::Succeeded));
    assert_eq!(refusal(engine::cancel(&trio.world.console, &trio.ada, promotion).await).0, ProblemKind::Conflict);
    trio.world.close().await;
}

#[tokio::test]
async fn a_shutdown_lets_the_run_be_taken_up_by_the_next_start() {
    let trio = Trio::new("shutdown").await;
    let promotion = trio.approved().await;
    let run = trio.start(promotion).await;
    let first = trio.world.reopen().await;
    first.start_runner().await.unwrap();
    first.shutdown().await;
    trio.world.console.start_runner().await.unwrap();
    let view = watch(&trio.world.console, &trio.ada, run).await;
    assert_eq!(view.outcome, Some(Outcome::Succeeded));
    assert_eq!(ledger_rows(&trio).await, 1);
    trio.world.close().await;
}

/// Crashes at one write to the journal, starts a console on the same store, and holds its answer against the target. False when the
/// run ended without reaching the write.
async fn crash_and_recover(trio: Trio, moment: Moment, write: u32) -> bool {
    let before = contents(&trio).await;
    let promotion = trio.approved().await;
    let run = trio.start(promotion).await;
    let first = trio.world.reopen().await;
    let (faults, mut crash) = Faults::crash(moment, write);
    first.start_runner_with(faults).await.unwrap();
    let crashed = tokio::select! {
        () = crash.reached() => true,
        _ = watch(&trio.world.console, &trio.ada, run) => false,
    };
    first.kill_runner().await;
    trio.world.console.start_runner().await.unwrap();
    let view = watch(&trio.world.console, &trio.ada, run).await;
    assert_eq!(view.outcome, Some(Outcome::Succeeded), "{moment:?} write {write}: {view:#?}");
    let left_out = |step: &StepView| step.step == Step::Rehearse && !trio.test.policy.rehearsal;
    let wanted = |step: &StepView| if left_out(step) { StepStatus::Skipped } else { StepStatus::Done };
    assert!(view.steps.iter().all(|step| step.status == wanted(step)), "{moment:?} write {write}: {view:#?}");
    assert_eq!(ledger_rows(&trio).await, 1, "{moment:?} write {write}");
    assert_ne!(contents(&trio).await, before);
    let fees = trio.test_database.column("SELECT id || name || cents FROM fees ORDER BY id").await;
    assert_eq!(fees, ["1low10", "2high90", "3new5"], "{moment:?} write {write}");
    let (reached, wanted) = (trio.test_database.catalog().await, trio.development_database.catalog().await);
    assert_eq!(reached.fingerprint(), wanted.fingerprint(), "{moment:?} write {write}");
    let left = "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND application_name LIKE 'lockstep:%'";
    assert_eq!(trio.test_database.column(left).await, Vec::<String>::new(), "{moment:?} write {write}");
    assert!(!scratches(&trio.test_database).await.contains(&scratch(run)), "{moment:?} write {write}");
    let partial = std::fs::read_dir(trio.world.console.backup_dir()).unwrap();
    let partial = partial.filter(|entry| entry.as_ref().unwrap().file_name().to_string_lossy().ends_with(".partial"));
    assert_eq!(partial.count(), 0, "{moment:?} write {write}");
    let detail = engine::promotion(&trio.world.console, &trio.ada, promotion).await.unwrap();
    assert!(matches!(detail.summary.state, State::Finished { outcome: Outcome::Succeeded, .. }));
    let audit = engine::verify_audit(&trio.world.console, &trio.ada).await.unwrap();
    assert!(audit.starts_with("All "), "{audit}");
    let resumed = view.events.iter().filter(|event| matches!(event.kind, EventKind::Resumed { .. })).count();
    // A crash after the last write leaves nothing to take up.
    assert!(resumed == usize::from(crashed) || moment == Moment::After, "{moment:?} write {write}: {view:#?}");
    first.shutdown().await;
    trio.world.close().await;
    crashed
}

#[tokio::test]
async fn a_crash_before_any_write_ends_in_the_true_state() {
    let mut write = 1;
    while crash_and_recover(Trio::online("crash").await, Moment::Before, write).await {
        write += 1;
    }
    assert!(write > 8, "the sweep went over {write} writes");
}

#[tokio::test]
async fn a_crash_after_any_write_ends_in_the_true_state() {
    let mut write = 1;
    while crash_and_recover(Trio::new("crash").await, Moment::After, write).await {
        write += 1;
    }
    assert!(write > 8, "the sweep went over {write} writes");
}

/// Each write of the rehearsal once, on one side of it or the other: the step is as long as all others together.
#[tokio::test]
async fn a_crash_in_a_rehearsal_ends_in_the_true_state_and_leaves_no_scratch_database() {
    let trio = async || Trio::with("crash", Policy { rehearsal: true, ..Policy::default() }).await;
    let undisturbed = trio().await;
    undisturbed.world.console.start_runner().await.unwrap();
    let promotion = undisturbed.approved().await;
    let view = undisturbed.run(promotion).await;
    undisturbed.world.close().await;
    // The first event is the person's; the runner writes one event at a time until the end.
    let write = |wanted: EventKind| view.events.iter().find(|event| event.kind == wanted).map(|event| event.seq - 1).unwrap();
    let (first, last) =
        (write(EventKind::StepStarted { step: Step::Rehearse }), write(EventKind::StepFinished { step: Step::Rehearse }));
    assert!(last - first > 8, "{view:#?}");
    for (write, moment) in (first..=last).zip([Moment::Before, Moment::After].into_iter().cycle()) {
        assert!(crash_and_recover(trio().await, moment, u32::try_from(write).unwrap()).await);
    }
}

#[tokio::test]
async fn rows_that_break_a_rule_of_an_online_promotion_leave_the_rest_in_and_the_next_one_finishes_it() {
    let trio = Trio::online("left").await;
    trio.world.console.start_runner().await.unwrap();
    let promotion = trio.approved().await;
    trio.test_database.exec("INSERT INTO sales (fee, amount) VALUES (1, -500)").await;
    let view = trio.run(promotion).await;
    let Some(Outcome::NeedsAttention { problem }) = view.outcome else { panic!("{view:#?}") };
    assert_eq!(problem.sqlstate.as_deref(), Some("23514"), "{problem}");
    assert!(problem.what.contains("Proves the constraint known"), "{problem}");
    assert_eq!(ledger_rows(&trio).await, 1);
    let proofs = "SELECT conname FROM pg_constraint WHERE conrelid = 'sales'::regclass AND NOT convalidated";
    assert_eq!(trio.test_database.column(proofs).await.first().map(String::as_str), Some("known"));
    trio.test_database.exec("UPDATE sales SET amount = 5 WHERE amount = -500").await;
    let console = &trio.world.console;
    let found = engine::in_database(console, &trio.ada, promotion).await.unwrap();
    assert!(found.committed && found.sessions.is_empty(), "{found:?}");
    assert_eq!((found.schema, found.lookup), (Like::After, Some(Like::After)), "but for what is left: {found:?}");
    assert_eq!(
        found.left.first().map(|left| left.sql.as_str()),
        Some("ALTER TABLE \"public\".\"sales\" VALIDATE CONSTRAINT \"known\"")
    );
    assert!(
        found.runbook.iter().any(|step| step.sql.as_ref().is_some_and(|sql| sql.contains("VALIDATE CONSTRAINT"))),
        "{found:?}"
    );
    let release = trio.freeze("2").await;
    let closed = trio.draft(release, &trio.test).await.preview.blockers;
    assert_eq!(closed[0].what, "Test is closed: the promotion of 1 needs attention.");
    assert_eq!(refusal(engine::settle(console, &trio.ada, promotion, "Looked at it.").await).0, ProblemKind::Forbidden);
    assert_eq!(refusal(engine::settle(console, &trio.lea, promotion, " ").await).0, ProblemKind::Invalid);
    engine::settle(console, &trio.lea, promotion, "One row had a negative amount; corrected.").await.unwrap();
    assert_eq!(refusal(engine::settle(console, &trio.lea, promotion, "Again.").await).0, ProblemKind::Conflict);
    let next = trio.request(release, &trio.test).await;
    trio.approve(next).await;
    assert_eq!(trio.run(next).await.outcome, Some(Outcome::Succeeded));
    let (reached, wanted) = (trio.test_database.catalog().await, trio.development_database.catalog().await);
    assert_eq!(reached.fingerprint(), wanted.fingerprint());
    trio.world.close().await;
}

#[tokio::test]
async fn clients_write_while_an_online_promotion_builds_and_proves() {
    let trio = Trio::online("writes").await;
    trio.world.console.start_runner().await.unwrap();
    let promotion = trio.approved().await;
    // A transaction that has written keeps an index from being finished, and does not keep others from writing.
    let mut writer = trio.test_database.connect().await;
    let run = trio.start(promotion).await;
    let console = &trio.world.console;
    let building = |kind: &EventKind| matches!(kind, EventKind::Progress { what, .. } if what.contains("while others"));
    heard(console, &trio.ada, run, building).await;
    sqlx::raw_sql("BEGIN; SET LOCAL lock_timeout = '5s'; INSERT INTO sales (fee, amount) VALUES (1, 7)")
        .execute(&mut writer)
        .await
        .unwrap();
    sqlx::raw_sql("COMMIT").execute(&mut writer).await.unwrap();
    assert_eq!(watch(console, &trio.ada, run).await.outcome, Some(Outcome::Succeeded));
    assert_eq!(trio.test_database.column("SELECT amount FROM sales").await, ["7"]);
    trio.world.close().await;
}

#[tokio::test]
async fn a_change_that_happened_and_was_not_written_down_is_found_in_the_ledger() {
    let trio = Trio::new("unrecorded").await;
    let promotion = trio.approved().await;
    let run = trio.start(promotion).await;
    let first = trio.world.reopen().await;
    // The write after the COMMIT is the end of the verification; until it, the journal says that the run is verifying.
    let (faults, mut crash) = Faults::crash(Moment::Before, ends_verification(&trio).await);
    first.start_runner_with(faults).await.unwrap();
    crash.reached().await;
    while ledger_rows(&trio).await == 0 {}
    first.kill_runner().await;
    trio.world.console.start_runner().await.unwrap();
    let view = watch(&trio.world.console, &trio.ada, run).await;
    assert_eq!(view.outcome, Some(Outcome::Succeeded));
    let found = view.events.iter().find_map(|event| match &event.kind {
        EventKind::Resumed { found } => Some(found.as_str()),
        _ => None,
    });
    assert_eq!(found, Some("The change is in the ledger of Test: it happened in full."));
    assert_eq!(ledger_rows(&trio).await, 1);
    first.shutdown().await;
    trio.world.close().await;
}

/// The number of the runner's write that ends the verification, from an equal run that nothing disturbs.
async fn ends_verification(like: &Trio) -> u32 {
    let trio = Trio::new("undisturbed").await;
    assert_eq!(contents(&trio).await, contents(like).await);
    trio.world.console.start_runner().await.unwrap();
    let promotion = trio.approved().await;
    let view = trio.run(promotion).await;
    let ended = |kind: &EventKind| matches!(kind, EventKind::StepFinished { step: Step::Verify });
    // The first event is the person's; the runner writes one event at a time until the end.
    let event = view.events.iter().find(|event| ended(&event.kind)).unwrap();
    trio.world.close().await;
    u32::try_from(event.seq - 1).unwrap()
}
