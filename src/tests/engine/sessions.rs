use super::harness;
use crate::world::World;
use lockstep::access::Role;
use lockstep::engine::store::Store;
use lockstep::engine::{self, session_load, session_save};
use std::time::Duration;

const ID: &str = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

#[tokio::test]
async fn a_session_is_kept_by_the_hash_of_its_id_and_by_nothing_else() {
    let world = World::new("session_hash").await;
    let later = Duration::from_secs(4 * 3600);
    session_save(&world.console, ID, b"data", None, later).await.unwrap();
    assert_eq!(session_load(&world.console, ID).await.unwrap().unwrap().data, b"data");
    assert!(session_save(&world.console, "a raw id", b"data", None, later).await.is_err());
    engine::session_delete(&world.console, ID).await.unwrap();
    assert!(session_load(&world.console, ID).await.unwrap().is_none());
    world.close().await;
}

#[tokio::test]
async fn a_session_ends_when_it_is_idle_when_it_is_old_and_when_its_person_is_disabled() {
    let world = World::new("session_end").await;
    let ada = world.person("Ada", Role::Admin).await;
    let later = Duration::from_secs(100 * 3600);
    let ends = [
        "UPDATE sessions SET seen_at = now() - interval '31 minutes'",
        "UPDATE sessions SET created_at = now() - interval '8 hours 1 minute'",
        "UPDATE sessions SET expires_at = now() - interval '1 second'",
        "UPDATE people SET disabled_at = now() WHERE email = 'ada@example.org'",
    ];
    for end in ends {
        session_save(&world.console, ID, b"data", Some(ada.id), later).await.unwrap();
        assert!(session_load(&world.console, ID).await.unwrap().is_some(), "{end}");
        world.store.exec(end).await;
        assert!(session_load(&world.console, ID).await.unwrap().is_none(), "{end}");
        engine::session_delete(&world.console, ID).await.unwrap();
    }
    world.close().await;
}

#[tokio::test]
async fn traffic_does_not_prolong_a_session_beyond_eight_hours() {
    let world = World::new("session_absolute").await;
    session_save(&world.console, ID, b"data", None, Duration::from_secs(100 * 3600)).await.unwrap();
    world.store.exec("UPDATE sessions SET created_at = now() - interval '7 hours 50 minutes'").await;
    session_save(&world.console, ID, b"more", None, Duration::from_secs(100 * 3600)).await.unwrap();
    let loaded = session_load(&world.console, ID).await.unwrap().unwrap();
    assert!(loaded.lasts < Duration::from_secs(11 * 60));
    world.store.exec("UPDATE sessions SET created_at = created_at - interval '11 minutes'").await;
    assert!(session_load(&world.console, ID).await.unwrap().is_none());
    assert_eq!(engine::sessions_sweep(&world.console).await.unwrap(), 1);
    world.close().await;
}

#[tokio::test]
async fn a_request_that_was_given_up_leaves_no_transaction_open() {
    let database = harness::database("given_up").await;
    let store = Store::open(database.url()).await.unwrap();
    let pid = "SELECT pg_backend_pid()";
    let mut connection = store.connection().await.unwrap();
    let left: i32 = sqlx::query_scalar(pid).fetch_one(&mut *connection).await.unwrap();
    sqlx::raw_sql("BEGIN").execute(&mut *connection).await.unwrap();
    drop(connection);
    loop {
        let mut next = store.connection().await.unwrap();
        let found: i32 = sqlx::query_scalar(pid).fetch_one(&mut *next).await.unwrap();
        if found == left {
            let mut ids: Vec<String> = Vec::new();
            for _ in 0..2 {
                ids.push(sqlx::query_scalar("SELECT pg_current_xact_id()::text").fetch_one(&mut *next).await.unwrap());
            }
            assert_ne!(ids[0], ids[1], "each statement is a transaction of its own");
            break;
        }
    }
    store.close().await;
}
