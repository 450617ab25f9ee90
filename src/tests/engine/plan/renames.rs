//! Renames that a person answered for keep the rows, and everything around them follows.

use super::apply;
use crate::harness;
use lockstep::catalog::QName;
use lockstep::diff;
use lockstep::engine::target::script::script;
use lockstep::plan::{HazardKind, Options, Plan, Rename, plan};

fn rename(table: &str, column: Option<&str>, to: &str) -> Rename {
    Rename { table: QName::new("public", table), column: column.map(str::to_owned), to: to.to_owned() }
}

/// Applies the plan with `renames` and gives it; both sides are equal afterwards, and `keeps` gives the same rows.
async fn renamed(target: &str, source: &str, renames: Vec<Rename>, keeps: (&str, &str)) -> Plan {
    let (old, new) = (harness::database("rename").await, harness::database("rename").await);
    old.exec(target).await;
    new.exec(source).await;
    let rows = old.column(keeps.0).await;
    let (before, wanted) = (old.catalog().await, new.catalog().await);
    let plan = plan(&wanted, &before, &Options { renames, ..Options::default() });
    assert_eq!(plan.refused, []);
    let text = script(&plan, &[]);
    apply(&old, &plan).await.unwrap_or_else(|error| panic!("{error}\nin\n{text}"));
    let reached = old.catalog().await;
    let left: Vec<String> =
        diff::diff(&wanted, &reached).iter().flat_map(|change| diff::words::sentences(&wanted, &reached, change)).collect();
    assert!(left.is_empty(), "{}\nafter\n{text}", left.join("\n"));
    assert_eq!(old.column(keeps.1).await, rows, "{text}");
    plan
}

fn statements(plan: &Plan) -> Vec<&str> {
    plan.statements().map(|statement| statement.sql.as_str()).collect()
}

#[tokio::test]
async fn a_column_is_renamed_with_what_hangs_on_it() {
    const MADE: &str = "CREATE TABLE p (id int PRIMARY KEY); CREATE TABLE t (id int PRIMARY KEY, vat text NOT NULL DEFAULT 'x' CHECK (length(vat) < 9), n int REFERENCES p,
         up text GENERATED ALWAYS AS (upper(vat)) STORED, UNIQUE (vat, n)); CREATE INDEX t_vat_idx ON t (lower(vat)) WHERE vat <> '';
         CREATE VIEW v AS SELECT vat FROM t; CREATE STATISTICS st ON vat, n FROM t; CREATE POLICY po ON t USING (vat <> 'secret');
         CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
         CREATE TRIGGER tr BEFORE UPDATE OF vat ON t FOR EACH ROW WHEN (NEW.vat <> '') EXECUTE FUNCTION f();";
    let target = format!("{MADE} INSERT INTO p VALUES (1); INSERT INTO t VALUES (1, 'a', 1), (2, 'b', NULL)");
    let plan = renamed(
        &target,
        &MADE.replace("vat", "tax_id"),
        vec![rename("t", Some("vat"), "tax_id")],
        ("SELECT (id, vat, up)::text FROM t", "SELECT (id, tax_id, up)::text FROM t"),
    )
    .await;
    let sql = statements(&plan);
    assert_eq!(sql[0], "ALTER TABLE \"public\".\"t\" RENAME COLUMN \"vat\" TO \"tax_id\"");
    let rest: Vec<&&str> = sql.iter().filter(|sql| !sql.contains(" RENAME ")).collect();
    assert!(rest.iter().all(|sql| sql.contains("VIEW") || sql.contains("grants")), "only the view is made anew: {sql:#?}");
    assert!(!plan.statements().any(|statement| statement.hazards.iter().any(|hazard| hazard.kind == HazardKind::DeletesData)));
}

#[tokio::test]
async fn a_table_is_renamed_with_what_hangs_on_it() {
    const MADE: &str = "CREATE TABLE shop (id serial PRIMARY KEY, parent int REFERENCES shop, name text); CREATE INDEX shop_name_idx ON shop (name);
         CREATE TABLE sale (shop int REFERENCES shop); CREATE VIEW v AS SELECT id FROM shop; CREATE TABLE child () INHERITS (shop);
         COMMENT ON TABLE shop IS 'sells'; ALTER TABLE shop CLUSTER ON shop_pkey;";
    let source = MADE.replace("shop", "merchant").replace("sale (merchant int", "sale (shop int");
    let plan = renamed(
        &format!("{MADE} INSERT INTO shop (name) VALUES ('a'), ('b'); INSERT INTO sale VALUES (1)"),
        &source,
        vec![rename("shop", None, "merchant")],
        ("SELECT (id, name)::text FROM shop", "SELECT (id, name)::text FROM merchant"),
    )
    .await;
    let sql = statements(&plan);
    let rest: Vec<&&str> = sql.iter().filter(|sql| !sql.contains(" RENAME ")).collect();
    assert!(rest.iter().all(|sql| sql.contains("VIEW") || sql.contains("grants")), "only the view is made anew: {sql:#?}");
}

#[tokio::test]
async fn table_and_column_are_renamed_together_with_other_changes() {
    let plan = renamed(
        "CREATE TABLE a (id int PRIMARY KEY, x text); INSERT INTO a VALUES (1, '7')",
        "CREATE TABLE b (id bigint PRIMARY KEY, y int NOT NULL, z text)",
        vec![rename("a", None, "b"), rename("b", Some("x"), "y")],
        ("SELECT (id, x)::text FROM a", "SELECT (id, y)::text FROM b"),
    )
    .await;
    let check =
        plan.checks.iter().find(|check| check.object.part == "y").map(|check| check.prepare.as_ref().unwrap_or(&check.count));
    assert!(check.is_some_and(|sql| sql.contains("\"a\"") || sql.contains(".a ")), "asked of the old table: {check:?}");
}

#[tokio::test]
async fn a_question_is_asked_where_only_a_person_knows() {
    let (old, new) = (harness::database("asked").await, harness::database("asked").await);
    old.exec("CREATE TABLE t (id int, vat text, a int, b int); CREATE TABLE gone (x int, y text)").await;
    new.exec("CREATE TABLE t (id int, tax text, c int); CREATE TABLE come (x int, y text)").await;
    let plan = plan(&new.catalog().await, &old.catalog().await, &Options::default());
    let choice = [rename("t", Some("a"), "c"), rename("t", Some("b"), "c")];
    let all = [&[rename("t", Some("vat"), "tax")][..], &choice, &[rename("gone", None, "come")]].concat();
    assert_eq!(plan.questions, all);
}

#[tokio::test]
async fn what_is_no_rename_is_refused() {
    let (old, new) = (harness::database("refused").await, harness::database("refused").await);
    old.exec("CREATE TABLE t (id int, vat text)").await;
    new.exec("CREATE TABLE t (id int, tax text)").await;
    for wrong in [rename("t", Some("id"), "tax"), rename("t", Some("vat"), "nothing"), rename("u", None, "t")] {
        let options = Options { renames: vec![wrong.clone()], ..Options::default() };
        let plan = plan(&new.catalog().await, &old.catalog().await, &options);
        assert_eq!(plan.refused.len(), 1, "{wrong}");
        assert!(plan.refused[0].what.contains(&wrong.to_string()), "{}", plan.refused[0]);
    }
    let answered = plan(
        &new.catalog().await,
        &old.catalog().await,
        &Options { renames: vec![rename("t", Some("vat"), "tax")], ..Options::default() },
    );
    assert!(answered.questions.is_empty());
}
