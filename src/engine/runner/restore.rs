//! The backup that a run restores: proven before anything is touched, and removed from the server when it is not needed any more.

use super::execution::{Execution, Job, Restoring, Steps, failed};
use super::steps::reports;
use crate::engine::target::backup::{self, scratch};
use crate::engine::target::restore::{Source, prepare};
use crate::engine::target::{Cancel, while_it_answers};
use crate::run::Step;

impl Execution {
    /// None for a promotion that restores nothing.
    pub async fn source(&self, job: &Job, cancel: &Cancel) -> Steps<Option<Source>> {
        let Some(Restoring { backup, held, shelf }) = &job.restoring else { return Ok(None) };
        let order = backup::Order { shelf, drill: None, ..self.backup_order(job, "restore", backup.taken_at) };
        let (tell, told) = reports();
        let work = async move {
            let prepared = async {
                tokio::select! {
                    biased;
                    () = cancel.wait() => Ok(None),
                    prepared = prepare(&order, backup, &job.preview.sealed, held, &tell) => prepared.map(Some),
                }
            };
            while_it_answers(order.url, None, prepared).await?
        };
        let prepared = self.journalled(Step::Preflight, work, told).await?;
        let prepared = match prepared {
            Ok(prepared) => prepared,
            Err(problem) => {
                self.remove_source(job).await;
                return Err(failed(problem));
            }
        };
        if prepared.is_none() {
            self.remove_source(job).await;
            self.go_on(cancel)?;
        }
        Ok(prepared)
    }

    /// What cannot be removed is told and stops nothing: the next run finds it.
    pub async fn remove_source(&self, job: &Job) {
        if job.restoring.is_none() {
            return;
        }
        let url = scratch::restore_url(&job.url, self.journal.claimed.run);
        if let Err(problem) = scratch::remove(&job.url, &url).await {
            tracing::warn!(%problem, "a scratch database is left");
        }
    }
}
