//! A private PostgreSQL cluster from the installed binaries: the default store, the demo, the tests.
//!
//! It lives no longer than the process that started it: a shell waits for the end of a pipe from us and then stops the server, so
//! that even a killed Lockstep leaves nothing running. PostgreSQL refuses to run as root; there it runs as the user `postgres`.

mod binaries;
mod place;

pub use binaries::binaries;

use super::Result;
use crate::problem::{Problem, ProblemKind};
use place::Place;
use std::fs::File;
use std::io::{BufRead, BufReader, Write};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, Stdio};

/// How a cluster differs from the default one.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// The folder with `initdb`, `pg_ctl` and `postgres`; searched for when it is not given.
    pub bin: Option<PathBuf>,
    /// Settings of `postgresql.conf`, as name and value without spaces.
    pub settings: Vec<(&'static str, &'static str)>,
    /// The folder goes when the server stops, without care for the data in it.
    pub discard: bool,
}

/// A running cluster. Dropping it stops the server soon afterwards; `stop` also waits for it.
#[derive(Debug)]
pub struct PrivatePg {
    bin: PathBuf,
    port: u16,
    password: Secret,
    watchdog: Child,
    lifeline: Option<ChildStdin>,
    /// The watchdog holds it too, so that the folder is free only when the server is down.
    _lock: File,
}

impl PrivatePg {
    /// Starts the cluster in `dir`, which is Lockstep's alone, making it there first when there is none. Waits until it answers.
    pub async fn start(dir: &Path, options: &Options) -> Result<Self> {
        let (dir, options) = (dir.to_owned(), options.clone());
        let start = tokio::task::spawn_blocking(move || start(&dir, &options));
        start.await.map_err(|error| failed("started").because(error.to_string()))?
    }

    /// The connection string of a database, for the superuser `postgres`.
    pub fn url(&self, database: &str) -> String {
        format!("postgresql://postgres:{}@127.0.0.1:{}/{database}", self.password.0, self.port)
    }

    /// The folder with the programs that the server runs from.
    pub fn bin(&self) -> &Path {
        &self.bin
    }

    /// Stops the server and waits until it has stopped.
    pub async fn stop(mut self) -> Result<()> {
        drop(self.lifeline.take());
        let wait = tokio::task::spawn_blocking(move || self.watchdog.wait());
        let ended = wait.await.map_err(|error| failed("stopped").because(error.to_string()))?;
        ended.map(|_| ()).map_err(|error| failed("stopped").because(error.to_string()))
    }
}

/// The connection string of a database in the cluster that another process runs in `dir`; none while nobody does.
pub fn running(dir: &Path, database: &str) -> Option<String> {
    let lock = File::open(dir.join("lock")).ok()?;
    if lock.try_lock().is_ok() {
        return None;
    }
    let read = |name: &str| std::fs::read_to_string(dir.join(name)).ok();
    let (password, port) = (read("password")?, read("port")?);
    Some(format!("postgresql://postgres:{}@127.0.0.1:{}/{database}", password.trim(), port.trim()))
}

/// A text that no debug output shows.
struct Secret(String);

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Secret")
    }
}

fn failed(what: &str) -> Problem {
    Problem::new(ProblemKind::Internal, format!("The private PostgreSQL cluster could not be {what}."))
}

fn start(dir: &Path, options: &Options) -> Result<PrivatePg> {
    let (place, lock) = Place::open(dir)?;
    let bin = binaries(options.bin.as_deref(), place.major())?;
    let password = place.password()?;
    if !place.is_initialised() {
        initialise(&place, &bin, &password)?;
    }
    // Between the choice of a port and the server's start another program may take it.
    let mut attempts = 0;
    loop {
        attempts += 1;
        let port = place.port(attempts == 1)?;
        match watch(&place, &bin, port, options, &lock) {
            Ok((watchdog, lifeline)) => {
                let password = Secret(password);
                return Ok(PrivatePg { bin, port, password, watchdog, lifeline: Some(lifeline), _lock: lock });
            }
            Err(problem) if attempts < 3 && problem.cause.contains("could not bind") => {}
            Err(problem) => return Err(problem),
        }
    }
}

fn initialise(place: &Place, bin: &Path, password: &str) -> Result<()> {
    let broken = |error: std::io::Error| failed("made").because(error.to_string());
    let mut said = String::new();
    for locale in ["C.UTF-8", "C"] {
        let mut words = place.as_server();
        words.extend(["sh", "-c", include_str!("initialise.sh"), "sh"].map(Into::into));
        words.extend([bin.as_os_str().into(), place.home().as_os_str().into(), locale.into()]);
        let mut command = Command::new(&words[0]);
        command.args(&words[1..]).current_dir("/").stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::piped());
        let mut child = command.spawn().map_err(broken)?;
        if let Some(mut pipe) = child.stdin.take() {
            pipe.write_all(password.as_bytes()).map_err(broken)?;
        }
        let output = child.wait_with_output().map_err(broken)?;
        if output.status.success() {
            return place.set_initialised();
        }
        said = String::from_utf8_lossy(&output.stderr).trim().to_owned();
    }
    Err(failed("made").because(said).way_out("Correct what initdb names and start again."))
}

/// Starts the watchdog and returns when the server answers.
fn watch(place: &Place, bin: &Path, port: u16, options: &Options, lock: &File) -> Result<(Child, ChildStdin)> {
    let broken = |error: std::io::Error| failed("started").because(error.to_string());
    let mut settings = format!("-c port={port} -c listen_addresses=127.0.0.1 -c unix_socket_directories=");
    for (name, value) in &options.settings {
        settings.push_str(&format!(" -c {name}={value}"));
    }
    let (mode, remove) = if options.discard { ("immediate", place.dir()) } else { ("fast", Path::new("")) };
    let mut command = Command::new("sh");
    command.args(["-c", include_str!("watch.sh"), "sh"]).arg(bin).arg(place.home()).arg(settings).arg(mode).arg(remove);
    command.args(place.as_server()).current_dir("/").stdin(Stdio::piped()).stdout(Stdio::piped());
    // Standard error carries the lock. A process group of its own: Ctrl-C is for Lockstep, which then ends the server in order.
    let mut child = command.stderr(lock.try_clone().map_err(broken)?).process_group(0).spawn().map_err(broken)?;
    let (Some(lifeline), Some(output)) = (child.stdin.take(), child.stdout.take()) else {
        return Err(failed("started"));
    };
    let mut said = Vec::new();
    for line in BufReader::new(output).lines() {
        let line = line.map_err(broken)?;
        if line == "started" {
            return Ok((child, lifeline));
        }
        said.push(line);
    }
    child.wait().map_err(broken)?;
    Err(failed("started").because(said.join(" ")).way_out("Correct what the server names and start again."))
}
