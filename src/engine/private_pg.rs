//! A private PostgreSQL cluster from the installed binaries: the default store, the demo, the tests.
//!
//! It lives no longer than the process that started it: a shell waits for the end of a pipe from us and then stops the server, so that
//! even a killed Lockstep leaves nothing running. PostgreSQL refuses to run as root; there it runs as the user `postgres`.

use super::Result;
use crate::problem::{Problem, ProblemKind};
use std::fs::{self, File, Permissions};
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::process::Stdio;
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::process::{Child, ChildStdin, Command};

/// How a cluster differs from the default one.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// The folder with `initdb`, `pg_ctl` and `postgres`; searched for when it is not given.
    pub bin: Option<PathBuf>,
    /// Settings of `postgresql.conf`, as name and value.
    pub settings: Vec<(&'static str, &'static str)>,
}

/// A running cluster. Dropping it stops the server.
pub struct PrivatePg {
    port: u16,
    password: String,
    watchdog: Child,
    lifeline: Option<ChildStdin>,
    /// Held while the cluster is ours.
    _lock: File,
}

impl PrivatePg {
    /// Starts the cluster in `dir`, making it there first when there is none.
    pub async fn start(dir: &Path, options: &Options) -> Result<Self> {
        let bin = binaries(options.bin.as_deref())?;
        fs::create_dir_all(dir).map_err(|error| folder(dir, &error))?;
        // The server's user passes through; what is inside has its own protection.
        fs::set_permissions(dir, Permissions::from_mode(0o711)).map_err(|error| folder(dir, &error))?;
        let lock = lock(dir)?;
        let password = password(&dir.join("password"))?;
        if !dir.join("initialised").exists() {
            initialise(dir, &bin, &password).await?;
        }
        let port = free_port()?;
        let (watchdog, lifeline) = watch(dir, &bin, port, options).await?;
        Ok(Self { port, password, watchdog, lifeline: Some(lifeline), _lock: lock })
    }

    /// The connection string of a database, for its superuser `lockstep`.
    pub fn url(&self, database: &str) -> String {
        format!("postgresql://lockstep:{}@127.0.0.1:{}/{database}", self.password, self.port)
    }

    /// Stops the server and waits until it has stopped.
    pub async fn stop(mut self) -> Result<()> {
        drop(self.lifeline.take());
        self.watchdog.wait().await.map(|_| ()).map_err(|error| failed("stopped").because(error.to_string()))
    }
}

fn failed(what: &str) -> Problem {
    Problem::new(ProblemKind::Internal, format!("The private PostgreSQL cluster could not be {what}."))
}

fn folder(dir: &Path, error: &std::io::Error) -> Problem {
    Problem::new(ProblemKind::Internal, format!("The folder {} cannot be used.", dir.display()))
        .because(error.to_string())
        .way_out("Set LOCKSTEP_DATA_DIR to a folder that this user may write.")
}

/// The folder with the server's binaries: the given one, else the one on PATH, else Debian's newest.
pub fn binaries(given: Option<&Path>) -> Result<PathBuf> {
    let on_path = std::env::var_os("PATH").into_iter().flat_map(|path| std::env::split_paths(&path).collect::<Vec<_>>());
    let mut installed: Vec<PathBuf> =
        fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten().map(|entry| entry.path().join("bin")).collect();
    installed.sort_by_key(|path| path.parent().and_then(Path::file_name).and_then(|name| name.to_str()?.parse::<u32>().ok()));
    let candidates: Vec<PathBuf> = match given {
        Some(bin) => vec![bin.to_owned()],
        None => on_path.chain(installed.into_iter().rev()).collect(),
    };
    candidates.into_iter().find(|bin| ["initdb", "pg_ctl", "postgres"].iter().all(|name| bin.join(name).is_file())).ok_or_else(
        || {
            Problem::new(ProblemKind::Unsupported, "PostgreSQL's server binaries (initdb, pg_ctl, postgres) were not found.")
                .way_out(
                    "Install PostgreSQL, point LOCKSTEP_PG_BIN at their folder, or set LOCKSTEP_STORE_URL to a server that runs.",
                )
        },
    )
}

fn lock(dir: &Path) -> Result<File> {
    let file = File::create(dir.join("lock")).map_err(|error| folder(dir, &error))?;
    file.try_lock().map_err(|_| {
        Problem::new(ProblemKind::Conflict, format!("Another Lockstep uses the folder {}.", dir.display()))
            .way_out("Stop it, or set LOCKSTEP_DATA_DIR to another folder.")
    })?;
    Ok(file)
}

/// The superuser's password, made at the first start and kept for this user only.
fn password(file: &Path) -> Result<String> {
    if let Ok(text) = fs::read_to_string(file) {
        return Ok(text);
    }
    let text = hex::encode(rand::random::<[u8; 24]>());
    super::files::write_private(file, text.as_bytes())?;
    Ok(text)
}

fn free_port() -> Result<u16> {
    std::net::TcpListener::bind("127.0.0.1:0")
        .and_then(|listener| listener.local_addr())
        .map(|address| address.port())
        .map_err(|error| failed("given a port").because(error.to_string()))
}

/// A shell that runs `script` as the server's user; `arguments` are its `$1`, `$2`, ...
fn shell(dir: &Path, script: &str, arguments: &[&str]) -> Result<Command> {
    let root = fs::metadata("/proc/self").map(|about| about.uid() == 0).unwrap_or(false);
    let mut command = if root {
        let mut command = Command::new("runuser");
        command.args(["-u", "postgres", "--", "sh"]);
        command
    } else {
        Command::new("sh")
    };
    // A process group of its own: Ctrl-C is for Lockstep, which then ends the server in order.
    command.args(["-c", script, "sh"]).args(arguments).current_dir("/").process_group(0);
    if root {
        let home = dir.join("data");
        fs::create_dir_all(&home).map_err(|error| folder(&home, &error))?;
        own_by_postgres(&home)?;
    }
    Ok(command)
}

fn own_by_postgres(home: &Path) -> Result<()> {
    let passwd = fs::read_to_string("/etc/passwd").unwrap_or_default();
    let ids = passwd.lines().find_map(|line| {
        let mut fields = line.strip_prefix("postgres:")?.split(':').skip(1);
        Some((fields.next()?.parse().ok()?, fields.next()?.parse().ok()?))
    });
    let Some((user, group)) = ids else {
        return Err(Problem::new(ProblemKind::Unsupported, "PostgreSQL does not run as root, and there is no user postgres.")
            .way_out("Create the user postgres, or run Lockstep as an ordinary user."));
    };
    std::os::unix::fs::chown(home, Some(user), Some(group)).map_err(|error| folder(home, &error))
}

const INITIALISE: &str = r#"
set -e
umask 077
mkdir -p "$2"
find "$2" -mindepth 1 -delete
password=$(mktemp)
trap 'rm -f "$password"' EXIT
cat >"$password"
"$1/initdb" -D "$2" -U lockstep --auth=scram-sha-256 --pwfile="$password" --encoding=UTF8 --locale="$3" --no-sync
"#;

async fn initialise(dir: &Path, bin: &Path, password: &str) -> Result<()> {
    let (home, bin) = (dir.join("data"), bin.display().to_string());
    let home = home.display().to_string();
    let mut said = String::new();
    for locale in ["C.UTF-8", "C"] {
        let mut command = shell(dir, INITIALISE, &[&bin, &home, locale])?;
        command.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::piped());
        let mut child = command.spawn().map_err(|error| failed("made").because(error.to_string()))?;
        if let Some(mut pipe) = child.stdin.take() {
            pipe.write_all(password.as_bytes()).await.map_err(|error| failed("made").because(error.to_string()))?;
        }
        let output = child.wait_with_output().await.map_err(|error| failed("made").because(error.to_string()))?;
        if output.status.success() {
            return File::create(dir.join("initialised")).map(|_| ()).map_err(|error| folder(dir, &error));
        }
        said = String::from_utf8_lossy(&output.stderr).trim().to_owned();
    }
    Err(failed("made").because(said).way_out("Correct what initdb names and start again."))
}

/// A server that was left behind is stopped first: the lock says that it is nobody's. `cat` returns when Lockstep ends, however it ends.
const WATCH: &str = r#"
trap '' INT TERM HUP
"$1/pg_ctl" status -D "$2" >/dev/null 2>&1 && "$1/pg_ctl" stop -m fast -w -D "$2" >/dev/null 2>&1
"$1/pg_ctl" start -w -t 120 -D "$2" -l "$2/server.log" -o "$3" >/dev/null 2>&1 || { tail -n 5 "$2/server.log"; exit 1; }
echo started
cat >/dev/null
"$1/pg_ctl" stop -m fast -w -D "$2" >/dev/null 2>&1
"#;

async fn watch(dir: &Path, bin: &Path, port: u16, options: &Options) -> Result<(Child, ChildStdin)> {
    let mut settings = format!("-c port={port} -c listen_addresses=127.0.0.1 -c unix_socket_directories=");
    for (name, value) in &options.settings {
        settings.push_str(&format!(" -c {name}={value}"));
    }
    let home = dir.join("data").display().to_string();
    let mut command = shell(dir, WATCH, &[&bin.display().to_string(), &home, &settings])?;
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
    let mut child = command.spawn().map_err(|error| failed("started").because(error.to_string()))?;
    let (Some(lifeline), Some(output)) = (child.stdin.take(), child.stdout.take()) else {
        return Err(failed("started"));
    };
    let mut lines = BufReader::new(output).lines();
    let mut said = Vec::new();
    while let Some(line) = lines.next_line().await.map_err(|error| failed("started").because(error.to_string()))? {
        if line == "started" {
            return Ok((child, lifeline));
        }
        said.push(line);
    }
    Err(failed("started").because(said.join(" ")).way_out("Correct what the server names and start again."))
}
