//! One private cluster for the whole test binary and a fresh database for each test.

use lockstep::catalog::Catalog;
use lockstep::engine::private_pg::{Options, PrivatePg};
use lockstep::engine::target::connect::TargetUrl;
use lockstep::engine::target::introspect;
use sqlx::{AssertSqlSafe, Connection, PgConnection};
use std::path::PathBuf;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Mutex, OnceLock};

/// The server outlives each test's runtime, so it is started on a runtime of its own. It ends with the process: the pipe to its watchdog breaks.
fn cluster() -> &'static PrivatePg {
    static CLUSTER: OnceLock<PrivatePg> = OnceLock::new();
    CLUSTER.get_or_init(|| std::thread::spawn(start).join().unwrap())
}

fn start() -> PrivatePg {
    // The clusters of earlier processes are gone from memory; their folders are swept here.
    let top = std::env::temp_dir().join("lockstep-tests");
    for old in std::fs::read_dir(&top).into_iter().flatten().flatten() {
        let alive = old.file_name().to_str().is_some_and(|pid| PathBuf::from("/proc").join(pid).exists());
        if !alive {
            std::fs::remove_dir_all(old.path()).unwrap();
        }
    }
    let options = Options {
        bin: std::env::var_os("LOCKSTEP_TEST_PG_BIN").map(PathBuf::from),
        settings: vec![
            ("fsync", "off"),
            ("full_page_writes", "off"),
            ("synchronous_commit", "off"),
            ("autovacuum", "off"),
            ("max_connections", "200"),
            ("shared_buffers", "64MB"),
        ],
    };
    // The runtime that made the pipe must live as long as the server.
    let runtime =
        Box::leak(Box::new(tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap()));
    runtime.block_on(PrivatePg::start(&top.join(std::process::id().to_string()), &options)).unwrap()
}

/// A database of its own for one test.
pub struct Database {
    url: String,
}

/// Makes a fresh, empty database. `name` is for people who look at the server.
pub async fn database(name: &str) -> Database {
    static COUNT: AtomicU32 = AtomicU32::new(0);
    let name = format!("{name}_{}", COUNT.fetch_add(1, Ordering::Relaxed));
    let mut admin = PgConnection::connect(&cluster().url("postgres")).await.unwrap();
    sqlx::raw_sql(AssertSqlSafe(format!("CREATE DATABASE \"{name}\" TEMPLATE template0"))).execute(&mut admin).await.unwrap();
    Database { url: cluster().url(&name) }
}

static USED: Mutex<Vec<Database>> = Mutex::new(Vec::new());

/// A database without any object, made or emptied: for tests that need hundreds.
pub async fn empty_database() -> Database {
    let used = USED.lock().unwrap().pop();
    match used {
        Some(database) => {
            database.exec(include_str!("empty.sql")).await;
            database
        }
        None => database("empty").await,
    }
}

/// Keeps a database that nobody uses any more for `empty_database`.
pub fn give_back(database: Database) {
    USED.lock().unwrap().push(database);
}

impl Database {
    pub fn target(&self) -> TargetUrl {
        TargetUrl::parse(&self.url).unwrap()
    }

    /// A plain session, as an application has it.
    pub async fn connect(&self) -> PgConnection {
        PgConnection::connect(&self.url).await.unwrap()
    }

    /// Runs a script of statements; its failure fails the test.
    pub async fn exec(&self, script: &str) {
        if let Err(error) = self.try_exec(script).await {
            panic!("{error}\nin\n{script}");
        }
    }

    pub async fn try_exec(&self, script: &str) -> Result<(), sqlx::Error> {
        let mut session = self.connect().await;
        let done = sqlx::raw_sql(AssertSqlSafe(script.to_owned())).execute(&mut session).await.map(|_| ());
        session.close().await?;
        done
    }

    /// The first column of a query's rows, as text.
    pub async fn column(&self, sql: &str) -> Vec<String> {
        let mut session = self.connect().await;
        let sql = format!("SELECT x::text FROM ({sql}) AS q (x)");
        let rows = sqlx::query_scalar(AssertSqlSafe(sql)).fetch_all(&mut session).await.unwrap();
        session.close().await.unwrap();
        rows
    }

    pub async fn catalog(&self) -> Catalog {
        introspect::read_at(&self.target()).await.unwrap()
    }
}

/// The folder with the binaries of the server under test.
pub fn bin() -> PathBuf {
    lockstep::engine::private_pg::binaries(std::env::var_os("LOCKSTEP_TEST_PG_BIN").map(PathBuf::from).as_deref()).unwrap()
}
