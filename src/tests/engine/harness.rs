//! One private cluster for the whole test binary and a fresh database for each test.

use lockstep::catalog::{Catalog, Scope};
use lockstep::engine::private_pg::{Options, PrivatePg};
use lockstep::engine::target::connect::{self, TargetUrl};
use lockstep::engine::target::introspect;
use sqlx::{AssertSqlSafe, Connection, PgConnection};
use std::path::PathBuf;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU32, Ordering};
use std::thread::ThreadId;
use tokio::sync::OnceCell;

/// One server for all tests. It ends with the process, whose end the watchdog sees, and its folder goes with it.
async fn cluster() -> &'static PrivatePg {
    static CLUSTER: OnceCell<PrivatePg> = OnceCell::const_new();
    CLUSTER
        .get_or_init(|| async {
            let server = PrivatePg::start(&folder("shared"), &options()).await.unwrap();
            let (fast, slow) = ("CREATE TABLESPACE \"fast \"\"one\"\"\" LOCATION ''", "CREATE TABLESPACE slow LOCATION ''");
            prepare(&server, &[fast, slow]).await;
            server
        })
        .await
}

/// Tests connect thousands of times: one round of hashing instead of 4,096. The verifier is of this password.
const PASSWORD: &str = "tests";
const VERIFIER: &str = "SCRAM-SHA-256$1:bG9ja3N0ZXAtdGVzdHMhIQ==$zetlYrl6+RtqhlyIUPvAjGbxmDJjkJ4zFvJjIuUe1HU=:LHBrEJMA3qrLnAYr4VMYnWpnbBC7dTfxk4JcPrEK3dU=";

/// Gives a server the quick password, and what else it needs.
async fn prepare(server: &PrivatePg, scripts: &[&str]) {
    let mut admin = PgConnection::connect(&server.url("postgres")).await.unwrap();
    let quick = format!("ALTER ROLE postgres PASSWORD '{VERIFIER}'");
    for sql in [quick.as_str()].iter().chain(scripts) {
        sqlx::raw_sql(AssertSqlSafe((*sql).to_owned())).execute(&mut admin).await.unwrap();
    }
}

/// The connection string of a database of one of the servers.
fn url(server: &PrivatePg, database: &str) -> String {
    let given = server.url(database);
    let (_, address) = given.split_once('@').unwrap();
    format!("postgresql://postgres:{PASSWORD}@{address}")
}

/// A folder of its own for a cluster of this process, where the server's user may go.
pub fn folder(name: &str) -> PathBuf {
    std::env::temp_dir().join(format!("lockstep-tests-{}-{name}", std::process::id()))
}

/// A server that forgets: nothing is flushed to disk, and its folder goes when it stops. What it has committed outlives a crash of its own.
pub fn options() -> Options {
    Options {
        bin: std::env::var_os("LOCKSTEP_TEST_PG_BIN").map(PathBuf::from),
        settings: vec![
            ("fsync", "off"),
            ("full_page_writes", "off"),
            ("autovacuum", "off"),
            ("max_connections", "200"),
            ("max_prepared_transactions", "20"),
            ("shared_buffers", "64MB"),
            ("allow_in_place_tablespaces", "on"),
        ],
        discard: true,
    }
}

/// A second server, for what goes between two of them; of another major when the environment names its programs.
async fn other() -> &'static PrivatePg {
    static OTHER: OnceCell<PrivatePg> = OnceCell::const_new();
    let bin = std::env::var_os("LOCKSTEP_TEST_OTHER_BIN").map(PathBuf::from);
    let options = Options { bin: bin.or_else(|| options().bin), ..options() };
    OTHER
        .get_or_init(|| async {
            let server = PrivatePg::start(&folder("other"), &options).await.unwrap();
            prepare(&server, &[]).await;
            server
        })
        .await
}

pub fn other_is_another() -> bool {
    std::env::var_os("LOCKSTEP_TEST_OTHER_BIN").is_some()
}

/// A database of its own for one test.
pub struct Database {
    url: String,
    /// Reads catalogs, with its statements prepared; of the thread, and so of the runtime, that opened it.
    reader: Mutex<Option<(ThreadId, PgConnection)>>,
}

/// Makes a fresh, empty database. `name` is for people who look at the server.
pub async fn database(name: &str) -> Database {
    fresh(cluster().await, name, "").await
}

/// One that knows the letters of western Europe only.
pub async fn latin_database(name: &str) -> Database {
    fresh(cluster().await, name, "ENCODING 'LATIN1' LC_COLLATE 'C' LC_CTYPE 'C'").await
}

/// The same on the second server.
pub async fn other_database(name: &str) -> Database {
    fresh(other().await, name, "").await
}

async fn fresh(server: &PrivatePg, name: &str, options: &str) -> Database {
    static COUNT: AtomicU32 = AtomicU32::new(0);
    let name = format!("{name}_{}", COUNT.fetch_add(1, Ordering::Relaxed));
    create(&url(server, "postgres"), &name, options).await;
    Database { url: url(server, &name), reader: Mutex::new(None) }
}

async fn create(admin: &str, name: &str, options: &str) {
    let mut admin = PgConnection::connect(admin).await.unwrap();
    let sql = format!("CREATE DATABASE \"{name}\" TEMPLATE template0 {options}");
    sqlx::raw_sql(AssertSqlSafe(sql)).execute(&mut admin).await.unwrap();
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
    pub fn url(&self) -> &str {
        &self.url
    }

    pub fn target(&self) -> TargetUrl {
        TargetUrl::parse(&self.url).unwrap()
    }

    /// The same database for another user.
    pub fn target_as(&self, user: &str, password: &str) -> TargetUrl {
        let rest = self.url.split_once('@').unwrap().1;
        TargetUrl::parse(&format!("postgresql://{user}:{password}@{rest}")).unwrap()
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
        let sql = format!("SELECT coalesce(x::text, 'NULL') FROM ({sql}) AS q (x)");
        let rows = sqlx::query_scalar(AssertSqlSafe(sql)).fetch_all(&mut session).await.unwrap();
        session.close().await.unwrap();
        rows
    }

    pub async fn catalog(&self) -> Catalog {
        self.read(Scope::default()).await
    }

    pub async fn read(&self, scope: Scope) -> Catalog {
        let here = std::thread::current().id();
        let kept = self.reader.lock().unwrap().take().filter(|(thread, _)| *thread == here);
        let mut session = match kept {
            Some((_, session)) => session,
            None => connect::open(&self.target(), "test:reader").await.unwrap(),
        };
        let mut snapshot = connect::snapshot(&mut session).await.unwrap();
        let catalog = introspect::read(&mut snapshot, scope).await.unwrap();
        snapshot.rollback().await.unwrap();
        *self.reader.lock().unwrap() = Some((here, session));
        catalog
    }

    /// With its privileges.
    pub async fn whole_catalog(&self) -> Catalog {
        self.read(Scope { privileges: true }).await
    }

    /// Everything that `pg_dump` writes of it, but for what Lockstep keeps there.
    pub async fn dump(&self) -> String {
        let output = tokio::process::Command::new(bin().await.join("pg_dump"))
            .args(["--exclude-schema=lockstep", "--exclude-table=public.schema_versions*", "--dbname", &self.url])
            .output()
            .await
            .unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        let text = String::from_utf8(output.stdout).unwrap();
        text.lines().filter(|line| !line.contains("restrict ")).collect::<Vec<_>>().join("\n")
    }

    /// A session as Lockstep opens it.
    pub async fn session(&self) -> PgConnection {
        connect::open(&self.target(), "lockstep:test").await.unwrap()
    }
}

/// The folder with the programs of the server under test.
pub async fn bin() -> PathBuf {
    cluster().await.bin().to_owned()
}
