//! The archive of a full backup, or of the touched tables: written by `pg_dump` from one snapshot.

use super::super::super::Result;
use super::super::super::sql_error::explain;
use super::super::{Cancel, Tell, Told, connect, introspect, preflight, programs};
use super::folder::{self, Scrap, unwritten};
use super::proof::unaltered;
use super::secret::let_in;
use super::{Extent, FORMAT, Manifest, Order, READING, drill, stopped};
use crate::catalog::{Catalog, QName, Scope, Table};
use crate::problem::{Problem, ProblemKind};
use crate::run::size;
use sha2::{Digest, Sha256};
use sqlx::{AssertSqlSafe, Executor, PgConnection};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::time::{Duration, Instant};
use tokio::io::{AsyncReadExt, AsyncWriteExt};

/// A connection that the network has lost is noticed in less than a minute.
const NOTICING: &str = "keepalives_idle=15 keepalives_interval=5 keepalives_count=4 tcp_user_timeout=35000";

/// At most this often it is told how far the backup is.
const BETWEEN: Duration = Duration::from_secs(1);

pub async fn take(order: &Order<'_>, tell: Tell<'_>, cancel: &Cancel) -> Result<Manifest> {
    let file = format!("{}.dump", order.name);
    let partial = Scrap::partial(order.dir, &file);
    let mut conn = connect::open(order.url, &order.session_name()).await?;
    let snapshot = snapshot(&mut conn).await?;
    // Only where rows are left out it has to be known first which.
    let known = match order.extent {
        Extent::Touched(_) => Some(introspect::read(&mut conn, Scope::default()).await?),
        Extent::Full | Extent::External => None,
    };
    let left_out = known.as_ref().map_or_else(Vec::new, |catalog| parted(catalog, order.extent).1);
    let (mut manifest, (bytes, sha256)) = tokio::select! {
        biased;
        () = cancel.wait() => return Err(stopped()),
        both = async {
            tokio::try_join!(described(&mut conn, order, file, known), dump(order, &snapshot, &left_out, &partial.0, tell))
        } => both?,
    };
    connect::close(conn).await;
    if !left_out.is_empty() {
        tell(Told::Note(words(&manifest.rows, left_out.len())));
    }
    (manifest.bytes, manifest.sha256) = (bytes, sha256);
    tell(Told::Note(format!("Reading the backup of {} back", size(bytes))));
    tokio::select! {
        biased;
        () = cancel.wait() => return Err(stopped()),
        same = unaltered(&partial.0, manifest.bytes, &manifest.sha256) => same?,
    };
    if let Some(run) = order.drill {
        drill::drill(order, run, &partial.0, &manifest, tell, cancel).await?;
    }
    order.shelf.keep(&partial.0, &manifest, tell, cancel).await?;
    Ok(manifest)
}

/// Opens the snapshot that `pg_dump` will use. The session keeps it, idle in its transaction, until `pg_dump` has ended.
async fn snapshot(conn: &mut PgConnection) -> Result<String> {
    conn.execute("SET idle_in_transaction_session_timeout = 0").await.map_err(explain(READING))?;
    conn.execute("BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY").await.map_err(explain(READING))?;
    sqlx::query_scalar("SELECT pg_catalog.pg_export_snapshot()").fetch_one(conn).await.map_err(explain(READING))
}

/// What the snapshot holds, but for the archive. `known` is its catalog, where it was read already.
async fn described(conn: &mut PgConnection, order: &Order<'_>, file: String, known: Option<Catalog>) -> Result<Manifest> {
    let catalog = match known {
        Some(catalog) => catalog,
        None => introspect::read(conn, Scope::default()).await?,
    };
    let kept = parted(&catalog, order.extent).0;
    Ok(Manifest {
        format: FORMAT,
        mode: order.extent.mode(),
        file,
        bytes: 0,
        sha256: String::new(),
        pg_dump: programs::pg_dump_name(order.bin).await?,
        server_version: catalog.server_version,
        target_identity: preflight::identity(conn).await?,
        catalog: Some(catalog.fingerprint()),
        rows: count(conn, &kept).await?,
        restore_point: None,
        taken_at: order.taken_at,
    })
}

/// The tables that hold rows themselves: those whose rows are kept, and the others.
pub fn parted(catalog: &Catalog, extent: &Extent) -> (Vec<QName>, Vec<QName>) {
    let own_rows = catalog.tables().filter(|(_, table)| table.partition_key.is_none()).map(|(name, _)| name);
    match extent {
        Extent::Touched(named) => {
            let wanted = with_children(catalog, named);
            own_rows.partition(|name| wanted.contains(name))
        }
        Extent::Full | Extent::External => (own_rows.collect(), Vec::new()),
    }
}

/// What is done to a table is done to its partitions and to what inherits from it, too.
fn with_children(catalog: &Catalog, named: &BTreeSet<QName>) -> BTreeSet<QName> {
    let mut wanted = named.clone();
    loop {
        let child = |table: &Table| {
            table.partition_of.iter().map(|of| &of.parent).chain(&table.inherits).any(|parent| wanted.contains(parent))
        };
        let more: Vec<QName> =
            catalog.tables().filter(|(name, table)| !wanted.contains(name) && child(table)).map(|(name, _)| name).collect();
        if more.is_empty() {
            return wanted;
        }
        wanted.extend(more);
    }
}

fn words(rows: &BTreeMap<String, u64>, left_out: usize) -> String {
    let names: Vec<&str> = rows.keys().map(String::as_str).collect();
    let kept = match names.as_slice() {
        [] => "no table".to_owned(),
        names => names.join(", "),
    };
    format!(
        "The schema of everything is kept and the rows of {kept}; the rows of {left_out} other tables are not, as nothing changes them."
    )
}

/// Rows of each table itself, without those of its children.
pub async fn count(conn: &mut PgConnection, tables: &[QName]) -> Result<BTreeMap<String, u64>> {
    let mut rows = BTreeMap::new();
    for name in tables {
        let sql = format!("SELECT count(*) FROM ONLY {name}");
        let count: i64 = sqlx::query_scalar(AssertSqlSafe(sql)).fetch_one(&mut *conn).await.map_err(explain(READING))?;
        rows.insert(format!("{}.{}", name.schema, name.name), count.unsigned_abs());
    }
    Ok(rows)
}

/// Runs `pg_dump`; what it prints is written, hashed, reported, and read in full by `pg_restore`. Dropping this ends both.
async fn dump(order: &Order<'_>, snapshot: &str, left_out: &[QName], file: &Path, tell: Tell<'_>) -> Result<(u64, String)> {
    let mut command = programs::command(order.bin, "pg_dump")?;
    // Measured on two cores with 209 MB: level 6 takes three times the processor time of level 1 for an archive that is 5 % smaller. The
    // directory format with two jobs was no faster than level 1 in one stream, and its many files can be neither piped nor hashed as one.
    command
        .args(["--format=custom", "--compress=1", "--no-password", "--no-sync"])
        .arg(format!("--lock-wait-timeout={}", order.lock_timeout_ms))
        .arg(format!("--snapshot={snapshot}"))
        .args(left_out.iter().map(|table| format!("--exclude-table-data={table}")))
        .arg(format!("--dbname={} {NOTICING}", order.url.conninfo()))
        .env("PGAPPNAME", order.session_name());
    let _secret = let_in(&mut command, order)?;
    let mut child = programs::Running::start(command, "pg_dump")?;
    let (mut bytes, mut hash) = (0_u64, Sha256::new());
    let mut out = folder::create(file).await.map_err(|error| unwritten(order.dir, &error))?;
    let mut reading = programs::FullRead::start(order.bin)?;
    let mut told = None;
    let mut buffer = vec![0; 256 * 1024];
    loop {
        let length = child.out.read(&mut buffer).await.map_err(|error| unwritten(order.dir, &error))?;
        let Some(part) = buffer.get(..length).filter(|part| !part.is_empty()) else { break };
        out.write_all(part).await.map_err(|error| unwritten(order.dir, &error))?;
        hash.update(part);
        reading.pass(part).await;
        bytes += length as u64;
        if told.is_none_or(|told: Instant| told.elapsed() >= BETWEEN) {
            tell(Told::Progress { done: bytes, total: 0, unit: "bytes", what: "Backing up".to_owned() });
            told = Some(Instant::now());
        }
    }
    child.finish("The backup failed.").await.map_err(locked)?;
    reading.finish().await?;
    tell(Told::Progress { done: bytes, total: bytes, unit: "bytes", what: "Backed up".to_owned() });
    out.sync_all().await.map_err(|error| unwritten(order.dir, &error))?;
    Ok((bytes, hex::encode(hash.finalize())))
}

/// What `pg_dump` says when it may not wait any longer for a lock.
fn locked(problem: Problem) -> Problem {
    if !problem.cause.contains("Query was: LOCK TABLE") {
        return problem;
    }
    Problem::new(ProblemKind::Conflict, "The backup waited too long for a lock that another session holds.")
        .because(problem.cause)
        .way_out("Wait until that session has ended, or end it, then run again.")
        .sqlstate("55P03")
}
