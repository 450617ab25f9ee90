//! How much a crowd costs a run: the same promotion with nobody and with five hundred people who watch it, each on a stream of its own.
//! The run waits at a table that is locked until everybody is there; what is measured is the rest of it, by the clock of the server that
//! holds store and target.

use chrono::{DateTime, Utc};
use criterion::{Criterion, criterion_group, criterion_main};
use lockstep::access::Actor;
use lockstep::engine::private_pg::{Options, PrivatePg};
use lockstep::engine::{self, Console, Settings};
use lockstep::promotion::{EnvironmentId, EnvironmentInput, Policy, Proposal, RunId};
use lockstep::run::{EventKind, Step};
use sqlx::{AssertSqlSafe, Connection, PgConnection};
use std::io::{BufRead, BufReader};
use std::net::{IpAddr, Ipv4Addr};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::runtime::Runtime;
use tokio::sync::mpsc;
use tokio::task::JoinSet;

const ADDR: &str = "127.0.0.1:3078";
const PASSWORD: &str = "a long and quiet sentence";
const EMAIL: &str = "olga@example.org";
const CROWD: usize = 500;

/// Enough for a run of some seconds.
const ROWS: &str = "CREATE TABLE big (id bigint PRIMARY KEY, code text NOT NULL, name text, amount numeric(12,2), day date, note text);
  INSERT INTO big SELECT g, md5(g::text), 'name of ' || g, g / 7.0, date '2020-01-01' + g % 1000, repeat('x', g % 30) FROM generate_series(1, 2000000) g;
  CREATE TABLE gate (id int PRIMARY KEY)";

/// What the next release brings: as much as the one before.
const NEXT: &str = "DO $do$ BEGIN FOR n IN 1..300 LOOP
    EXECUTE format('CREATE OR REPLACE FUNCTION f%s() RETURNS int LANGUAGE sql AS $$ SELECT $number $$', n);
  END LOOP; END $do$";

struct Stage {
    runtime: Runtime,
    _cluster: PrivatePg,
    folder: PathBuf,
    server: Child,
    console: Console,
    owner: Actor,
    source: EnvironmentId,
    target: EnvironmentId,
    source_url: String,
    target_url: String,
    cookie: String,
    releases: u32,
}

async fn session(url: &str) -> PgConnection {
    PgConnection::connect(url).await.expect("the database answers")
}

async fn exec(url: &str, sql: &str) {
    sqlx::raw_sql(AssertSqlSafe(sql.to_owned())).execute(&mut session(url).await).await.expect("the statement runs");
}

/// The console that people watch, with the runner in it.
fn serve(store: &str, folder: &Path) -> Child {
    let mut command = Command::new(env!("CARGO_BIN_EXE_lockstep"));
    command.args(["serve", "--addr", ADDR]).env("LOCKSTEP_STORE_URL", store).env("LOCKSTEP_DATA_DIR", folder);
    command.env("LOCKSTEP_LOG", "warn").current_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/.."));
    let mut server = command.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().expect("the binary was built");
    let mut said = BufReader::new(server.stderr.take().expect("it was piped")).lines();
    assert!(said.by_ref().map_while(Result::ok).any(|line| line.contains(ADDR)), "the console did not start");
    std::thread::spawn(move || said.for_each(drop));
    server
}

impl Stage {
    fn new() -> Self {
        let runtime = Runtime::new().expect("a runtime");
        let folder = std::env::temp_dir().join(format!("lockstep-bench-{}", std::process::id()));
        let options = Options { settings: vec![("fsync", "off")], discard: true, ..Options::default() };
        let cluster = runtime.block_on(PrivatePg::start(&folder, &options)).expect("the cluster starts");
        let settings = Settings { data_dir: folder.clone(), store_url: Some(cluster.url("store")), ..Settings::default() };
        let (console, owner, source, target) = runtime.block_on(async {
            for name in ["store", "source", "target"] {
                exec(&cluster.url("postgres"), &format!("CREATE DATABASE {name}")).await;
            }
            exec(&cluster.url("source"), ROWS).await;
            exec(&cluster.url("target"), ROWS).await;
            let console = Console::open(settings).await.expect("the console opens");
            let token = engine::first_run_token(&console).await.expect("the store answers").expect("nobody is there yet");
            let ip = IpAddr::V4(Ipv4Addr::LOCALHOST);
            let owner = engine::create_owner(&console, &token, "Olga", EMAIL, PASSWORD, ip).await.expect("there is an owner");
            let mut ids = Vec::new();
            for name in ["source", "target"] {
                let file = folder.join(name);
                std::fs::write(&file, cluster.url(name)).expect("the connection string is written");
                let policy = Policy { approvals: 0, lock_timeout_ms: 60_000, ..Policy::default() };
                let connection = format!("file:{}", file.display());
                let input = EnvironmentInput { name: name.to_owned(), label: name.to_owned(), connection, policy };
                ids.push(engine::add_environment(&console, &owner, &input).await.expect("the environment is added"));
            }
            (console, owner, ids[0], ids[1])
        });
        let server = serve(&cluster.url("store"), &folder);
        let cookie = runtime.block_on(sign_in());
        let (source_url, target_url) = (cluster.url("source"), cluster.url("target"));
        let _cluster = cluster;
        Self { runtime, _cluster, folder, server, console, owner, source, target, source_url, target_url, cookie, releases: 0 }
    }

    /// One more promotion, watched by so many. Gives how long its run took.
    fn promotion(&mut self, viewers: usize) -> Duration {
        self.releases += 1;
        let number = self.releases.to_string();
        self.runtime.block_on(async {
            exec(&self.source_url, &NEXT.replace("$number", &number)).await;
            let release = engine::freeze(&self.console, &self.owner, self.source, &number, "").await.expect("it is frozen");
            let proposal = Proposal::new(release.id, self.target);
            let draft = engine::preview(&self.console, &self.owner, &proposal).await.expect("it is previewed");
            let asked = engine::request(&self.console, &self.owner, &proposal, &draft.digest.0, &[], "").await;
            let mut gate = session(&self.target_url).await;
            sqlx::raw_sql("BEGIN; LOCK TABLE gate").execute(&mut gate).await.expect("the gate is closed");
            let run = engine::start_run(&self.console, &self.owner, asked.expect("it is requested")).await.expect("it starts");
            let (there, mut arrivals) = mpsc::channel(1);
            let mut crowd = JoinSet::new();
            for _ in 0..viewers {
                crowd.spawn(watch(run, self.cookie.clone(), there.clone()));
            }
            for _ in 0..viewers {
                arrivals.recv().await.expect("everybody arrives");
            }
            self.backup_waits(run).await;
            let clock = sqlx::query_scalar("SELECT clock_timestamp()").fetch_one(&mut gate).await;
            let opened: DateTime<Utc> = clock.expect("the server has a clock");
            sqlx::raw_sql("COMMIT").execute(&mut gate).await.expect("the gate is opened");
            let ended = self.end(run).await;
            while let Some(seen) = crowd.join_next().await {
                assert!(seen.expect("a viewer watches").contains("finished"), "everybody sees the end");
            }
            (ended - opened).to_std().expect("time goes on")
        })
    }

    /// Returns when the run is at the gate.
    async fn backup_waits(&self, run: RunId) {
        let mut viewer = engine::watch_run(&self.console, &self.owner, run, 0).await.expect("the run is there");
        while let Some(new) = viewer.next().await.expect("the store answers") {
            if new.iter().any(|event| event.kind == EventKind::StepStarted { step: Step::Backup }) {
                return;
            }
        }
        panic!("the run did not wait");
    }

    async fn end(&self, run: RunId) -> DateTime<Utc> {
        let mut viewer = engine::watch_run(&self.console, &self.owner, run, 0).await.expect("the run is there");
        let mut last = None;
        while let Some(new) = viewer.next().await.expect("the store answers") {
            last = new.last().cloned().or(last);
        }
        let last = last.expect("it has begun");
        let succeeded = matches!(&last.kind, EventKind::Finished { outcome } if outcome.problem().is_none());
        assert!(succeeded, "{last:?}");
        last.at
    }
}

impl Drop for Stage {
    fn drop(&mut self) {
        let _ended = Command::new("kill").arg(self.server.id().to_string()).status();
        let _ended = self.server.wait();
        self.runtime.block_on(self.console.shutdown());
        let _gone = std::fs::remove_dir_all(&self.folder);
    }
}

/// Sends a form and reads the whole answer, however long it goes on; tells when it begins.
async fn post(path: &str, cookie: &str, form: &str, begun: Option<mpsc::Sender<()>>) -> String {
    let mut stream = TcpStream::connect(ADDR).await.expect("the console answers");
    let head = format!(
        "POST {path} HTTP/1.1\r\nHost: {ADDR}\r\nOrigin: http://{ADDR}\r\nAccept: application/json\r\nConnection: close\r\n\
         Cookie: {cookie}\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n\r\n{form}",
        form.len()
    );
    stream.write_all(head.as_bytes()).await.expect("the console listens");
    let mut answer = vec![0; 1024];
    let length = stream.read(&mut answer).await.expect("the console answers");
    answer.truncate(length);
    if let Some(begun) = begun {
        begun.send(()).await.expect("somebody counts");
    }
    stream.read_to_end(&mut answer).await.expect("the console answers");
    String::from_utf8_lossy(&answer).into_owned()
}

async fn sign_in() -> String {
    let form = format!("email={}&password={}", EMAIL.replace('@', "%40"), PASSWORD.replace(' ', "+"));
    let answer = post("/api/sign-in", "", &form, None).await;
    let set = answer.lines().find_map(|line| line.strip_prefix("set-cookie: "));
    set.and_then(|set| set.split(';').next()).expect("the person is signed in").to_owned()
}

async fn watch(run: RunId, cookie: String, there: mpsc::Sender<()>) -> String {
    post("/api/run-stream", &cookie, &format!("run={}&after=0", run.0), Some(there)).await
}

fn viewers(criterion: &mut Criterion) {
    let mut stage = Stage::new();
    stage.promotion(0);
    let mut group = criterion.benchmark_group("a run");
    group.sample_size(10);
    for (name, count) in [("nobody watches", 0), ("five hundred watch", CROWD)] {
        group.bench_function(name, |bencher| bencher.iter_custom(|times| (0..times).map(|_| stage.promotion(count)).sum()));
    }
    group.finish();
}

criterion_group!(benches, viewers);
criterion_main!(benches);
