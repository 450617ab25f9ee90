//! Holding a backup against its manifest.

use super::super::super::Result;
use super::super::programs::FullRead;
use super::folder::beside;
use super::{FORMAT, Manifest};
use crate::problem::{Problem, ProblemKind};
use sha2::{Digest, Sha256};
use std::path::Path;
use tokio::io::AsyncReadExt;

/// Reads a backup in full and holds it against its manifest.
pub async fn verify(dir: &Path, file: &str, bin: Option<&Path>) -> Result<Manifest> {
    let path = dir.join(file);
    let damaged = |cause: String| damaged(file, cause);
    let json =
        std::fs::read(dir.join(beside(file))).map_err(|error| damaged(format!("Its manifest cannot be read: {error}.")))?;
    let manifest: Manifest =
        serde_json::from_slice(&json).map_err(|error| damaged(format!("Its manifest cannot be understood: {error}.")))?;
    if manifest.file != file || manifest.format > FORMAT {
        return Err(damaged("Its manifest belongs to another file.".to_owned()));
    }
    let mut reading = FullRead::start(bin)?;
    same(&path, hashed(&path, Some(&mut reading)).await, manifest.bytes, &manifest.sha256)?;
    reading.finish().await?;
    Ok(manifest)
}

/// Whether a file is still what was hashed when it was written.
pub async fn unaltered(path: &Path, bytes: u64, sha256: &str) -> Result<()> {
    same(path, hashed(path, None).await, bytes, sha256)
}

fn same(path: &Path, hashed: std::io::Result<(u64, String)>, bytes: u64, sha256: &str) -> Result<()> {
    let file = path.file_name().unwrap_or_default().to_string_lossy();
    let damaged = |cause: String| damaged(&file, cause);
    let (there, hash) = hashed.map_err(|error| damaged(format!("It cannot be read: {error}.")))?;
    if there != bytes {
        return Err(damaged(format!("It has {there} bytes instead of {bytes}.")));
    }
    match hash == sha256 {
        true => Ok(()),
        false => Err(damaged("Its SHA-256 is another one.".to_owned())),
    }
}

pub fn damaged(file: &str, cause: String) -> Problem {
    Problem::new(ProblemKind::Conflict, format!("The backup {file} is not what was written."))
        .because(cause)
        .way_out("Do not restore it; take another backup.")
}

async fn hashed(path: &Path, mut reading: Option<&mut FullRead>) -> std::io::Result<(u64, String)> {
    let mut file = tokio::fs::File::open(path).await?;
    let (mut bytes, mut hash, mut buffer) = (0_u64, Sha256::new(), vec![0; 256 * 1024]);
    loop {
        let length = file.read(&mut buffer).await?;
        let Some(part) = buffer.get(..length).filter(|part| !part.is_empty()) else { break };
        hash.update(part);
        if let Some(reading) = &mut reading {
            reading.pass(part).await;
        }
        bytes += length as u64;
    }
    Ok((bytes, hex::encode(hash.finalize())))
}
