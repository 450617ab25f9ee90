//! What a plan says of its locks, held against `pg_locks` after each statement.

use super::Database;
use lockstep::catalog::QName;
use lockstep::plan::{LockMode, Statement};
use sqlx::PgConnection;
use std::collections::BTreeMap;

/// The tables that are there before a plan is applied, by oid: their names may change meanwhile.
pub async fn tables(database: &Database) -> BTreeMap<i64, QName> {
    let mut session = database.connect().await;
    let found: Vec<(i64, String, String)> = sqlx::query_as(
        "SELECT c.oid::int8, n.nspname::text, c.relname::text FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
          WHERE c.relkind IN ('r', 'p', 'm') AND c.oid >= 16384 AND n.nspname !~ '^pg_'",
    )
    .fetch_all(&mut session)
    .await
    .unwrap();
    found.into_iter().map(|(oid, schema, name)| (oid, QName { schema, name })).collect()
}

/// Every lock that keeps others from writing is announced by one of the `done` statements.
pub async fn announced(session: &mut PgConnection, there: &BTreeMap<i64, QName>, done: &[Statement]) -> Result<(), String> {
    let held: Vec<(i64, String)> = sqlx::query_as(
        "SELECT relation::int8, mode FROM pg_locks WHERE pid = pg_backend_pid() AND locktype = 'relation'
            AND database = (SELECT oid FROM pg_database WHERE datname = current_database())",
    )
    .fetch_all(session)
    .await
    .map_err(|error| error.to_string())?;
    for (oid, mode) in held {
        let (Some(table), Some(mode)) = (there.get(&oid), strong(&mode)) else { continue };
        let said =
            done.iter().flat_map(|statement| &statement.locks).filter(|lock| lock.table == *table).map(|lock| lock.mode).max();
        if said < Some(mode) {
            let last = done.last().map(|statement| &statement.sql);
            return Err(format!("{mode:?} on {table} is held, {said:?} was announced, after\n{last:?}"));
        }
    }
    Ok(())
}

fn strong(mode: &str) -> Option<LockMode> {
    match mode {
        "ShareLock" => Some(LockMode::Share),
        "ShareRowExclusiveLock" => Some(LockMode::ShareRowExclusive),
        "AccessExclusiveLock" => Some(LockMode::AccessExclusive),
        _ => None,
    }
}
