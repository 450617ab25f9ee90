//! A server without room for the locks that a backup takes.

use super::backup::{Folder, order};
use super::harness;
use lockstep::engine::private_pg::{Options, PrivatePg};
use lockstep::engine::target::backup::{Extent, obstacles};
use lockstep::engine::target::connect::TargetUrl;
use sqlx::{Connection, PgConnection};

const MANY: &str = "DO $$ BEGIN FOR n IN 1..600 LOOP EXECUTE format('CREATE TABLE t%s ()', n); IF n % 100 = 0 THEN COMMIT; END IF; END LOOP; END $$";

#[tokio::test]
async fn more_tables_than_the_server_has_room_for_locks_are_found_before_the_backup() {
    let folder = harness::folder("few-locks");
    let settings = vec![("fsync", "off"), ("max_locks_per_transaction", "10"), ("max_connections", "20")];
    let bin = std::env::var_os("LOCKSTEP_TEST_PG_BIN").map(Into::into);
    let cluster = PrivatePg::start(&folder, &Options { settings, discard: true, bin }).await.unwrap();
    let mut session = PgConnection::connect(&cluster.url("postgres")).await.unwrap();
    let (url, backups) = (TargetUrl::parse(&cluster.url("postgres")).unwrap(), Folder::new(folder.join("backups")));
    std::fs::create_dir_all(&backups.0).unwrap();
    let found = async || obstacles(&order(&url, &backups, &Extent::Full), None).await.unwrap();
    assert_eq!(found().await, []);
    sqlx::raw_sql(MANY).execute(&mut session).await.unwrap();
    let problems = found().await;
    assert_eq!(problems.len(), 1, "{problems:?}");
    assert!(problems[0].way_out.contains("max_locks_per_transaction"), "{problems:?}");
    session.close().await.unwrap();
    cluster.stop().await.unwrap();
}
