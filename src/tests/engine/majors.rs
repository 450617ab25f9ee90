//! Two servers, of different majors under `make majors`: the same definitions must be equal, and a plan from the one applies to the other.

use super::catalog::EVERYTHING;
use super::harness::{self, Database};
use super::plan::{apply, scripts};
use lockstep::diff;
use lockstep::plan::{Options, plan};

/// What differs when both sides ran the same script; nothing when one of them does not know some of it.
async fn difference(one: &Database, other: &Database, script: &str) -> Option<String> {
    if one.try_exec(script).await.is_err() || other.try_exec(script).await.is_err() {
        return None;
    }
    let (a, b) = (one.catalog().await, other.catalog().await);
    let left = diff::diff(&a, &b);
    let shown = left.iter().map(|change| {
        let (a, b) = (a.objects.get(&change.id), b.objects.get(&change.id));
        format!("{:?}\n  {a:?}\n  {b:?}", change.id)
    });
    (!left.is_empty()).then(|| format!("after\n{script}\n{}", shown.collect::<Vec<_>>().join("\n")))
}

#[tokio::test]
async fn the_same_script_gives_the_same_catalog_on_two_servers() {
    let (one, other) = (harness::database("one").await, harness::other_database("other").await);
    let mut failures = Vec::new();
    let mut all = vec![EVERYTHING.to_owned()];
    if harness::other_is_another() {
        all.extend(scripts());
    }
    for script in &all {
        for database in [&one, &other] {
            database.exec(include_str!("empty.sql")).await;
        }
        failures.extend(difference(&one, &other, script).await);
    }
    assert!(failures.is_empty(), "{} of {} scripts\n\n{}", failures.len(), all.len(), failures.join("\n\n"));
}

#[tokio::test]
async fn a_release_of_one_server_is_taken_to_another() {
    let (one, other) = (harness::database("from").await, harness::other_database("to").await);
    for (source, target) in [(&one, &other), (&other, &one)] {
        source.exec(include_str!("empty.sql")).await;
        source.exec(EVERYTHING).await;
        target.exec(include_str!("empty.sql")).await;
        let wanted = source.catalog().await;
        let made = plan(&wanted, &target.catalog().await, &Options::default());
        assert_eq!(made.refused, []);
        apply(target, &made).await.unwrap();
        let left = plan(&wanted, &target.catalog().await, &Options::default());
        assert!(left.is_empty(), "{:#?}", left.statements().map(|statement| &statement.sql).collect::<Vec<_>>());
    }
}
