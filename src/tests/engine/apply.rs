//! Promotions on a real server: how they end, and that each end is the true one.

use super::harness::{self, Database};
use lockstep::catalog::{QName, Scope};
use lockstep::engine::batches::Held;
use lockstep::engine::target::apply::{Applied, Order, apply, settle, terminate_orphans};
use lockstep::engine::target::preview::{Question, Release, hold, preview};
use lockstep::engine::target::{Cancel, Told, cancellation, connect, ledger, preflight, script};
use lockstep::lookup::{LookupSet, LookupTable, Mode};
use lockstep::promotion::{Policy, Preview, PromotionId, Sealed};
use lockstep::release::Content;
use lockstep::run::RunId;
use std::sync::{Arc, Mutex};
use uuid::Uuid;

/// A source and a target, and what is promoted between them.
pub struct Pair {
    pub source: Database,
    pub target: Database,
    pub set: LookupSet,
    pub policy: Policy,
}

pub fn mirror(tables: &[&str]) -> LookupSet {
    let table = |name: &&str| LookupTable::new(QName::new("public", *name), Mode::Mirror);
    LookupSet { tables: tables.iter().map(table).collect() }
}

pub async fn pair(tables: &[&str], both: &str, source: &str, target: &str) -> Pair {
    let pair = Pair {
        source: harness::database("source").await,
        target: harness::database("target").await,
        set: mirror(tables),
        policy: Policy { lock_timeout_ms: 1_000, ..Policy::default() },
    };
    pair.source.exec(&format!("{both};{source}")).await;
    pair.target.exec(&format!("{both};{target}")).await;
    pair
}

impl Pair {
    pub async fn preview(&self) -> (Content, Preview) {
        let (content, rows) = hold(&self.source.target(), &self.set, Scope::default()).await.unwrap();
        let url = self.target.target();
        let digest = content.digest();
        let question = Question {
            release: Release { content: &content, digest: &digest, rows: &mut Held(rows) },
            url: &url,
            target: "production",
            policy: &self.policy,
            renames: &[],
            promoted: None,
            choices: &[],
        };
        let (preview, _) = preview(question).await.unwrap();
        (content, preview)
    }

    pub async fn sealed(&self) -> Sealed {
        let (_, preview) = self.preview().await;
        assert_eq!(preview.blockers, [], "nothing stands in the way");
        preview.sealed
    }

    pub async fn run(&self, sealed: &Sealed, run: RunId, told: &(dyn Fn(Told) + Send + Sync), cancel: &Cancel) -> Applied {
        let (url, digest) = (self.target.target(), sealed.digest());
        apply(&self.order(&url, sealed, &digest, run), told, cancel).await
    }

    pub fn order<'a>(
        &'a self,
        url: &'a connect::TargetUrl,
        sealed: &'a Sealed,
        digest: &'a lockstep::catalog::Fingerprint,
        run: RunId,
    ) -> Order<'a> {
        Order {
            url,
            run,
            fence: 1,
            promotion: PromotionId(Uuid::from_u128(7)),
            digest,
            version: "1.4.0",
            notes: "Autumn fees",
            by: "Lena",
            sealed,
            set: &self.set,
            policy: &self.policy,
            restore: None,
            stopwatch: None,
        }
    }

    /// Promotes and expects success, then that nothing is left to do.
    pub async fn promote(&self) {
        self.promote_as(1).await;
    }

    /// As the run with this number.
    pub async fn promote_as(&self, number: u128) {
        let sealed = self.sealed().await;
        let (_keep, cancel) = cancellation();
        assert_eq!(self.run(&sealed, run(number), &|_| {}, &cancel).await, Applied::Committed);
        let (_, again) = self.preview().await;
        assert_eq!(script::script(&again.sealed.plan, &again.sealed.lookup), "", "a second preview has nothing to do");
    }
}

pub fn run(number: u128) -> RunId {
    RunId(Uuid::from_u128(number))
}

const BOTH: &str = "CREATE TABLE fees (id int PRIMARY KEY, name text NOT NULL, cents int);
    CREATE TABLE sales (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, fee int REFERENCES fees, amount int);";
const SOURCE: &str = "INSERT INTO fees VALUES (1, 'low', 10), (2, 'high', 90), (3, 'new', 5);
    ALTER TABLE sales ADD COLUMN note text;
    ALTER TABLE sales ADD CONSTRAINT positive CHECK (amount > 0)";
const TARGET: &str = "INSERT INTO fees VALUES (1, 'low', 10), (2, 'old', 80);
    INSERT INTO sales (fee, amount) SELECT 1, g FROM generate_series(1, 1000) g";

async fn example() -> Pair {
    pair(&["fees"], BOTH, SOURCE, TARGET).await
}

/// Everything that must be as it was when nothing was changed.
async fn contents(target: &Database) -> Vec<String> {
    let mut all = target.column("SELECT fees::text FROM fees ORDER BY id").await;
    all.extend(target.column("SELECT count(*) || ':' || sum(amount) FROM sales").await);
    all.extend(target.column("SELECT coalesce(to_regclass('lockstep.ledger')::text, 'no ledger')").await);
    all.push(target.catalog().await.fingerprint().0);
    all
}

fn problem(applied: Applied) -> lockstep::problem::Problem {
    match applied {
        Applied::NothingChanged { problem } => problem,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn a_promotion_makes_the_target_what_the_release_says_and_keeps_ordinary_rows() {
    let pair = example().await;
    pair.promote().await;
    assert_eq!(pair.target.column("SELECT count(*) FROM sales").await, ["1000"]);
    assert_eq!(pair.target.column("SELECT name FROM fees ORDER BY id").await, ["low", "high", "new"]);
    assert_eq!(
        pair.target.column("SELECT version || ' ' || description || ' ' || applied_by FROM schema_versions").await,
        ["1.4.0 Autumn fees Lena"]
    );
    let mut conn = connect::open(&pair.target.target(), "test").await.unwrap();
    let entry = ledger::current(&mut conn).await.unwrap().unwrap();
    assert_eq!((entry.run, entry.version.as_str(), entry.by.as_str()), (run(1), "1.4.0", "Lena"));
}

#[tokio::test]
async fn the_second_apply_of_a_run_does_nothing() {
    let pair = example().await;
    let sealed = pair.sealed().await;
    let (_keep, cancel) = cancellation();
    assert_eq!(pair.run(&sealed, run(1), &|_| {}, &cancel).await, Applied::Committed);
    assert_eq!(pair.run(&sealed, run(1), &|_| {}, &cancel).await, Applied::AlreadyThere);
    let (url, digest) = (pair.target.target(), sealed.digest());
    assert_eq!(settle(&pair.order(&url, &sealed, &digest, run(1))).await, Applied::AlreadyThere);
    assert_eq!(pair.target.column("SELECT count(*) FROM lockstep.ledger").await, ["1"]);
}

#[tokio::test]
async fn rows_that_break_a_new_rule_are_found_before_and_stop_the_transaction() {
    let pair = example().await;
    let sealed = pair.sealed().await;
    pair.target.exec("INSERT INTO sales (fee, amount) VALUES (1, -5)").await;
    let (_, preview) = pair.preview().await;
    assert!(preview.blockers[0].to_string().contains("1 row"), "{:?}", preview.blockers);
    let before = contents(&pair.target).await;
    let (_keep, cancel) = cancellation();
    let problem = problem(pair.run(&sealed, run(1), &|_| {}, &cancel).await);
    assert_eq!(problem.sqlstate.as_deref(), Some("23514"), "{problem}");
    assert_eq!(contents(&pair.target).await, before);
}

#[tokio::test]
async fn a_target_that_was_changed_after_approval_is_left_alone() {
    for change in ["UPDATE fees SET cents = 11 WHERE id = 1", "ALTER TABLE sales ADD COLUMN extra int"] {
        let pair = example().await;
        let sealed = pair.sealed().await;
        pair.target.exec(change).await;
        let before = contents(&pair.target).await;
        let (_keep, cancel) = cancellation();
        let problem = problem(pair.run(&sealed, run(1), &|_| {}, &cancel).await);
        assert!(problem.what.contains("was changed after the promotion was approved"), "{problem}");
        assert_eq!(contents(&pair.target).await, before);
    }
}

#[tokio::test]
async fn a_trigger_that_alters_what_is_written_fails_the_read_back() {
    let both = format!(
        "{BOTH} CREATE FUNCTION louder() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.name := upper(NEW.name); RETURN NEW; END $$;"
    );
    let after = "; CREATE TRIGGER louder BEFORE INSERT OR UPDATE ON fees FOR EACH ROW EXECUTE FUNCTION louder()";
    let pair = pair(&["fees"], &both, &format!("{SOURCE}{after}"), &format!("{TARGET}{after}")).await;
    let (_, preview) = pair.preview().await;
    assert!(preview.warnings.iter().any(|warning| warning.contains("louder")), "{:?}", preview.warnings);
    let before = contents(&pair.target).await;
    let (_keep, cancel) = cancellation();
    let problem = problem(pair.run(&preview.sealed, run(1), &|_| {}, &cancel).await);
    assert!(problem.what.contains("is not what the release says") && problem.cause.contains("fees"), "{problem}");
    assert_eq!(contents(&pair.target).await, before);
}

#[tokio::test]
async fn an_event_trigger_that_adds_to_the_schema_fails_the_read_back() {
    let pair = example().await;
    for side in [&pair.source, &pair.target] {
        side.exec(
            "CREATE FUNCTION meddle() RETURNS event_trigger LANGUAGE plpgsql AS $$ BEGIN
               IF to_regclass('public.meddled') IS NULL THEN CREATE TABLE public.meddled (id int); END IF; END $$;
             CREATE EVENT TRIGGER meddle ON ddl_command_end WHEN TAG IN ('ALTER TABLE') EXECUTE FUNCTION meddle()",
        )
        .await;
    }
    let sealed = pair.sealed().await;
    let before = contents(&pair.target).await;
    let (_keep, cancel) = cancellation();
    let problem = problem(pair.run(&sealed, run(1), &|_| {}, &cancel).await);
    assert!(problem.cause.contains("meddle"), "{problem}");
    assert_eq!(contents(&pair.target).await, before);
}

#[tokio::test]
async fn waiting_for_a_lock_names_the_session_that_holds_it_and_gives_up() {
    let pair = example().await;
    let sealed = pair.sealed().await;
    let before = contents(&pair.target).await;
    let mut holder = pair.target.connect().await;
    sqlx::raw_sql("SET application_name = 'reporting'; BEGIN; LOCK TABLE sales").execute(&mut holder).await.unwrap();
    let waited = Arc::new(Mutex::new(Vec::new()));
    let heard = Arc::clone(&waited);
    let (_keep, cancel) = cancellation();
    let told = move |told| {
        if let Told::Waiting { for_whom } = told {
            heard.lock().unwrap().push(for_whom);
        }
    };
    let problem = problem(pair.run(&sealed, run(1), &told, &cancel).await);
    assert_eq!(problem.sqlstate.as_deref(), Some("55P03"), "{problem}");
    let waited = waited.lock().unwrap().clone();
    assert!(waited.iter().any(|whom| whom.contains("reporting") && whom.contains("idle in transaction")), "{waited:?}");
    sqlx::raw_sql("ROLLBACK").execute(&mut holder).await.unwrap();
    assert_eq!(contents(&pair.target).await, before);
}

#[tokio::test]
async fn a_stop_in_the_middle_changes_nothing() {
    let pair = example().await;
    let sealed = pair.sealed().await;
    let before = contents(&pair.target).await;
    let (canceller, cancel) = cancellation();
    let told = move |told| {
        if matches!(told, Told::Progress { done: 1, .. }) {
            canceller.cancel();
        }
    };
    assert_eq!(pair.run(&sealed, run(1), &told, &cancel).await, Applied::Cancelled);
    assert_eq!(contents(&pair.target).await, before);
}

#[tokio::test]
async fn a_stop_while_waiting_for_a_lock_does_not_wait_for_it() {
    let mut pair = example().await;
    pair.policy.lock_timeout_ms = 600_000;
    let sealed = pair.sealed().await;
    let mut holder = pair.target.connect().await;
    sqlx::raw_sql("BEGIN; LOCK TABLE sales").execute(&mut holder).await.unwrap();
    let (canceller, cancel) = cancellation();
    let told = move |told| {
        if matches!(told, Told::Waiting { .. }) {
            canceller.cancel();
        }
    };
    let ended = {
        let run = pair.run(&sealed, run(1), &told, &cancel);
        // The look at the target afterwards needs the lock as well.
        let release = async {
            cancel.wait().await;
            sqlx::raw_sql("ROLLBACK").execute(&mut holder).await.unwrap();
        };
        tokio::join!(run, release).0
    };
    assert_eq!(ended, Applied::Cancelled);
}

#[tokio::test]
async fn a_session_that_is_killed_in_the_middle_leaves_nothing_behind() {
    let pair = example().await;
    let sealed = pair.sealed().await;
    let before = contents(&pair.target).await;
    let (_keep, cancel) = cancellation();
    let url = pair.target.target();
    let killed = Arc::new(Mutex::new(None));
    let slot = Arc::clone(&killed);
    let told = move |told| {
        if matches!(told, Told::Verifying) && slot.lock().unwrap().is_none() {
            // Reports are taken synchronously: the session ends before the next statement is sent.
            let url = url.clone();
            let ended = std::thread::spawn(move || {
                let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
                runtime.block_on(terminate_orphans(&url, run(1), 1)).unwrap()
            });
            *slot.lock().unwrap() = Some(ended.join().unwrap());
        }
    };
    let problem = problem(pair.run(&sealed, run(1), &told, &cancel).await);
    assert_eq!(*killed.lock().unwrap(), Some(1));
    assert!(!problem.what.is_empty());
    assert_eq!(contents(&pair.target).await, before);
}

#[tokio::test]
async fn a_run_that_died_before_its_commit_is_settled_as_nothing_changed() {
    let pair = example().await;
    let sealed = pair.sealed().await;
    let url = pair.target.target();
    let mut orphan = connect::open(&url, &format!("lockstep:{}:apply", run(1).0)).await.unwrap();
    sqlx::raw_sql("BEGIN; UPDATE public.fees SET cents = 0").execute(&mut orphan).await.unwrap();
    let digest = sealed.digest();
    let settled = settle(&pair.order(&url, &sealed, &digest, run(1))).await;
    assert!(matches!(settled, Applied::NothingChanged { .. }), "{settled:?}");
    assert_eq!(pair.target.column("SELECT cents FROM fees WHERE id = 1").await, ["10"]);
}

#[tokio::test]
async fn older_forms_of_the_table_of_versions_are_written_too_and_odd_ones_only_noted() {
    let forms = [
        ("CREATE TABLE schema_versions (version text PRIMARY KEY, notes text, installed_on timestamp)", 1),
        ("CREATE TABLE schema_versions (version int, applied_at timestamptz NOT NULL)", 0),
        ("CREATE TABLE schema_versions (rank int NOT NULL, version text)", 0),
    ];
    for (form, rows) in forms {
        let pair = example().await;
        pair.target.exec(form).await;
        let notes = Arc::new(Mutex::new(Vec::new()));
        let heard = Arc::clone(&notes);
        let (_keep, cancel) = cancellation();
        let told = move |told| {
            if let Told::Note(note) = told {
                heard.lock().unwrap().push(note);
            }
        };
        let sealed = pair.sealed().await;
        assert_eq!(pair.run(&sealed, run(1), &told, &cancel).await, Applied::Committed, "{form}");
        assert_eq!(pair.target.column("SELECT count(*) FROM schema_versions").await, [rows.to_string()], "{form}");
        assert_eq!(notes.lock().unwrap().iter().any(|note| note.contains("schema_versions")), rows == 0, "{form}");
    }
}

#[tokio::test]
async fn the_script_does_what_the_promotion_does() {
    let pair = example().await;
    let sealed = pair.sealed().await;
    pair.target.exec(&script::script(&sealed.plan, &sealed.lookup)).await;
    let (_, again) = pair.preview().await;
    assert_eq!(script::script(&again.sealed.plan, &again.sealed.lookup), "");
}

#[tokio::test]
async fn the_script_fails_as_a_whole_when_a_row_was_changed_meanwhile() {
    let pair = example().await;
    let sealed = pair.sealed().await;
    pair.target.exec("UPDATE fees SET name = 'mine' WHERE id = 2").await;
    let before = contents(&pair.target).await;
    let error = pair.target.try_exec(&script::script(&sealed.plan, &sealed.lookup)).await.unwrap_err();
    assert!(error.to_string().contains("was changed meanwhile"), "{error}");
    assert_eq!(contents(&pair.target).await, before);
}

#[tokio::test]
async fn preflight_finds_nothing_in_a_sound_target_and_everything_in_a_bad_one() {
    let pair = example().await;
    let sealed = pair.sealed().await;
    assert_eq!(preflight::preflight(&pair.target.target(), &sealed).await.unwrap(), []);
    let role = format!("weak_{}", std::process::id());
    pair.target
        .exec(&format!("CREATE ROLE {role} LOGIN PASSWORD 'weak'; GRANT SELECT ON ALL TABLES IN SCHEMA public TO {role}"))
        .await;
    let other = Sealed { target_identity: "another".to_owned(), ..sealed };
    let weak = pair.target.target_as(&role, "weak");
    let problems = preflight::preflight(&weak, &other).await.unwrap();
    let text = problems.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n");
    for word in ["another database", "belongs to", "schema lockstep"] {
        assert!(text.contains(word), "{word} is missing in\n{text}");
    }
}
