//! Triggers of the target while lookup rows are written: fired as the policy says, and afterwards exactly as they were.

use super::apply::{Pair, pair, run};
use super::harness::Database;
use lockstep::engine::target::apply::Applied;
use lockstep::engine::target::{cancellation, preflight, script};

/// Every state that a trigger can be in, on a table, on a partitioned one and on one partition alone; two tables refer to each other.
const BOTH: &str = r#"
    CREATE TABLE log (what text);
    CREATE FUNCTION note() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
      INSERT INTO public.log VALUES (TG_NAME || ' ' || TG_TABLE_NAME); RETURN coalesce(NEW, OLD); END $$;
    CREATE TABLE fees (id int PRIMARY KEY, name text NOT NULL, best int);
    CREATE TABLE tiers (id int PRIMARY KEY, fee int REFERENCES fees);
    ALTER TABLE fees ADD FOREIGN KEY (best) REFERENCES tiers;
    CREATE TABLE sales (id int PRIMARY KEY, fee int REFERENCES fees);
    CREATE TABLE rates (id int, region text, PRIMARY KEY (id, region)) PARTITION BY LIST (region);
    CREATE TABLE rates_eu PARTITION OF rates FOR VALUES IN ('eu');
    CREATE TABLE "rates of the US" PARTITION OF rates FOR VALUES IN ('us');
    CREATE TRIGGER plain AFTER INSERT OR UPDATE OR DELETE ON fees FOR EACH ROW EXECUTE FUNCTION note();
    CREATE TRIGGER "Each ""time""" BEFORE INSERT OR UPDATE OR DELETE ON fees FOR EACH STATEMENT EXECUTE FUNCTION note();
    CREATE TRIGGER always AFTER INSERT OR UPDATE ON fees FOR EACH ROW EXECUTE FUNCTION note();
    CREATE TRIGGER for_replicas AFTER INSERT OR UPDATE ON fees FOR EACH ROW EXECUTE FUNCTION note();
    CREATE TRIGGER never AFTER INSERT OR UPDATE ON fees FOR EACH ROW EXECUTE FUNCTION note();
    CREATE CONSTRAINT TRIGGER at_the_end AFTER INSERT OR UPDATE ON tiers DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION note();
    CREATE TRIGGER whole AFTER INSERT OR DELETE ON rates FOR EACH ROW EXECUTE FUNCTION note();
    CREATE TRIGGER eu_only AFTER INSERT ON rates_eu FOR EACH ROW EXECUTE FUNCTION note();
    ALTER TABLE fees ENABLE ALWAYS TRIGGER always, ENABLE REPLICA TRIGGER for_replicas, DISABLE TRIGGER never;
    ALTER TABLE rates_eu ENABLE ALWAYS TRIGGER eu_only"#;

const SOURCE: &str = "INSERT INTO fees VALUES (1, 'low', NULL), (3, 'new', NULL); INSERT INTO tiers VALUES (1, 3), (2, 1);
    UPDATE fees SET best = id - 1 WHERE id = 3; INSERT INTO rates VALUES (1, 'eu'), (3, 'us')";
/// The copy of the partitioned table's trigger is in another state here, which no comparison shows.
const TARGET: &str =
    "INSERT INTO fees VALUES (1, 'old', NULL), (2, 'gone', NULL); INSERT INTO rates VALUES (2, 'us'); DELETE FROM log;
    ALTER TABLE \"rates of the US\" ENABLE REPLICA TRIGGER whole";

async fn quiet() -> Pair {
    let pair = pair(&["fees", "tiers", "rates"], BOTH, SOURCE, TARGET).await;
    Pair { policy: lockstep::promotion::Policy { triggers_off: true, ..pair.policy }, ..pair }
}

async fn states(database: &Database) -> Vec<String> {
    database.column("SELECT concat_ws(' ', tgrelid::regclass, tgname, tgenabled) FROM pg_trigger ORDER BY 1").await
}

async fn log(database: &Database) -> Vec<String> {
    database.column("SELECT what FROM log ORDER BY 1").await
}

const NONE: [String; 0] = [];

#[tokio::test]
async fn triggers_fire_unless_the_policy_keeps_them_off() {
    let pair = pair(&["fees", "tiers", "rates"], BOTH, SOURCE, TARGET).await;
    let (_, preview) = pair.preview().await;
    for trigger in ["plain of public.fees", "eu_only of public.rates_eu"] {
        let fires = format!("The trigger {trigger} fires when its lookup rows are written.");
        assert!(preview.warnings.contains(&fires), "{:?}", preview.warnings);
    }
    pair.promote().await;
    let told = log(&pair.target).await;
    for name in ["plain fees", "always fees", "Each \"time\" fees", "at_the_end tiers", "whole rates_eu", "eu_only rates_eu"] {
        assert!(told.iter().any(|what| what == name), "{name} is missing in {told:?}");
    }
    assert!(!told.iter().any(|what| what.contains("never") || what.contains("for_replicas")), "{told:?}");
}

#[tokio::test]
async fn triggers_stay_silent_and_come_back_as_they_were() {
    let pair = quiet().await;
    let before = states(&pair.target).await;
    assert!(before.iter().any(|state| state.ends_with("whole R")) && before.iter().any(|state| state.ends_with("whole O")));
    let (_, preview) = pair.preview().await;
    let said: Vec<&String> = preview.warnings.iter().filter(|warning| warning.contains("stays off while")).collect();
    assert!(
        said.iter().any(|one| *one == "The trigger plain of public.fees stays off while its lookup rows are written."),
        "{said:?}"
    );
    assert!(!said.iter().any(|one| one.contains("never") || one.contains("for_replicas")), "neither would fire: {said:?}");
    pair.promote().await;
    assert_eq!(log(&pair.target).await, NONE);
    assert_eq!(states(&pair.target).await, before);
    pair.target.exec("UPDATE fees SET name = name WHERE id = 1").await;
    assert_eq!(log(&pair.target).await, ["Each \"time\" fees", "always fees", "plain fees"]);
}

#[tokio::test]
async fn the_script_keeps_triggers_off_as_a_run_does() {
    let pair = quiet().await;
    let before = states(&pair.target).await;
    let sealed = pair.sealed().await;
    pair.target.exec(&script::script(&sealed.plan, &sealed.lookup)).await;
    assert_eq!(log(&pair.target).await, NONE);
    assert_eq!(states(&pair.target).await, before);
    let (_, again) = pair.preview().await;
    assert_eq!(script::script(&again.sealed.plan, &again.sealed.lookup), "");
}

#[tokio::test]
async fn a_rollback_in_the_middle_leaves_triggers_as_they_were_and_foreign_keys_hold() {
    let pair = quiet().await;
    pair.target.exec("INSERT INTO sales VALUES (1, 2)").await;
    let rows = "SELECT f::text FROM fees AS f ORDER BY 1";
    let (before, there) = (states(&pair.target).await, pair.target.column(rows).await);
    let (_, preview) = pair.preview().await;
    let (_keep, cancel) = cancellation();
    match pair.run(&preview.sealed, run(1), &|_| {}, &cancel).await {
        Applied::NothingChanged { problem } => assert_eq!(problem.sqlstate.as_deref(), Some("23503"), "{problem}"),
        other => panic!("{other:?}"),
    }
    assert_eq!(states(&pair.target).await, before);
    assert_eq!(pair.target.column(rows).await, there);
    assert_eq!(log(&pair.target).await, NONE);
}

#[tokio::test]
async fn preflight_names_the_tables_whose_triggers_only_another_may_turn_off() {
    let pair = quiet().await;
    let role = format!("clerk_{}", std::process::id());
    pair.target
        .exec(&format!(
            "CREATE ROLE {role} LOGIN PASSWORD 'clerk'; GRANT ALL ON ALL TABLES IN SCHEMA public TO {role};
             ALTER TABLE rates OWNER TO {role}; ALTER TABLE rates_eu OWNER TO {role}; ALTER TABLE tiers OWNER TO {role}"
        ))
        .await;
    let sealed = pair.sealed().await;
    let clerk = pair.target.target_as(&role, "clerk");
    let problems = preflight::preflight(&clerk, &sealed).await.unwrap();
    let named: Vec<&str> = problems.iter().map(|one| one.cause.as_str()).filter(|cause| cause.contains("stay off")).collect();
    let owner = "and it belongs to postgres.";
    assert_eq!(
        named,
        [
            format!("Triggers of public.fees are to stay off, {owner}"),
            format!("Triggers of public.\"rates of the US\" are to stay off, {owner}")
        ]
    );
    assert_eq!(preflight::preflight(&pair.target.target(), &sealed).await.unwrap(), []);
}
