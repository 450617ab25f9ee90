//! The backup directory: what is in it under which name, and what may not stay.

use super::super::super::{Result, files};
use super::Manifest;
use crate::problem::{Problem, ProblemKind};
use std::path::{Path, PathBuf};
use tokio::fs::{File, OpenOptions};

const PARTIAL: &str = "partial";
const PASSWORD: &str = "pgpass";

/// A file that is gone at the end, however it comes.
pub struct Scrap(pub PathBuf);

impl Scrap {
    /// A file under the name that says that it is not finished.
    pub fn partial(dir: &Path, file: &str) -> Self {
        Self(dir.join(format!("{file}.{PARTIAL}")))
    }

    /// Where PostgreSQL's programs find the password of one backup.
    pub fn password(dir: &Path, name: &str) -> Self {
        Self(dir.join(format!("{name}.{PASSWORD}")))
    }
}

impl Drop for Scrap {
    fn drop(&mut self) {
        let _gone_already = std::fs::remove_file(&self.0);
    }
}

/// An empty file that only its owner may read.
pub async fn create(path: &Path) -> std::io::Result<File> {
    OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(path).await
}

/// The manifest is there before the backup has its name, so that a backup without one is never seen.
pub fn publish(dir: &Path, partial: &Path, manifest: &Manifest) -> std::io::Result<()> {
    describe(&dir.join(beside(&manifest.file)), manifest)?;
    std::fs::rename(partial, dir.join(&manifest.file))?;
    std::fs::File::open(dir)?.sync_all()
}

/// Writes the manifest to the disk.
pub fn describe(path: &Path, manifest: &Manifest) -> std::io::Result<()> {
    let json = serde_json::to_vec_pretty(manifest)?;
    files::write_private(path, &json).map_err(std::io::Error::other)?;
    std::fs::File::open(path)?.sync_all()
}

/// The name of the manifest of a file.
pub fn beside(file: &str) -> String {
    format!("{file}.json")
}

/// Removes a backup, and then what describes it. What is gone already is no failure.
pub fn remove(dir: &Path, file: &str) -> Result<()> {
    for name in [file.to_owned(), beside(file)] {
        match std::fs::remove_file(dir.join(name)) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                return Err(Problem::new(ProblemKind::Internal, format!("{file} could not be removed from {}.", dir.display()))
                    .because(format!("{error}."))
                    .way_out("Remove it by hand, and let the user that runs Lockstep write there."));
            }
            _ => {}
        }
    }
    Ok(())
}

pub fn unwritten(dir: &Path, error: &std::io::Error) -> Problem {
    Problem::new(ProblemKind::Internal, format!("The backup could not be written to {}.", dir.display()))
        .because(format!("{error}."))
        .way_out("Free space there, or give the console another backup directory.")
}

/// The names of all that lies there.
pub fn names(dir: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(dir).into_iter().flatten().flatten();
    entries.map(|entry| entry.file_name().to_string_lossy().into_owned()).collect()
}

/// Removes what unfinished backups left behind, but for files that `works` claims, and gives the names.
pub fn sweep(dir: &Path, works: impl Fn(&str) -> bool) -> Result<Vec<String>> {
    let mut swept = Vec::new();
    for name in names(dir) {
        let orphan = name.strip_suffix(".json").is_some_and(|backup| backup.ends_with(".dump") && !dir.join(backup).exists());
        let unfinished = orphan || [PARTIAL, PASSWORD].iter().any(|ending| name.ends_with(&format!(".{ending}")));
        if unfinished && !works(&name) {
            std::fs::remove_file(dir.join(&name)).map_err(|error| unwritten(dir, &error))?;
            swept.push(name);
        }
    }
    Ok(swept)
}
