//! Consoles that die, and consoles that are asked to end.

use crate::child::{At, Orders, Process};
use crate::lost::programs;
use crate::servers::{End, Server};
use crate::stage::{Stage, exec, until};
use crate::table::{How, Row};
use lockstep::promotion::Outcome;
use lockstep::run::{EventKind, Step};
use std::os::unix::fs::PermissionsExt;
use std::time::Duration;

pub const ROWS: &[Row] = &[
    Row {
        number: 1,
        injected: "kill -9 after the claim, before the backup",
        expected: "another console takes the run up",
        how: How::Quick(|| Box::pin(killed_after_the_claim())),
    },
    Row {
        number: 2,
        injected: "kill -9 while pg_dump waits for a lock",
        expected: "pg_dump ends, too, nothing unfinished stays",
        how: How::Slow(|| Box::pin(killed_while_it_backs_up())),
    },
    Row {
        number: 3,
        injected: "kill -9 after the backup, before anything is applied",
        expected: "the next console takes another backup and goes on",
        how: How::Slow(|| Box::pin(killed_after_the_backup())),
    },
    Row {
        number: 4,
        injected: "kill -9 inside the transaction",
        expected: "the server ends it, the run starts over",
        how: How::Quick(|| Box::pin(killed_in_the_transaction())),
    },
    Row {
        number: 6,
        injected: "kill -9 while an index is built concurrently",
        expected: "the broken index goes, the run is finished",
        how: How::Quick(|| Box::pin(killed_while_it_builds_an_index())),
    },
    Row {
        number: 7,
        injected: "kill -9 between the verification and the COMMIT",
        expected: "nothing was changed, the run starts over",
        how: How::Slow(|| Box::pin(killed_before_the_commit())),
    },
    Row {
        number: 9,
        injected: "abort before and after each write to the journal, in a process of its own",
        expected: "every one of them ends with the release",
        how: How::Slow(|| Box::pin(aborted_at_each_write())),
    },
    Row {
        number: 11,
        injected: "SIGTERM while a run applies",
        expected: "it finishes within its time, exit code 0",
        how: How::Quick(|| Box::pin(terminated_while_it_applies())),
    },
    Row {
        number: 12,
        injected: "SIGTERM while a run cannot go on",
        expected: "it is rolled back within the grace, exit code 0, the next console does it",
        how: How::Slow(|| Box::pin(terminated_while_it_waits())),
    },
    Row {
        number: 13,
        injected: "a panic in a run, at each of its writes",
        expected: "the console goes on, and so does the run",
        how: How::Slow(|| Box::pin(panics())),
    },
    Row {
        number: 14,
        injected: "console, store and target lose power at once",
        expected: "they start in any order, and the run is finished",
        how: How::Slow(|| Box::pin(power_is_lost())),
    },
];

async fn killed_after_the_claim() {
    let stage = Stage::new("claimed").await;
    let mut first = stage.faulty(At::AbortAfter(1)).await;
    let run = stage.start().await;
    assert!(!first.ended().await.success());
    let second = stage.console().await;
    let view = stage.succeeds(run).await;
    assert!(view.events.iter().any(|event| matches!(event.kind, EventKind::Resumed { .. })));
    second.kill().await;
    stage.close().await;
}

/// PostgreSQL's programs, with a pg_dump that says when it begins and then waits until it may go on.
async fn waiting_programs(stage: &Stage) -> std::path::PathBuf {
    let folder = stage.trio.world.folder.join("programs");
    std::fs::create_dir(&folder).unwrap();
    let bin = crate::harness::bin().await;
    std::os::unix::fs::symlink(bin.join("pg_restore"), folder.join("pg_restore")).unwrap();
    let script = format!(
        "#!/bin/sh\ncase \"$1\" in --version) ;; *) : >'{0}/begins'; while [ ! -e '{0}/goes' ]; do read -t 1 _ </dev/null; done ;; esac\nexec '{1}' \"$@\"\n",
        folder.display(),
        bin.join("pg_dump").display()
    );
    std::fs::write(folder.join("pg_dump"), script).unwrap();
    std::fs::set_permissions(folder.join("pg_dump"), std::fs::Permissions::from_mode(0o755)).unwrap();
    folder
}

async fn killed_while_it_backs_up() {
    let stage = Stage::new("dumping").await;
    let programs_folder = waiting_programs(&stage).await;
    let first = Process::start(&Orders { programs: Some(programs_folder.clone()), ..stage.orders() }).await;
    let run = stage.start().await;
    until("pg_dump begins", async || programs_folder.join("begins").exists().then_some(())).await;
    // The console's own session has read the table: the lock is granted when that session ends, and pg_dump waits behind it.
    let mut other = stage.target().connect().await;
    let locked = tokio::spawn(async move {
        exec(&mut other, "BEGIN; LOCK TABLE sales IN ACCESS EXCLUSIVE MODE").await;
        other
    });
    let waits = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'";
    until("the other session waits", async || (stage.target().column(waits).await == ["1"]).then_some(())).await;
    std::fs::write(programs_folder.join("goes"), "").unwrap();
    until("pg_dump waits behind it", async || (stage.target().column(waits).await == ["2"]).then_some(())).await;
    first.kill().await;
    let mut other = locked.await.unwrap();
    let second = stage.console().await;
    let name = stage.target().target().database().to_owned();
    until("the pg_dump of the dead console ends", async || programs(&name).is_empty().then_some(())).await;
    exec(&mut other, "ROLLBACK").await;
    stage.succeeds(run).await;
    second.kill().await;
    stage.close().await;
}

async fn killed_after_the_backup() {
    let stage = Stage::new("backed_up").await;
    let first = stage.console().await;
    let mut other = stage.target().connect().await;
    exec(&mut other, "BEGIN; LOCK TABLE sales IN SHARE ROW EXCLUSIVE MODE").await;
    let run = stage.start().await;
    stage.begun(run, Step::Apply).await;
    first.kill().await;
    exec(&mut other, "ROLLBACK").await;
    let second = stage.console().await;
    let view = stage.succeeds(run).await;
    let backups = view.events.iter().filter(|event| event.kind == EventKind::StepStarted { step: Step::Backup }).count();
    assert_eq!(backups, 2, "what was backed up before the crash is not what is there now");
    second.kill().await;
    stage.close().await;
}

async fn killed_in_the_transaction() {
    let stage = Stage::new("applying").await;
    killed_at(&stage, "change").await;
    stage.close().await;
}

async fn killed_before_the_commit() {
    let stage = Stage::new("verifying").await;
    killed_at(&stage, "record").await;
    stage.close().await;
}

/// The console dies while its transaction waits at a place; the server ends that by itself, and before the next begins.
async fn killed_at(stage: &Stage, at: &str) {
    let first = stage.console().await;
    let hold = stage.hold(at).await;
    let run = stage.start().await;
    hold.reached().await;
    first.kill().await;
    let left = "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND application_name LIKE 'lockstep:%'";
    until("the server ends what the dead console left", async || stage.target().column(left).await.is_empty().then_some(()))
        .await;
    assert_eq!(crate::lost::Contents::of(stage.target()).await, stage.before);
    hold.release().await;
    let second = stage.console().await;
    let view = stage.succeeds(run).await;
    let found = "The change is not in the ledger of Test: nothing was changed. The run starts over.";
    assert!(view.events.iter().any(|event| event.kind == EventKind::Resumed { found: found.to_owned() }));
    second.kill().await;
}

async fn killed_while_it_builds_an_index() {
    let stage = Stage::online("index").await;
    let first = stage.console().await;
    // An index is not finished while a transaction lasts that still sees what was before it.
    let mut reader = stage.target().connect().await;
    let hold = stage.hold("record").await;
    let run = stage.start().await;
    hold.reached().await;
    exec(&mut reader, "BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT count(*) FROM fees").await;
    hold.release().await;
    let broken = "SELECT indexrelid FROM pg_index WHERE NOT indisvalid";
    until("an index is half built", async || (!stage.target().column(broken).await.is_empty()).then_some(())).await;
    first.kill().await;
    exec(&mut reader, "ROLLBACK").await;
    let second = stage.console().await;
    stage.succeeds(run).await;
    second.kill().await;
    stage.close().await;
}

/// How often an undisturbed run of this promotion writes.
async fn writes() -> u32 {
    let stage = Stage::new("undisturbed").await;
    let console = stage.console().await;
    let run = stage.start().await;
    let view = stage.succeeds(run).await;
    console.kill().await;
    stage.close().await;
    // The first event is the person's, and the last two are written together.
    u32::try_from(view.events.len()).unwrap() - 2
}

async fn aborted_at_each_write() {
    let last = writes().await;
    for write in 1..=last {
        for at in [At::AbortBefore(write), At::AbortAfter(write)] {
            let stage = Stage::new("sweep").await;
            let mut first = stage.faulty(at).await;
            let run = stage.start().await;
            assert!(!first.ended().await.success(), "{at:?}");
            let second = stage.console().await;
            stage.succeeds(run).await;
            second.kill().await;
            stage.close().await;
        }
    }
    eprintln!("    {last} writes");
}

async fn terminated_while_it_applies() {
    let stage = Stage::new("terminated").await;
    let mut first = stage.console().await;
    let hold = stage.hold("change").await;
    let run = stage.start().await;
    hold.reached().await;
    first.terminate();
    hold.release().await;
    assert_eq!(first.ended().await.code(), Some(0));
    let view = stage.succeeds(run).await;
    assert!(!view.events.iter().any(|event| matches!(event.kind, EventKind::Resumed { .. })), "it finished what it had begun");
    stage.close().await;
}

async fn terminated_while_it_waits() {
    let stage = Stage::new("stuck").await;
    let mut first = stage.console().await;
    let hold = stage.hold("change").await;
    let run = stage.start().await;
    hold.reached().await;
    first.terminate();
    first.terminate();
    let ended = crate::stage::within(Duration::from_secs(40), "the console ends", first.ended()).await;
    assert_eq!(ended.code(), Some(0));
    assert_eq!(crate::lost::Contents::of(stage.target()).await, stage.before);
    hold.release().await;
    let second = stage.console().await;
    stage.succeeds(run).await;
    second.kill().await;
    stage.close().await;
}

async fn panics() {
    let last = writes().await;
    for write in [1, last / 2, last - 1, last] {
        let stage = Stage::new("panic").await;
        let console = stage.faulty(At::PanicBefore(write)).await;
        let run = stage.start().await;
        let view = stage.succeeds(run).await;
        assert!(view.events.iter().any(|event| matches!(event.kind, EventKind::Resumed { .. })), "the run was taken up again");
        // The same console does the next one, too.
        let next = stage.trio.request(stage.trio.freeze("next").await, &stage.trio.test).await;
        stage.trio.approve(next).await;
        let next = stage.trio.start(next).await;
        assert_eq!(stage.end(next).await.outcome, Some(Outcome::Succeeded));
        console.kill().await;
        stage.close().await;
    }
}

async fn power_is_lost() {
    for order in ["cst", "cts", "sct", "stc", "tcs", "tsc"] {
        let stage = Stage::new("power").await;
        let first = stage.console().await;
        let hold = stage.hold("change").await;
        let run = stage.start().await;
        hold.reached().await;
        first.kill().await;
        tokio::join!(Server::Store.stop(End::Immediate), Server::Target.stop(End::Immediate));
        let mut console = None;
        for part in order.chars() {
            match part {
                's' => Server::Store.start().await,
                't' => {
                    Server::Target.start().await;
                    stage.target().exec("DELETE FROM lockstep.hook").await;
                }
                // Without its store a console does not start: whoever keeps it up starts it again.
                _ if order.find('s') > order.find('c') => {}
                _ => console = Some(stage.console().await),
            }
        }
        let console = match console {
            Some(console) => console,
            None => stage.console().await,
        };
        stage.succeeds(run).await;
        console.kill().await;
        drop(hold);
        stage.close().await;
    }
}
