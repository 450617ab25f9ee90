//! Backups: proven when they are written, and every damage afterwards is found.

use super::harness::{self, Database};
use chrono::{DateTime, Utc};
use lockstep::engine::target::backup::{Manifest, Order, sweep, take, verify};
use lockstep::engine::target::{Told, cancellation};
use lockstep::problem::{Problem, ProblemKind};
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

struct Folder(PathBuf);

impl Drop for Folder {
    fn drop(&mut self) {
        let _gone_already = fs::remove_dir_all(&self.0);
    }
}

async fn example(name: &str) -> (Database, Folder) {
    let database = harness::database(name).await;
    database.exec("CREATE TABLE t (id int PRIMARY KEY, text text); INSERT INTO t SELECT g, repeat(md5(g::text), 4) FROM generate_series(1, 5000) g").await;
    let folder = std::env::temp_dir().join(format!("lockstep-{name}-{}", std::process::id()));
    (database, Folder(folder))
}

async fn backup(database: &Database, folder: &Path) -> Result<Manifest, Problem> {
    let url = database.target();
    let order =
        Order { url: &url, dir: folder, name: "run-1", bin: None, taken_at: DateTime::<Utc>::UNIX_EPOCH, lock_timeout_ms: 1_000 };
    let (_keep, cancel) = cancellation();
    take(&order, &|_| {}, &cancel).await
}

fn names(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> =
        fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    names
}

#[tokio::test]
async fn a_backup_is_private_counts_its_rows_and_holds_against_its_manifest() {
    let (database, folder) = example("sound").await;
    let manifest = backup(&database, &folder.0).await.unwrap();
    assert_eq!(manifest.rows.get("public.t"), Some(&5000));
    assert_eq!(names(&folder.0), ["run-1.dump", "run-1.dump.json"]);
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(&folder.0), 0o700);
    for name in names(&folder.0) {
        assert_eq!(mode(&folder.0.join(name)), 0o600);
    }
    assert_eq!(verify(&folder.0, "run-1.dump", None).await.unwrap(), manifest);
}

#[tokio::test]
async fn a_flipped_bit_a_cut_end_and_another_file_are_found() {
    let (database, folder) = example("damaged").await;
    backup(&database, &folder.0).await.unwrap();
    let file = folder.0.join("run-1.dump");
    let sound = fs::read(&file).unwrap();
    let mut flipped = sound.clone();
    let middle = flipped.len() / 2;
    flipped[middle] ^= 1;
    for (damage, word) in [(flipped, "SHA-256"), (sound[..sound.len() - 10].to_vec(), "bytes instead of")] {
        fs::write(&file, damage).unwrap();
        let problem = verify(&folder.0, "run-1.dump", None).await.unwrap_err();
        assert!(problem.what.contains("is not what was written") && problem.cause.contains(word), "{problem}");
    }
    fs::remove_file(&file).unwrap();
    assert!(verify(&folder.0, "run-1.dump", None).await.is_err());
}

#[tokio::test]
async fn a_backup_that_fails_leaves_nothing_and_says_why() {
    let (database, folder) = example("locked").await;
    let mut holder = database.connect().await;
    sqlx::raw_sql("BEGIN; CREATE TABLE other (id int); DROP TABLE other; LOCK TABLE t IN ACCESS EXCLUSIVE MODE")
        .execute(&mut holder)
        .await
        .unwrap();
    let problem = backup(&database, &folder.0).await.unwrap_err();
    assert!(!problem.cause.is_empty(), "{problem}");
    assert_eq!(names(&folder.0), Vec::<String>::new());
}

#[tokio::test]
async fn a_backup_that_is_stopped_leaves_nothing() {
    let (database, folder) = example("stopped").await;
    let url = database.target();
    let order = Order {
        url: &url,
        dir: &folder.0,
        name: "run-1",
        bin: None,
        taken_at: DateTime::<Utc>::UNIX_EPOCH,
        lock_timeout_ms: 1_000,
    };
    let (canceller, cancel) = cancellation();
    let stop = move |told| {
        if matches!(told, Told::Progress { .. }) {
            canceller.cancel();
        }
    };
    let problem = take(&order, &stop, &cancel).await.unwrap_err();
    assert_eq!(problem.kind, ProblemKind::Conflict, "{problem}");
    assert_eq!(names(&folder.0), Vec::<String>::new());
}

#[tokio::test]
async fn what_a_dead_console_left_is_swept_and_finished_backups_stay() {
    let (database, folder) = example("swept").await;
    backup(&database, &folder.0).await.unwrap();
    for scrap in ["run-2.dump.partial", "run-2.pgpass", "run-3.dump.json"] {
        fs::write(folder.0.join(scrap), "").unwrap();
    }
    let mut swept = sweep(&folder.0).unwrap();
    swept.sort();
    assert_eq!(swept, ["run-2.dump.partial", "run-2.pgpass", "run-3.dump.json"]);
    assert_eq!(names(&folder.0), ["run-1.dump", "run-1.dump.json"]);
}
