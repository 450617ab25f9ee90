//! A backup that is proven: written by `pg_dump`, hashed, and read in full.
//!
//! Exit codes of PostgreSQL's programs are not believed alone: an archive may be cut, altered or empty and still list its contents. The
//! checksum finds what happened after it was written, the full read finds what happened while.

use super::super::sql_error::explain;
use super::super::{Result, files};
use super::connect::{self, TargetUrl};
use super::{Cancel, Tell, Told, introspect, preflight, programs};
use crate::catalog::{Catalog, Object, QName, Scope};
use crate::problem::{Problem, ProblemKind};
use crate::run::size;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use sqlx::{AssertSqlSafe, Executor, PgConnection};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};
use tokio::io::{AsyncReadExt, AsyncWriteExt};

pub use programs::pg_dump_version;

/// Version of the stored form of a manifest.
pub const FORMAT: u32 = 1;

/// What is to be backed up, and where to.
#[derive(Clone, Copy)]
pub struct Order<'a> {
    pub url: &'a TargetUrl,
    /// Made with mode 0700 when it is not there.
    pub dir: &'a Path,
    /// Of the file, without ending; unique in `dir`.
    pub name: &'a str,
    /// The folder of PostgreSQL's programs; searched for when none.
    pub bin: Option<&'a Path>,
    pub taken_at: DateTime<Utc>,
    /// Milliseconds that `pg_dump` waits for a lock.
    pub lock_timeout_ms: u32,
}

/// Describes one backup; it lies beside the file as `<file>.json`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    pub format: u32,
    /// Name in the backup directory.
    pub file: String,
    pub bytes: u64,
    pub sha256: String,
    /// As `pg_dump --version` prints it.
    pub pg_dump: String,
    pub server_version: u32,
    /// `system_identifier` and the database's oid.
    pub target_identity: String,
    /// Rows per table, counted in the snapshot that was dumped.
    pub rows: BTreeMap<String, u64>,
    pub taken_at: DateTime<Utc>,
}

/// At most this often it is told how far the backup is.
const BETWEEN: Duration = Duration::from_secs(1);

const PARTIAL: &str = "partial";
const PASSWORD: &str = "pgpass";

/// Writes a backup, proves it, and only then gives it its name.
pub async fn take(order: &Order<'_>, tell: Tell<'_>, cancel: &Cancel) -> Result<Manifest> {
    files::private_folder(order.dir)?;
    let file = format!("{}.dump", order.name);
    let partial = Scrap(order.dir.join(format!("{file}.{PARTIAL}")));
    let mut conn = connect::open(order.url, "lockstep:backup").await?;
    let mut manifest = begin(&mut conn, order, file).await?;
    let snapshot: String =
        sqlx::query_scalar("SELECT pg_catalog.pg_export_snapshot()").fetch_one(&mut conn).await.map_err(explain(READING))?;
    let (bytes, sha256) = tokio::select! {
        biased;
        () = cancel.wait() => return Err(stopped()),
        dumped = dump(order, &snapshot, &partial.0, tell) => dumped?,
    };
    connect::close(conn).await;
    (manifest.bytes, manifest.sha256) = (bytes, sha256);
    tell(Told::Note(format!("Reading the backup of {} in full", size(bytes))));
    tokio::select! {
        biased;
        () = cancel.wait() => return Err(stopped()),
        read = programs::read_in_full(order.bin, &partial.0) => read?,
    };
    publish(order.dir, &partial.0, &manifest).map_err(|error| unwritten(order.dir, &error))?;
    Ok(manifest)
}

const READING: &str = "The target could not be read for the backup.";

/// Opens the snapshot that `pg_dump` will use, and counts in it.
async fn begin(conn: &mut PgConnection, order: &Order<'_>, file: String) -> Result<Manifest> {
    // The session waits, idle in its transaction, until pg_dump has ended.
    conn.execute("SET idle_in_transaction_session_timeout = 0").await.map_err(explain(READING))?;
    conn.execute("BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY").await.map_err(explain(READING))?;
    let catalog = introspect::read(conn, Scope::default()).await?;
    Ok(Manifest {
        format: FORMAT,
        file,
        bytes: 0,
        sha256: String::new(),
        pg_dump: programs::pg_dump_name(order.bin).await?,
        server_version: catalog.server_version,
        target_identity: preflight::identity(conn).await?,
        rows: count(conn, &catalog).await?,
        taken_at: order.taken_at,
    })
}

/// Rows of each table that holds rows itself.
async fn count(conn: &mut PgConnection, catalog: &Catalog) -> Result<BTreeMap<String, u64>> {
    let mut rows = BTreeMap::new();
    for (id, object) in &catalog.objects {
        let Object::Table(table) = object else { continue };
        if table.partition_key.is_some() {
            continue;
        }
        let name = QName::new(&id.schema, &id.name);
        let sql = format!("SELECT count(*) FROM ONLY {name}");
        let count: i64 = sqlx::query_scalar(AssertSqlSafe(sql)).fetch_one(&mut *conn).await.map_err(explain(READING))?;
        rows.insert(format!("{}.{}", id.schema, id.name), count.unsigned_abs());
    }
    Ok(rows)
}

/// Runs `pg_dump` and writes, hashes and reports what it prints. Dropping this kills it.
async fn dump(order: &Order<'_>, snapshot: &str, file: &Path, tell: Tell<'_>) -> Result<(u64, String)> {
    let secret = Scrap(order.dir.join(format!("{}.{PASSWORD}", order.name)));
    let mut command = programs::command(order.bin, "pg_dump")?;
    command
        .args(["--format=custom", "--compress=6", "--no-password", "--no-sync"])
        .arg(format!("--lock-wait-timeout={}", order.lock_timeout_ms))
        .arg(format!("--snapshot={snapshot}"))
        .arg(format!("--dbname={}", order.url.conninfo()))
        .env("PGAPPNAME", "lockstep:backup");
    if let Some(password) = order.url.password() {
        let escaped = password.replace('\\', r"\\").replace(':', r"\:");
        files::write_private(&secret.0, format!("*:*:*:*:{escaped}\n").as_bytes())?;
        command.env("PGPASSFILE", &secret.0);
    }
    let mut child = programs::Running::start(command, "pg_dump")?;
    let (mut bytes, mut hash) = (0_u64, Sha256::new());
    let mut out = tokio::fs::OpenOptions::new()
        .write(true)
        .create(true)
        .truncate(true)
        .mode(0o600)
        .open(file)
        .await
        .map_err(|error| unwritten(order.dir, &error))?;
    let mut told = None;
    let mut buffer = vec![0; 256 * 1024];
    loop {
        let length = child.out.read(&mut buffer).await.map_err(|error| unwritten(order.dir, &error))?;
        let Some(part) = buffer.get(..length).filter(|part| !part.is_empty()) else { break };
        out.write_all(part).await.map_err(|error| unwritten(order.dir, &error))?;
        hash.update(part);
        bytes += length as u64;
        if told.is_none_or(|told: Instant| told.elapsed() >= BETWEEN) {
            tell(Told::Progress { done: bytes, total: 0, unit: "bytes", what: "Backing up".to_owned() });
            told = Some(Instant::now());
        }
    }
    child.finish("The backup failed.").await?;
    tell(Told::Progress { done: bytes, total: bytes, unit: "bytes", what: "Backed up".to_owned() });
    out.sync_all().await.map_err(|error| unwritten(order.dir, &error))?;
    Ok((bytes, hex::encode(hash.finalize())))
}

/// The manifest is there before the backup has its name, so that a backup without one is never seen.
fn publish(dir: &Path, partial: &Path, manifest: &Manifest) -> std::io::Result<()> {
    let json = serde_json::to_vec_pretty(manifest)?;
    let beside = dir.join(format!("{}.json", manifest.file));
    files::write_private(&beside, &json).map_err(std::io::Error::other)?;
    std::fs::File::open(&beside)?.sync_all()?;
    std::fs::rename(partial, dir.join(&manifest.file))?;
    std::fs::File::open(dir)?.sync_all()
}

fn stopped() -> Problem {
    Problem::new(ProblemKind::Conflict, "The backup was stopped.").because("Somebody asked for it; nothing of it is left.")
}

fn unwritten(dir: &Path, error: &std::io::Error) -> Problem {
    Problem::new(ProblemKind::Internal, format!("The backup could not be written to {}.", dir.display()))
        .because(format!("{error}."))
        .way_out("Free space there, or give the console another backup directory.")
}

/// A file that is gone at the end, however it comes.
struct Scrap(PathBuf);

impl Drop for Scrap {
    fn drop(&mut self) {
        let _gone_already = std::fs::remove_file(&self.0);
    }
}

/// Reads a backup in full and holds it against its manifest.
pub async fn verify(dir: &Path, file: &str, bin: Option<&Path>) -> Result<Manifest> {
    let path = dir.join(file);
    let damaged = |cause: String| {
        Problem::new(ProblemKind::Conflict, format!("The backup {file} is not what was written."))
            .because(cause)
            .way_out("Do not restore it; take another backup.")
    };
    let json = std::fs::read(dir.join(format!("{file}.json")))
        .map_err(|error| damaged(format!("Its manifest cannot be read: {error}.")))?;
    let manifest: Manifest =
        serde_json::from_slice(&json).map_err(|error| damaged(format!("Its manifest cannot be understood: {error}.")))?;
    if manifest.file != file || manifest.format != FORMAT {
        return Err(damaged("Its manifest belongs to another file.".to_owned()));
    }
    let (bytes, sha256) = hashed(&path).await.map_err(|error| damaged(format!("It cannot be read: {error}.")))?;
    if bytes != manifest.bytes {
        return Err(damaged(format!("It has {bytes} bytes instead of {}.", manifest.bytes)));
    }
    if sha256 != manifest.sha256 {
        return Err(damaged("Its SHA-256 is another one.".to_owned()));
    }
    programs::read_in_full(bin, &path).await?;
    Ok(manifest)
}

async fn hashed(path: &Path) -> std::io::Result<(u64, String)> {
    let mut file = tokio::fs::File::open(path).await?;
    let (mut bytes, mut hash, mut buffer) = (0_u64, Sha256::new(), vec![0; 256 * 1024]);
    loop {
        let length = file.read(&mut buffer).await?;
        let Some(part) = buffer.get(..length).filter(|part| !part.is_empty()) else { break };
        hash.update(part);
        bytes += length as u64;
    }
    Ok((bytes, hex::encode(hash.finalize())))
}

/// Removes what unfinished backups left behind, and gives the names. No backup may be running.
pub fn sweep(dir: &Path) -> Result<Vec<String>> {
    let mut swept = Vec::new();
    for entry in std::fs::read_dir(dir).into_iter().flatten().flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        let orphan = name.strip_suffix(".json").is_some_and(|backup| backup.ends_with(".dump") && !dir.join(backup).exists());
        if orphan || [PARTIAL, PASSWORD].iter().any(|ending| name.ends_with(&format!(".{ending}"))) {
            std::fs::remove_file(entry.path()).map_err(|error| unwritten(dir, &error))?;
            swept.push(name);
        }
    }
    Ok(swept)
}
