//! A target that does not know all letters.

use super::apply::{Pair, mirror};
use super::harness;
use lockstep::promotion::Policy;

const FEES: &str = "CREATE TABLE fees (id int PRIMARY KEY, code text UNIQUE, name text)";

async fn latin(source: &str, target: &str) -> Pair {
    let pair = Pair {
        source: harness::database("wide").await,
        target: harness::latin_database("narrow").await,
        set: mirror(&["fees"]),
        policy: Policy { deletes_allowed: true, ..Policy::default() },
    };
    pair.source.exec(&format!("{FEES}; {source}")).await;
    pair.target.exec(&format!("{FEES}; {target}")).await;
    pair
}

#[tokio::test]
async fn letters_that_both_know_travel() {
    let rows = "INSERT INTO fees VALUES (1, 'größe', 'é'), (2, 'plain', 'ß'), (3, 'new', 'Ä')";
    let pair = latin(rows, "INSERT INTO fees VALUES (1, 'große', 'é'), (2, 'plain', 'ü'), (4, 'gone', 'Ö')").await;
    pair.promote().await;
    let there = "SELECT fees::text FROM fees ORDER BY id";
    assert_eq!(pair.target.column(there).await, ["(1,größe,é)", "(2,plain,ß)", "(3,new,Ä)"]);
}

#[tokio::test]
async fn letters_that_the_target_does_not_know_are_found_before_anything_is_written() {
    let rows = "INSERT INTO fees SELECT g, 'code ' || g, 'ö' FROM generate_series(1, 2000) AS g; UPDATE fees SET code = '10 €' WHERE id = 1700";
    let pair = latin(rows, "").await;
    let (_, preview) = pair.preview().await;
    let [problem] = preview.blockers.as_slice() else { panic!("{:?}", preview.blockers) };
    assert_eq!(problem.what, "A row of public.fees has letters that the target does not know.");
    assert!(problem.cause.contains("LATIN1") && problem.cause.contains("id = 1700"), "{problem}");
    assert!(!problem.to_string().contains('€'), "other values may be masked");
}

#[tokio::test]
async fn an_object_whose_definition_the_target_cannot_spell_is_named() {
    let pair = latin("COMMENT ON TABLE fees IS 'in €'", "").await;
    let (_, preview) = pair.preview().await;
    let [problem] = preview.blockers.as_slice() else { panic!("{:?}", preview.blockers) };
    assert!(problem.what.starts_with("The definition of an object") && problem.cause.contains("fees"), "{problem}");
}
