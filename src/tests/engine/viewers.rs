//! People who watch a run.

use crate::trio::{Trio, watch};
use crate::world::refusal;
use lockstep::engine;
use lockstep::problem::ProblemKind;
use lockstep::promotion::{Outcome, RunId};
use lockstep::run::{Event, EventKind};
use std::sync::Arc;
use tokio::task::JoinSet;
use uuid::Uuid;

const CROWD: usize = 50;

async fn all(mut viewer: engine::Viewer) -> Vec<Arc<Event>> {
    let mut events = Vec::new();
    while let Some(new) = viewer.next().await.unwrap() {
        events.extend(new);
    }
    events
}

#[tokio::test]
async fn a_crowd_sees_every_event_once_however_slow_or_late_somebody_is() {
    let trio = Trio::new("crowd").await;
    let console = &trio.world.console;
    let run = trio.start(trio.approved().await).await;
    let mut crowd = JoinSet::new();
    for _ in 0..CROWD {
        crowd.spawn(all(engine::watch_run(console, &trio.ada, run, 0).await.unwrap()));
    }
    let slow = engine::watch_run(console, &trio.lea, run, 0).await.unwrap();
    console.start_runner().await.unwrap();
    let view = watch(console, &trio.ada, run).await;
    assert_eq!(view.outcome, Some(Outcome::Succeeded));
    let late = engine::watch_run(console, &trio.lea, run, 3).await.unwrap();
    assert_eq!(numbers(&all(late).await), (4..=view.seq()).collect::<Vec<_>>());
    for events in [all(slow).await].into_iter().chain(crowd.join_all().await) {
        assert_eq!(numbers(&events), (1..=view.seq()).collect::<Vec<_>>());
    }
    trio.world.close().await;
}

fn numbers(events: &[Arc<Event>]) -> Vec<i64> {
    events.iter().map(|event| event.seq).collect()
}

#[tokio::test]
async fn who_loses_the_account_sees_no_more_and_the_run_goes_on() {
    let trio = Trio::new("viewer_lost").await;
    let console = &trio.world.console;
    let run = trio.start(trio.approved().await).await;
    let mut viewer = engine::watch_run(console, &trio.lea, run, 0).await.unwrap();
    let first = viewer.next().await.unwrap().unwrap();
    assert!(matches!(first[0].kind, EventKind::Started { .. }));
    engine::disable_person(console, &trio.world.owner, trio.lea.id).await.unwrap();
    // Nothing happens in the run: only the heart beats until somebody looks who this is.
    while viewer.next().await.unwrap().is_some_and(|events| events.is_empty()) {}
    assert_eq!(viewer.next().await.unwrap(), None);
    engine::enable_person(console, &trio.world.owner, trio.lea.id).await.unwrap();
    console.start_runner().await.unwrap();
    assert_eq!(watch(console, &trio.ada, run).await.outcome, Some(Outcome::Succeeded));
    trio.world.close().await;
}

#[tokio::test]
async fn a_run_that_is_not_there_is_refused_before_anything_is_streamed() {
    let trio = Trio::new("viewer_of_nothing").await;
    let watched = engine::watch_run(&trio.world.console, &trio.ada, RunId(Uuid::nil()), 0).await;
    assert_eq!(refusal(watched.map(|_| ())).0, ProblemKind::NotFound);
    trio.world.close().await;
}
