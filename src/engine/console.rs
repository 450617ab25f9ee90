//! An open console: its store, its directories, its way to wake waiting viewers and the runner.

use super::Result;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Where a console keeps what is its own.
#[derive(Debug, Clone, Default)]
pub struct Settings {
    /// The private cluster and the backups are in it.
    pub data_dir: PathBuf,
    /// A store that is shared; none starts a private cluster in `data_dir`.
    pub store_url: Option<String>,
    /// Where backups go; `data_dir/backups` when none.
    pub backup_dir: Option<PathBuf>,
    /// The folder of PostgreSQL's binaries; searched for when none.
    pub pg_bin: Option<PathBuf>,
}

#[derive(Clone)]
pub struct Console {
    inner: Arc<Inner>,
}

struct Inner {
    backup_dir: PathBuf,
}

impl Console {
    /// Opens the store, starting the private cluster when there is no other, and brings its schema up to date.
    pub async fn open(settings: Settings) -> Result<Self> {
        let backup_dir = settings.backup_dir.unwrap_or_else(|| settings.data_dir.join("backups"));
        Ok(Self { inner: Arc::new(Inner { backup_dir }) })
    }

    /// Starts the background task that executes runs, after recovering those that were running when the console stopped.
    pub async fn start_runner(&self) -> Result<()> {
        super::unbuilt()
    }

    /// Claims no more runs, lets the running one finish or roll back within 30 seconds, then closes the store.
    pub async fn shutdown(&self) {}

    /// Whether the store answers.
    pub async fn ready(&self) -> Result<()> {
        super::unbuilt()
    }

    pub fn backup_dir(&self) -> &Path {
        &self.inner.backup_dir
    }
}
