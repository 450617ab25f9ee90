//! A private cluster keeps its data, is one console's at a time, and ends with its process.

use lockstep::engine::private_pg::{Options, PrivatePg};
use sqlx::{Connection, PgConnection};
use std::path::PathBuf;

fn folder(name: &str) -> PathBuf {
    std::env::temp_dir().join("lockstep-tests").join(std::process::id().to_string()).join(name)
}

fn options() -> Options {
    Options { bin: Some(super::harness::bin()), settings: vec![("fsync", "off")] }
}

#[tokio::test]
async fn a_cluster_keeps_its_data_and_is_used_by_one_at_a_time() {
    // The shared cluster's folder is above this one.
    super::harness::database("private").await;
    let dir = folder("private_pg");
    let first = PrivatePg::start(&dir, &options()).await.unwrap();
    let mut session = PgConnection::connect(&first.url("postgres")).await.unwrap();
    sqlx::raw_sql("CREATE TABLE kept AS SELECT 42 AS answer").execute(&mut session).await.unwrap();
    let Err(refused) = PrivatePg::start(&dir, &options()).await else { panic!("two consoles on one cluster") };
    assert!(refused.what.contains("Another Lockstep uses"), "{refused}");
    drop(session);
    first.stop().await.unwrap();

    let second = PrivatePg::start(&dir, &options()).await.unwrap();
    let mut session = PgConnection::connect(&second.url("postgres")).await.unwrap();
    let answer: i32 = sqlx::query_scalar("SELECT answer FROM kept").fetch_one(&mut session).await.unwrap();
    assert_eq!(answer, 42);
    drop(session);
    second.stop().await.unwrap();
}
