//! What a promotion would do, computed on demand. Nothing is stored.

use super::console::not_found;
use super::csv;
use super::permit::{Act, permit};
use super::store::backup_rows::Pages;
use super::store::promotions;
use super::store::release_rows::Reader;
use super::store::releases::{self as store, Kept};
use super::target::backup::{self, Extent, Trial};
use super::target::compare::Source;
use super::target::connect::{self, TargetUrl};
use super::target::preview::{self as target_preview, Question, Release};
use super::target::restore;
use super::{Console, Result, in_database, names, undo};
use crate::access::{Action, Actor};
use crate::catalog::Catalog;
use crate::lookup::{LookupSet, Packed, Row, TableChanges};
use crate::problem::{Problem, ProblemKind};
use crate::promotion::policy::{self, Origin};
use crate::promotion::{
    DraftPreview, Environment, EnvironmentId, LookupPage, LookupTotal, Preview, Proposal, RowKind, RowsWanted, RunId, Sealed,
};
use crate::release::Content;
use chrono::Utc;
use serde::Serialize;
use serde::de::DeserializeOwned;
use sqlx::PgConnection;
use uuid::Uuid;

/// Changed rows on one page, and at most that many of each table in a whole preview.
const ROWS: usize = 50;

/// A whole preview, with every changed row.
pub(super) struct Whole {
    pub release: Kept,
    pub environment: Environment,
    pub preview: Preview,
    /// The target's schema.
    pub before: Catalog,
    content: Content,
    reader: Reader,
}

/// Reads the target now. The policy's refusals are blockers: the page shows them beside the others.
pub(super) async fn whole(console: &Console, proposal: &Proposal) -> Result<Whole> {
    let mut connection = console.connection().await?;
    let release = store::by_id(&mut connection, proposal.release).await?.ok_or_else(|| not_found("release"))?;
    let kept = store::content(&mut connection, &release.summary.digest).await?;
    let (last, outdated) = promoted(&mut connection, proposal.target).await?;
    let pipeline = super::environments::all(console).await?;
    let environment = pipeline.iter().find(|one| one.id == proposal.target).cloned().ok_or_else(|| not_found("environment"))?;
    let url = connect::resolve(&environment.connection)?;
    let mut rows = Reader::new(connection, [&kept]);
    let digest = &release.summary.digest;
    let (mut preview, before) = match &kept.0.backup {
        Some(held) => {
            let pages = &mut Pages { conn: console.connection().await?, rows: kept.1 };
            let (target, policy) = (environment.name.as_str(), &environment.policy);
            restore::preview(restore::Question { content: &kept.0, held, digest, kept: pages, url: &url, target, policy }).await?
        }
        None => {
            let mut last_rows = Reader::new(console.connection().await?, &last);
            let tables = last_rows.tables.clone();
            let question = Question {
                release: Release { content: &kept.0, digest, rows: &mut rows },
                url: &url,
                target: &environment.name,
                policy: &environment.policy,
                renames: &proposal.renames,
                promoted: (!last.is_empty()).then_some(Source { tables: &tables, rows: &mut last_rows }),
                choices: &proposal.choices,
            };
            let (mut preview, before) = target_preview::preview(question).await?;
            preview.warnings.extend(outdated);
            (preview, before)
        }
    };
    preview.blockers.extend(unkept(console, &environment, &url, &preview.sealed, &kept.0.lookup_set).await);
    if let Err(problem) = policy::may_enter(super::releases::past(&release), &environment, &pipeline) {
        preview.blockers.insert(0, problem);
    }
    let mut connection = console.connection().await?;
    preview.blockers.extend(in_database::frozen(&mut connection, environment.id).await?);
    match release.origin {
        Origin::Undo { of, whole: true } => {
            preview.warnings.extend(undo::warnings(&mut connection, of, &preview.sealed.plan, &url).await?);
            let kept = promotions::by_id(&mut connection, of).await?.ok_or_else(|| not_found("promotion"))?;
            preview.blockers.extend(undo::superseded(&mut connection, &kept).await?);
        }
        Origin::Restore { of } => {
            preview.blockers.extend(undo::backup_of(console, &mut connection, of).await.err());
            preview.warnings.extend(undo::passed(&mut connection, of).await?);
        }
        Origin::Frozen | Origin::File | Origin::Undo { whole: false, .. } => {}
    }
    Ok(Whole { release, environment, preview, before, content: kept.0, reader: rows })
}

/// What would stop the backup of a run, and what the policy wants it tried for.
async fn unkept(console: &Console, environment: &Environment, url: &TargetUrl, sealed: &Sealed, set: &LookupSet) -> Vec<Problem> {
    let policy = &environment.policy;
    let order = backup::Order {
        url,
        extent: &Extent::of(policy, sealed, set),
        dir: console.backup_dir(),
        shelf: console.shelf(),
        // Nothing is taken yet.
        name: "",
        run: RunId(Uuid::nil()),
        fence: 0,
        bin: console.pg_bin(),
        taken_at: Utc::now(),
        lock_timeout_ms: policy.lock_timeout_ms,
        drill: None,
    };
    backup::obstacles(&order, Trial::of(policy, sealed)).await.unwrap_or_else(|problem| vec![problem])
}

/// What was promoted into an environment, the last release first, back to one that brought all its tables; and what cannot be read any more.
async fn promoted(conn: &mut PgConnection, target: EnvironmentId) -> Result<(Vec<(Content, Uuid)>, Option<String>)> {
    let mut all: Vec<(Content, Uuid)> = Vec::new();
    for digest in store::promoted(conn, target).await? {
        match store::content(conn, &digest).await {
            Ok(content) => all.push(content),
            Err(problem) if problem.kind == ProblemKind::Unsupported => return Ok((all, Some(OUTDATED.to_owned()))),
            Err(problem) => return Err(problem),
        }
        if all.last().is_some_and(|(content, _)| !content.rows_only) {
            break;
        }
    }
    Ok((all, None))
}

const OUTDATED: &str = "An older version of Lockstep made the last promotion: rows that were edited in the target since then are not told from others.";

/// Reads the target and says what the promotion would do. Nothing is stored.
pub async fn preview(console: &Console, actor: &Actor, proposal: &Proposal) -> Result<DraftPreview> {
    permit(console, Action::Promote, Act::new(actor, "preview a promotion", "promotions")).await?;
    let Whole { release, environment, preview, content, mut reader, .. } = whole(console, proposal).await?;
    let (digest, lookup_totals, mut preview) = (preview.sealed.digest(), totals(&preview), cut(preview));
    names::name(&mut reader, &content, &mut preview.sealed.lookup).await?;
    Ok(DraftPreview { release: release.summary, environment, digest, lookup_totals, preview })
}

/// One page of changed lookup rows of a draft.
pub async fn preview_lookup(console: &Console, actor: &Actor, proposal: &Proposal, wanted: &RowsWanted) -> Result<LookupPage> {
    permit(console, Action::Promote, Act::new(actor, "preview a promotion", "promotions")).await?;
    let Whole { preview, content, mut reader, .. } = whole(console, proposal).await?;
    let mut page = lookup_page(&preview, wanted)?;
    names::name(&mut reader, &content, std::slice::from_mut(&mut page.changes)).await?;
    Ok(page)
}

pub(super) fn totals(preview: &Preview) -> Vec<LookupTotal> {
    let total = |changes: &TableChanges| LookupTotal {
        table: changes.table.to_string(),
        inserts: changes.inserts.len() as u64,
        updates: changes.updates.len() as u64,
        deletes: changes.deletes.len() as u64,
        kept: changes.kept,
        edited: changes.conflicts.len() as u64,
    };
    preview.sealed.lookup.iter().map(total).collect()
}

/// The first rows of each table: the rest is paged.
pub(super) fn cut(mut preview: Preview) -> Preview {
    for changes in &mut preview.sealed.lookup {
        *changes = slice(changes, 0);
    }
    preview
}

/// The changes at the positions of one page, counted through deletes, updates and inserts: losses first.
fn slice(changes: &TableChanges, from: usize) -> TableChanges {
    fn part<T: Serialize + DeserializeOwned>(rows: &Packed<T>, skip: &mut usize, room: &mut usize) -> Packed<T> {
        let taken: Packed<T> = rows.iter().skip(*skip).take(*room).collect();
        *skip = skip.saturating_sub(rows.len());
        *room -= taken.len();
        taken
    }
    let (mut skip, mut room) = (from, ROWS);
    let deletes = part(&changes.deletes, &mut skip, &mut room);
    let updates = part(&changes.updates, &mut skip, &mut room);
    let inserts = part(&changes.inserts, &mut skip, &mut room);
    let conflicts = changes.conflicts.iter().take(ROWS).collect();
    let shape = TableChanges {
        deletes,
        updates,
        inserts,
        conflicts,
        ..TableChanges::none(changes.table.clone(), changes.columns.clone(), changes.key.clone())
    };
    TableChanges { kept: changes.kept, masked: changes.masked.clone(), unknown: changes.unknown.clone(), ..shape }.shown()
}

/// Every changed row of one table of a draft, as a spreadsheet takes it.
pub async fn preview_rows_csv(console: &Console, actor: &Actor, proposal: &Proposal, wanted: &RowsWanted) -> Result<String> {
    permit(console, Action::Promote, Act::new(actor, "preview a promotion", "promotions")).await?;
    let whole = whole(console, proposal).await?;
    lookup_csv(&whole.preview, wanted)
}

fn wanted_rows(preview: &Preview, wanted: &RowsWanted) -> Result<TableChanges> {
    let found = preview.sealed.lookup.iter().find(|changes| changes.table.to_string() == wanted.table);
    let changes = found.ok_or_else(|| not_found("lookup table in this promotion"))?;
    let takes = |kind| wanted.kind.is_none_or(|only| only == kind);
    let found = |row: &Row| changes.finds(row, &wanted.search);
    Ok(TableChanges {
        inserts: changes.inserts.iter().filter(|row| takes(RowKind::Added) && found(row)).collect(),
        updates: changes
            .updates
            .iter()
            .filter(|update| takes(RowKind::Changed) && (found(&update.before) || found(&update.after)))
            .collect(),
        deletes: changes.deletes.iter().filter(|row| takes(RowKind::Removed) && found(row)).collect(),
        kept: changes.kept,
        conflicts: changes.conflicts.clone(),
        masked: changes.masked.clone(),
        ..TableChanges::none(changes.table.clone(), changes.columns.clone(), changes.key.clone())
    })
}

pub(super) fn lookup_page(preview: &Preview, wanted: &RowsWanted) -> Result<LookupPage> {
    let changes = wanted_rows(preview, wanted)?;
    let total = changes.len();
    let pages = total.div_ceil(ROWS as u64).max(1);
    let page = wanted.page.min(pages - 1);
    let from = usize::try_from(page).unwrap_or(usize::MAX).saturating_mul(ROWS);
    Ok(LookupPage { changes: slice(&changes, from), page, pages, total })
}

pub(super) fn lookup_csv(preview: &Preview, wanted: &RowsWanted) -> Result<String> {
    Ok(csv::changes(&wanted_rows(preview, wanted)?.shown()))
}

/// What is refused as a whole, told by its first reason.
pub(super) fn blocked(blockers: &[Problem]) -> Option<Problem> {
    let first = blockers.first()?;
    let more = blockers.len() - 1;
    Some(match more {
        0 => first.clone(),
        more => Problem { what: format!("{} {more} more stand in the way.", first.what), ..first.clone() },
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::QName;
    use crate::lookup::Row;

    fn changes(inserts: usize, deletes: usize) -> TableChanges {
        let rows =
            |letter: &str, count: usize| -> Packed<Row> { (0..count).map(|at| vec![Some(format!("{letter}{at}"))]).collect() };
        let (inserts, deletes) = (rows("i", inserts), rows("d", deletes));
        TableChanges { inserts, deletes, ..TableChanges::none(QName::new("public", "fees"), Vec::new(), vec![0]) }
    }

    #[test]
    fn pages_show_every_row_once_and_losses_first() {
        let all = changes(70, 35);
        let pages: Vec<TableChanges> = (0..3).map(|page| slice(&all, page * ROWS)).collect();
        assert_eq!(pages.iter().map(|page| page.len()).collect::<Vec<_>>(), [50, 50, 5]);
        assert_eq!(pages[0].deletes.len(), 35);
        let shown: Vec<Row> = pages.iter().flat_map(|page| page.deletes.iter().chain(page.inserts.iter())).collect();
        let expected: Vec<Row> = all.deletes.iter().chain(all.inserts.iter()).collect();
        assert_eq!(shown, expected);
    }
}
