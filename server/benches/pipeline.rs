//! How long the pipeline page takes: the demo's three databases are read in full for it, as everybody who opens it makes them be.

use criterion::{Criterion, criterion_group, criterion_main};
use serde_json::Value;
use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};

const ADDR: &str = "127.0.0.1:3077";

/// The demo in a folder of its own; gone at the end.
struct Demo {
    process: Child,
    folder: PathBuf,
}

impl Demo {
    fn start() -> Self {
        let folder = std::env::temp_dir().join(format!("lockstep-bench-{}", std::process::id()));
        let mut command = Command::new(env!("CARGO_BIN_EXE_lockstep"));
        command.args(["demo", "--addr", ADDR]).env("LOCKSTEP_DATA_DIR", &folder).env("LOCKSTEP_LOG", "warn");
        command.current_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/..")).stdout(Stdio::null()).stderr(Stdio::piped());
        let mut process = command.spawn().expect("the binary was built");
        // It listens before it says where, so that the first request waits for the answer and for nothing else.
        let mut said = BufReader::new(process.stderr.take().expect("it was piped")).lines();
        let ready = said.by_ref().map_while(Result::ok).any(|line| line.contains(ADDR));
        assert!(ready, "the demo did not start");
        std::thread::spawn(move || said.for_each(drop));
        Self { process, folder }
    }

    /// The cookie of somebody who signed in.
    fn cookie(&self) -> String {
        let people: Value = serde_json::from_slice(&fs::read(self.folder.join("demo/people.json")).expect("the demo has people"))
            .expect("they are JSON");
        let text = |key: &str| people[0][key].as_str().expect("it is a text").replace('@', "%40").replace('+', "%2B");
        let form = format!("email={}&password={}", text("email"), text("password"));
        let answer = send(&format!(
            "POST /api/sign-in HTTP/1.1\r\nHost: {ADDR}\r\nOrigin: http://{ADDR}\r\nAccept: application/json\r\nConnection: close\r\n\
             Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n\r\n{form}",
            form.len()
        ));
        let set = answer.lines().find_map(|line| line.strip_prefix("set-cookie: __Host-lockstep="));
        let id = set.and_then(|set| set.split(';').next()).expect("the person is signed in");
        format!("__Host-lockstep={id}")
    }
}

impl Drop for Demo {
    fn drop(&mut self) {
        let _ended = Command::new("kill").arg(self.process.id().to_string()).status();
        let _ended = self.process.wait();
        let _gone = fs::remove_dir_all(&self.folder);
    }
}

/// One request on a connection of its own; empty when nobody answers.
fn send(request: &str) -> String {
    let mut answer = Vec::new();
    let asked = TcpStream::connect(ADDR).and_then(|mut stream| {
        stream.write_all(request.as_bytes())?;
        stream.read_to_end(&mut answer)
    });
    asked.map(|_| String::from_utf8_lossy(&answer).into_owned()).unwrap_or_default()
}

fn pipeline(c: &mut Criterion) {
    let demo = Demo::start();
    let page = format!("GET / HTTP/1.1\r\nHost: {ADDR}\r\nCookie: {}\r\nConnection: close\r\n\r\n", demo.cookie());
    assert!(send(&page).contains("Production"), "the page shows the pipeline");
    let mut group = c.benchmark_group("http");
    group.sample_size(20);
    group.bench_function("pipeline page", |bencher| bencher.iter(|| send(&page)));
    group.finish();
}

criterion_group!(benches, pipeline);
criterion_main!(benches);
