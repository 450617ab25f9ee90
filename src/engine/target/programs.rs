//! PostgreSQL's own programs: where they are, and running them without anybody seeing a password.

use super::super::Result;
use crate::problem::{Problem, ProblemKind};
use std::path::{Path, PathBuf};
use std::process::Stdio;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::process::{Child, ChildStdin, ChildStdout, Command};
use tokio::task::JoinHandle;

/// The program from the given folder, else from Debian's newest, else from PATH.
fn find(bin: Option<&Path>, name: &str) -> Result<PathBuf> {
    let version = |path: &PathBuf| path.file_name().and_then(|name| name.to_str()?.parse::<u32>().ok());
    let mut installed: Vec<PathBuf> =
        std::fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten().map(|entry| entry.path()).collect();
    installed.sort_by_key(|path| std::cmp::Reverse(version(path)));
    let path = std::env::var_os("PATH").unwrap_or_default();
    let folders: Vec<PathBuf> = match bin {
        Some(bin) => vec![bin.to_owned()],
        None => installed.into_iter().map(|path| path.join("bin")).chain(std::env::split_paths(&path)).collect(),
    };
    folders.into_iter().map(|folder| folder.join(name)).find(|file| file.is_file()).ok_or_else(|| {
        Problem::new(ProblemKind::Unsupported, format!("The program {name} was not found."))
            .because("Without it there is no backup, and without a backup nothing is applied.")
            .way_out("Install PostgreSQL's client programs, or point LOCKSTEP_PG_BIN at their folder.")
    })
}

/// The program with nothing in its environment that would lead it elsewhere. It ends when it is dropped.
pub(super) fn command(bin: Option<&Path>, name: &str) -> Result<Command> {
    let mut command = Command::new(find(bin, name)?);
    for (key, _) in std::env::vars_os() {
        if key.to_string_lossy().starts_with("PG") {
            command.env_remove(key);
        }
    }
    command.env("LC_ALL", "C").stdin(Stdio::null()).kill_on_drop(true);
    Ok(command)
}

/// A program that prints its result.
pub(super) struct Running {
    name: &'static str,
    child: Child,
    pub out: ChildStdout,
    said: JoinHandle<String>,
}

impl Running {
    pub fn start(mut command: Command, name: &'static str) -> Result<Self> {
        let unstartable = |why: String| {
            Problem::new(ProblemKind::Unsupported, format!("The program {name} could not be started."))
                .because(why)
                .way_out("Install PostgreSQL's client programs again, or point LOCKSTEP_PG_BIN at their folder.")
        };
        let mut child =
            command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().map_err(|error| unstartable(format!("{error}.")))?;
        let (Some(out), Some(mut err)) = (child.stdout.take(), child.stderr.take()) else {
            return Err(unstartable("Its output could not be read.".to_owned()));
        };
        let said = tokio::spawn(async move {
            let mut text = Vec::new();
            let _cut_short = err.read_to_end(&mut text).await;
            String::from_utf8_lossy(&text).into_owned()
        });
        Ok(Self { name, child, out, said })
    }

    /// Waits for its end; `what` says what failed when it did.
    pub async fn finish(mut self, what: &str) -> Result<()> {
        drop(self.out);
        let ended = self.child.wait().await;
        let said = self.said.await.unwrap_or_default();
        if ended.as_ref().is_ok_and(std::process::ExitStatus::success) {
            return Ok(());
        }
        let code = ended.map_or_else(|error| error.to_string(), |status| status.to_string());
        let lines: Vec<&str> = said.lines().map(str::trim).filter(|line| !line.is_empty()).take(4).collect();
        Err(Problem::new(ProblemKind::Database, what)
            .because(format!("{} ended with {code}: {}", self.name, lines.join(" ")))
            .way_out("Correct what it names, then run again."))
    }
}

/// `pg_restore`, which reads every byte of an archive while it passes by: that finds cut and altered ones, where listing the contents
/// does not.
pub(super) struct FullRead {
    reading: Running,
    archive: ChildStdin,
}

impl FullRead {
    pub fn start(bin: Option<&Path>) -> Result<Self> {
        let mut command = command(bin, "pg_restore")?;
        command.args(["--format=custom", "--file=/dev/null"]).stdin(Stdio::piped());
        let mut reading = Running::start(command, "pg_restore")?;
        let gone = || Problem::new(ProblemKind::Internal, "The program pg_restore takes no archive.");
        let archive = reading.child.stdin.take().ok_or_else(gone)?;
        Ok(Self { reading, archive })
    }

    /// The next bytes. A program that has given up says why at the end.
    pub async fn pass(&mut self, part: &[u8]) {
        let _given_up = self.archive.write_all(part).await;
    }

    pub async fn finish(mut self) -> Result<()> {
        let _given_up = self.archive.shutdown().await;
        drop(self.archive);
        let mut nothing = Vec::new();
        let _ends_with_the_program = self.reading.out.read_to_end(&mut nothing).await;
        self.reading.finish("The backup cannot be read in full.").await
    }
}

/// As `pg_dump --version` prints it.
pub(super) async fn pg_dump_name(bin: Option<&Path>) -> Result<String> {
    let mut command = command(bin, "pg_dump")?;
    command.arg("--version");
    let mut asking = Running::start(command, "pg_dump")?;
    let mut text = String::new();
    let _ends_with_the_program = asking.out.read_to_string(&mut text).await;
    asking.finish("pg_dump does not say its version.").await?;
    Ok(text.trim().to_owned())
}

/// The version of `pg_dump` as a server writes its own, e.g. 150018.
pub async fn pg_dump_version(bin: Option<&Path>) -> Result<u32> {
    let name = pg_dump_name(bin).await?;
    let unknown = || Problem::new(ProblemKind::Unsupported, format!("The version of {name} is not understood."));
    let number = name.split_whitespace().find(|word| word.starts_with(|c: char| c.is_ascii_digit())).ok_or_else(unknown)?;
    let mut parts = number.split('.').map(|part| part.chars().take_while(char::is_ascii_digit).collect::<String>());
    let major: u32 = parts.next().and_then(|part| part.parse().ok()).ok_or_else(unknown)?;
    Ok(major * 10_000 + parts.next().and_then(|part| part.parse().ok()).unwrap_or(0))
}
