//! A whole promotion taken back: the schema as it was when it was requested, and the rows that it wrote as they were before.
//!
//! What the promotion deleted is in the backup of its run only, and what was written since into what it made goes with it: the preview
//! says both before anybody asks for it.

use super::{may_undo, undone};
use crate::access::{Action, Actor};
use crate::catalog::{Catalog, Scope};
use crate::engine::batches::Rows;
use crate::engine::console::not_found;
use crate::engine::permit::{Act, permit};
use crate::engine::releases::{Naming, check_words, keep};
use crate::engine::requests::object;
use crate::engine::store::promotions::Kept;
use crate::engine::store::release_rows::Writer;
use crate::engine::store::{backups, promotions, releases};
use crate::engine::target::connect::{self, TargetUrl};
use crate::engine::target::reading::Reading;
use crate::engine::target::written;
use crate::engine::{Console, Result, environments};
use crate::lookup::{LookupSet, LookupTable, Mode, Picked, Shape, TableChanges, TableDigest, Undo, shape};
use crate::plan::Plan;
use crate::problem::{Problem, ProblemKind};
use crate::promotion::policy::Origin;
use crate::promotion::{PromotionId, Proposal, Sealed, renamed_back, stays_lost};
use crate::release::Content;
use sqlx::PgConnection;

/// Keeps a release that takes the promotion back, and gives what to preview.
pub async fn undo_promotion(
    console: &Console,
    actor: &Actor,
    promotion: PromotionId,
    version: &str,
    notes: &str,
) -> Result<Proposal> {
    let (version, object) = (version.trim(), object(promotion));
    let act = Act::new(actor, "undo a promotion", &object);
    permit(console, Action::Promote, act).await?;
    check_words(version, notes)?;
    let mut connection = console.connection().await?;
    let kept = promotions::by_id(&mut connection, promotion).await?.ok_or_else(|| not_found("promotion"))?;
    may_undo(&kept)?;
    superseded(&mut connection, &kept).await.and_then(|problem| problem.map_or(Ok(()), Err))?;
    let sealed = promotions::preview(&mut connection, &kept).await?.sealed;
    restored(&sealed).map_or(Ok(()), Err)?;
    let (released, _) = releases::content(&mut connection, &sealed.release).await?;
    let before = before(&mut connection, &kept).await?;
    drop(connection);
    let target = environments::find(console, kept.target).await?;
    if target.policy.privileges && !sealed.plan.scope.privileges {
        return Err(unknown_privileges(&target.label));
    }
    let url = connect::resolve(&target.connection)?;
    let mut reading = Reading::open(&url, "lockstep:undo", Scope { privileges: true }).await?;
    let mut tx = console.begin().await?;
    let mut writer = Writer::new(&mut tx).await?;
    let (mut tables, mut set) = (Vec::new(), LookupSet::default());
    for changes in &sealed.lookup {
        let Some(lookup) = released.lookup_set.find(&changes.table) else { continue };
        if let Some((lookup, table)) = table(&mut reading, &mut writer, lookup, changes, &before).await? {
            set.tables.push(lookup);
            tables.push(table);
        }
    }
    let rows = writer.rows;
    reading.close().await;
    let label = format!("the undo of {} in {}", kept.summary.version, target.label);
    let origin = Origin::Undo { of: promotion, whole: true };
    let naming = Naming { version, notes, source: target.id, source_label: &label, origin };
    let content = if released.rows_only { Content::rows_only(before, set, tables) } else { Content::new(before, set, tables) };
    let release = keep(tx, &act, rows, naming, &content).await?.id;
    Ok(Proposal { release, target: target.id, renames: renamed_back(&sealed.plan.renames), choices: Vec::new() })
}

/// The rows of one table as they were, if it was there before.
async fn table(
    reading: &mut Reading,
    writer: &mut Writer<'_>,
    lookup: &LookupTable,
    changes: &TableChanges,
    before: &Catalog,
) -> Result<Option<(LookupTable, TableDigest)>> {
    let (Some(was), Some(now)) = (shape(before, lookup)?, shape(&reading.catalog, lookup)?) else { return Ok(None) };
    let picked = [Picked { table: changes.table.clone(), key: None }];
    let undo = Undo::new(changes, &picked, &now)?;
    if undo.is_empty() {
        return Ok(None);
    }
    // What the promotion deleted with a column comes back empty; where that cannot be, the preview says so.
    let gone = was.columns.iter().map(|column| &column.name).filter(|name| now.position(name).is_none());
    let mut lookup = lookup.clone();
    lookup.pinned.extend(gone.cloned());
    // Rows go only where the promotion added some: otherwise none can be lost.
    lookup.mode = if undo.removes() { Mode::Mirror } else { Mode::AddAndUpdate };
    let Some(was) = shape(before, &lookup)? else { return Ok(None) };
    same_key(&lookup, &was, &now)?;
    let batches = undone(reading.conn.rows(&lookup, &now), &undo, &now, &was);
    let table = writer.table(&lookup, &was, batches).await?;
    Ok(Some((lookup, table)))
}

fn same_key(lookup: &LookupTable, was: &Shape, now: &Shape) -> Result<()> {
    if was.names(&was.key) == now.names(&now.key) {
        return Ok(());
    }
    Err(Problem::new(ProblemKind::Unsupported, format!("The rows of {} cannot be taken back.", lookup.table.shown()))
        .because("The promotion changed the key that pairs them.")
        .way_out("Correct the rows in the source and promote them, or restore the backup of the run."))
}

/// The schema of the target when the promotion was requested.
async fn before(conn: &mut PgConnection, kept: &Kept) -> Result<Catalog> {
    let Some(digest) = &kept.before else {
        return Err(Problem::new(ProblemKind::Unsupported, "The promotion cannot be taken back as a whole.")
            .because("An older version of Lockstep has not kept how the schema was before it.")
            .way_out("Promote the release before it again, or restore the backup of its run."));
    };
    Ok(releases::content(conn, digest).await?.0.catalog)
}

fn unknown_privileges(label: &str) -> Problem {
    Problem::new(ProblemKind::Conflict, format!("The policy of {label} lets privileges travel, and did not at that promotion."))
        .because("How they were before it is not known.")
        .way_out("Turn the policy off for the undo, or grant by hand what is to be granted.")
}

/// Why a promotion cannot be taken back any more, or not again.
pub async fn superseded(conn: &mut PgConnection, kept: &Kept) -> Result<Option<Problem>> {
    let label = &kept.summary.target_label;
    let newest = promotions::newest(conn, kept.target).await?;
    let Some(later) = newest.filter(|newest| newest.summary.id != kept.summary.id) else { return Ok(None) };
    let what = format!("{} is not the last release that was promoted into {label}.", kept.summary.version);
    Ok(Some(
        Problem::new(ProblemKind::Conflict, what)
            .because(format!("{} came after it, and may rest on it.", later.summary.version))
            .way_out(format!("Undo {} first.", later.summary.version)),
    ))
}

/// What took the place of everything is not taken back by statements.
pub fn restored(sealed: &Sealed) -> Option<Problem> {
    sealed.restore.as_ref().map(|_| {
        Problem::new(ProblemKind::Unsupported, "A restore cannot be undone.")
            .because("It replaced every row, and no release knows them.")
            .way_out("Restore the backup that its own run made.")
    })
}

/// What a person must know before the undo of `of` is asked for, besides what any preview says.
pub async fn warnings(conn: &mut PgConnection, of: PromotionId, plan: &Plan, url: &TargetUrl) -> Result<Vec<String>> {
    let Some(kept) = promotions::by_id(conn, of).await? else { return Ok(Vec::new()) };
    let sealed: Sealed = promotions::preview(conn, &kept).await?.sealed;
    let backup = match kept.run {
        Some(run) => backups::of_run(conn, run).await?,
        None => None,
    };
    let mut warnings = stays_lost(&sealed, backup.as_ref());
    let written = written::written(url, plan).await?;
    warnings
        .extend(written.iter().map(|what| format!("Written since {}, and gone with its undo: {what}.", kept.summary.version)));
    Ok(warnings)
}
