//! Reading and planning 100, 1,000 and 10,000 tables of ten columns with two indexes and a foreign key, on both sides, with ten
//! differences; beside it the same queries sent by psql.

use criterion::{Criterion, criterion_group, criterion_main};
use lockstep::catalog::{Catalog, Scope};
use lockstep::engine::private_pg::{Options, PrivatePg};
use lockstep::engine::target::connect::TargetUrl;
use lockstep::engine::target::introspect;
use lockstep::engine::target::script::script;
use lockstep::plan::{self, plan};
use sqlx::{AssertSqlSafe, Connection, PgConnection};
use std::hint::black_box;
use std::io::Write;
use std::process::{Command, Stdio};
use tokio::runtime::Runtime;

const SIZES: [usize; 3] = [100, 1_000, 10_000];

const MAKE: &str = r"
DO $$
BEGIN
  FOR n IN 1..$tables LOOP
    EXECUTE format('CREATE TABLE t%s (id bigint PRIMARY KEY, parent bigint, a text NOT NULL, b integer DEFAULT 0, c numeric(12,2),
                    d timestamptz DEFAULT now(), e boolean, f jsonb, g varchar(40), h date)', n);
    EXECUTE format('CREATE INDEX t%s_a_idx ON t%s (a)', n, n);
    EXECUTE format('CREATE INDEX t%s_bd_idx ON t%s (b, d DESC)', n, n);
    EXECUTE format('ALTER TABLE t%s ADD CONSTRAINT t%s_parent_fkey FOREIGN KEY (parent) REFERENCES t%s (id)', n, n, greatest(n - 1, 1));
    IF n % 100 = 0 THEN COMMIT; END IF;
  END LOOP;
END
$$";

const DIFFER: &str = r"
ALTER TABLE t1 ADD COLUMN tax_id text;
ALTER TABLE t11 DROP COLUMN h;
ALTER TABLE t21 ALTER COLUMN b TYPE bigint;
ALTER TABLE t31 ALTER COLUMN g SET NOT NULL;
DROP INDEX t41_a_idx;
CREATE INDEX t51_g_idx ON t51 (g);
ALTER TABLE t61 ADD CONSTRAINT t61_b_check CHECK (b >= 0);
CREATE TABLE new_table (id bigint PRIMARY KEY, t bigint REFERENCES t1);
CREATE VIEW summary AS SELECT id, a FROM t71;
COMMENT ON TABLE t81 IS 'described'";

struct Sides {
    source: TargetUrl,
    target: TargetUrl,
    /// As psql takes them.
    urls: [String; 2],
}

async fn sides(cluster: &PrivatePg, tables: usize) -> Sides {
    let make = MAKE.replace("$tables", &tables.to_string());
    let mut urls = Vec::new();
    for (side, scripts) in [("source", &[make.as_str(), DIFFER][..]), ("target", &[make.as_str()])] {
        let name = format!("{side}_{tables}");
        let mut admin = PgConnection::connect(&cluster.url("postgres")).await.expect("the cluster answers");
        sqlx::raw_sql(AssertSqlSafe(format!("CREATE DATABASE {name}"))).execute(&mut admin).await.expect("a database is made");
        let mut session = PgConnection::connect(&cluster.url(&name)).await.expect("the database answers");
        for sql in scripts {
            sqlx::raw_sql(AssertSqlSafe(*sql)).execute(&mut session).await.expect("the schema is made");
        }
        sqlx::raw_sql("VACUUM ANALYZE").execute(&mut session).await.expect("it is vacuumed");
        urls.push(cluster.url(&name));
    }
    let parsed = |url: &String| TargetUrl::parse(url).expect("our own URL");
    Sides { source: parsed(&urls[0]), target: parsed(&urls[1]), urls: urls.try_into().expect("two sides") }
}

async fn read(sides: &Sides) -> (Catalog, Catalog) {
    let scope = Scope::default();
    let (source, target) = tokio::join!(introspect::read_at(&sides.source, scope), introspect::read_at(&sides.target, scope));
    (source.expect("the source is read"), target.expect("the target is read"))
}

/// The same queries on both sides at once, their results thrown away.
fn bare(sides: &Sides) {
    let script = format!("SET search_path = '';\n{};\n", introspect::queries().collect::<Vec<_>>().join(";\n"));
    let started = sides.urls.each_ref().map(|url| {
        let mut psql = Command::new("psql")
            .args(["-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-o", "/dev/null", url])
            .stdin(Stdio::piped())
            .spawn()
            .expect("psql starts");
        psql.stdin.take().expect("it was piped").write_all(script.as_bytes()).expect("psql listens");
        psql
    });
    for mut psql in started {
        assert!(psql.wait().expect("psql ends").success());
    }
}

/// The most memory that this process ever had, in kB.
fn peak() -> String {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap_or("unknown").trim().to_owned()
}

fn tables(criterion: &mut Criterion) {
    let runtime = Runtime::new().expect("a runtime");
    let folder = std::env::temp_dir().join(format!("lockstep-bench-{}", std::process::id()));
    let settings = vec![("fsync", "off"), ("max_locks_per_transaction", "1024")];
    let options = Options { settings, discard: true, ..Options::default() };
    let cluster = runtime.block_on(PrivatePg::start(&folder, &options)).expect("the cluster starts");
    for size in SIZES {
        let sides = runtime.block_on(sides(&cluster, size));
        let whole = || {
            let (source, target) = runtime.block_on(read(&sides));
            script(&plan(&source, &target, &plan::Options::default()), &[])
        };
        let first = whole();
        println!("{size} tables: {} bytes of SQL; most memory so far {}", first.len(), peak());
        let (source, target) = runtime.block_on(read(&sides));
        assert_eq!(plan(&source, &target, &plan::Options::default()).changes.len(), 10);
        let mut group = criterion.benchmark_group(format!("{size} tables, ten differences"));
        group.sample_size(10);
        group.bench_function("bare queries with psql", |bench| bench.iter(|| bare(&sides)));
        group.bench_function("read both catalogs", |bench| bench.iter(|| black_box(runtime.block_on(read(&sides)))));
        group.bench_function("plan", |bench| bench.iter(|| black_box(plan(&source, &target, &plan::Options::default()))));
        group.bench_function("read, plan and print", |bench| bench.iter(|| black_box(whole())));
        group.finish();
    }
}

criterion_group!(benches, tables);
criterion_main!(benches);
