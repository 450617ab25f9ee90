//! The preview of a frozen release: one table of a million rows that are identical, of which one in a hundred differs, and of which all
//! differ; and 200 small tables. Beside it one checksum pass on the target and one `COPY` of the same rows.

use criterion::{Criterion, criterion_group, criterion_main};
use lockstep::access::Actor;
use lockstep::catalog::QName;
use lockstep::engine::private_pg::{Options, PrivatePg};
use lockstep::engine::{self, Console, Settings};
use lockstep::lookup::{LookupSet, LookupTable, Mode};
use lockstep::promotion::{EnvironmentInput, Policy, Proposal};
use sqlx::{AssertSqlSafe, Connection, PgConnection};
use std::hint::black_box;
use std::net::{IpAddr, Ipv4Addr};
use std::path::Path;
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

/// A release that is frozen, and the database that it is previewed for.
struct Case {
    console: Console,
    owner: Actor,
    proposal: Proposal,
    target: String,
}

fn mirrored(tables: impl Iterator<Item = String>) -> LookupSet {
    LookupSet { tables: tables.map(|name| LookupTable::new(QName::new("public", name), Mode::Mirror)).collect() }
}

async fn database(cluster: &PrivatePg, name: &str, scripts: &[&str]) -> String {
    let mut admin = PgConnection::connect(&cluster.url("postgres")).await.expect("the cluster answers");
    let sql = AssertSqlSafe(format!("CREATE DATABASE {name}"));
    sqlx::raw_sql(sql).execute(&mut admin).await.expect("a database is made");
    let mut session = PgConnection::connect(&cluster.url(name)).await.expect("the database answers");
    for sql in scripts {
        sqlx::raw_sql(AssertSqlSafe((*sql).to_owned())).execute(&mut session).await.expect("the rows are made");
    }
    cluster.url(name)
}

/// A console with two environments, and the release frozen from the first.
async fn frozen(cluster: &PrivatePg, folder: &Path, name: &str, both: &str, change: &str, set: &LookupSet) -> Case {
    let store_url = Some(database(cluster, &format!("{name}_store"), &[]).await);
    let folder = folder.join(name);
    std::fs::create_dir_all(&folder).expect("a folder is made");
    let settings = Settings { data_dir: folder.clone(), store_url, ..Settings::default() };
    let console = Console::open(settings).await.expect("the console opens");
    let token = engine::first_run_token(&console).await.expect("the store answers").expect("nobody is there yet");
    let ip = IpAddr::V4(Ipv4Addr::LOCALHOST);
    let owner = engine::create_owner(&console, &token, "Olga", "olga@example.org", "a long and quiet sentence", ip).await;
    let owner = owner.expect("there is an owner");
    let (mut ids, mut target) = (Vec::new(), String::new());
    for (label, change) in [("Source", ""), ("Target", change)] {
        let side = label.to_lowercase();
        target = database(cluster, &format!("{name}_{side}"), &[both, change, "VACUUM ANALYZE"]).await;
        let file = folder.join(&side);
        std::fs::write(&file, &target).expect("the connection string is written");
        let connection = format!("file:{}", file.display());
        let input = EnvironmentInput { name: side, label: label.to_owned(), connection, policy: Policy::default() };
        ids.push(engine::add_environment(&console, &owner, &input).await.expect("the environment is added"));
    }
    let (target_id, source_id) = (ids.pop().expect("two sides"), ids.pop().expect("two sides"));
    engine::edit_lookup_set(&console, &owner, set).await.expect("the lookup set is kept");
    let started = std::time::Instant::now();
    let release = engine::freeze(&console, &owner, source_id, "1", "").await.expect("the release is frozen").id;
    println!("{name}: frozen in {:.1} s", started.elapsed().as_secs_f64());
    let proposal = Proposal::new(release, target_id);
    Case { console, owner, proposal, target }
}

/// The preview as people see it; gives the rows that differ.
async fn previewed(case: &Case) -> u64 {
    let draft = engine::preview(&case.console, &case.owner, &case.proposal).await.expect("the release is previewed");
    draft.lookup_totals.iter().map(|total| total.inserts + total.updates + total.deletes).sum()
}

/// One statement on the target, its result thrown away.
fn psql(case: &Case, sql: &str) {
    let mut psql = Command::new("psql");
    let psql = psql.args(["-X", "-q", "-o", "/dev/null", "-c", sql, &case.target]).stdout(Stdio::null());
    assert!(psql.status().expect("psql starts").success());
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
        let case = runtime.block_on(frozen(&cluster, &folder, &format!("rows{at}"), both, change, &set));
        println!("{name}: most memory when it is frozen {}", peak());
        assert_eq!(runtime.block_on(previewed(&case)), differ);
        println!("{name}: most memory when it is previewed {}", peak());
        let mut group = criterion.benchmark_group(name);
        group.sample_size(10);
        if both == MILLION {
            group.bench_function("checksum on the server", |bench| bench.iter(|| psql(&case, CHECKSUM)));
            group.bench_function("COPY from the server", |bench| bench.iter(|| psql(&case, "COPY big TO STDOUT")));
        }
        group.bench_function("preview", |bench| bench.iter(|| black_box(runtime.block_on(previewed(&case)))));
        group.finish();
        runtime.block_on(case.console.shutdown());
    }
}

criterion_group!(benches, rows);
criterion_main!(benches);
