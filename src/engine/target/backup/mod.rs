//! A backup that is proven: written by `pg_dump`, hashed, and read in full.
//!
//! Exit codes of PostgreSQL's programs are not believed alone: an archive may be cut, altered or empty and still list its contents. The
//! checksum finds what happened after it was written, the full read finds what happened while. Where the policy leaves backups to the
//! provider of the database, nothing is dumped and nothing is proven: the moment is named, and the manifest says no more than that.

mod bucket;
pub mod drill;
mod dump;
mod folder;
mod proof;
mod ready;
mod restore_point;
pub mod room;
pub mod scratch;
mod secret;
mod shelf;

pub use bucket::{Access, Bucket};
pub(super) use drill::other_count;
pub(super) use dump::{count as counted, parted};
pub(super) use folder::Scrap;
pub use folder::sweep;
pub use proof::verify;
pub use ready::obstacles;
pub use shelf::Shelf;

use super::super::{Result, files};
use super::connect::TargetUrl;
use super::{Cancel, Tell, session_name};
use crate::catalog::{Fingerprint, QName};
use crate::lookup::LookupSet;
use crate::problem::{Problem, ProblemKind};
use crate::promotion::{BackupMode, Policy, RestorePoint, RunId, Sealed, touched};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

pub use super::programs::pg_dump_version;

/// Version of the stored form of a manifest. The first knew full backups only.
pub const FORMAT: u32 = 2;

/// What is to be backed up, and where to.
#[derive(Clone, Copy)]
pub struct Order<'a> {
    pub url: &'a TargetUrl,
    pub extent: &'a Extent,
    /// Where it is written and proven first; made with mode 0700 when it is not there.
    pub dir: &'a Path,
    /// Where it stays.
    pub shelf: &'a Shelf,
    /// Whose backup it is, and which claim of the run this is: by them its sessions are found.
    pub run: RunId,
    pub fence: i64,
    /// Of the file, without ending; unique in `dir` and on the shelf.
    pub name: &'a str,
    /// The folder of PostgreSQL's programs; searched for when none.
    pub bin: Option<&'a Path>,
    pub taken_at: DateTime<Utc>,
    /// Milliseconds that `pg_dump` waits for a lock.
    pub lock_timeout_ms: u32,
    /// The run whose backup is restored into a scratch database and compared; none for no drill.
    pub drill: Option<RunId>,
}

/// How much of the target is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Extent {
    Full,
    /// The schema of everything, and the rows of these tables, of their partitions and of their children.
    Touched(BTreeSet<QName>),
    /// Nothing but the name of the moment.
    External,
}

impl Extent {
    /// What the policy wants kept before `sealed` is applied. A restore changes everything, and its own backup is the way back.
    pub fn of(policy: &Policy, sealed: &Sealed, set: &LookupSet) -> Self {
        if sealed.restore.is_some() {
            return Self::Full;
        }
        match policy.backup {
            BackupMode::Full => Self::Full,
            BackupMode::Touched => touched(sealed, set).map_or(Self::Full, Self::Touched),
            BackupMode::External => Self::External,
        }
    }

    pub fn mode(&self) -> BackupMode {
        match self {
            Self::Full => BackupMode::Full,
            Self::Touched(_) => BackupMode::Touched,
            Self::External => BackupMode::External,
        }
    }
}

/// What a scratch database is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Trial {
    /// The backup is restored and compared.
    Drill,
    /// The promotion is carried out there, too.
    Rehearsal,
    /// An earlier backup is restored there, and its rows go from there into the target.
    Restore,
}

impl Trial {
    /// What the policy asks for, and what a restore needs in any case. A rehearsal restores and compares as a drill does: there is no need
    /// for both.
    pub fn of(policy: &Policy, sealed: &Sealed) -> Option<Self> {
        match (policy.rehearsal, policy.drill) {
            (true, _) => Some(Self::Rehearsal),
            (false, true) => Some(Self::Drill),
            (false, false) => sealed.restore.as_ref().map(|_| Self::Restore),
        }
    }

    fn label(self) -> &'static str {
        match self {
            Self::Drill => "restore drill",
            Self::Rehearsal => "rehearsal",
            Self::Restore => "restore",
        }
    }
}

/// Describes one backup. It lies beside the file as `<file>.json`; for a restore point it is the file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    pub format: u32,
    #[serde(default)]
    pub mode: BackupMode,
    /// Its name where it is kept.
    pub file: String,
    pub bytes: u64,
    pub sha256: String,
    /// As `pg_dump --version` prints it; empty where nothing was dumped.
    pub pg_dump: String,
    pub server_version: u32,
    /// `system_identifier` and the database's oid.
    pub target_identity: String,
    /// Of the schema in the snapshot that was dumped.
    #[serde(default)]
    pub catalog: Option<Fingerprint>,
    /// Rows of each table whose rows are in the file, counted in the snapshot that was dumped.
    pub rows: BTreeMap<String, u64>,
    #[serde(default)]
    pub restore_point: Option<RestorePoint>,
    pub taken_at: DateTime<Utc>,
}

/// Writes a backup, proves it, and only then gives it its name; or names the moment.
pub async fn take(order: &Order<'_>, tell: Tell<'_>, cancel: &Cancel) -> Result<Manifest> {
    files::private_folder(order.dir)?;
    match order.extent {
        Extent::External => restore_point::take(order).await,
        Extent::Full | Extent::Touched(_) => dump::take(order, tell, cancel).await,
    }
}

const READING: &str = "The target could not be read for the backup.";

impl Order<'_> {
    fn session_name(&self) -> String {
        session_name(self.run, self.fence, "backup")
    }
}

fn stopped() -> Problem {
    Problem::new(ProblemKind::Conflict, "The backup was stopped.").because("Somebody asked for it; nothing of it is left.")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Manifests lie beside backups for years.
    #[test]
    fn a_manifest_of_the_first_format_describes_a_full_backup() {
        let stored = r#"{"format": 1, "file": "a.dump", "bytes": 7, "sha256": "ab", "pg_dump": "pg_dump (PostgreSQL) 15.18",
            "server_version": 150018, "target_identity": "7:5", "rows": {"public.t": 3}, "taken_at": "1970-01-01T00:00:00Z"}"#;
        let manifest: Manifest = serde_json::from_str(stored).unwrap();
        assert_eq!((manifest.mode, manifest.catalog, manifest.restore_point), (BackupMode::Full, None, None));
        assert_eq!(manifest.rows, BTreeMap::from([("public.t".to_owned(), 3)]));
    }

    #[test]
    fn the_stored_form_of_a_manifest_stays_as_it_is() {
        let point = RestorePoint { name: Some("n".to_owned()), lsn: "0/1".to_owned(), timeline: 1, at: DateTime::UNIX_EPOCH };
        let manifest = Manifest {
            format: FORMAT,
            mode: BackupMode::External,
            file: "a.json".to_owned(),
            bytes: 0,
            sha256: String::new(),
            pg_dump: String::new(),
            server_version: 150_018,
            target_identity: "7:5".to_owned(),
            catalog: Some(Fingerprint("ab".to_owned())),
            rows: BTreeMap::new(),
            restore_point: Some(point),
            taken_at: DateTime::UNIX_EPOCH,
        };
        let stored = concat!(
            r#"{"format":2,"mode":"external","file":"a.json","bytes":0,"sha256":"","pg_dump":"","server_version":150018,"#,
            r#""target_identity":"7:5","catalog":"ab","rows":{},"restore_point":{"name":"n","lsn":"0/1","timeline":1,"#,
            r#""at":"1970-01-01T00:00:00Z"},"taken_at":"1970-01-01T00:00:00Z"}"#
        );
        assert_eq!(serde_json::to_string(&manifest).unwrap(), stored);
        assert_eq!(serde_json::from_str::<Manifest>(stored).unwrap(), manifest);
    }
}
