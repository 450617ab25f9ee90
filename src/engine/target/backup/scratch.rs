//! Scratch databases on the target's server: made like the target, filled from a backup, and gone at the end of what they are for.

use super::super::super::Result;
use super::super::super::sql_error::{code, explain};
use super::super::connect::{self, TargetUrl};
use super::super::programs;
use super::Order;
use super::secret::let_in;
use crate::catalog::ident::quote;
use crate::problem::Problem;
use crate::promotion::RunId;
use sqlx::{AssertSqlSafe, Executor, PgConnection};
use std::path::Path;
use tokio::io::AsyncReadExt;
use uuid::Uuid;

const DRILL: &str = "lockstep_drill_";
const RESTORE: &str = "lockstep_restore_";

/// Where the fresh backup of a run is tried. Whoever finds it knows by its name whose it is.
pub fn url(target: &TargetUrl, run: RunId) -> TargetUrl {
    named(target, DRILL, run)
}

/// Where the backup is that a run restores over its target.
pub fn restore_url(target: &TargetUrl, run: RunId) -> TargetUrl {
    named(target, RESTORE, run)
}

fn named(target: &TargetUrl, prefix: &str, run: RunId) -> TargetUrl {
    target.clone().with_database(format!("{prefix}{}", run.0.simple()))
}

/// What of a backup is restored besides schema and rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ownership {
    /// All belongs to the user, and no other role is needed.
    User,
    /// Owners and privileges are those of the target.
    AsBackedUp,
}

const MAKING: &str = "The scratch database could not be made.";

/// Empty, with the encoding and the collation of the target; one that is there goes first.
pub async fn create(order: &Order<'_>, url: &TargetUrl) -> Result<()> {
    let mut conn = connect::open(order.url, "lockstep:scratch").await?;
    drop_database(&mut conn, url.database()).await?;
    let sql: String = sqlx::query_scalar(include_str!("../queries/scratch_create.sql"))
        .bind(url.database())
        .fetch_one(&mut conn)
        .await
        .map_err(explain(MAKING))?;
    conn.execute(AssertSqlSafe(sql)).await.map_err(explain(MAKING))?;
    connect::close(conn).await;
    Ok(())
}

/// Without subscriptions: a scratch database must not begin to replicate. `parts` are arguments that choose what of the archive counts.
/// Gives what the program complained of: a newer one sets what an older server does not know, and goes on.
pub async fn restore(
    order: &Order<'_>,
    url: &TargetUrl,
    archive: &Path,
    ownership: Ownership,
    parts: &[&str],
) -> Result<Option<String>> {
    let mut command = programs::command(order.bin, "pg_restore")?;
    if ownership == Ownership::User {
        command.args(["--no-owner", "--no-privileges"]);
    }
    command
        .args(["--no-subscriptions", "--no-password"])
        .args(parts)
        .arg(format!("--dbname={}", url.conninfo()))
        .arg(archive)
        .env("PGAPPNAME", "lockstep:scratch");
    let _secret = let_in(&mut command, order)?;
    let mut restoring = programs::Running::start(command, "pg_restore")?;
    let mut nothing = Vec::new();
    let _ends_with_the_program = restoring.out.read_to_end(&mut nothing).await;
    Ok(restoring.finish("The backup could not be restored.").await.err().map(|problem: Problem| problem.cause))
}

/// By force only when somebody stays: PostgreSQL ends its own workers there by itself, and only a superuser ends them by force.
async fn drop_database(conn: &mut PgConnection, name: &str) -> Result<()> {
    let plain = format!("DROP DATABASE IF EXISTS {}", quote(name));
    let by_force = format!("{plain} WITH (FORCE)");
    let mut gone = conn.execute(AssertSqlSafe(plain)).await;
    if gone.as_ref().err().and_then(code).as_deref() == Some("55006") {
        gone = conn.execute(AssertSqlSafe(by_force)).await;
    }
    gone.map(|_| ()).map_err(explain(format!("The scratch database {name} could not be removed.")))
}

/// Removes a scratch database beside the target, and whoever is in it.
pub async fn remove(target: &TargetUrl, scratch: &TargetUrl) -> Result<()> {
    let mut conn = connect::open(target, "lockstep:scratch").await?;
    drop_database(&mut conn, scratch.database()).await?;
    connect::close(conn).await;
    Ok(())
}

/// The scratch databases that are on the target's server, each with the run that it was made for.
pub async fn left(url: &TargetUrl) -> Result<Vec<(RunId, TargetUrl)>> {
    let mut conn = connect::open(url, "lockstep:scratch").await?;
    let names: Vec<String> = sqlx::query_scalar("SELECT datname::text FROM pg_catalog.pg_database ORDER BY 1")
        .fetch_all(&mut conn)
        .await
        .map_err(explain("It could not be seen whether scratch databases were left."))?;
    connect::close(conn).await;
    let run = |name: &str| Uuid::try_parse([DRILL, RESTORE].iter().find_map(|prefix| name.strip_prefix(prefix))?).ok();
    Ok(names.into_iter().filter_map(|name| Some((RunId(run(&name)?), url.clone().with_database(name)))).collect())
}
