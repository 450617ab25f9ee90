//! Finds PostgreSQL's server programs on this machine.

use crate::engine::Result;
use crate::problem::{Problem, ProblemKind};
use std::fs;
use std::path::{Path, PathBuf};

/// The folder with `initdb`, `pg_ctl` and `postgres`: the given one, else one on PATH, else the newest that a package installed, else
/// the one that `pg_config` names. With `major`, only binaries of that major version count: a cluster opens with its own.
pub fn binaries(given: Option<&Path>, major: Option<u32>) -> Result<PathBuf> {
    let candidates = match given {
        Some(folder) => vec![folder.to_owned()],
        None => installed(),
    };
    let complete = |folder: &&PathBuf| ["initdb", "pg_ctl", "postgres"].iter().all(|program| folder.join(program).is_file());
    let fits = |folder: &&PathBuf| major.is_none() || version(folder) == major;
    // Links to the programs lead to the folder that also has those of the client.
    let linked = |folder: &PathBuf| folder.join("initdb").canonicalize().ok()?.parent().map(Path::to_owned);
    let candidates: Vec<PathBuf> = candidates.into_iter().filter_map(|folder| linked(&folder)).collect();
    candidates.iter().filter(complete).find(fits).cloned().ok_or_else(|| {
        let wanted = major.map(|major| format!(" {major}")).unwrap_or_default();
        let place = given.map(|folder| format!(" in {}", folder.display())).unwrap_or_default();
        Problem::new(ProblemKind::Unsupported, format!("The server programs of PostgreSQL{wanted} were not found{place}."))
            .because("Needed are initdb, pg_ctl and postgres.")
            .way_out(format!(
                "Install the server package of PostgreSQL{wanted}, or set LOCKSTEP_PG_BIN to the folder with these programs."
            ))
    })
}

fn installed() -> Vec<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let on_path = std::env::split_paths(&path).collect::<Vec<_>>();
    let mut packaged: Vec<PathBuf> = ["/usr/lib/postgresql", "/usr/local/lib/postgresql", "/opt/homebrew/opt"]
        .iter()
        .flat_map(|place| fs::read_dir(place).into_iter().flatten().flatten())
        .map(|entry| entry.path().join("bin"))
        .collect();
    let major = |folder: &Path| number(folder.parent()?.file_name()?.to_str()?);
    packaged.sort_by_key(|folder| std::cmp::Reverse(major(folder)));
    let configured = std::process::Command::new("pg_config").arg("--bindir").output().ok();
    let configured = configured.map(|output| PathBuf::from(String::from_utf8_lossy(&output.stdout).trim()));
    on_path.into_iter().chain(packaged).chain(configured).collect()
}

fn version(folder: &Path) -> Option<u32> {
    let output = std::process::Command::new(folder.join("postgres")).arg("--version").output().ok()?;
    number(&String::from_utf8_lossy(&output.stdout))
}

/// The first number in `17`, `postgresql@17` or `postgres (PostgreSQL) 17.2`.
fn number(text: &str) -> Option<u32> {
    let digits = text.trim_start_matches(|letter: char| !letter.is_ascii_digit());
    let end = digits.find(|letter: char| !letter.is_ascii_digit()).unwrap_or(digits.len());
    digits[..end].parse().ok()
}
