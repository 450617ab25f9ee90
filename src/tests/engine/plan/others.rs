//! What holds for plans as a whole.

use super::{CASE, Case, check};
use crate::harness;
use lockstep::engine::target::checks;
use lockstep::engine::target::script::script;
use lockstep::plan::{HazardKind, Options, plan};
use sqlx::Connection;

#[tokio::test]
async fn a_database_is_made_from_nothing_and_taken_back_to_nothing() {
    check(&[Case { name: "everything", source: include_str!("../everything.sql"), ..CASE }]).await;
}

#[tokio::test]
async fn equal_databases_give_no_plan() {
    let (one, two) = (harness::database("equal").await, harness::database("equal").await);
    one.exec(include_str!("../everything.sql")).await;
    two.exec(include_str!("../everything.sql")).await;
    let plan = plan(&one.catalog().await, &two.catalog().await, &Options::default());
    assert!(plan.is_empty() && plan.changes.is_empty(), "{}", script(&plan, &[]));
    assert_eq!(script(&plan, &[]), "");
}

#[tokio::test]
async fn losses_come_first_and_are_named() {
    let (target, source) = (harness::database("loss").await, harness::database("loss").await);
    target.exec("CREATE TABLE a (id int, gone text); CREATE TABLE z (id int)").await;
    source.exec("CREATE TABLE a (id int); CREATE TABLE b (id int)").await;
    let plan = plan(&source.catalog().await, &target.catalog().await, &Options::default());
    let first: Vec<bool> =
        plan.changes.iter().map(|change| change.hazards.iter().any(|hazard| hazard.kind == HazardKind::DeletesData)).collect();
    assert_eq!(first, [true, true, false]);
    assert_eq!(plan.changes[0].sentences, ["Removes the table public.z with one column."]);
    assert_eq!(plan.changes[1].sentences, ["Removes the text column gone from public.a."]);
}

#[tokio::test]
async fn another_type_in_a_partition_key_is_refused() {
    let (target, source) = (harness::database("key").await, harness::database("key").await);
    target.exec("CREATE TABLE p (a int, b int) PARTITION BY RANGE (a)").await;
    source.exec("CREATE TABLE p (a bigint, b int) PARTITION BY RANGE (a)").await;
    let plan = plan(&source.catalog().await, &target.catalog().await, &Options::default());
    assert_eq!(plan.refused.len(), 1);
    assert!(plan.refused[0].what.contains("public.p"), "{}", plan.refused[0]);
}

#[tokio::test]
async fn checks_count_the_rows_that_stand_in_the_way() {
    let (target, source) = (harness::database("checks").await, harness::database("checks").await);
    target.exec("CREATE TABLE p (id int PRIMARY KEY); CREATE DOMAIN short AS text; CREATE TABLE t (id int PRIMARY KEY, a int, b int, p int, d short); INSERT INTO t VALUES (1, NULL, 5, 1, 'VALUE'), (2, 7, 5, NULL, NULL)").await;
    source
        .exec("CREATE DOMAIN short AS text CHECK (length(VALUE) < 5 OR VALUE = 'a'); CREATE TABLE p (id int PRIMARY KEY); CREATE TABLE t (id int PRIMARY KEY, a int NOT NULL, b int UNIQUE, p int REFERENCES p, d short, n int NOT NULL, CONSTRAINT small CHECK (b < 5)); CREATE UNIQUE INDEX twice ON t (lower(b::text), b DESC) WHERE id > 0; CREATE UNIQUE INDEX once ON t (id)")
        .await;
    let plan = plan(&source.catalog().await, &target.catalog().await, &Options::default());
    let mut counts = Vec::new();
    for check in &plan.checks {
        let count = target.column(check.count.as_str()).await;
        let samples = target.column(check.sample.as_str()).await;
        let part = if check.object.part.is_empty() { &check.object.name } else { &check.object.part };
        counts.push((part.as_str(), count.join(","), samples.join(",")));
    }
    counts.sort();
    let expected = [
        ("a", "1", "1"),
        ("d", "1", "1"),
        ("n", "2", "1,2"),
        ("once", "0", ""),
        ("small", "2", "1,2"),
        ("t_b_key", "1", "5"),
        ("t_p_fkey", "1", "1"),
        ("twice", "1", "5, 5"),
    ];
    assert_eq!(counts, expected.map(|(part, count, samples)| (part, count.to_owned(), samples.to_owned())));
}

#[tokio::test]
async fn values_that_do_not_fit_their_new_type_are_counted() {
    let (target, source) = (harness::database("fits").await, harness::database("fits").await);
    target
        .exec(
            "CREATE TYPE mood AS ENUM ('a', 'b', 'c'); CREATE TABLE t (id int PRIMARY KEY, short text, small bigint, price numeric, word text, number text,
               token varchar, m mood, l mood[]);
             INSERT INTO t VALUES (1, 'ab   ', 1, 9.99, 'a', ' 12 ', 'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11', 'a', '{a}'),
               (2, 'abcd', 40000, 99.995, 'x', '1.5', 'none', 'c', '{b,c}'), (3, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL)",
        )
        .await;
    source
        .exec(
            "CREATE TYPE mood AS ENUM ('a', 'b'); CREATE TABLE t (id int PRIMARY KEY, short varchar(3), small smallint, price numeric(4,2), word mood, number int,
               token uuid, m mood, l mood[])",
        )
        .await;
    let plan = plan(&source.catalog().await, &target.catalog().await, &Options::default());
    let mut counts = Vec::new();
    let mut session = target.connect().await;
    let mut transaction = session.begin().await.unwrap();
    for answer in checks::run(&mut transaction, &plan.checks, 60_000).await.unwrap() {
        let offending = answer.offending.map_or("unknown".to_owned(), |rows| rows.to_string());
        counts.push((answer.check.object.part.clone(), offending, answer.samples.join(",")));
    }
    counts.sort();
    let expected: Vec<(String, String, String)> = ["l", "m", "number", "price", "short", "small", "token", "word"]
        .map(|column| (column.to_owned(), "1".to_owned(), "2".to_owned()))
        .to_vec();
    assert_eq!(counts, expected);
}
