//! Chosen rows of a promotion as they were before it: one more release, which only its environment takes, and one more promotion.

use super::batches::{Batches, Rows};
use super::console::not_found;
use super::permit::{Act, permit};
use super::releases::{Naming, check_words, keep};
use super::requests::object;
use super::store::promotions::Kept;
use super::store::release_rows::Writer;
use super::store::{promotions, releases};
use super::target::connect;
use super::target::reading::Reading;
use super::{Console, Result};
use crate::access::{Action, Actor};
use crate::catalog::Scope;
use crate::lookup::{Lines, LookupSet, LookupTable, Mode, Picked, Row, Shape, Undo, shape};
use crate::problem::{Problem, ProblemKind};
use crate::promotion::policy::Origin;
use crate::promotion::{Environment, Outcome, PromotionId, ReleaseSummary, State};
use crate::release::Content;
use futures::{StreamExt, TryStreamExt, stream};
use std::collections::VecDeque;

/// Keeps a release that takes the picked rows back, and says where it may go.
pub async fn undo_rows(
    console: &Console,
    actor: &Actor,
    promotion: PromotionId,
    picked: &[Picked],
    version: &str,
    notes: &str,
) -> Result<(ReleaseSummary, Environment)> {
    let (version, object) = (version.trim(), object(promotion));
    let act = Act::new(actor, "undo rows", &object);
    permit(console, Action::Promote, act).await?;
    check_words(version, notes)?;
    let mut connection = console.connection().await?;
    let kept = promotions::by_id(&mut connection, promotion).await?.ok_or_else(|| not_found("promotion"))?;
    may_undo(&kept)?;
    let sealed = promotions::preview(&mut connection, &kept).await?.sealed;
    let (released, _) = releases::content(&mut connection, &sealed.release).await?;
    drop(connection);
    let target = super::environments::find(console, kept.target).await?;
    let scope = Scope { privileges: true };
    let mut reading = Reading::open(&connect::resolve(&target.connection)?, "lockstep:undo", scope).await?;
    let mut tx = console.begin().await?;
    let mut writer = Writer::new(&mut tx).await?;
    let (mut tables, mut set) = (Vec::new(), LookupSet::default());
    for changes in &sealed.lookup {
        let Some(lookup) = released.lookup_set.find(&changes.table) else { continue };
        let Some(shape) = shape(&reading.catalog, lookup)? else { continue };
        let undo = Undo::new(changes, picked, &shape)?;
        if undo.is_empty() {
            continue;
        }
        // Rows go only where the promotion added some: otherwise none can be lost.
        let mode = if undo.removes() { Mode::Mirror } else { Mode::AddAndUpdate };
        let lookup = LookupTable { mode, ..lookup.clone() };
        let batches = undone(reading.conn.rows(&lookup, &shape), &undo, &shape);
        tables.push(writer.table(&lookup, &shape, batches).await?);
        set.tables.push(lookup);
    }
    if tables.is_empty() {
        return Err(Problem::new(ProblemKind::Invalid, "No row is chosen that the promotion has changed.")
            .way_out("Choose rows that it added, changed or removed."));
    }
    let (rows, catalog) = (writer.rows, std::mem::take(&mut reading.catalog));
    reading.close().await;
    let label = format!("the undo of {} in {}", kept.summary.version, target.label);
    let naming = Naming { version, notes, source: target.id, source_label: &label, origin: Origin::Undo(promotion) };
    let release = keep(tx, &act, rows, naming, &Content::rows_only(catalog, set, tables)).await?;
    Ok((release, target))
}

pub(super) fn may_undo(kept: &Kept) -> Result<()> {
    match kept.summary.state {
        State::Finished { outcome: Outcome::Succeeded, .. } => Ok(()),
        _ => Err(Problem::new(ProblemKind::Conflict, "There is nothing to undo.")
            .because("The promotion has not succeeded, so that it has changed no rows for good.")),
    }
}

/// The rows as they shall be, in the order of their places.
fn undone<'s>(batches: Batches<'s>, undo: &'s Undo<'s>, shape: &'s Shape) -> Batches<'s> {
    let mut back = undo.added();
    back.sort_by_cached_key(|row| shape.order(row));
    let mut back: VecDeque<Row> = back.into();
    let end = stream::once(std::future::ready(Ok(None)));
    let merged = batches.map_ok(Some).chain(end).map(move |batch| {
        let mut lines = Lines::default();
        let Some(now) = batch? else {
            back.drain(..).for_each(|row| lines.push(&row));
            return Ok(lines);
        };
        for row in now.rows() {
            while back.front().is_some_and(|old| shape.order(old) < shape.order(&row)) {
                back.pop_front().iter().for_each(|row| lines.push(row));
            }
            // Somebody added it again.
            back.pop_front_if(|old| shape.key_of(old) == shape.key_of(&row));
            undo.row(row).iter().for_each(|row| lines.push(row));
        }
        Ok(lines)
    });
    merged.boxed()
}
