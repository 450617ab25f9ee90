//! An open console: its store, its directories, its way to wake waiting viewers and the runner.

use super::accounts::Hasher;
use super::alerts::Webhook;
use super::health::LastHealth;
use super::private_pg::{self, Options, PrivatePg};
use super::runner::{Faults, Runner};
use super::store::runs;
use super::store::wake::Wake;
use super::store::{Store, Tx};
use super::target::backup::{Access, Bucket, Shelf};
use super::watched::Watched;
use super::{Result, sql_error};
use crate::problem::{Problem, ProblemKind};
use sqlx::pool::PoolConnection;
use sqlx::{Connection, PgConnection, Postgres};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::Mutex;

/// The database of the store in the private cluster.
const DATABASE: &str = "lockstep";

/// Where a console keeps what is its own.
#[derive(Debug, Clone)]
pub struct Settings {
    /// The private cluster and the backups are in it.
    pub data_dir: PathBuf,
    /// A store that is shared; none starts a private cluster in `data_dir`.
    pub store_url: Option<String>,
    /// Where backups are written and, without a bucket, kept; `data_dir/backups` when none.
    pub backup_dir: Option<PathBuf>,
    /// Where backups are kept once they are proven.
    pub bucket: Option<Access>,
    /// How many backups of an environment stay; older ones go, but for those that somebody may still need.
    pub keep_backups: u32,
    /// The folder of PostgreSQL's binaries; searched for when none.
    pub pg_bin: Option<PathBuf>,
    /// Where people are told of runs that ended otherwise than they should.
    pub webhook: Option<Webhook>,
    /// How long a run stays with a console that says nothing any more, before another console takes it over.
    pub lease: Duration,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            data_dir: PathBuf::new(),
            store_url: None,
            backup_dir: None,
            bucket: None,
            keep_backups: 10,
            pg_bin: None,
            webhook: None,
            lease: Duration::from_secs(30),
        }
    }
}

#[derive(Clone)]
pub struct Console {
    inner: Arc<Inner>,
}

struct Inner {
    store: Store,
    wake: Wake,
    watched: Watched,
    hasher: Hasher,
    backup_dir: PathBuf,
    shelf: Shelf,
    keep_backups: u32,
    pg_bin: Option<PathBuf>,
    webhook: Option<Webhook>,
    lease: Duration,
    runner: Mutex<Option<Runner>>,
    health: LastHealth,
    /// Kept because dropping it stops the server.
    private: Mutex<Option<PrivatePg>>,
}

impl Console {
    /// Opens the store, starting the private cluster when there is no other, and brings its schema up to date.
    pub async fn open(settings: Settings) -> Result<Self> {
        let backup_dir = settings.backup_dir.unwrap_or_else(|| settings.data_dir.join("backups"));
        let shelf = match &settings.bucket {
            Some(access) => Shelf::Bucket(Bucket::new(access)?),
            None => Shelf::Folder(backup_dir.clone()),
        };
        let (url, private) = match settings.store_url {
            Some(url) => (url, None),
            None => {
                let options = Options { bin: settings.pg_bin.clone(), ..Options::default() };
                let private = PrivatePg::start(&settings.data_dir.join("store"), &options).await?;
                make_database(&private).await?;
                (private.url(DATABASE), Some(private))
            }
        };
        let store = Store::open(&url).await?;
        if private.is_some() {
            // The cluster is locked by this process: whoever held a lease in it is gone.
            runs::void_leases(&mut *store.connection().await?).await?;
        }
        let wake = Wake::listen(&store).await?;
        let inner = Inner {
            store,
            wake,
            watched: Watched::default(),
            hasher: Hasher::new().await?,
            backup_dir,
            shelf,
            keep_backups: settings.keep_backups,
            pg_bin: settings.pg_bin,
            webhook: settings.webhook,
            lease: settings.lease,
            runner: Mutex::new(None),
            health: LastHealth::default(),
            private: Mutex::new(private),
        };
        Ok(Self { inner: Arc::new(inner) })
    }

    /// For a command beside a console that serves: uses the private cluster that the other process runs, if one does.
    pub async fn attach(settings: Settings) -> Result<Self> {
        let store_url = settings.store_url.or_else(|| private_pg::running(&settings.data_dir.join("store"), DATABASE));
        Self::open(Settings { store_url, ..settings }).await
    }

    /// Starts the background task that executes runs; it takes up those that were running when their console stopped.
    pub async fn start_runner(&self) -> Result<()> {
        self.start_runner_with(Faults::none()).await
    }

    /// The same with faults, for tests.
    pub async fn start_runner_with(&self, faults: Faults) -> Result<()> {
        let mut runner = self.inner.runner.lock().await;
        if runner.is_none() {
            *runner = Some(Runner::start(self, faults));
        }
        Ok(())
    }

    /// Ends the runner as a crash would: nothing is finished, nothing is written.
    pub async fn kill_runner(&self) {
        if let Some(runner) = self.inner.runner.lock().await.take() {
            runner.kill().await;
        }
    }

    /// Claims no more runs, lets the running ones finish or roll back within 30 seconds, then closes the store.
    pub async fn shutdown(&self) {
        if let Some(runner) = self.inner.runner.lock().await.take() {
            runner.stop().await;
        }
        self.inner.wake.stop();
        self.inner.store.close().await;
        if let Some(private) = self.inner.private.lock().await.take()
            && let Err(problem) = private.stop().await
        {
            tracing::error!(%problem, "the private cluster did not stop");
        }
    }

    /// Whether the store answers.
    pub async fn ready(&self) -> Result<()> {
        let mut connection = self.connection().await?;
        connection.ping().await.map_err(sql_error::explain("The store does not answer."))
    }

    pub(super) fn last_health(&self) -> &LastHealth {
        &self.inner.health
    }

    pub fn backup_dir(&self) -> &Path {
        &self.inner.backup_dir
    }

    /// Where finished backups are.
    pub(super) fn shelf(&self) -> &Shelf {
        &self.inner.shelf
    }

    /// Where the backups of a place are, when it is one of this console's. There were no places when there was only the directory.
    pub(super) fn shelf_at(&self, place: &str) -> Option<Shelf> {
        let folder = Shelf::Folder(self.inner.backup_dir.clone());
        let mut shelves = [folder, self.inner.shelf.clone()].into_iter();
        if place.is_empty() { shelves.next() } else { shelves.find(|shelf| shelf.to_string() == place) }
    }

    pub(super) fn keep_backups(&self) -> u32 {
        self.inner.keep_backups
    }

    /// The folder of PostgreSQL's binaries, when it was named.
    pub(super) fn pg_bin(&self) -> Option<&Path> {
        self.inner.pg_bin.as_deref()
    }

    pub(super) fn webhook(&self) -> Option<&Webhook> {
        self.inner.webhook.as_ref()
    }

    pub(super) fn lease(&self) -> Duration {
        self.inner.lease
    }

    pub(super) fn store(&self) -> &Store {
        &self.inner.store
    }

    pub(super) fn hasher(&self) -> &Hasher {
        &self.inner.hasher
    }

    pub(super) fn wake(&self) -> &Wake {
        &self.inner.wake
    }

    pub(super) fn watched(&self) -> &Watched {
        &self.inner.watched
    }

    pub(super) async fn connection(&self) -> Result<PoolConnection<Postgres>> {
        self.inner.store.connection().await
    }

    pub(super) async fn begin(&self) -> Result<Tx> {
        self.inner.store.begin().await
    }
}

/// Makes the store's database in a fresh cluster.
async fn make_database(private: &PrivatePg) -> Result<()> {
    const FAILED: &str = "The store's database could not be made in the private cluster.";
    let mut admin = PgConnection::connect(&private.url("postgres")).await.map_err(sql_error::explain(FAILED))?;
    let known: bool = sqlx::query_scalar("SELECT EXISTS (SELECT FROM pg_database WHERE datname = $1)")
        .bind(DATABASE)
        .fetch_one(&mut admin)
        .await
        .map_err(sql_error::explain(FAILED))?;
    if !known {
        sqlx::raw_sql("CREATE DATABASE lockstep TEMPLATE template0 ENCODING 'UTF8'")
            .execute(&mut admin)
            .await
            .map_err(sql_error::explain(FAILED))?;
    }
    admin.close().await.map_err(sql_error::explain(FAILED))
}

/// No such thing, without saying whether it is there for others.
pub(super) fn not_found(what: &str) -> Problem {
    Problem::new(ProblemKind::NotFound, format!("There is no such {what}.")).way_out("Follow the links of the pages.")
}
