//! The runner's pen: each write holds the lease, so that a runner that was overtaken writes nothing any more.

use super::faults::{Faults, Moment};
use crate::engine::store::audit::{self, Told};
use crate::engine::store::runs::{self, Claimed};
use crate::engine::store::{Tx, alerts, backups, commit, now, promotions};
use crate::engine::{Console, Result, requests};
use crate::promotion::{Alert, BackupSummary, Outcome, PromotionSummary};
use crate::run::{EventKind, Step};
use std::sync::Arc;

#[derive(Clone)]
pub(super) struct Journal {
    pub console: Console,
    pub claimed: Claimed,
    pub faults: Arc<Faults>,
}

impl Journal {
    pub async fn write(&self, kind: EventKind) -> Result<()> {
        let mut entry = self.begin().await?;
        runs::append(&mut entry.tx, self.claimed.run, &kind).await?;
        self.commit(entry).await
    }

    pub async fn note(&self, step: Step, text: impl Into<String>) -> Result<()> {
        self.write(EventKind::Note { step, text: text.into() }).await
    }

    /// The backup and the end of its step are kept together.
    pub async fn backed_up(&self, backup: &BackupSummary) -> Result<()> {
        let mut entry = self.begin().await?;
        backups::insert(&mut entry.tx, self.claimed.run, backup).await?;
        runs::append(&mut entry.tx, self.claimed.run, &EventKind::StepFinished { step: Step::Backup }).await?;
        self.commit(entry).await
    }

    /// The end of the run, of the promotion, whom to alert, and the audit row: all or nothing.
    pub async fn finish(&self, outcome: &Outcome) -> Result<()> {
        let Claimed { run, promotion, .. } = self.claimed;
        let mut entry = self.begin().await?;
        let tx = &mut entry.tx;
        if *outcome == Outcome::Succeeded {
            runs::append(tx, run, &EventKind::StepFinished { step: Step::Record }).await?;
        }
        runs::append(tx, run, &EventKind::Finished { outcome: outcome.clone() }).await?;
        runs::end(tx, run).await?;
        let at = now(tx).await?;
        if let Some(kept) = promotions::lock(tx, promotion).await? {
            let PromotionSummary { target_label, version, .. } = &kept.summary;
            if let Some(alert) = Alert::new(promotion, target_label, version, outcome, at) {
                alerts::insert(tx, &alert).await?;
            }
            let state = kept.summary.state.finish(outcome.clone(), at)?;
            promotions::set_state(tx, promotion, &state).await?;
            if *outcome == Outcome::Succeeded {
                promotions::note_undone(tx, promotion).await?;
            }
        }
        let result = match outcome.problem() {
            None => outcome.label().to_owned(),
            Some(problem) => format!("{}: {}", outcome.label(), problem.what),
        };
        let object = requests::object(promotion);
        let told =
            Told { actor: &self.claimed.started_by, role: "runner", action: "run", object: &object, result: &result, ip: "" };
        audit::append(tx, told).await?;
        self.commit(entry).await
    }

    async fn begin(&self) -> Result<Entry> {
        let number = self.faults.count();
        self.faults.pass(Moment::Before, number).await;
        let tx = self.console.store().begin_held(&self.claimed, self.console.lease()).await?;
        Ok(Entry { number, tx })
    }

    async fn commit(&self, entry: Entry) -> Result<()> {
        commit(entry.tx).await?;
        self.faults.pass(Moment::After, entry.number).await;
        Ok(())
    }
}

/// One write that is not committed yet.
struct Entry {
    number: u32,
    tx: Tx,
}
