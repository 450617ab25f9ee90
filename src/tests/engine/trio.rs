//! Development, test and production of a small company, and two people who promote between them.

use crate::harness::{self, Database};
use crate::world::World;
use lockstep::access::{Actor, Role};
use lockstep::catalog::QName;
use lockstep::engine;
use lockstep::lookup::{LookupSet, LookupTable, Mode};
use lockstep::promotion::{Decision, DraftPreview, Environment, Policy, PromotionId, Proposal, ReleaseId, RunId};
use lockstep::run::{EventKind, RunView};

const BOTH: &str = "CREATE TABLE fees (id int PRIMARY KEY, name text NOT NULL, cents int);
    CREATE TABLE sales (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, fee int REFERENCES fees, amount int);
    INSERT INTO fees VALUES (1, 'low', 10), (2, 'old', 80)";

/// What development is ahead by.
const AHEAD: &str = "ALTER TABLE sales ADD COLUMN note text; CREATE INDEX sales_by_fee ON sales (fee);
    UPDATE fees SET name = 'high', cents = 90 WHERE id = 2; INSERT INTO fees VALUES (3, 'new', 5)";

pub struct Trio {
    pub world: World,
    pub development: Environment,
    pub test: Environment,
    pub production: Environment,
    pub development_database: Database,
    pub test_database: Database,
    pub production_database: Database,
    /// Requests and runs.
    pub ada: Actor,
    /// Approves.
    pub lea: Actor,
}

/// What an online promotion does after its transaction, besides the index.
pub const AHEAD_ONLINE: &str = "ALTER TABLE sales ALTER amount SET NOT NULL, ADD CONSTRAINT known CHECK (amount > -100),
    ADD CONSTRAINT one UNIQUE (id, fee)";

impl Trio {
    pub async fn new(name: &str) -> Self {
        Self::with(name, Policy { lock_timeout_ms: 1_000, ..Policy::default() }).await
    }

    /// Test is promoted into while its clients work.
    pub async fn online(name: &str) -> Self {
        let trio = Self::with(name, Policy { online: true, lock_timeout_ms: 1_000, ..Policy::default() }).await;
        trio.development_database.exec(AHEAD_ONLINE).await;
        trio
    }

    /// The same, rehearsed before.
    pub async fn rehearsing(name: &str) -> Self {
        let trio = Self::with(name, Policy { online: true, rehearsal: true, ..Policy::default() }).await;
        trio.development_database.exec(AHEAD_ONLINE).await;
        trio
    }

    /// Test has a policy of its own.
    pub async fn with(name: &str, of_test: Policy) -> Self {
        let databases = tokio::join!(harness::database("dev"), harness::database("test"), harness::database("prod"));
        Self::among(name, databases.into(), of_test).await
    }

    /// Development, test and production are these databases.
    pub async fn among(name: &str, databases: [Database; 3], of_test: Policy) -> Self {
        let world = World::new(name).await;
        let [development_database, test_database, production_database] = databases;
        for database in [&development_database, &test_database, &production_database] {
            database.exec(BOTH).await;
        }
        development_database.exec(AHEAD).await;
        production_database.exec("INSERT INTO sales (fee, amount) SELECT 1, g FROM generate_series(1, 1000) AS g").await;
        let policy = Policy { lock_timeout_ms: 1_000, ..Policy::default() };
        let protected = Policy { protected: true, ..policy.clone() };
        let development = world.environment("development", &development_database, policy).await;
        let test = world.environment("test", &test_database, of_test).await;
        let production = world.environment("production", &production_database, protected).await;
        let fees = LookupTable::new(QName::new("public", "fees"), Mode::Mirror);
        engine::edit_lookup_set(&world.console, &world.owner, &LookupSet { tables: vec![fees] }).await.unwrap();
        let ada = world.person("Ada", Role::Admin).await;
        let lea = world.person("Lea", Role::Lead).await;
        Self { world, development, test, production, development_database, test_database, production_database, ada, lea }
    }

    pub async fn freeze(&self, version: &str) -> ReleaseId {
        engine::freeze(&self.world.console, &self.ada, self.development.id, version, "Autumn fees").await.unwrap().id
    }

    pub async fn draft(&self, release: ReleaseId, target: &Environment) -> DraftPreview {
        engine::preview(&self.world.console, &self.ada, &proposal(release, target)).await.unwrap()
    }

    pub async fn request(&self, release: ReleaseId, target: &Environment) -> PromotionId {
        self.propose(&proposal(release, target)).await
    }

    /// Ada confirms every loss and requests.
    pub async fn propose(&self, proposal: &Proposal) -> PromotionId {
        let draft = engine::preview(&self.world.console, &self.ada, proposal).await.unwrap();
        let confirmed: Vec<String> = draft.preview.to_confirm(&draft.lookup_totals).into_iter().map(|loss| loss.id).collect();
        engine::request(&self.world.console, &self.ada, proposal, &draft.digest.0, &confirmed, "As agreed").await.unwrap()
    }

    /// Lea approves.
    pub async fn approve(&self, promotion: PromotionId) {
        let detail = engine::promotion(&self.world.console, &self.lea, promotion).await.unwrap();
        let (digest, name) = (&detail.digest.0, &detail.summary.target);
        engine::decide(&self.world.console, &self.lea, promotion, digest, Decision::Approve, "", name).await.unwrap();
    }

    /// Freezes version 1, requests it into test and approves.
    pub async fn approved(&self) -> PromotionId {
        let promotion = self.request(self.freeze("1").await, &self.test).await;
        self.approve(promotion).await;
        promotion
    }

    pub async fn start(&self, promotion: PromotionId) -> RunId {
        engine::start_run(&self.world.console, &self.ada, promotion).await.unwrap()
    }

    /// Starts the run and watches it to its end.
    pub async fn run(&self, promotion: PromotionId) -> RunView {
        let run = self.start(promotion).await;
        watch(&self.world.console, &self.ada, run).await
    }
}

/// Without renames.
pub fn proposal(release: ReleaseId, target: &Environment) -> Proposal {
    Proposal::new(release, target.id)
}

/// Follows a run as a page does.
pub async fn watch(console: &engine::Console, actor: &Actor, run: RunId) -> RunView {
    let mut view = RunView::default();
    let mut viewer = engine::watch_run(console, actor, run, 0).await.unwrap();
    while let Some(events) = viewer.next().await.unwrap() {
        for event in events {
            assert_eq!(event.seq, view.seq() + 1, "events have no gaps");
            view.apply(event.as_ref().clone());
        }
    }
    assert!(view.outcome.is_some(), "it is watched to its end");
    view
}

/// Returns when a run has told what is wanted.
pub async fn heard(console: &engine::Console, actor: &Actor, run: RunId, wanted: impl Fn(&EventKind) -> bool) {
    let mut viewer = engine::watch_run(console, actor, run, 0).await.unwrap();
    while let Some(events) = viewer.next().await.unwrap() {
        if events.iter().any(|event| wanted(&event.kind)) {
            return;
        }
    }
    panic!("the run has ended without it");
}
