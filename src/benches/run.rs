//! A promotion of a thousand statements beside psql that runs the same file, and a proven backup of a million rows beside pg_dump alone.

use chrono::{DateTime, Utc};
use criterion::{Criterion, criterion_group, criterion_main};
use lockstep::catalog::Scope;
use lockstep::engine::batches::Held;
use lockstep::engine::private_pg::{Options, PrivatePg};
use lockstep::engine::target::apply::{Applied, Order, apply};
use lockstep::engine::target::backup::{self, Extent, Shelf, take};
use lockstep::engine::target::cancellation;
use lockstep::engine::target::connect::TargetUrl;
use lockstep::engine::target::preview::{Question, Release, hold, preview};
use lockstep::engine::target::script::script;
use lockstep::lookup::LookupSet;
use lockstep::promotion::{Policy, PromotionId, Sealed};
use lockstep::run::RunId;
use sqlx::{AssertSqlSafe, Connection, PgConnection};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};
use tokio::runtime::Runtime;
use uuid::Uuid;

const BASE: &str = "DO $$ BEGIN FOR n IN 1..500 LOOP
    EXECUTE format('CREATE TABLE t%s (id bigint PRIMARY KEY, a text NOT NULL, b integer DEFAULT 0, c numeric(12,2), d timestamptz)', n);
    EXECUTE format('INSERT INTO t%s SELECT g, g::text, g, g, now() FROM generate_series(1, $rows) g', n);
  END LOOP; END $$";

/// Two statements for each table.
const AHEAD: &str = "DO $$ BEGIN FOR n IN 1..500 LOOP
    EXECUTE format('ALTER TABLE t%s ADD COLUMN e text', n);
    EXECUTE format('CREATE INDEX t%s_b ON t%s (b)', n, n);
  END LOOP; END $$";

const MILLION: &str = "CREATE TABLE big (id bigint PRIMARY KEY, code text NOT NULL, name text, amount numeric(12,2), day date, note text);
  INSERT INTO big SELECT g, md5(g::text), 'name of ' || g, g / 7.0, date '2020-01-01' + g % 1000, repeat('x', g % 30) FROM generate_series(1, 1000000) g";

struct Bench {
    runtime: Runtime,
    cluster: PrivatePg,
    folder: PathBuf,
}

impl Bench {
    fn new(name: &str) -> Self {
        let runtime = Runtime::new().expect("a runtime");
        let folder = std::env::temp_dir().join(format!("lockstep-bench-{name}-{}", std::process::id()));
        let settings = vec![("fsync", "off"), ("max_locks_per_transaction", "1024")];
        let options = Options { settings, discard: true, ..Options::default() };
        let cluster = runtime.block_on(PrivatePg::start(&folder, &options)).expect("the cluster starts");
        Self { runtime, cluster, folder }
    }

    fn exec(&self, database: &str, sql: &str) {
        self.runtime.block_on(async {
            let mut session = PgConnection::connect(&self.cluster.url(database)).await.expect("the database answers");
            sqlx::raw_sql(AssertSqlSafe(sql.to_owned())).execute(&mut session).await.expect("the statement runs");
            session.close().await.expect("the session ends");
        });
    }

    fn database(&self, name: &str, scripts: &[&str]) -> TargetUrl {
        self.exec("postgres", &format!("CREATE DATABASE {name}"));
        scripts.iter().for_each(|sql| self.exec(name, sql));
        self.url(name)
    }

    fn url(&self, name: &str) -> TargetUrl {
        TargetUrl::parse(&self.cluster.url(name)).expect("a URL")
    }

    /// A fresh copy of the target, whose making nobody counts.
    fn copy(&self) {
        self.exec("postgres", "DROP DATABASE IF EXISTS copy WITH (FORCE)");
        self.exec("postgres", "CREATE DATABASE copy TEMPLATE target STRATEGY file_copy");
        self.exec("postgres", "CHECKPOINT");
    }
}

async fn sealed(source: &TargetUrl, target: &TargetUrl, policy: &Policy) -> Sealed {
    let (content, rows) = hold(source, &LookupSet::default(), Scope::default()).await.expect("the source is read");
    let digest = content.digest();
    let question = Question {
        release: Release { content: &content, digest: &digest, rows: &mut Held(rows) },
        url: target,
        target: "target",
        policy,
        renames: &[],
        promoted: None,
        choices: &[],
    };
    preview(question).await.expect("the target is read").0.sealed
}

fn run(program: &str, arguments: &[&str]) -> Duration {
    let started = Instant::now();
    let ended = Command::new(program).args(arguments).status().expect("the program starts");
    assert!(ended.success(), "{program} does its work");
    started.elapsed()
}

fn statements(criterion: &mut Criterion) {
    for rows in [0, 5_000] {
        on_tables_of(rows, criterion);
    }
}

fn on_tables_of(rows: u32, criterion: &mut Criterion) {
    let bench = Bench::new(&format!("statements-{rows}"));
    let base = BASE.replace("$rows", &rows.to_string());
    let source = bench.database("source", &[&BASE.replace("$rows", "0"), AHEAD]);
    let target = bench.database("target", &[&base, "VACUUM ANALYZE"]);
    let (policy, set) = (Policy::default(), LookupSet::default());
    let sealed = bench.runtime.block_on(sealed(&source, &target, &policy));
    println!("{} statements", sealed.plan.statements().count());
    let file = bench.folder.join("release.sql");
    std::fs::write(&file, script(&sealed.plan, &sealed.lookup)).expect("the script is written");
    let (digest, url) = (sealed.digest(), bench.url("copy"));
    let mut group = criterion.benchmark_group(format!("a thousand statements on tables of {rows} rows"));
    group.sample_size(10);
    group.bench_function("psql", |bencher| {
        bencher.iter_custom(|times| {
            let one = |_| {
                bench.copy();
                let file = file.to_str().expect("a path of ours");
                run("psql", &["-X", "-q", "-v", "ON_ERROR_STOP=1", "-f", file, &bench.cluster.url("copy")])
            };
            (0..times).map(one).sum()
        });
    });
    group.bench_function("promotion", |bencher| {
        bencher.iter_custom(|times| {
            let one = |_| {
                bench.copy();
                let order = Order {
                    url: &url,
                    run: RunId(Uuid::now_v7()),
                    fence: 1,
                    promotion: PromotionId(Uuid::nil()),
                    digest: &digest,
                    version: "1",
                    notes: "",
                    by: "",
                    sealed: &sealed,
                    set: &set,
                    policy: &policy,
                    restore: None,
                    stopwatch: None,
                };
                let (_keep, cancel) = cancellation();
                let started = Instant::now();
                assert_eq!(bench.runtime.block_on(apply(&order, &|_| {}, &cancel)), Applied::Committed);
                started.elapsed()
            };
            (0..times).map(one).sum()
        });
    });
    group.finish();
}

/// A backup, its proof and its manifest.
async fn backed_up(url: &TargetUrl, folder: &Path) -> Duration {
    let shelf = Shelf::Folder(folder.to_owned());
    let order = backup::Order {
        url,
        extent: &Extent::Full,
        dir: folder,
        shelf: &shelf,
        run: RunId(Uuid::nil()),
        fence: 1,
        name: "backup",
        bin: None,
        taken_at: DateTime::<Utc>::UNIX_EPOCH,
        lock_timeout_ms: 1_000,
        drill: None,
    };
    let (_keep, cancel) = cancellation();
    let started = Instant::now();
    take(&order, &|_| {}, &cancel).await.expect("the backup is taken");
    started.elapsed()
}

fn backups(criterion: &mut Criterion) {
    let bench = Bench::new("backup");
    let url = bench.database("big", &[MILLION, "VACUUM ANALYZE"]);
    let folder = bench.folder.join("backups");
    let fresh = || {
        let _none_yet = std::fs::remove_dir_all(&folder);
        std::fs::create_dir_all(&folder).expect("a folder is made");
    };
    let mut group = criterion.benchmark_group("a backup of a million rows");
    group.sample_size(10);
    group.bench_function("pg_dump", |bencher| {
        bencher.iter_custom(|times| {
            let one = |_| {
                fresh();
                let out = format!("--file={}", folder.join("alone").display());
                run("pg_dump", &["--format=custom", "--compress=1", &out, &bench.cluster.url("big")])
            };
            (0..times).map(one).sum()
        });
    });
    group.bench_function("backup and its proof", |bencher| {
        bencher.iter_custom(|times| {
            let one = |_| {
                fresh();
                bench.runtime.block_on(backed_up(&url, &folder))
            };
            (0..times).map(one).sum()
        });
    });
    group.finish();
}

criterion_group!(benches, statements, backups);
criterion_main!(benches);
