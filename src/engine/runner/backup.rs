//! The backup of a run, what is tried on it, and which older ones it takes the place of.

use super::execution::{Execution, Job, Steps, failed};
use super::steps::reports;
use crate::engine::store::{backups, now, runs};
use crate::engine::target::backup::{self, Extent, Manifest, Trial, scratch};
use crate::engine::target::rehearse::rehearse;
use crate::engine::target::{Cancel, while_it_answers};
use crate::promotion::{BackupMode, BackupSummary, RunId};
use crate::run::Step;
use chrono::{DateTime, Utc};

impl Execution {
    /// Without a proven backup, or a named moment where the policy says so, nothing is applied.
    pub async fn backup(&self, job: &Job, cancel: &Cancel) -> Steps<Manifest> {
        self.go_on(cancel)?;
        self.begin(Step::Backup).await?;
        if job.kept.policy.backup == BackupMode::Touched && job.extent == Extent::Full {
            let text = "What the promotion takes from a type may be in any table: the rows of all of them are kept.";
            self.journal.note(Step::Backup, text).await?;
        }
        let taken_at = now(&mut *self.journal.console.connection().await?).await?;
        let claimed = &self.journal.claimed;
        let name = format!("{}-{}-{}-{}", job.environment.name, taken_at.format("%Y%m%dT%H%M%SZ"), claimed.run.0, claimed.fence);
        let order = self.backup_order(job, &name, taken_at);
        let (tell, told) = reports();
        let work = async move { while_it_answers(order.url, None, backup::take(&order, &tell, cancel)).await? };
        let taken = self.journalled(Step::Backup, work, told).await?;
        if cancel.requested() {
            self.go_on(cancel)?;
        }
        let manifest = taken.map_err(failed)?;
        self.journal.note(Step::Backup, words(&manifest)).await?;
        self.journal.backed_up(&self.summary(&manifest)).await?;
        Ok(manifest)
    }

    /// The promotion on what the backup restores to, where the policy asks for it. Nothing of the target is touched.
    pub async fn rehearse(&self, job: &Job, manifest: &Manifest, cancel: &Cancel) -> Steps<()> {
        if Trial::of(&job.kept.policy, &job.preview.sealed) != Some(Trial::Rehearsal) {
            return Ok(());
        }
        self.go_on(cancel)?;
        self.begin(Step::Rehearse).await?;
        let order = self.backup_order(job, &manifest.file, manifest.taken_at);
        let real = self.order(job);
        let (tell, told) = reports();
        let work = async move {
            let fetched = order.shelf.fetch(&order, manifest).await?;
            rehearse(&order, fetched.path(), manifest, &real, &tell, cancel).await
        };
        let rehearsed = self.journalled(Step::Rehearse, work, told).await?;
        if cancel.requested() {
            self.go_on(cancel)?;
        }
        rehearsed.map_err(failed)?;
        self.end(Step::Rehearse).await
    }

    /// Between its proof and the first change a backup may have been altered or lost: then nothing is applied.
    pub async fn backup_holds(&self) -> Steps<()> {
        let console = &self.journal.console;
        let kept = backups::of_run(&mut *console.connection().await?, self.journal.claimed.run).await?;
        match kept.filter(|kept| kept.restore_point.is_none()) {
            Some(kept) => console.shelf().holds(&kept).await.map_err(failed),
            None => Ok(()),
        }
    }

    pub fn backup_order<'a>(&'a self, job: &'a Job, name: &'a str, taken_at: DateTime<Utc>) -> backup::Order<'a> {
        backup::Order {
            url: &job.url,
            extent: &job.extent,
            dir: self.journal.console.backup_dir(),
            shelf: self.journal.console.shelf(),
            name,
            run: self.journal.claimed.run,
            fence: self.journal.claimed.fence,
            bin: self.journal.console.pg_bin(),
            taken_at,
            lock_timeout_ms: job.kept.policy.lock_timeout_ms,
            drill: (Trial::of(&job.kept.policy, &job.preview.sealed) == Some(Trial::Drill)).then_some(self.journal.claimed.run),
        }
    }

    /// Removes the scratch databases of runs that ended without doing so themselves.
    pub async fn clear_scratch(&self, job: &Job) -> Steps<()> {
        let found = scratch::left(&job.url).await.map_err(failed)?;
        if found.is_empty() {
            return Ok(());
        }
        let own = self.journal.claimed.run;
        let runs: Vec<RunId> = found.iter().map(|(run, _)| *run).collect();
        let ended = runs::ended_of(&mut *self.journal.console.connection().await?, &runs).await?;
        for (run, url) in found.into_iter().filter(|(run, _)| *run == own || ended.contains(run)) {
            let text = match scratch::remove(&job.url, &url).await {
                Ok(()) => format!("Removed the scratch database that the run {} had left.", run.0),
                Err(problem) => problem.to_string(),
            };
            self.journal.note(Step::Preflight, text).await?;
        }
        Ok(())
    }

    /// Backups of the environment that newer ones have taken the place of go. What cannot be removed is told and stops nothing.
    pub async fn retain(&self, job: &Job) -> Steps<()> {
        let console = &self.journal.console;
        let keep = console.keep_backups();
        let mut connection = console.connection().await?;
        let spare = backups::spare(&mut connection, job.environment.id, keep).await?;
        let (mut gone, mut stay) = (Vec::new(), Vec::new());
        for old in spare {
            let Some(shelf) = console.shelf_at(&old.place) else { continue };
            match shelf.remove(&old.file).await {
                Ok(()) => {
                    backups::removed(&mut connection, &old.file).await?;
                    gone.push(old.file);
                }
                Err(problem) => stay.push(problem.to_string()),
            }
        }
        drop(connection);
        let label = &job.environment.label;
        if !gone.is_empty() {
            let text = format!("Removed, as the newest {keep} backups of {label} stay: {}.", gone.join(", "));
            self.journal.note(Step::Record, text).await?;
        }
        if !stay.is_empty() {
            let text = format!("Older backups of {label} stay against the rule: {}", stay.join(" "));
            self.journal.note(Step::Record, text).await?;
        }
        Ok(())
    }

    fn summary(&self, manifest: &Manifest) -> BackupSummary {
        let Manifest { mode, file, bytes, sha256, restore_point, taken_at, .. } = manifest.clone();
        let place = self.journal.console.shelf().to_string();
        BackupSummary { mode, file, bytes, sha256, restore_point, taken_at, place, removed_at: None }
    }
}

fn words(manifest: &Manifest) -> String {
    let Manifest { file, bytes, sha256, .. } = manifest;
    match &manifest.restore_point {
        None => format!("{file}: {bytes} bytes, SHA-256 {sha256}, read back in full."),
        Some(point) if point.name.is_some() => {
            format!("Nothing was dumped: the provider of the database can bring back the restore point {point}.")
        }
        Some(point) => format!(
            "Nothing was dumped, and the user may not call pg_create_restore_point: the provider of the database can bring back the {point}."
        ),
    }
}
