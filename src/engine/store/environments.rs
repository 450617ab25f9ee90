//! The pipeline, its lookup set and its environments.

use super::refused::refused;
use crate::engine::Result;
use crate::lookup::LookupSet;
use crate::promotion::{Environment, EnvironmentId, EnvironmentInput, Policy};
use sqlx::PgConnection;
use sqlx::types::Json;
use uuid::Uuid;

#[derive(sqlx::FromRow)]
struct Row {
    id: Uuid,
    name: String,
    label: String,
    rank: i32,
    connection: String,
    policy: Json<Policy>,
}

impl From<Row> for Environment {
    fn from(row: Row) -> Self {
        let Row { id, name, label, rank, connection, policy } = row;
        Self { id: EnvironmentId(id), name, label, rank, connection, host: None, policy: policy.0 }
    }
}

/// Id, name and lookup set.
pub async fn pipeline(conn: &mut PgConnection) -> Result<(Uuid, String, LookupSet)> {
    let (id, name, set): (Uuid, String, Json<LookupSet>) = sqlx::query_as("SELECT id, name, lookup_set FROM pipelines")
        .fetch_one(conn)
        .await
        .map_err(refused("The pipeline could not be read."))?;
    Ok((id, name, set.0))
}

pub async fn set_lookup_set(conn: &mut PgConnection, set: &LookupSet) -> Result<()> {
    sqlx::query("UPDATE pipelines SET lookup_set = $1")
        .bind(Json(set))
        .execute(conn)
        .await
        .map(|_| ())
        .map_err(refused("The lookup set could not be changed."))
}

/// In rank order. What a connection leads to is not known here: `host` is none.
pub async fn all(conn: &mut PgConnection) -> Result<Vec<Environment>> {
    let rows: Vec<Row> = sqlx::query_as("SELECT * FROM environments ORDER BY rank")
        .fetch_all(conn)
        .await
        .map_err(refused("The environments could not be read."))?;
    Ok(rows.into_iter().map(Environment::from).collect())
}

/// Locks the row, so that a policy is judged and used in one moment.
pub async fn lock(conn: &mut PgConnection, id: EnvironmentId) -> Result<Option<Environment>> {
    let row: Option<Row> = sqlx::query_as("SELECT * FROM environments WHERE id = $1 FOR UPDATE")
        .bind(id.0)
        .fetch_optional(conn)
        .await
        .map_err(refused("The environment could not be read."))?;
    Ok(row.map(Environment::from))
}

/// After the last one.
pub async fn insert(conn: &mut PgConnection, id: EnvironmentId, input: &EnvironmentInput) -> Result<()> {
    let policy = Policy { version: 1, ..input.policy.clone() };
    sqlx::query(include_str!("queries/environment_insert.sql"))
        .bind(id.0)
        .bind(&input.name)
        .bind(&input.label)
        .bind(&input.connection)
        .bind(Json(policy))
        .execute(conn)
        .await
        .map(|_| ())
        .map_err(refused("The environment could not be added."))
}

pub async fn update(conn: &mut PgConnection, id: EnvironmentId, input: &EnvironmentInput, policy: &Policy) -> Result<()> {
    sqlx::query("UPDATE environments SET name = $2, label = $3, connection = $4, policy = $5 WHERE id = $1")
        .bind(id.0)
        .bind(&input.name)
        .bind(&input.label)
        .bind(&input.connection)
        .bind(Json(policy))
        .execute(conn)
        .await
        .map(|_| ())
        .map_err(refused("The environment could not be changed."))
}

/// Closes the gap in the ranks: neighbours stay neighbours.
pub async fn delete(conn: &mut PgConnection, environment: &Environment) -> Result<()> {
    const GONE: &str = "The environment could not be removed.";
    sqlx::query("DELETE FROM environments WHERE id = $1")
        .bind(environment.id.0)
        .execute(&mut *conn)
        .await
        .map_err(refused(GONE))?;
    let later: Vec<Uuid> = sqlx::query_scalar("SELECT id FROM environments WHERE rank > $1 ORDER BY rank")
        .bind(environment.rank)
        .fetch_all(&mut *conn)
        .await
        .map_err(refused(GONE))?;
    for id in later {
        sqlx::query("UPDATE environments SET rank = rank - 1 WHERE id = $1")
            .bind(id)
            .execute(&mut *conn)
            .await
            .map_err(refused(GONE))?;
    }
    Ok(())
}
