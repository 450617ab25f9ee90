//! One approved promotion, the databases that it is about, and the hands that disturb it.

use crate::child::{At, Orders, Process};
use crate::harness::{self, Database};
use crate::lost::{Contents, assert_nothing_lost};
use crate::trio::{AHEAD_ONLINE, Trio};
use lockstep::engine;
use lockstep::problem::Problem;
use lockstep::promotion::{Outcome, Policy, PromotionId, RunId};
use lockstep::run::{Event, EventKind, RunView, Step};
use sqlx::{AssertSqlSafe, PgConnection};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// How long anything may take before it counts as stuck.
pub const STUCK: Duration = Duration::from_secs(100);

/// How long a console that says nothing any more keeps its runs.
pub const LEASE: Duration = Duration::from_secs(2);

pub struct Stage {
    pub trio: Trio,
    pub promotion: PromotionId,
    pub before: Contents,
    /// What the target holds when the promotion has succeeded; none for what development holds.
    pub after: Option<Contents>,
}

/// A policy whose waits for locks are not what ends a run.
pub fn patient() -> Policy {
    Policy { lock_timeout_ms: 60_000, ..Policy::default() }
}

pub fn impatient() -> Policy {
    Policy { lock_timeout_ms: 500, ..Policy::default() }
}

impl Stage {
    pub async fn new(name: &str) -> Self {
        Self::with(name, patient(), "").await
    }

    /// The promotion has statements that come after its transaction.
    pub async fn online(name: &str) -> Self {
        Self::with(name, Policy { online: true, ..patient() }, AHEAD_ONLINE).await
    }

    /// Every environment has `both`, too.
    pub async fn with_both(name: &str, of_test: Policy, both: &str) -> Self {
        Self::set(name, of_test, both, "").await
    }

    /// Development is ahead by `more`, too.
    pub async fn with(name: &str, of_test: Policy, more: &str) -> Self {
        Self::set(name, of_test, "", more).await
    }

    async fn set(name: &str, of_test: Policy, both: &str, more: &str) -> Self {
        let databases =
            [harness::other_database("dev").await, harness::other_database("test").await, harness::other_database("prod").await];
        let trio = Trio::among(name, databases, of_test).await;
        for database in [&trio.development_database, &trio.test_database, &trio.production_database] {
            database.exec(include_str!("hook.sql")).await;
            database.exec(both).await;
        }
        trio.development_database.exec(more).await;
        trio.test_database.exec(include_str!("../../engine/target/queries/ledger.sql")).await;
        trio.test_database.exec(include_str!("target.sql")).await;
        let promotion = trio.approved().await;
        let before = Contents::of(&trio.test_database).await;
        Self { trio, promotion, before, after: None }
    }

    pub fn target(&self) -> &Database {
        &self.trio.test_database
    }

    pub fn orders(&self) -> Orders {
        Orders {
            store: self.trio.world.store.url().to_owned(),
            folder: self.trio.world.folder.clone(),
            backups: None,
            programs: std::env::var_os("LOCKSTEP_TEST_PG_BIN").map(PathBuf::from),
            lease: LEASE,
            fault: None,
        }
    }

    /// Starts a console that executes runs.
    pub async fn console(&self) -> Process {
        Process::start(&self.orders()).await
    }

    pub async fn faulty(&self, fault: At) -> Process {
        Process::start(&Orders { fault: Some(fault), ..self.orders() }).await
    }

    pub async fn start(&self) -> RunId {
        self.trio.start(self.promotion).await
    }

    /// The connection string of the target becomes another one; consoles read it anew for each run.
    pub fn reached_by(&self, url: &str) {
        let file = self.trio.test.connection.strip_prefix("file:").unwrap();
        std::fs::write(file, url).unwrap();
    }

    async fn events(&self, run: RunId) -> Vec<Arc<Event>> {
        let stored = async || {
            let mut viewer = engine::watch_run(&self.trio.world.console, &self.trio.ada, run, 0).await.ok()?;
            viewer.next().await.ok()?
        };
        until("the store answers", stored).await
    }

    /// Waits until the run has told something.
    pub async fn told(&self, run: RunId, what: &str, wanted: impl Fn(&EventKind) -> bool) {
        until(what, async || self.events(run).await.iter().any(|event| wanted(&event.kind)).then_some(())).await;
    }

    /// Waits until the run has told so much, or has ended.
    pub async fn so_many_events(&self, run: RunId, count: u64) {
        let ended = |event: &Arc<Event>| matches!(event.kind, EventKind::Finished { .. });
        until("the run goes on", async || {
            let events = self.events(run).await;
            (events.len() as u64 >= count || events.iter().any(ended)).then_some(())
        })
        .await;
    }

    pub async fn begun(&self, run: RunId, step: Step) {
        self.told(run, &format!("{step:?} begins"), |kind| *kind == EventKind::StepStarted { step }).await;
    }

    /// The run's story, once it has ended: numbered from 1 without gaps.
    pub async fn end(&self, run: RunId) -> RunView {
        let begun = Instant::now();
        until("the run ends", async || {
            let mut view = RunView::default();
            for event in self.events(run).await {
                assert_eq!(event.seq, view.seq() + 1, "events have no gaps");
                view.apply(event.as_ref().clone());
            }
            assert!(begun.elapsed() < STUCK, "the run is stuck:\n{}", story(&view));
            view.outcome.is_some().then_some(view)
        })
        .await
    }

    /// Waits for the end and holds everything against it.
    pub async fn settled(&self, run: RunId) -> RunView {
        let view = self.end(run).await;
        assert_nothing_lost(self, run, &view).await;
        view
    }

    /// The same for a run that does not wait for us any more.
    pub async fn settled_with(&self, run: RunId, hold: Hold<'_>) -> RunView {
        let view = self.end(run).await;
        hold.release().await;
        assert_nothing_lost(self, run, &view).await;
        view
    }

    pub async fn succeeds(&self, run: RunId) -> RunView {
        let view = self.settled(run).await;
        assert_eq!(view.outcome, Some(Outcome::Succeeded), "{}", story(&view));
        view
    }

    /// The run ends without having changed anything; why.
    pub async fn fails(&self, run: RunId) -> Problem {
        let view = self.settled(run).await;
        match view.outcome {
            Some(Outcome::Failed { problem }) => problem,
            _ => panic!("the run did not fail: {}", story(&view)),
        }
    }

    /// A target that nobody disturbs takes the rest: nothing is locked, frozen or half done.
    pub async fn goes_on(&self) {
        let promotion = self.trio.request(self.trio.freeze("after").await, &self.trio.test).await;
        self.trio.approve(promotion).await;
        let run = self.trio.start(promotion).await;
        let console = self.console().await;
        let view = self.end(run).await;
        console.kill().await;
        assert_eq!(view.outcome, Some(Outcome::Succeeded), "{}", story(&view));
    }

    /// What is done in the transaction of the run after each ALTER TABLE (`change`), or when its ledger row is written (`record`).
    pub async fn hook(&self, at: &str, sql: &str) {
        self.target().exec(&format!("INSERT INTO lockstep.hook VALUES ('{at}', $sql${sql}$sql$)")).await;
    }

    /// Keeps the run's transaction open at that place until it is let go on.
    pub async fn hold(&self, at: &str) -> Hold<'_> {
        let mut session = self.target().connect().await;
        exec(&mut session, "SELECT pg_advisory_lock(7)").await;
        self.hook(at, "SELECT pg_catalog.pg_advisory_xact_lock(7)").await;
        Hold { target: self.target(), session }
    }

    pub fn backups(&self) -> PathBuf {
        self.trio.world.console.backup_dir().to_owned()
    }

    pub async fn close(self) {
        self.trio.world.close().await;
    }
}

/// A transaction that waits for us.
pub struct Hold<'a> {
    target: &'a Database,
    session: PgConnection,
}

impl Hold<'_> {
    /// Returns once `sessions` of the run wait.
    pub async fn reached(&self) {
        let waits = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND objid = 7 AND NOT granted
            AND database = (SELECT oid FROM pg_database WHERE datname = current_database())";
        until("the transaction waits", async || (self.target.column(waits).await != ["0"]).then_some(())).await;
    }

    pub async fn release(self) {
        self.target.exec("DELETE FROM lockstep.hook").await;
        self.release_only().await;
    }

    /// The same, and whatever else is to be done in the transaction is done still.
    pub async fn release_only(mut self) {
        exec(&mut self.session, "SELECT pg_advisory_unlock_all()").await;
    }
}

pub async fn exec(session: &mut PgConnection, sql: &str) {
    sqlx::raw_sql(AssertSqlSafe(sql.to_owned())).execute(session).await.unwrap();
}

/// Asks again and again until there is an answer.
pub async fn until<T>(what: &str, ask: impl AsyncFn() -> Option<T>) -> T {
    within(STUCK + Duration::from_secs(5), what, async {
        let mut often = tokio::time::interval(Duration::from_millis(40));
        loop {
            often.tick().await;
            if let Some(answer) = ask().await {
                return answer;
            }
        }
    })
    .await
}

pub async fn within<T>(time: Duration, what: &str, work: impl Future<Output = T>) -> T {
    tokio::time::timeout(time, work).await.unwrap_or_else(|_| panic!("within {} s it did not happen that {what}", time.as_secs()))
}

/// A run as its page tells it.
pub fn story(view: &RunView) -> String {
    let lines: Vec<String> = view.events.iter().map(|event| format!("{:3} {}", event.seq, event.kind.sentence())).collect();
    format!("{:#?}\n{}", view.outcome, lines.join("\n"))
}
