//! The folder of a private cluster: whose it is, what lies in it, and who may enter.

use super::failed;
use crate::engine::Result;
use crate::problem::{Problem, ProblemKind};
use sha2::{Digest, Sha256};
use std::ffi::OsString;
use std::fs::{self, File, OpenOptions, Permissions};
use std::io::Write;
use std::os::unix::fs::{MetadataExt, OpenOptionsExt, PermissionsExt, chown};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

/// How long the server of a Lockstep that has just died may take to shut down.
const SHUTDOWN: Duration = Duration::from_secs(60);

/// Where a home goes that the user `postgres` could not reach, for instance below root's own home.
const ELSEWHERE: &str = "/var/lib/lockstep";

pub(super) struct Place {
    dir: PathBuf,
    home: PathBuf,
    root: bool,
}

impl Place {
    /// Makes the folder where there is none, and takes its lock.
    pub(super) fn open(dir: &Path) -> Result<(Self, File)> {
        fs::create_dir_all(dir).map_err(|error| unusable(dir, &error))?;
        let dir = dir.canonicalize().map_err(|error| unusable(dir, &error))?;
        let lock = lock(&dir)?;
        let root = lock.metadata().map_err(|error| unusable(&dir, &error))?.uid() == 0;
        // The server's user passes through on its way to the home, which has its own protection.
        let mode = if root { 0o711 } else { 0o700 };
        fs::set_permissions(&dir, Permissions::from_mode(mode)).map_err(|error| unusable(&dir, &error))?;
        let mut place = Self { home: dir.join("data"), dir, root };
        if root {
            place.prepare_for_server()?;
        } else {
            fs::create_dir_all(&place.home).map_err(|error| unusable(&place.home, &error))?;
        }
        Ok((place, lock))
    }

    pub(super) fn dir(&self) -> &Path {
        &self.dir
    }

    /// PostgreSQL's data directory.
    pub(super) fn home(&self) -> &Path {
        &self.home
    }

    /// The words before a command that make it run as the server's user.
    pub(super) fn as_server(&self) -> Vec<OsString> {
        let words: &[&str] = if self.root { &["runuser", "-u", "postgres", "--"] } else { &["env"] };
        words.iter().map(OsString::from).collect()
    }

    /// The version that made the data, where there is any.
    pub(super) fn major(&self) -> Option<u32> {
        self.is_initialised().then(|| fs::read_to_string(self.home.join("PG_VERSION")).ok()?.trim().parse().ok()).flatten()
    }

    /// False also after an `initdb` that did not come to its end.
    pub(super) fn is_initialised(&self) -> bool {
        self.dir.join("initialised").exists() && self.home.join("PG_VERSION").exists()
    }

    pub(super) fn set_initialised(&self) -> Result<()> {
        File::create(self.dir.join("initialised")).map(|_| ()).map_err(|error| unusable(&self.dir, &error))
    }

    /// The superuser's password, made at the first start and kept for this user only.
    pub(super) fn password(&self) -> Result<String> {
        let file = self.dir.join("password");
        if self.is_initialised() {
            return fs::read_to_string(&file).map_err(|error| unusable(&file, &error));
        }
        let text = hex::encode(rand::random::<[u8; 24]>());
        let write = || {
            if file.exists() {
                fs::remove_file(&file)?;
            }
            OpenOptions::new().write(true).create_new(true).mode(0o600).open(&file)?.write_all(text.as_bytes())
        };
        write().map_err(|error| unusable(&file, &error))?;
        Ok(text)
    }

    /// A free port: with `same` the one of the last start when it is still free, so that people may note it down.
    pub(super) fn port(&self, same: bool) -> Result<u16> {
        let file = self.dir.join("port");
        let before = fs::read_to_string(&file).ok().and_then(|text| text.trim().parse().ok()).filter(|_| same);
        let free = |port: u16| std::net::TcpListener::bind(("127.0.0.1", port))?.local_addr().map(|address| address.port());
        let port = match before.and_then(|port| free(port).ok()) {
            Some(port) => port,
            None => free(0).map_err(|error| failed("given a port").because(error.to_string()))?,
        };
        fs::write(&file, port.to_string()).map_err(|error| unusable(&file, &error))?;
        Ok(port)
    }

    /// Gives the home to the user `postgres`, somewhere that this user can reach.
    fn prepare_for_server(&mut self) -> Result<()> {
        let Some((user, group)) = id("-u").zip(id("-g")) else {
            return Err(Problem::new(
                ProblemKind::Unsupported,
                "PostgreSQL does not run as root, and there is no user postgres.",
            )
            .way_out("Install the server package of PostgreSQL, which creates it, or run Lockstep as an ordinary user."));
        };
        let reach = self.as_server();
        let reached = Command::new(&reach[0]).args(&reach[1..]).args(["test", "-x"]).arg(&self.dir).current_dir("/").status();
        if !reached.is_ok_and(|status| status.success()) {
            let name = hex::encode(Sha256::digest(self.dir.as_os_str().as_encoded_bytes()));
            self.home = Path::new(ELSEWHERE).join(&name[..16]);
        }
        fs::create_dir_all(&self.home).map_err(|error| unusable(&self.home, &error))?;
        chown(&self.home, Some(user), Some(group)).map_err(|error| unusable(&self.home, &error))
    }
}

fn id(which: &str) -> Option<u32> {
    let output = Command::new("id").args([which, "postgres"]).output().ok()?;
    String::from_utf8_lossy(&output.stdout).trim().parse().ok()
}

fn unusable(path: &Path, error: &std::io::Error) -> Problem {
    Problem::new(ProblemKind::Internal, format!("{} cannot be used for the private PostgreSQL cluster.", path.display()))
        .because(error.to_string())
        .way_out("Set LOCKSTEP_DATA_DIR to a folder that this user may write.")
}

/// One process at a time. The lock of a dead Lockstep is held on by its watchdog until the server is down: that is waited for.
fn lock(dir: &Path) -> Result<File> {
    let path = dir.join("lock");
    let open = OpenOptions::new().read(true).write(true).create(true).truncate(false).mode(0o600).open(&path);
    let mut file = open.map_err(|error| unusable(&path, &error))?;
    let deadline = Instant::now() + SHUTDOWN;
    while file.try_lock().is_err() {
        let owner = fs::read_to_string(&path).unwrap_or_default();
        let lives = !owner.is_empty() && Path::new("/proc").join(owner.trim()).exists();
        if lives || Instant::now() > deadline {
            return Err(Problem::new(ProblemKind::Conflict, format!("Another Lockstep uses the folder {}.", dir.display()))
                .way_out("Stop it, or set LOCKSTEP_DATA_DIR to another folder."));
        }
        std::thread::sleep(Duration::from_millis(50));
    }
    file.set_len(0)
        .and_then(|()| file.write_all(std::process::id().to_string().as_bytes()))
        .map_err(|error| unusable(&path, &error))?;
    Ok(file)
}
