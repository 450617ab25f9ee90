//! The lookup set of the pipeline: which tables travel with a release, and how.

use super::console::not_found;
use super::permit::{Act, permit};
use super::store::environments as store;
use super::target::connect;
use super::target::preview::{self, Survey};
use super::{Console, Result};
use crate::access::{Action, Actor};
use crate::lookup::LookupSet;
use crate::problem::{Problem, ProblemKind};
use crate::promotion::{LookupSetView, Suggested};

/// The set alone.
pub async fn lookup_tables(console: &Console, actor: &Actor) -> Result<LookupSet> {
    permit(console, Action::See, Act::new(actor, "see the lookup set", "lookup set")).await?;
    let (_, _, set) = store::pipeline(&mut *console.connection().await?).await?;
    Ok(set)
}

/// The set and what the first environment suggests beyond it.
pub async fn lookup_set(console: &Console, actor: &Actor) -> Result<LookupSetView> {
    let set = lookup_tables(console, actor).await?;
    Ok(match survey(console, &set).await {
        Ok(Survey { suggestions, faults }) => {
            let fresh = suggestions.into_iter().filter(|one| set.find(&one.table.table).is_none());
            let suggested = fresh.map(|one| Suggested { table: one.table, why: one.reason }).collect();
            LookupSetView { set, suggested, faults, unread: None }
        }
        Err(problem) => LookupSetView { set, suggested: Vec::new(), faults: Vec::new(), unread: Some(problem.to_string()) },
    })
}

/// What the first environment of the pipeline says of lookup tables.
pub(super) async fn survey(console: &Console, set: &LookupSet) -> Result<Survey> {
    let first = super::environments::all(console).await?.into_iter().next().ok_or_else(|| not_found("environment"))?;
    preview::survey(&connect::resolve(&first.connection)?, set).await
}

/// Replaces the set. Releases keep the one they were frozen with.
pub async fn edit_lookup_set(console: &Console, actor: &Actor, set: &LookupSet) -> Result<()> {
    permit(console, Action::Administer, Act::new(actor, "edit the lookup set", "lookup set")).await?;
    for (at, table) in set.tables.iter().enumerate() {
        if set.tables.iter().skip(at + 1).any(|other| other.table == table.table) {
            return Err(Problem::new(ProblemKind::Invalid, format!("{} is in the lookup set twice.", table.table.shown()))
                .way_out("Keep one of the two."));
        }
    }
    let mut tx = console.begin().await?;
    let (_, _, before) = store::pipeline(&mut tx).await?;
    store::set_lookup_set(&mut tx, set).await?;
    let action = format!("edit the lookup set from {} to {} tables", before.tables.len(), set.tables.len());
    Act::new(actor, &action, "lookup set").done(tx).await
}
