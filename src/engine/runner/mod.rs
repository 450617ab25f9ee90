//! Executes runs: claims them under a lease, journals before and after each step, and takes up what another process left behind.
//!
//! A run is never judged by what this process remembers: the journal says how far it came, and the target's ledger whether it happened.

mod backup;
mod execution;
mod faults;
mod journal;
mod recovery;
mod restore;
mod steps;
mod watch;

pub use faults::{Crash, Faults, Moment};

use super::alerts::{self, Webhook};
use super::store::backups;
use super::store::runs::{self, Claimed};
use super::store::wake;
use super::target::backup::sweep;
use super::{Console, Result};
use execution::Execution;
use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::watch as signal;
use tokio::task::{Id, JoinError, JoinHandle, JoinSet};
use uuid::Uuid;

/// Runs that one console executes at the same time; each has a target of its own.
const AT_ONCE: usize = 4;

/// What a stop waits for in all.
const GRACE: Duration = Duration::from_secs(30);

/// The background task of one console.
pub struct Runner {
    stop: signal::Sender<bool>,
    task: JoinHandle<()>,
    /// Sends alerts, where there is somewhere to send them to.
    alerts: Option<JoinHandle<()>>,
}

impl Runner {
    pub fn start(console: &Console, faults: Faults) -> Self {
        let (stop, stopping) = signal::channel(false);
        let deliver = |webhook: &Webhook| tokio::spawn(alerts::deliver(console.clone(), webhook.clone(), stopping.clone()));
        let alerts = console.webhook().map(deliver);
        let work =
            Loop { console: console.clone(), faults: Arc::new(faults), stopping, tasks: JoinSet::new(), mine: HashMap::new() };
        Self { stop, task: tokio::spawn(work.run()), alerts }
    }

    /// Claims no more, and lets what runs finish or roll back.
    pub async fn stop(self) {
        self.stop.send_replace(true);
        if let Err(error) = self.task.await {
            tracing::error!(%error, "the runner did not stop in order");
        }
    }

    /// Ends everything where it stands, as a crash would.
    pub async fn kill(self) {
        for task in [Some(self.task), self.alerts].into_iter().flatten() {
            task.abort();
            let _aborted = task.await;
        }
    }
}

struct Loop {
    console: Console,
    faults: Arc<Faults>,
    stopping: signal::Receiver<bool>,
    tasks: JoinSet<()>,
    /// The run of each task.
    mine: HashMap<Id, Uuid>,
}

impl Loop {
    async fn run(mut self) {
        self.sweep().await;
        let mut hints = self.console.wake().subscribe();
        while !*self.stopping.borrow() {
            while self.mine.len() < AT_ONCE && self.claim().await {}
            let mut stopping = self.stopping.clone();
            tokio::select! {
                () = wake::wait(&mut hints, None) => {}
                _ = stopping.changed() => {}
                Some(ended) = self.tasks.join_next_with_id() => {
                    self.reap(ended);
                    if self.tasks.is_empty() {
                        self.sweep().await;
                    }
                }
            }
        }
        let ended = tokio::time::timeout(GRACE, async {
            while let Some(ended) = self.tasks.join_next_with_id().await {
                self.reap(ended);
            }
        });
        if ended.await.is_err() {
            tracing::warn!("runs did not end in time; they are taken up at the next start");
        }
    }

    /// True when a run was claimed: there may be more.
    async fn claim(&mut self) -> bool {
        match self.next().await {
            Ok(Some(claimed)) => {
                let run = claimed.run.0;
                let execution = Execution::new(self.console.clone(), self.faults.clone(), claimed, self.stopping.clone());
                let task = self.tasks.spawn(Box::pin(execution.run()));
                self.mine.insert(task.id(), run);
                true
            }
            Ok(None) => false,
            Err(problem) => {
                tracing::warn!(%problem, "the store could not be asked for runs");
                false
            }
        }
    }

    async fn next(&self) -> Result<Option<Claimed>> {
        let mine: Vec<Uuid> = self.mine.values().copied().collect();
        runs::claim(&mut *self.console.connection().await?, self.console.lease(), &mine).await
    }

    /// A run whose task broke is free to be taken up again when its lease ends, by this console as by any other.
    fn reap(&mut self, ended: std::result::Result<(Id, ()), JoinError>) {
        let task = match &ended {
            Ok((task, ())) => *task,
            Err(error) => error.id(),
        };
        let run = self.mine.remove(&task);
        if let Err(error) = ended {
            tracing::error!(?run, %error, "a run's task broke");
        }
    }

    /// Removes what crashed runs left, where other consoles may be at work, too.
    async fn sweep(&self) {
        let mut stopping = self.stopping.clone();
        let swept = tokio::select! {
            swept = self.swept() => swept,
            // A bucket that does not answer must not keep the console from stopping.
            _ = stopping.wait_for(|stop| *stop) => return,
        };
        match swept {
            Ok(names) if names.is_empty() => {}
            Ok(names) => tracing::info!(?names, "what is left of unfinished backups was removed"),
            Err(problem) => tracing::warn!(%problem, "what is left of unfinished backups could not be removed"),
        }
    }

    async fn swept(&self) -> Result<Vec<String>> {
        let shelf = self.console.shelf();
        let mut connection = self.console.connection().await?;
        let working = runs::working(&mut connection).await?;
        let mut gone = sweep(self.console.backup_dir(), |name| working.iter().any(|run| name.contains(&run.0.to_string())))?;
        // A crash after a backup was finished and before it was written down.
        for name in backups::unknown(&mut connection, &shelf.names().await?).await? {
            shelf.remove(&name).await?;
            gone.push(name);
        }
        Ok(gone)
    }
}
