//! People, the first-run token and failed sign-ins.

use super::refused::refused;
use crate::access::{Person, PersonId, Role};
use crate::engine::Result;
use chrono::{DateTime, Utc};
use sqlx::PgConnection;
use uuid::Uuid;

/// A person with the password's hash, which leaves this crate nowhere.
pub struct Known {
    pub person: Person,
    pub password: String,
}

#[derive(sqlx::FromRow)]
struct Row {
    id: Uuid,
    name: String,
    email: String,
    role: String,
    password: String,
    created_at: DateTime<Utc>,
    disabled_at: Option<DateTime<Utc>>,
    last_sign_in: Option<DateTime<Utc>>,
}

impl From<Row> for Known {
    fn from(row: Row) -> Self {
        let person = Person {
            id: PersonId(row.id),
            name: row.name,
            email: row.email,
            role: role(&row.role),
            disabled: row.disabled_at.is_some(),
            since: row.created_at,
            last_sign_in: row.last_sign_in,
        };
        Self { person, password: row.password }
    }
}

/// The least role for a text that is none: the table's constraint keeps such texts out.
pub fn role(text: &str) -> Role {
    Role::ALL.into_iter().find(|role| role.label() == text).unwrap_or(Role::Auditor)
}

pub async fn all(conn: &mut PgConnection) -> Result<Vec<Person>> {
    let rows: Vec<Row> = sqlx::query_as("SELECT * FROM people ORDER BY lower(name), id")
        .fetch_all(conn)
        .await
        .map_err(refused("The people could not be read."))?;
    Ok(rows.into_iter().map(|row| Known::from(row).person).collect())
}

pub async fn by_id(conn: &mut PgConnection, id: PersonId) -> Result<Option<Known>> {
    let row: Option<Row> = sqlx::query_as("SELECT * FROM people WHERE id = $1")
        .bind(id.0)
        .fetch_optional(conn)
        .await
        .map_err(refused("The person could not be read."))?;
    Ok(row.map(Known::from))
}

/// `email` in lower case.
pub async fn by_email(conn: &mut PgConnection, email: &str) -> Result<Option<Known>> {
    let row: Option<Row> = sqlx::query_as("SELECT * FROM people WHERE email = $1")
        .bind(email)
        .fetch_optional(conn)
        .await
        .map_err(refused("The person could not be read."))?;
    Ok(row.map(Known::from))
}

pub async fn none_yet(conn: &mut PgConnection) -> Result<bool> {
    sqlx::query_scalar("SELECT NOT EXISTS (SELECT FROM people)")
        .fetch_one(conn)
        .await
        .map_err(refused("The people could not be read."))
}

pub async fn insert(conn: &mut PgConnection, id: PersonId, name: &str, email: &str, role: Role, password: &str) -> Result<()> {
    sqlx::query("INSERT INTO people (id, name, email, role, password) VALUES ($1, $2, $3, $4, $5)")
        .bind(id.0)
        .bind(name)
        .bind(email)
        .bind(role.label())
        .bind(password)
        .execute(conn)
        .await
        .map(|_| ())
        .map_err(refused("The person could not be added."))
}

pub async fn set_role(conn: &mut PgConnection, id: PersonId, role: Role) -> Result<()> {
    sqlx::query("UPDATE people SET role = $2 WHERE id = $1")
        .bind(id.0)
        .bind(role.label())
        .execute(conn)
        .await
        .map(|_| ())
        .map_err(refused("The role could not be changed."))
}

pub async fn set_disabled(conn: &mut PgConnection, id: PersonId, disabled: bool) -> Result<()> {
    sqlx::query("UPDATE people SET disabled_at = CASE WHEN $2 THEN coalesce(disabled_at, now()) END WHERE id = $1")
        .bind(id.0)
        .bind(disabled)
        .execute(conn)
        .await
        .map(|_| ())
        .map_err(refused("The person could not be changed."))
}

pub async fn set_password(conn: &mut PgConnection, id: PersonId, password: &str) -> Result<()> {
    sqlx::query("UPDATE people SET password = $2 WHERE id = $1")
        .bind(id.0)
        .bind(password)
        .execute(conn)
        .await
        .map(|_| ())
        .map_err(refused("The password could not be changed."))
}

pub async fn signed_in(conn: &mut PgConnection, id: PersonId) -> Result<()> {
    sqlx::query("UPDATE people SET last_sign_in = now() WHERE id = $1")
        .bind(id.0)
        .execute(conn)
        .await
        .map(|_| ())
        .map_err(refused("The sign-in could not be written down."))
}

/// The owners that can sign in. Their rows stay locked, so that two owners cannot remove each other at the same moment.
pub async fn lock_owners(conn: &mut PgConnection) -> Result<Vec<PersonId>> {
    let ids: Vec<Uuid> =
        sqlx::query_scalar("SELECT id FROM people WHERE role = 'owner' AND disabled_at IS NULL ORDER BY id FOR UPDATE")
            .fetch_all(conn)
            .await
            .map_err(refused("The owners could not be read."))?;
    Ok(ids.into_iter().map(PersonId).collect())
}

/// Keeps the hash of a fresh first-run token, good for a day; the one before is void.
pub async fn set_first_run(conn: &mut PgConnection, token_hash: &[u8]) -> Result<()> {
    sqlx::query(include_str!("queries/set_first_run.sql"))
        .bind(token_hash)
        .execute(conn)
        .await
        .map(|_| ())
        .map_err(refused("The one-time token could not be kept."))
}

/// The hash of the token that is good now.
pub async fn first_run_hash(conn: &mut PgConnection) -> Result<Option<Vec<u8>>> {
    sqlx::query_scalar("SELECT token_hash FROM first_run WHERE expires_at > now()")
        .fetch_optional(conn)
        .await
        .map_err(refused("The one-time token could not be read."))
}

/// True for the one who uses it up.
pub async fn use_up_first_run(conn: &mut PgConnection, token_hash: &[u8]) -> Result<bool> {
    sqlx::query("DELETE FROM first_run WHERE token_hash = $1 AND expires_at > now()")
        .bind(token_hash)
        .execute(conn)
        .await
        .map(|done| done.rows_affected() == 1)
        .map_err(refused("The one-time token could not be used up."))
}

/// Failures of the last ten minutes, and the seconds until the oldest of them is forgotten.
pub async fn failures(conn: &mut PgConnection, key: &str) -> Result<(i64, i64)> {
    sqlx::query_as(include_str!("queries/failures.sql"))
        .bind(key)
        .fetch_one(conn)
        .await
        .map_err(refused("The failed sign-ins could not be counted."))
}

pub async fn add_failure(conn: &mut PgConnection, key: &str) -> Result<()> {
    sqlx::query("INSERT INTO sign_in_failures (key) VALUES ($1)")
        .bind(key)
        .execute(conn)
        .await
        .map(|_| ())
        .map_err(refused("The failed sign-in could not be counted."))
}

/// Forgets what the account failed at before it succeeded, and everything that is old.
pub async fn forget_failures(conn: &mut PgConnection, key: &str) -> Result<()> {
    sqlx::query("DELETE FROM sign_in_failures WHERE key = $1 OR at < now() - interval '10 minutes'")
        .bind(key)
        .execute(conn)
        .await
        .map(|_| ())
        .map_err(refused("The failed sign-ins could not be forgotten."))
}

/// Of tries at the same moment, one is counted after the other.
pub async fn lock_failures(conn: &mut PgConnection) -> Result<()> {
    sqlx::query("SELECT pg_advisory_xact_lock(hashtextextended('lockstep tries', 0))")
        .execute(conn)
        .await
        .map(|_| ())
        .map_err(refused("The failed sign-ins could not be counted."))
}

pub async fn forget_newest_failure(conn: &mut PgConnection, key: &str) -> Result<()> {
    sqlx::query(
        "DELETE FROM sign_in_failures WHERE ctid = (SELECT ctid FROM sign_in_failures WHERE key = $1 ORDER BY at DESC LIMIT 1)",
    )
    .bind(key)
    .execute(conn)
    .await
    .map(|_| ())
    .map_err(refused("The failed sign-in could not be forgotten."))
}
