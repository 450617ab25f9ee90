//! The restore drill: a backup is restored into a scratch database beside the target, and held against the snapshot that it was taken of.

use super::super::super::Result;
use super::super::super::sql_error::{code, explain};
use super::super::connect::{self, TargetUrl};
use super::super::{Cancel, Tell, Told, introspect, programs};
use super::dump::{count, parted};
use super::secret::let_in;
use super::{Extent, Manifest, Order, stopped};
use crate::catalog::Scope;
use crate::catalog::ident::quote;
use crate::problem::{Problem, ProblemKind};
use crate::promotion::RunId;
use sqlx::{AssertSqlSafe, Executor, PgConnection};
use std::collections::BTreeMap;
use std::path::Path;
use tokio::io::AsyncReadExt;
use uuid::Uuid;

const PREFIX: &str = "lockstep_drill_";

/// The scratch database of a run: whoever finds it knows whose it is.
fn scratch(run: RunId) -> String {
    format!("{PREFIX}{}", run.0.simple())
}

/// Whatever comes of it, the scratch database is gone afterwards; after a crash, `left` finds it.
pub async fn drill(
    order: &Order<'_>,
    run: RunId,
    archive: &Path,
    manifest: &Manifest,
    tell: Tell<'_>,
    cancel: &Cancel,
) -> Result<()> {
    let url = order.url.clone().with_database(scratch(run));
    tell(Told::Note(format!("Restoring the backup into the scratch database {}", url.database())));
    let drilled = tokio::select! {
        biased;
        () = cancel.wait() => Err(stopped()),
        drilled = restore_and_compare(order, &url, archive, manifest, tell) => drilled,
    };
    let removed = remove(order.url, run).await;
    drilled.and(removed)?;
    let tables = manifest.rows.len();
    tell(Told::Note(format!("The backup was restored: its schema and the rows of {tables} tables are what was backed up.")));
    Ok(())
}

/// What `pg_restore` says decides nothing: what it restored does.
async fn restore_and_compare(
    order: &Order<'_>,
    url: &TargetUrl,
    archive: &Path,
    manifest: &Manifest,
    tell: Tell<'_>,
) -> Result<()> {
    let restored = async |parts: &[&str]| {
        create(order, url).await?;
        restore(order, url, archive, parts).await
    };
    // Rows without those that they refer to break foreign keys: then the schema is tried without rows, and the rows without what comes last.
    let (schema, rows): (&[&str], Option<&[&str]>) = match order.extent {
        Extent::Touched(_) => (&["--schema-only"], Some(&["--section=pre-data", "--section=data"])),
        Extent::Full | Extent::External => (&[], None),
    };
    let mut complaint = restored(schema).await?;
    let mut differs = other_schema(url, manifest).await?;
    if let Some(parts) = rows {
        complaint = restored(parts).await?.or(complaint);
    }
    if differs.is_none() {
        differs = other_rows(url, order.extent, manifest).await?;
    }
    match (differs, complaint) {
        (None, None) => Ok(()),
        (None, Some(complaint)) => {
            tell(Told::Note(format!("What was restored is complete, though {complaint}")));
            Ok(())
        }
        (Some(what), complaint) => Err(Problem::new(ProblemKind::Conflict, "The backup does not restore to what was backed up.")
            .because([Some(what), complaint].into_iter().flatten().collect::<Vec<_>>().join(" "))
            .way_out("Nothing was changed. Correct in the target what keeps its backup from being restored, then run again.")),
    }
}

const MAKING: &str = "The scratch database of the restore drill could not be made.";

/// Empty, with the encoding and the collation of the target; one that is there goes first.
async fn create(order: &Order<'_>, url: &TargetUrl) -> Result<()> {
    let mut conn = connect::open(order.url, "lockstep:drill").await?;
    drop_database(&mut conn, url.database()).await?;
    let sql: String = sqlx::query_scalar(include_str!("../queries/drill_create.sql"))
        .bind(url.database())
        .fetch_one(&mut conn)
        .await
        .map_err(explain(MAKING))?;
    conn.execute(AssertSqlSafe(sql)).await.map_err(explain(MAKING))?;
    connect::close(conn).await;
    Ok(())
}

/// Without owners, privileges and subscriptions: the drill needs no other roles, and must not begin to replicate.
/// Gives what the program complained of: a newer one sets what an older server does not know, and goes on.
async fn restore(order: &Order<'_>, url: &TargetUrl, archive: &Path, parts: &[&str]) -> Result<Option<String>> {
    let mut command = programs::command(order.bin, "pg_restore")?;
    command
        .args(["--no-owner", "--no-privileges", "--no-subscriptions", "--no-password"])
        .args(parts)
        .arg(format!("--dbname={}", url.conninfo()))
        .arg(archive)
        .env("PGAPPNAME", "lockstep:drill");
    let _secret = let_in(&mut command, order)?;
    let mut restoring = programs::Running::start(command, "pg_restore")?;
    let mut nothing = Vec::new();
    let _ends_with_the_program = restoring.out.read_to_end(&mut nothing).await;
    Ok(restoring.finish("The backup could not be restored.").await.err().map(|problem| problem.cause))
}

async fn other_schema(url: &TargetUrl, manifest: &Manifest) -> Result<Option<String>> {
    let mut conn = connect::open(url, "lockstep:drill").await?;
    let catalog = introspect::read(&mut conn, Scope::default()).await?;
    connect::close(conn).await;
    let same = manifest.catalog == Some(catalog.fingerprint());
    Ok((!same).then(|| "Its schema is another one.".to_owned()))
}

async fn other_rows(url: &TargetUrl, extent: &Extent, manifest: &Manifest) -> Result<Option<String>> {
    let mut conn = connect::open(url, "lockstep:drill").await?;
    let catalog = introspect::read(&mut conn, Scope::default()).await?;
    let rows = count(&mut conn, &parted(&catalog, extent).0).await?;
    connect::close(conn).await;
    Ok(other_count(&manifest.rows, &rows))
}

fn other_count(wanted: &BTreeMap<String, u64>, found: &BTreeMap<String, u64>) -> Option<String> {
    let (table, rows) = wanted.iter().find(|(table, rows)| found.get(*table) != Some(*rows))?;
    Some(match found.get(table) {
        Some(there) => format!("{table} has {there} rows instead of {rows}."),
        None => format!("{table} is not there."),
    })
}

/// By force only when somebody stays: PostgreSQL ends its own workers there by itself, and only a superuser ends them by force.
async fn drop_database(conn: &mut PgConnection, name: &str) -> Result<()> {
    let plain = format!("DROP DATABASE IF EXISTS {}", quote(name));
    let by_force = format!("{plain} WITH (FORCE)");
    let mut gone = conn.execute(AssertSqlSafe(plain)).await;
    if gone.as_ref().err().and_then(code).as_deref() == Some("55006") {
        gone = conn.execute(AssertSqlSafe(by_force)).await;
    }
    gone.map(|_| ()).map_err(explain(format!("The scratch database {name} of a restore drill could not be removed.")))
}

/// Removes the scratch database of a run, and whoever is in it.
pub async fn remove(url: &TargetUrl, run: RunId) -> Result<()> {
    let mut conn = connect::open(url, "lockstep:drill").await?;
    drop_database(&mut conn, &scratch(run)).await?;
    connect::close(conn).await;
    Ok(())
}

/// The runs whose scratch databases are on the target's server.
pub async fn left(url: &TargetUrl) -> Result<Vec<RunId>> {
    let mut conn = connect::open(url, "lockstep:drill").await?;
    let names: Vec<String> = sqlx::query_scalar("SELECT datname::text FROM pg_catalog.pg_database ORDER BY 1")
        .fetch_all(&mut conn)
        .await
        .map_err(explain("It could not be seen whether scratch databases were left."))?;
    connect::close(conn).await;
    Ok(names.iter().filter_map(|name| Uuid::try_parse(name.strip_prefix(PREFIX)?).ok().map(RunId)).collect())
}
