//! Where finished backups are: the backup directory, or a bucket beside it.

use super::super::super::Result;
use super::super::{Cancel, Tell};
use super::folder::{self, Scrap, unwritten};
use super::{Bucket, Manifest, Order, proof};
use crate::promotion::BackupSummary;
use std::fmt;
use std::path::{Path, PathBuf};

/// A backup that programs of this machine can read.
pub enum Fetched {
    /// Where it stays.
    Kept(PathBuf),
    /// It is gone at the end.
    Copy(Scrap),
}

impl Fetched {
    pub fn path(&self) -> &Path {
        match self {
            Self::Kept(path) | Self::Copy(Scrap(path)) => path,
        }
    }
}

#[derive(Debug, Clone)]
pub enum Shelf {
    Folder(PathBuf),
    Bucket(Bucket),
}

impl Shelf {
    /// Keeps a proven file under its name, together with what describes it.
    pub async fn keep(&self, file: &Path, manifest: &Manifest, tell: Tell<'_>, cancel: &Cancel) -> Result<()> {
        match self {
            Self::Folder(dir) => folder::publish(dir, file, manifest).map_err(|error| unwritten(dir, &error)),
            Self::Bucket(bucket) => bucket.keep(file, manifest, tell, cancel).await,
        }
    }

    /// Keeps what describes a moment that was named and not dumped.
    pub async fn describe(&self, manifest: &Manifest) -> Result<()> {
        match self {
            Self::Folder(dir) => folder::describe(&dir.join(&manifest.file), manifest).map_err(|error| unwritten(dir, &error)),
            Self::Bucket(bucket) => bucket.describe(&manifest.file, manifest).await,
        }
    }

    /// A kept backup as a file on this machine.
    pub async fn fetch(&self, order: &Order<'_>, manifest: &Manifest) -> Result<Fetched> {
        match self {
            Self::Folder(dir) => Ok(Fetched::Kept(dir.join(&manifest.file))),
            Self::Bucket(bucket) => {
                let copy = Scrap::partial(order.dir, &manifest.file);
                bucket.fetch(manifest, &copy.0).await?;
                Ok(Fetched::Copy(copy))
            }
        }
    }

    /// A full backup as a file on this machine, with its manifest; both are what was written.
    pub async fn open(&self, order: &Order<'_>, backup: &BackupSummary) -> Result<(Fetched, Manifest)> {
        let manifest = match self {
            Self::Folder(dir) => proof::verify(dir, &backup.file, order.bin).await?,
            Self::Bucket(bucket) => bucket.manifest(&backup.file).await?,
        };
        if (manifest.bytes, &manifest.sha256) != (backup.bytes, &backup.sha256) {
            return Err(proof::damaged(&backup.file, "Its manifest is not the one that was written down.".to_owned()));
        }
        let fetched = match self {
            Self::Folder(dir) => Fetched::Kept(dir.join(&backup.file)),
            Self::Bucket(bucket) => {
                // Under the name of this run: what is left of others is swept.
                let copy = Scrap::partial(order.dir, &format!("{}-{}", order.run.0, backup.file));
                bucket.fetch(&manifest, &copy.0).await?;
                Fetched::Copy(copy)
            }
        };
        Ok((fetched, manifest))
    }

    /// Whether a proven backup is still what it was. In a bucket nobody alters it beside the store, which was asked for it already.
    pub async fn holds(&self, backup: &BackupSummary) -> Result<()> {
        match self {
            Self::Folder(dir) => proof::unaltered(&dir.join(&backup.file), backup.bytes, &backup.sha256).await,
            Self::Bucket(_) => Ok(()),
        }
    }

    /// Removes a backup, and then what describes it. What is gone already is no failure.
    pub async fn remove(&self, file: &str) -> Result<()> {
        match self {
            Self::Folder(dir) => folder::remove(dir, file),
            Self::Bucket(bucket) => bucket.remove(file).await,
        }
    }

    /// The names of all that lies there.
    pub async fn names(&self) -> Result<Vec<String>> {
        match self {
            Self::Folder(dir) => Ok(folder::names(dir)),
            Self::Bucket(bucket) => bucket.names().await,
        }
    }
}

impl fmt::Display for Shelf {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Folder(dir) => write!(f, "{}", dir.display()),
            Self::Bucket(bucket) => bucket.fmt(f),
        }
    }
}
