//! Runs that people watch. The store is read once for all who watch the same run, so that a crowd costs the run nothing; nobody is
//! waited for, as each viewer takes what is known from where it stands.

use super::console::not_found;
use super::permit::{Act, permit};
use super::store::{runs, wake};
use super::{Console, Result, sign_in};
use crate::access::{Action, Actor};
use crate::problem::Problem;
use crate::promotion::RunId;
use crate::run::{Event, EventKind};
use std::collections::HashMap;
use std::net::{IpAddr, Ipv4Addr};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::sync::watch;
use tokio::time::Instant;

/// However much happens, the store is not read more often: eyes do not see more. A crowd is told less often, so that telling it costs
/// the run no more than telling a few.
const PAUSE: Duration = Duration::from_millis(100);
const PAUSE_EACH: Duration = Duration::from_millis(2);

/// After this, who watches is asked for again, and somebody to whom nothing is told hears that the console is there.
const BEAT: Duration = Duration::from_secs(5);

/// What is known of a run.
#[derive(Debug, Default)]
struct Known {
    events: Vec<Arc<Event>>,
    /// The store did not answer: whoever watches begins anew.
    problem: Option<Problem>,
}

/// The runs that are watched now.
#[derive(Default)]
pub(super) struct Watched(Mutex<HashMap<RunId, Arc<watch::Sender<Known>>>>);

impl Watched {
    fn runs(&self) -> std::sync::MutexGuard<'_, HashMap<RunId, Arc<watch::Sender<Known>>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Joins those who watch the run; the first of them has it read.
    fn join(console: &Console, run: RunId) -> watch::Receiver<Known> {
        let mut runs = console.watched().runs();
        if let Some(known) = runs.get(&run) {
            return known.subscribe();
        }
        let (sender, receiver) = watch::channel(Known::default());
        let sender = Arc::new(sender);
        runs.insert(run, sender.clone());
        tokio::spawn(read(console.clone(), run, sender));
        receiver
    }

    /// True when the last viewer has left.
    fn leave(&self, run: RunId, known: &watch::Sender<Known>) -> bool {
        let mut runs = self.runs();
        let empty = known.receiver_count() == 0;
        if empty {
            runs.remove(&run);
        }
        empty
    }
}

/// Reads a run until it has ended, nobody watches it any more, or the store does not answer.
async fn read(console: Console, run: RunId, known: Arc<watch::Sender<Known>>) {
    let mut hints = console.wake().subscribe();
    let mut seq = 0;
    loop {
        let viewers = u32::try_from(known.receiver_count()).unwrap_or(u32::MAX);
        let earliest = Instant::now() + PAUSE.max(PAUSE_EACH.saturating_mul(viewers));
        let read = async { runs::events(&mut *console.connection().await?, run, seq).await };
        let over = match read.await {
            Ok(events) => {
                seq = events.last().map_or(seq, |event| event.seq);
                let over = events.iter().any(is_last);
                if !events.is_empty() {
                    known.send_modify(|known| known.events.extend(events.into_iter().map(Arc::new)));
                }
                over
            }
            Err(problem) => {
                known.send_modify(|known| known.problem = Some(problem));
                true
            }
        };
        if over {
            console.watched().runs().remove(&run);
            return;
        }
        tokio::select! {
            () = wake::wait(&mut hints, Some(run)) => tokio::time::sleep_until(earliest).await,
            () = known.closed() => if console.watched().leave(run, &known) { return },
        }
    }
}

fn is_last(event: &Event) -> bool {
    matches!(event.kind, EventKind::Finished { .. })
}

/// One who watches a run.
pub struct Viewer {
    console: Console,
    actor: Actor,
    known: watch::Receiver<Known>,
    after: i64,
    over: bool,
    /// When it was last looked up who this is.
    asked: Instant,
}

/// Watches a run from the event after `after` on.
pub async fn watch_run(console: &Console, actor: &Actor, run: RunId, after: i64) -> Result<Viewer> {
    permit(console, Action::See, Act::new(actor, "see a run", "runs")).await?;
    if !runs::exists(&mut *console.connection().await?, run).await? {
        return Err(not_found("run"));
    }
    let known = Watched::join(console, run);
    Ok(Viewer { console: console.clone(), actor: actor.clone(), known, after, over: false, asked: Instant::now() })
}

impl Viewer {
    /// What is new, or nothing after a while in which nothing happened. None after the last event, and when the person may not look
    /// any more.
    pub async fn next(&mut self) -> Result<Option<Vec<Arc<Event>>>> {
        if self.over || !self.may_look().await? {
            return Ok(None);
        }
        loop {
            let new = self.unseen()?;
            if let Some(last) = new.last() {
                (self.after, self.over) = (last.seq, is_last(last));
                return Ok(Some(new));
            }
            match tokio::time::timeout(BEAT, self.known.changed()).await {
                Ok(Ok(())) => {}
                Ok(Err(_)) => return Ok(None),
                Err(_) => return Ok(self.may_look().await?.then(Vec::new)),
            }
        }
    }

    fn unseen(&mut self) -> Result<Vec<Arc<Event>>> {
        let known = self.known.borrow_and_update();
        let first = known.events.partition_point(|event| event.seq <= self.after);
        match (known.events.get(first..).unwrap_or_default(), &known.problem) {
            ([], Some(problem)) => Err(problem.clone()),
            (new, _) => Ok(new.to_vec()),
        }
    }

    async fn may_look(&mut self) -> Result<bool> {
        if self.actor.id == Actor::command_line().id || self.asked.elapsed() < BEAT {
            return Ok(true);
        }
        self.asked = Instant::now();
        let ip = self.actor.ip.parse().unwrap_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED));
        let Some(actor) = sign_in::actor(&self.console, self.actor.id, ip).await? else { return Ok(false) };
        Ok(crate::access::allowed(actor.role, Action::See))
    }
}
