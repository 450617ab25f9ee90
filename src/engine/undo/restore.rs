//! The backup of a run as a release: what it holds is read once, in a scratch database beside the target, and goes back as any promotion goes.

use crate::access::{Action, Actor};
use crate::engine::console::not_found;
use crate::engine::hashes::Kept as _;
use crate::engine::permit::{Act, permit};
use crate::engine::preview::blocked;
use crate::engine::releases::{Naming, check_words, keep};
use crate::engine::requests::object;
use crate::engine::store::promotions::Kept;
use crate::engine::store::release_rows::Writer;
use crate::engine::store::{backup_rows, backups, promotions};
use crate::engine::target::backup::{self, Extent, Shelf, Trial, scratch};
use crate::engine::target::connect;
use crate::engine::target::restore::read;
use crate::engine::{Console, Result, environments};
use crate::problem::{Problem, ProblemKind};
use crate::promotion::policy::Origin;
use crate::promotion::{BackupMode, BackupSummary, Environment, PromotionId, Proposal, ReleaseId, RunId, State};
use crate::release::Content;
use chrono::Utc;
use sqlx::PgConnection;

/// Keeps a release that is what the backup of the promotion's run holds, and gives what to preview.
pub async fn restore_promotion(
    console: &Console,
    actor: &Actor,
    promotion: PromotionId,
    version: &str,
    notes: &str,
) -> Result<Proposal> {
    let (version, object) = (version.trim(), object(promotion));
    let act = Act::new(actor, "restore a backup", &object);
    permit(console, Action::Promote, act).await?;
    check_words(version, notes)?;
    let mut connection = console.connection().await?;
    let kept = promotions::by_id(&mut connection, promotion).await?.ok_or_else(|| not_found("promotion"))?;
    let (backup, shelf) = backup_of(console, &mut connection, promotion).await?;
    drop(connection);
    let target = environments::find(console, kept.target).await?;
    let label = format!("the backup of {} in {}", kept.summary.version, target.label);
    let origin = Origin::Restore { of: promotion };
    let naming = Naming { version, notes, source: target.id, source_label: &label, origin };
    let release = kept_as(console, &act, naming, &target, (&backup, &shelf)).await?;
    Ok(Proposal::new(release, target.id))
}

/// Reads the backup beside its target and keeps what it holds. The scratch database is gone afterwards; after a crash, the next run into
/// the environment finds it by the run that the backup is of.
async fn kept_as(
    console: &Console,
    act: &Act<'_>,
    naming: Naming<'_>,
    target: &Environment,
    (backup, shelf): (&BackupSummary, &Shelf),
) -> Result<ReleaseId> {
    let url = connect::resolve(&target.connection)?;
    let run = run_of(console, naming.origin).await?;
    let order = backup::Order {
        url: &url,
        extent: &Extent::Full,
        dir: console.backup_dir(),
        shelf,
        run,
        fence: 0,
        name: "restore",
        bin: console.pg_bin(),
        taken_at: Utc::now(),
        lock_timeout_ms: target.policy.lock_timeout_ms,
        drill: None,
    };
    if let Some(problem) = blocked(&backup::obstacles(&order, Some(Trial::Restore)).await?) {
        return Err(problem);
    }
    let mut tx = console.begin().await?;
    // No lookup rows are written; the place for them is where `keep` goes back to when the content is kept already.
    let rows = Writer::new(&mut tx).await?.rows;
    if !backup_rows::only_reader(&mut tx, run).await? {
        return Err(Problem::new(ProblemKind::Conflict, format!("Somebody else reads the backup {} now.", backup.file))
            .way_out("Wait a moment and try again, or use their release."));
    }
    let scratch = scratch::restore_url(&url, run);
    let kept = async {
        let (opened, held, mut restored) = read(&order, &scratch, backup).await?;
        for at in 0..held.tables.len() {
            backup_rows::write(&mut tx, rows, at, restored.hashes(at)).await?;
        }
        connect::close(restored.conn).await;
        keep(tx, act, rows, naming, &Content::backup(opened.catalog, held)).await
    };
    let kept = kept.await;
    let removed = scratch::remove(&url, &scratch).await;
    kept.and_then(|release| removed.map(|()| release.id))
}

async fn run_of(console: &Console, origin: Origin) -> Result<RunId> {
    let Origin::Restore { of } = origin else { return Err(not_found("backup")) };
    let kept = promotions::by_id(&mut *console.connection().await?, of).await?;
    kept.and_then(|kept| kept.run).ok_or_else(|| not_found("run of this promotion"))
}

/// The backup of a promotion's run, and where it is.
pub async fn backup_of(console: &Console, conn: &mut PgConnection, of: PromotionId) -> Result<(BackupSummary, Shelf)> {
    let kept = promotions::by_id(conn, of).await?.ok_or_else(|| not_found("promotion"))?;
    let backup = match kept.run {
        Some(run) => backups::of_run(conn, run).await?,
        None => None,
    };
    may_restore(&kept, backup.as_ref())?;
    let backup = backup.ok_or_else(|| not_found("backup of this promotion"))?;
    let shelf = console.shelf_at(&backup.place).ok_or_else(|| {
        Problem::new(ProblemKind::Conflict, format!("The backup {} cannot be reached.", backup.file))
            .because(format!("It is in {}, and this console keeps its backups elsewhere.", backup.place))
            .way_out("Start the console with LOCKSTEP_BACKUP_DIR or LOCKSTEP_BACKUPS as it was then.")
    })?;
    Ok((backup, shelf))
}

/// Only what holds everything, and is still there, takes the place of everything.
pub fn may_restore(kept: &Kept, backup: Option<&BackupSummary>) -> Result<()> {
    let refused = |cause: &str, way_out: &str| {
        let what = format!("The backup of {} in {} cannot be restored.", kept.summary.version, kept.summary.target_label);
        Err(Problem::new(ProblemKind::Conflict, what).because(cause).way_out(way_out))
    };
    if !matches!(kept.summary.state, State::Finished { .. }) || crate::engine::in_database::needs_attention(kept) {
        return refused("The promotion has not ended, or needs attention.", "Let it end, or let a lead say that it is settled.");
    }
    let Some(backup) = backup else {
        return refused("Its run came to no backup.", "Restore the backup of another promotion.");
    };
    if backup.removed_at.is_some() {
        return refused("Newer ones took its place, and it was removed.", "Restore the backup of a later promotion.");
    }
    match backup.mode {
        BackupMode::Full => Ok(()),
        BackupMode::Touched => refused(
            "It holds the rows of some tables only, and all others would be empty.",
            "Undo the promotion, or take the rows that are missing out of the archive by hand with pg_restore.",
        ),
        BackupMode::External => refused(
            "Nothing was dumped: the moment was named for the backups of the database's provider.",
            "Let the provider bring the database back to the restore point that the promotion's page names.",
        ),
    }
}

/// Which later promotions go back with it.
pub async fn passed(conn: &mut PgConnection, of: PromotionId) -> Result<Option<String>> {
    let later = promotions::after(conn, of).await?;
    let versions: Vec<&str> = later.iter().map(|kept| kept.summary.version.as_str()).collect();
    Ok((!versions.is_empty()).then(|| format!("What came later goes back, too: {}.", versions.join(", "))))
}
