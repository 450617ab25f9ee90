//! Chosen rows of a promotion as they were before it.

use super::{may_undo, undone};
use crate::access::{Action, Actor};
use crate::catalog::Scope;
use crate::engine::batches::Rows;
use crate::engine::console::not_found;
use crate::engine::permit::{Act, permit};
use crate::engine::releases::{Naming, check_words, keep};
use crate::engine::requests::object;
use crate::engine::store::release_rows::Writer;
use crate::engine::store::{promotions, releases};
use crate::engine::target::connect;
use crate::engine::target::reading::Reading;
use crate::engine::{Console, Result, environments};
use crate::lookup::{LookupSet, LookupTable, Mode, Picked, Undo, shape};
use crate::problem::{Problem, ProblemKind};
use crate::promotion::policy::Origin;
use crate::promotion::{Environment, PromotionId, ReleaseSummary};
use crate::release::Content;

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
    let target = environments::find(console, kept.target).await?;
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
        let batches = undone(reading.conn.rows(&lookup, &shape), &undo, &shape, &shape);
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
    let naming =
        Naming { version, notes, source: target.id, source_label: &label, origin: Origin::Undo { of: promotion, whole: false } };
    let release = keep(tx, &act, rows, naming, &Content::rows_only(catalog, set, tables)).await?;
    Ok((release, target))
}
