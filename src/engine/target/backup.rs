//! A backup that is proven: written by `pg_dump`, hashed, and read in full.

use super::super::{Result, unbuilt};
use super::connect::TargetUrl;
use super::{Cancel, Tell};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::path::Path;

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

/// Writes a backup, proves it, and only then gives it its name.
pub async fn take(_order: &Order<'_>, _tell: Tell<'_>, _cancel: &Cancel) -> Result<Manifest> {
    unbuilt()
}

/// Reads a backup in full and holds it against its manifest.
pub async fn verify(_dir: &Path, _file: &str, _bin: Option<&Path>) -> Result<Manifest> {
    unbuilt()
}

/// Removes what unfinished backups left behind, and gives the names. No backup may be running.
pub fn sweep(_dir: &Path) -> Result<Vec<String>> {
    unbuilt()
}

/// The version of `pg_dump`, e.g. 150018, and the folder it is in. The newest one is used.
pub async fn pg_dump_version(_bin: Option<&Path>) -> Result<u32> {
    unbuilt()
}
