//! Reads a target back and holds it against what was promised.

use super::super::Result;
use super::{introspect, rows};
use crate::catalog::{Catalog, Fingerprint, Scope};
use crate::lookup::{LookupSet, TableRows, fingerprint, fingerprint_after};
use crate::problem::{Problem, ProblemKind};
use crate::promotion::Sealed;
use sqlx::PgConnection;

/// What a target holds of all that is promoted.
pub(super) struct State {
    pub catalog: Catalog,
    pub rows: Vec<TableRows>,
}

impl State {
    /// In the caller's transaction.
    pub async fn read(conn: &mut PgConnection, set: &LookupSet, scope: Scope) -> Result<Self> {
        let catalog = introspect::read(conn, scope).await?;
        let rows = rows::read(conn, &catalog, set).await?;
        Ok(Self { catalog, rows })
    }

    /// The target is what the request was made for.
    pub fn is_before(&self, sealed: &Sealed, set: &LookupSet) -> bool {
        self.catalog.fingerprint() == sealed.plan.from && fingerprint(set, &self.rows) == sealed.lookup_from
    }

    fn lookup_after(&self, sealed: &Sealed, set: &LookupSet) -> Fingerprint {
        fingerprint_after(set, &sealed.lookup, &self.rows)
    }

    /// The target moved on after the request was approved: none when it did not.
    pub fn stale(&self, sealed: &Sealed, set: &LookupSet) -> Option<Problem> {
        let what = match (self.catalog.fingerprint() == sealed.plan.from, fingerprint(set, &self.rows) == sealed.lookup_from) {
            (true, true) => return None,
            (false, true) => "schema",
            (true, false) => "lookup data",
            (false, false) => "schema and its lookup data",
        };
        Some(
            Problem::new(ProblemKind::Conflict, format!("{} was changed after the promotion was approved.", sealed.target))
                .because(format!("Its {what} is no longer what the approvers saw."))
                .way_out("Look at the new preview and request the promotion again."),
        )
    }

    /// The target is not what the release says: none when it is.
    pub fn failed(&self, sealed: &Sealed, set: &LookupSet, before: &Self) -> Option<Problem> {
        let mut differs = Vec::new();
        if self.catalog.fingerprint() != sealed.plan.to {
            differs.push(format!("the schema differs in {}", self.unexpected(sealed, before)));
        }
        if self.lookup_after(sealed, set) != sealed.lookup_to {
            differs.push(format!("lookup rows differ in {}", self.tables(sealed)));
        }
        if differs.is_empty() {
            return None;
        }
        Some(
            Problem::new(ProblemKind::Conflict, format!("Read back, {} is not what the release says.", sealed.target))
                .because(format!("After all statements {}.", differs.join(", and ")))
                .way_out("Look for triggers or event triggers of the target that change what is written."),
        )
    }

    /// Objects that are otherwise than before although the plan does not touch them; else those that it touches.
    fn unexpected(&self, sealed: &Sealed, before: &Self) -> String {
        let touched = |id: &crate::catalog::ObjectId| sealed.plan.changes.iter().any(|change| change.object == *id);
        let named = |id: &crate::catalog::ObjectId| {
            [&id.schema, &id.name, &id.part].into_iter().filter(|part| !part.is_empty()).cloned().collect::<Vec<_>>().join(".")
        };
        let changes = crate::diff::told(&self.catalog, &before.catalog);
        let strange: Vec<String> = changes.iter().map(|change| &change.id).filter(|id| !touched(id)).take(5).map(named).collect();
        match strange.is_empty() {
            false => strange.join(", "),
            true => sealed.plan.changes.iter().take(5).map(|change| named(&change.object)).collect::<Vec<_>>().join(", "),
        }
    }

    /// The tables where a written row is not there as it was written, or a deleted one is still there.
    fn tables(&self, sealed: &Sealed) -> String {
        let mut names = Vec::new();
        for change in &sealed.lookup {
            let Some(table) = self.rows.iter().find(|rows| rows.table == change.table) else { continue };
            let there: std::collections::BTreeMap<_, _> = table.rows.iter().map(|row| (table.key_of(row), row)).collect();
            let written = change.inserts.iter().chain(change.updates.iter().map(|update| &update.after));
            let wrong = written.filter(|row| there.get(&change.key_of(row)).is_none_or(|now| now != row)).count()
                + change.deletes.iter().filter(|row| there.contains_key(&change.key_of(row))).count();
            if wrong > 0 {
                names.push(format!("{} ({wrong} rows)", change.table.shown()));
            }
        }
        if names.is_empty() { "tables that the promotion does not change".to_owned() } else { names.join(", ") }
    }
}
