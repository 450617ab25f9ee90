//! Is everything there that a promotion needs: programs, folders, room on the disk, environments.

use super::target::backup::room::{existing, free};
use super::target::backup::{Access, Bucket, pg_dump_version};
use super::{Console, Result, Settings, environments, private_pg, test_connection, try_webhook};
use crate::access::Actor;
use crate::promotion::Finding;
use crate::run::size;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

/// Less than this in the backup folder is no room for a backup.
const ROOM: u64 = 1_000_000_000;

fn finding(what: &str, good: bool, text: impl Into<String>) -> Finding {
    Finding { what: what.to_owned(), good, text: text.into() }
}

/// What can be seen without the store.
pub async fn machine(settings: &Settings) -> Vec<Finding> {
    let mut found = vec![pg_dump(settings.pg_bin.as_deref()).await];
    if settings.store_url.is_none() {
        found.push(match private_pg::binaries(settings.pg_bin.as_deref(), None) {
            Ok(bin) => finding("Server programs", true, format!("They are in {}.", bin.display())),
            Err(problem) => finding("Server programs", false, problem.to_string()),
        });
    }
    found.push(data_dir(&settings.data_dir));
    let backups = settings.backup_dir.clone().unwrap_or_else(|| settings.data_dir.join("backups"));
    found.push(room(&backups));
    if let Some(webhook) = &settings.webhook {
        found.push(finding("Webhook for alerts", true, format!("It is at {}; --alert tries it.", webhook.host())));
    }
    if let Some(access) = &settings.bucket {
        found.push(bucket(access).await);
    }
    found
}

async fn pg_dump(bin: Option<&Path>) -> Finding {
    match pg_dump_version(bin).await {
        Ok(version) => finding("pg_dump", true, format!("Version {}.{}.", version / 10_000, version % 10_000)),
        Err(problem) => finding("pg_dump", false, problem.to_string()),
    }
}

fn data_dir(dir: &Path) -> Finding {
    const WHAT: &str = "Data directory";
    let Ok(about) = std::fs::metadata(dir) else {
        let parent = existing(dir);
        return finding(
            WHAT,
            true,
            format!("{} is not there yet; the first start makes it in {}.", dir.display(), parent.display()),
        );
    };
    let mode = about.permissions().mode() & 0o777;
    if !about.is_dir() {
        return finding(WHAT, false, format!("{} is no folder. Set LOCKSTEP_DATA_DIR to one.", dir.display()));
    }
    if mode & 0o066 != 0 {
        return finding(WHAT, false, format!("{} is open to others (mode {mode:o}). Run chmod go-rw on it.", dir.display()));
    }
    finding(WHAT, true, format!("{} (mode {mode:o}).", dir.display()))
}

fn room(dir: &Path) -> Finding {
    const WHAT: &str = "Room for backups";
    match free(dir) {
        Err(error) => finding(WHAT, false, format!("It cannot be found out for {}: {error}.", dir.display())),
        Ok(bytes) => finding(WHAT, bytes >= ROOM, format!("{} in {}.", size(bytes), dir.display())),
    }
}

async fn bucket(access: &Access) -> Finding {
    const WHAT: &str = "Bucket for backups";
    let listed = async { Bucket::new(access)?.names().await };
    match listed.await {
        Ok(names) => finding(WHAT, true, format!("{} answers and holds {} files.", access.url, names.len())),
        Err(problem) => finding(WHAT, false, problem.to_string()),
    }
}

/// Whether an alert for trial arrives.
pub async fn alert(settings: &Settings) -> Finding {
    const WHAT: &str = "Alert for trial";
    match try_webhook(settings.webhook.as_ref()).await {
        Ok(()) => finding(WHAT, true, "It was taken."),
        Err(problem) => finding(WHAT, false, problem.to_string()),
    }
}

/// Connection, version against pg_dump, and privileges of each environment.
pub async fn environments_report(console: &Console) -> Result<Vec<Finding>> {
    let operator = Actor::command_line();
    let mut found = Vec::new();
    for environment in environments(console, &operator).await? {
        match test_connection(console, &operator, &environment.connection).await {
            Ok(report) => found.extend(
                report.findings.into_iter().map(|one| Finding { what: format!("{}: {}", environment.label, one.what), ..one }),
            ),
            Err(problem) => found.push(finding(&environment.label, false, problem.to_string())),
        }
    }
    Ok(found)
}
