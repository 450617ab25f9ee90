//! A preview as a person reads it: one module per tab. Drafts and sealed promotions show the same.

mod edits;
mod lookup;
mod objects;
mod questions;
mod readiness;
mod restored;
mod risks;
mod schema;
mod sql;
mod summary;

pub use lookup::{LookupOverview, LookupRows, Show};
pub use objects::hazard_badges;
pub use questions::Questions;
pub use readiness::Readiness;
pub use risks::Risks;
pub use schema::SchemaChanges;
pub use sql::Sql;
pub use summary::Summary;

use super::tabs::Tab;
use lockstep::promotion::{LookupTotal, Preview};

/// The tabs that drafts and promotions share, with their counts.
pub fn tabs(preview: &Preview, totals: &[LookupTotal]) -> Vec<Tab> {
    let plan = &preview.sealed.plan;
    let risks: usize = plan.changes.iter().map(|change| change.hazards.len()).sum();
    let rows: u64 = totals.iter().map(|total| total.inserts + total.updates + total.deletes).sum();
    let open = preview.blockers.len() + preview.checks.iter().filter(|check| !check.holds()).count();
    let mut tabs = vec![Tab::new("summary", "Summary"), Tab::counted("schema", "Schema", plan.changes.len() as u64)];
    // What a backup brings back is neither lookup rows nor statements of a plan.
    if preview.sealed.restore.is_none() {
        tabs.extend([Tab::counted("lookup", "Lookup data", rows), Tab::new("sql", "SQL")]);
    }
    tabs.extend([Tab::counted("risks", "Risks", risks as u64), Tab::counted("readiness", "Readiness", open as u64)]);
    tabs
}
