//! Files that only their owner may read.

use super::Result;
use crate::problem::{Problem, ProblemKind};
use std::fs::{DirBuilder, OpenOptions};
use std::io::Write;
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::Path;

fn unusable(path: &Path, error: &std::io::Error) -> Problem {
    Problem::new(ProblemKind::Internal, format!("{} cannot be written.", path.display()))
        .because(error.to_string())
        .way_out("Check that the user that runs Lockstep may write there and that the disk has room.")
}

/// Writes a file with mode 0600, whatever the umask; one that is there is replaced.
pub fn write_private(path: &Path, content: &[u8]) -> Result<()> {
    let write = || {
        if path.exists() {
            std::fs::remove_file(path)?;
        }
        OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)?.write_all(content)
    };
    write().map_err(|error| unusable(path, &error))
}

/// Makes a folder with mode 0700 where there is none.
pub fn private_folder(path: &Path) -> Result<()> {
    if path.is_dir() {
        return Ok(());
    }
    DirBuilder::new().recursive(true).mode(0o700).create(path).map_err(|error| unusable(path, &error))
}
