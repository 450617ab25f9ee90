//! Reading and planning 1,000 tables of ten columns with two indexes and a foreign key, on both sides, with ten differences.

use criterion::{Criterion, criterion_group, criterion_main};
use lockstep::catalog::Catalog;
use lockstep::engine::private_pg::{Options, PrivatePg};
use lockstep::engine::target::connect::TargetUrl;
use lockstep::engine::target::introspect;
use lockstep::engine::target::script::script;
use lockstep::plan::{self, plan};
use sqlx::{AssertSqlSafe, Connection, PgConnection};
use std::hint::black_box;
use tokio::runtime::Runtime;

const TABLES: usize = 1_000;

const MAKE: &str = r"
DO $$
BEGIN
  FOR n IN 1..1000 LOOP
    EXECUTE format('CREATE TABLE t%s (id bigint PRIMARY KEY, parent bigint, a text NOT NULL, b integer DEFAULT 0, c numeric(12,2),
                    d timestamptz DEFAULT now(), e boolean, f jsonb, g varchar(40), h date)', n);
    EXECUTE format('CREATE INDEX t%s_a_idx ON t%s (a)', n, n);
    EXECUTE format('CREATE INDEX t%s_bd_idx ON t%s (b, d DESC)', n, n);
    EXECUTE format('ALTER TABLE t%s ADD CONSTRAINT t%s_parent_fkey FOREIGN KEY (parent) REFERENCES t%s (id)', n, n, greatest(n - 1, 1));
  END LOOP;
END
$$";

const DIFFER: &str = r"
ALTER TABLE t10 ADD COLUMN tax_id text;
ALTER TABLE t110 DROP COLUMN h;
ALTER TABLE t210 ALTER COLUMN b TYPE bigint;
ALTER TABLE t310 ALTER COLUMN g SET NOT NULL;
DROP INDEX t410_a_idx;
CREATE INDEX t510_g_idx ON t510 (g);
ALTER TABLE t610 ADD CONSTRAINT t610_b_check CHECK (b >= 0);
CREATE TABLE new_table (id bigint PRIMARY KEY, t bigint REFERENCES t10);
CREATE VIEW summary AS SELECT id, a FROM t710;
COMMENT ON TABLE t810 IS 'described'";

struct Sides {
    source: TargetUrl,
    target: TargetUrl,
    _cluster: PrivatePg,
}

async fn sides() -> Sides {
    let folder = std::env::temp_dir().join(format!("lockstep-bench-{}", std::process::id()));
    let options =
        Options { settings: vec![("fsync", "off"), ("max_locks_per_transaction", "1024")], discard: true, ..Options::default() };
    let cluster = PrivatePg::start(&folder, &options).await.expect("the cluster starts");
    let mut urls = Vec::new();
    for (name, scripts) in [("source", &[MAKE, DIFFER][..]), ("target", &[MAKE])] {
        let mut admin = PgConnection::connect(&cluster.url("postgres")).await.expect("the cluster answers");
        sqlx::raw_sql(AssertSqlSafe(format!("CREATE DATABASE {name}"))).execute(&mut admin).await.expect("a database is made");
        let mut session = PgConnection::connect(&cluster.url(name)).await.expect("the database answers");
        for sql in scripts {
            sqlx::raw_sql(AssertSqlSafe(*sql)).execute(&mut session).await.expect("the schema is made");
        }
        urls.push(TargetUrl::parse(&cluster.url(name)).expect("our own URL"));
    }
    let target = urls.pop().expect("two sides");
    Sides { source: urls.pop().expect("two sides"), target, _cluster: cluster }
}

async fn read(sides: &Sides) -> (Catalog, Catalog) {
    let (source, target) = tokio::join!(introspect::read_at(&sides.source), introspect::read_at(&sides.target));
    (source.expect("the source is read"), target.expect("the target is read"))
}

fn thousand_tables(criterion: &mut Criterion) {
    let runtime = Runtime::new().expect("a runtime");
    let sides = runtime.block_on(sides());
    let (source, target) = runtime.block_on(read(&sides));
    assert_eq!(plan(&source, &target, &plan::Options::default()).changes.len(), 10 + 2);
    let mut group = criterion.benchmark_group(format!("{TABLES} tables, ten differences"));
    group.sample_size(10);
    group.bench_function("read both catalogs", |bench| bench.iter(|| black_box(runtime.block_on(read(&sides)))));
    group.bench_function("plan", |bench| bench.iter(|| black_box(plan(&source, &target, &plan::Options::default()))));
    group.bench_function("read, plan and print", |bench| {
        bench.iter(|| {
            let (source, target) = runtime.block_on(read(&sides));
            black_box(script(&plan(&source, &target, &plan::Options::default()), &[]))
        });
    });
    group.finish();
}

criterion_group!(benches, thousand_tables);
criterion_main!(benches);
