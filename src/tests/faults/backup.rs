//! Backups that cannot be taken, and backups that are damaged.

use crate::child::{Orders, Process};
use crate::harness;
use crate::lost::programs;
use crate::stage::{Stage, exec, story, until};
use crate::table::{How, Row};
use lockstep::problem::Problem;
use lockstep::promotion::{Outcome, Policy};
use lockstep::run::{EventKind, RunView, Step};
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

pub const ROWS: &[Row] = &[
    Row {
        number: 42,
        injected: "the backup directory runs full while it is written",
        expected: "the run fails, nothing unfinished stays",
        how: How::Slow(|| Box::pin(runs_full())),
    },
    Row {
        number: 43,
        injected: "the backup directory cannot be written to",
        expected: "the run fails before anything is touched",
        how: How::Slow(|| Box::pin(no_directory())),
    },
    Row {
        number: 44,
        injected: "pg_dump is not there, or cannot be run",
        expected: "the preflight says so, and how to install it",
        how: How::Slow(|| Box::pin(no_program())),
    },
    Row {
        number: 45,
        injected: "pg_dump is older than the server",
        expected: "the preflight names both versions",
        how: How::Slow(|| Box::pin(an_older_program())),
    },
    Row {
        number: 46,
        injected: "pg_dump is killed",
        expected: "the run fails, nothing unfinished stays",
        how: How::Quick(|| Box::pin(killed())),
    },
    Row {
        number: 47,
        injected: "the backup waits for a lock",
        expected: "it fails when the policy's time is over",
        how: How::Slow(|| Box::pin(blocked())),
    },
    Row {
        number: 48,
        injected: "the backup is cut after it was proven",
        expected: "found before anything is applied",
        how: How::Quick(|| {
            Box::pin(damaged(|file| {
                let bytes = fs::read(file).unwrap();
                fs::write(file, &bytes[..bytes.len() - 20]).unwrap();
            }))
        }),
    },
    Row {
        number: 49,
        injected: "one bit of the backup flips after it was proven",
        expected: "found before anything is applied",
        how: How::Slow(|| {
            Box::pin(damaged(|file| {
                let mut bytes = fs::read(file).unwrap();
                let middle = bytes.len() / 2;
                bytes[middle] ^= 1;
                fs::write(file, bytes).unwrap();
            }))
        }),
    },
    Row {
        number: 50,
        injected: "another file takes the place of the backup",
        expected: "found before anything is applied",
        how: How::Slow(|| Box::pin(damaged(|file| fs::write(file, b"PGDMP another archive").unwrap()))),
    },
    Row {
        number: 51,
        injected: "the backup is removed while the change is applied and then fails",
        expected: "rolled back all the same: no backup is needed for that",
        how: How::Slow(|| Box::pin(removed())),
    },
];

fn failed(view: &RunView) -> &Problem {
    match &view.outcome {
        Some(Outcome::Failed { problem }) => problem,
        _ => panic!("the run did not fail: {}", story(view)),
    }
}

fn applied(view: &RunView) -> bool {
    view.events.iter().any(|event| event.kind == EventKind::StepStarted { step: Step::Apply })
}

async fn no_directory() {
    for path in ["/proc/backups", "/dev/null/backups"] {
        let stage = Stage::new("nowhere").await;
        let console = Process::start(&Orders { backups: Some(PathBuf::from(path)), ..stage.orders() }).await;
        let run = stage.start().await;
        let view = stage.settled(run).await;
        assert!(failed(&view).to_string().contains(path.rsplit_once('/').unwrap().0), "{}", failed(&view));
        assert!(!applied(&view), "{}", story(&view));
        console.kill().await;
        stage.close().await;
    }
}

/// A folder with links to PostgreSQL's client programs, but for pg_dump, which is this script.
async fn folder_with(stage: &Stage, script: Option<&str>) -> PathBuf {
    let folder = stage.trio.world.folder.join("programs");
    fs::create_dir(&folder).unwrap();
    let restore = harness::bin().await.join("pg_restore");
    std::os::unix::fs::symlink(restore, folder.join("pg_restore")).unwrap();
    if let Some(script) = script {
        let dump = harness::bin().await.join("pg_dump");
        fs::write(folder.join("pg_dump"), script.replace("$REAL", &dump.display().to_string())).unwrap();
        fs::set_permissions(folder.join("pg_dump"), fs::Permissions::from_mode(0o755)).unwrap();
    }
    folder
}

async fn with_program(name: &str, script: Option<&str>) -> (Stage, RunView) {
    let stage = Stage::new(name).await;
    let programs = folder_with(&stage, script).await;
    let console = Process::start(&Orders { programs: Some(programs), ..stage.orders() }).await;
    let run = stage.start().await;
    let view = stage.settled(run).await;
    console.kill().await;
    (stage, view)
}

async fn no_program() {
    let (stage, view) = with_program("absent", None).await;
    assert!(failed(&view).what.contains("pg_dump was not found"), "{}", failed(&view));
    assert!(failed(&view).way_out.contains("Install"), "{}", failed(&view));
    stage.close().await;
    let stage = Stage::new("not_executable").await;
    let programs = folder_with(&stage, Some("no program")).await;
    fs::set_permissions(programs.join("pg_dump"), fs::Permissions::from_mode(0o644)).unwrap();
    let console = Process::start(&Orders { programs: Some(programs), ..stage.orders() }).await;
    let run = stage.start().await;
    let view = stage.settled(run).await;
    assert!(failed(&view).what.contains("pg_dump could not be started"), "{}", failed(&view));
    assert!(!view.events.iter().any(|event| event.kind == EventKind::StepStarted { step: Step::Backup }));
    console.kill().await;
    stage.close().await;
}

async fn an_older_program() {
    let script = "#!/bin/sh\n[ \"$1\" = --version ] && echo 'pg_dump (PostgreSQL) 11.22' && exit\nexec '$REAL' \"$@\"\n";
    let (stage, view) = with_program("older", Some(script)).await;
    let problem = failed(&view);
    let server = stage.target().column("SELECT current_setting('server_version_num')::int / 10000").await.remove(0);
    assert!(problem.what.contains("11") && problem.what.contains(&server), "{problem}");
    assert!(!view.events.iter().any(|event| event.kind == EventKind::StepStarted { step: Step::Backup }));
    stage.close().await;
}

async fn killed() {
    let script = "#!/bin/sh\n[ \"$1\" = --version ] && exec '$REAL' \"$@\"\n'$REAL' \"$@\" | head -c 2000\nkill -9 $$\n";
    let (stage, view) = with_program("killed", Some(script)).await;
    assert!(failed(&view).cause.contains("signal: 9"), "{}", failed(&view));
    assert!(!applied(&view), "{}", story(&view));
    let left = fs::read_dir(stage.backups()).unwrap().count();
    assert_eq!(left, 0, "no file counts as a backup");
    stage.goes_on().await;
    stage.close().await;
}

/// A file system without room is the kernel's own; one that runs full is made with a limit of the process.
async fn runs_full() {
    // The shell's limit is in blocks of 512 bytes; what exceeds it fails with "File too large", and SIGXFSZ is ignored.
    let stage = Stage::new("runs_full").await;
    stage
        .target()
        .exec("INSERT INTO sales (fee, amount) SELECT 1, (random() * 1000000)::int FROM generate_series(1, 60000)")
        .await;
    let before = crate::lost::Contents::of(stage.target()).await;
    let console = Process::limited(&stage.orders(), 64).await;
    let run = stage.start().await;
    let view = stage.end(run).await;
    crate::lost::assert_nothing_lost_of(&stage, stage.promotion, run, &view, &before).await;
    assert!(failed(&view).what.contains("could not be written"), "{}", failed(&view));
    assert!(!applied(&view), "{}", story(&view));
    console.kill().await;
    stage.close().await;
}

async fn blocked() {
    let stage = Stage::with("blocked", Policy { lock_timeout_ms: 1_000, ..Policy::default() }, "").await;
    let mut other = stage.target().connect().await;
    exec(&mut other, "BEGIN; LOCK TABLE sales IN ACCESS EXCLUSIVE MODE").await;
    let console = stage.console().await;
    let run = stage.start().await;
    let begun = std::time::Instant::now();
    let view = stage.end(run).await;
    assert!(begun.elapsed().as_secs() < 30, "{:?}", begun.elapsed());
    assert_eq!(failed(&view).sqlstate.as_deref(), Some("55P03"), "{}", failed(&view));
    exec(&mut other, "ROLLBACK").await;
    stage.settled(run).await;
    assert!(!applied(&view), "{}", story(&view));
    console.kill().await;
    stage.close().await;
}

/// The file is altered after it was proven, while the run has not yet begun to apply.
async fn damaged(damage: fn(&Path)) {
    let stage = Stage::new("damaged").await;
    // The write that says that the backup is done is held up until the file is altered.
    let mut store = stage.trio.world.store.connect().await;
    let console = stage.console().await;
    exec(&mut store, "BEGIN; LOCK TABLE backups IN SHARE MODE").await;
    let run = stage.start().await;
    let dump = |path: &PathBuf| path.extension().is_some_and(|ending| ending == "dump");
    let file = async || {
        let files = fs::read_dir(stage.backups()).into_iter().flatten().flatten();
        files.map(|entry| entry.path()).find(|path| dump(path))
    };
    let file = until("the backup has its name", file).await;
    damage(&file);
    exec(&mut store, "COMMIT").await;
    let view = stage.end(run).await;
    assert!(failed(&view).what.contains("is not what was written"), "{}", story(&view));
    assert!(!stage.target().column("SELECT run_id FROM lockstep.ledger").await.contains(&run.0.to_string()));
    assert_eq!(crate::lost::Contents::of(stage.target()).await, stage.before);
    console.kill().await;
    stage.close().await;
}

async fn removed() {
    let stage = Stage::new("removed").await;
    let console = stage.console().await;
    let hold = stage.hold("change").await;
    stage.hook("record", "SELECT 1 / 0").await;
    let run = stage.start().await;
    hold.reached().await;
    for entry in fs::read_dir(stage.backups()).unwrap() {
        fs::remove_file(entry.unwrap().path()).unwrap();
    }
    // What waits is let go on; what fails stays.
    hold.release_only().await;
    let view = stage.end(run).await;
    assert_eq!(failed(&view).sqlstate.as_deref(), Some("22012"), "{}", story(&view));
    assert_eq!(crate::lost::Contents::of(stage.target()).await, stage.before);
    let name = stage.target().target().database().to_owned();
    assert_eq!(programs(&name), Vec::<String>::new());
    console.kill().await;
    stage.close().await;
}
