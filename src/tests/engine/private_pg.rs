//! A private cluster keeps its data, is one console's at a time, and ends with its process.

use super::harness;
use lockstep::engine::private_pg::{Options, PrivatePg};
use sqlx::{Connection, PgConnection};
use tokio::io::{AsyncBufReadExt, BufReader};

fn kept() -> Options {
    Options { discard: false, ..harness::options() }
}

#[tokio::test]
async fn a_cluster_keeps_its_data_and_is_used_by_one_at_a_time() {
    let dir = harness::folder("kept");
    let first = PrivatePg::start(&dir, &kept()).await.unwrap();
    let mut session = PgConnection::connect(&first.url("postgres")).await.unwrap();
    sqlx::raw_sql("CREATE TABLE kept AS SELECT 42 AS answer").execute(&mut session).await.unwrap();
    let Err(refused) = PrivatePg::start(&dir, &kept()).await else { panic!("two consoles on one cluster") };
    assert!(refused.what.contains("Another Lockstep uses"), "{refused}");
    drop(session);
    let url = first.url("postgres");
    first.stop().await.unwrap();

    let second = PrivatePg::start(&dir, &harness::options()).await.unwrap();
    assert_eq!(second.url("postgres"), url, "port and password stay");
    let mut session = PgConnection::connect(&second.url("postgres")).await.unwrap();
    let answer: i32 = sqlx::query_scalar("SELECT answer FROM kept").fetch_one(&mut session).await.unwrap();
    assert_eq!(answer, 42);
    drop(session);
    second.stop().await.unwrap();
    assert!(!dir.exists(), "a discarded cluster leaves no folder");
}

/// The process that is killed in the next test; on its own it has nothing to do.
#[tokio::test]
async fn a_process_that_is_killed_in_another_test() {
    let Some(dir) = std::env::var_os("LOCKSTEP_TEST_KILLED") else { return };
    let server = PrivatePg::start(std::path::Path::new(&dir), &kept()).await.unwrap();
    println!("\nurl={}", server.url("postgres"));
    std::future::pending::<()>().await;
}

#[tokio::test]
async fn a_killed_process_leaves_no_server_and_the_next_one_has_its_data() {
    let dir = harness::folder("killed");
    let mut child = tokio::process::Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "private_pg::a_process_that_is_killed_in_another_test", "--nocapture"])
        .env("LOCKSTEP_TEST_KILLED", &dir)
        .stdout(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let url = loop {
        let line = lines.next_line().await.unwrap().expect("the child prints its URL");
        if let Some(url) = line.strip_prefix("url=") {
            break url.to_owned();
        }
    };
    let mut session = PgConnection::connect(&url).await.unwrap();
    sqlx::raw_sql("CREATE TABLE kept AS SELECT 7 AS answer").execute(&mut session).await.unwrap();
    child.kill().await.unwrap();
    let ended = sqlx::raw_sql("SELECT pg_sleep(60)").execute(&mut session).await.unwrap_err();
    assert_ne!(ended.as_database_error().and_then(|error| error.code()).as_deref(), Some("57014"), "{ended}");

    let next = PrivatePg::start(&dir, &harness::options()).await.unwrap();
    let mut session = PgConnection::connect(&next.url("postgres")).await.unwrap();
    let answer: i32 = sqlx::query_scalar("SELECT answer FROM kept").fetch_one(&mut session).await.unwrap();
    assert_eq!(answer, 7);
    next.stop().await.unwrap();
}
