//! Lookup rows of two databases, held against each other: one table of a million rows that are identical, of which one in a hundred differs,
//! and of which all differ; and 200 small tables. Beside it one checksum pass on each server and one `COPY` of the same rows.

use criterion::{Criterion, criterion_group, criterion_main};
use lockstep::catalog::{QName, Scope};
use lockstep::engine::private_pg::{Options, PrivatePg};
use lockstep::engine::target::connect::TargetUrl;
use lockstep::engine::target::preview::{freeze, read_target};
use lockstep::lookup::{LookupSet, LookupTable, Mode, Side, Terms, diff};
use sqlx::{AssertSqlSafe, Connection, PgConnection};
use std::hint::black_box;
use std::process::{Command, Stdio};
use tokio::runtime::Runtime;

const MILLION: &str = "CREATE TABLE big (id bigint PRIMARY KEY, code text NOT NULL, name text, amount numeric(12,2), day date, flag boolean, note text, kind int);
  INSERT INTO big SELECT g, 'code ' || g, 'name of ' || g, g / 7.0, date '2020-01-01' + g % 1000, g % 2 = 0, repeat('x', g % 30), g % 11 FROM generate_series(1, 1000000) g";
const ONE_PERCENT: &str = "UPDATE big SET name = name || '!' WHERE id % 100 = 0";
const ALL: &str = "UPDATE big SET name = name || '!'";
const SMALL: &str = "DO $$ BEGIN FOR n IN 1..200 LOOP
    EXECUTE format('CREATE TABLE small%s (id int PRIMARY KEY, name text, rank int)', n);
    EXECUTE format('INSERT INTO small%s SELECT g, ''name '' || g, g FROM generate_series(1, 50) g', n);
  END LOOP; END $$";

const CHECKSUM: &str = "SELECT sum(('x' || substr(md5(t::text), 1, 16))::bit(64)::bigint) FROM big t";

struct Pair {
    source: String,
    target: String,
    set: LookupSet,
}

fn mirrored(tables: impl Iterator<Item = String>) -> LookupSet {
    LookupSet { tables: tables.map(|name| LookupTable::new(QName::new("public", name), Mode::Mirror)).collect() }
}

async fn made(cluster: &PrivatePg, name: &str, both: &str, target: &str, set: LookupSet) -> Pair {
    let mut urls = Vec::new();
    for (side, change) in [("source", ""), ("target", target)] {
        let database = format!("{name}_{side}");
        let mut admin = PgConnection::connect(&cluster.url("postgres")).await.expect("the cluster answers");
        sqlx::raw_sql(AssertSqlSafe(format!("CREATE DATABASE {database}")))
            .execute(&mut admin)
            .await
            .expect("a database is made");
        let mut session = PgConnection::connect(&cluster.url(&database)).await.expect("the database answers");
        for sql in [both, change, "VACUUM ANALYZE"] {
            sqlx::raw_sql(AssertSqlSafe(sql.to_owned())).execute(&mut session).await.expect("the rows are made");
        }
        urls.push(cluster.url(&database));
    }
    let target = urls.pop().expect("two sides");
    Pair { source: urls.pop().expect("two sides"), target, set }
}

/// Both sides read at once and compared; gives the rows that differ.
async fn compared(pair: &Pair) -> u64 {
    let url = |text: &str| TargetUrl::parse(text).expect("our own URL");
    let (source, target) = (url(&pair.source), url(&pair.target));
    let scope = Scope::default();
    let (release, now) = tokio::join!(freeze(&source, &pair.set, scope), read_target(&target, &pair.set, scope));
    let (release, (catalog, rows)) = (release.expect("the source is read"), now.expect("the target is read"));
    let source = Side { catalog: &release.catalog, rows: &release.lookup };
    let terms = Terms { deletes_allowed: true, ..Terms::default() };
    diff(&pair.set, source, Side { catalog: &catalog, rows: &rows }, terms).changes.iter().map(|one| one.len()).sum()
}

/// One statement on both sides at once, its result thrown away.
fn psql(pair: &Pair, sql: &str) {
    let started = [&pair.source, &pair.target].map(|url| {
        Command::new("psql")
            .args(["-X", "-q", "-o", "/dev/null", "-c", sql, url])
            .stdout(Stdio::null())
            .spawn()
            .expect("psql starts")
    });
    for mut psql in started {
        assert!(psql.wait().expect("psql ends").success());
    }
}

/// The most memory that this process ever had.
fn peak() -> String {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap_or("unknown").trim().to_owned()
}

fn rows(criterion: &mut Criterion) {
    let runtime = Runtime::new().expect("a runtime");
    let folder = std::env::temp_dir().join(format!("lockstep-bench-{}", std::process::id()));
    let options = Options { settings: vec![("fsync", "off")], discard: true, ..Options::default() };
    let cluster = runtime.block_on(PrivatePg::start(&folder, &options)).expect("the cluster starts");
    let big = || mirrored(std::iter::once("big".to_owned()));
    let small = || mirrored((1..=200).map(|n| format!("small{n}")));
    let cases = [
        ("200 small tables", SMALL, "UPDATE small7 SET name = 'x'", small(), 50),
        ("a million rows, identical", MILLION, "", big(), 0),
        ("a million rows, 1 % differ", MILLION, ONE_PERCENT, big(), 10_000),
        ("a million rows, all differ", MILLION, ALL, big(), 1_000_000),
    ];
    for (at, (name, both, change, set, differ)) in cases.into_iter().enumerate() {
        let pair = runtime.block_on(made(&cluster, &format!("rows{at}"), both, change, set));
        assert_eq!(runtime.block_on(compared(&pair)), differ);
        println!("{name}: most memory so far {}", peak());
        let mut group = criterion.benchmark_group(name);
        group.sample_size(10);
        if both == MILLION {
            group.bench_function("checksum on both servers", |bench| bench.iter(|| psql(&pair, CHECKSUM)));
            group.bench_function("COPY from both servers", |bench| bench.iter(|| psql(&pair, "COPY big TO STDOUT")));
        }
        group.bench_function("read and compare", |bench| bench.iter(|| black_box(runtime.block_on(compared(&pair)))));
        group.finish();
    }
}

criterion_group!(benches, rows);
criterion_main!(benches);
