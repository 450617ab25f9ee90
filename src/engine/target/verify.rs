//! Reads a target back and holds it against what was promised.

use super::super::Result;
use super::{introspect, rows};
use crate::catalog::{Catalog, Fingerprint, Scope};
use crate::lookup::{Digest, LookupSet, LookupTable, Shape, TableChanges, fingerprint, hash_of, hidden, owned_key};
use crate::problem::{Problem, ProblemKind};
use crate::promotion::Sealed;
use futures::TryStreamExt;
use sqlx::PgConnection;
use std::collections::BTreeSet;

/// What a target holds of all that is promoted.
pub(super) struct State {
    pub catalog: Catalog,
    /// Of its lookup rows.
    pub lookup: Fingerprint,
}

impl State {
    /// In the caller's transaction.
    pub async fn read(conn: &mut PgConnection, set: &LookupSet, scope: Scope) -> Result<Self> {
        let catalog = introspect::read(conn, scope).await?;
        let digests = rows::digests(conn, &catalog, set).await?;
        let lookup = fingerprint(digests.iter().map(|one| one.counted(set)));
        Ok(Self { catalog, lookup })
    }

    /// After the sync, in its transaction.
    pub async fn read_back(conn: &mut PgConnection, set: &LookupSet, sealed: &Sealed) -> Result<Self> {
        let catalog = introspect::read(conn, sealed.plan.scope).await?;
        let mut tables = Vec::new();
        for mut table in rows::digests(conn, &catalog, set).await? {
            let changes = sealed.lookup.iter().find(|one| one.table == table.table);
            if let Some((lookup, changes)) = set.find(&table.table).zip(changes)
                && let Some(digest) = partly(conn, lookup, &table.shape, changes).await?
            {
                table.digest = digest;
            }
            tables.push(table.counted(set));
        }
        Ok(Self { catalog, lookup: fingerprint(tables) })
    }

    /// The target is what the request was made for.
    pub fn is_before(&self, sealed: &Sealed) -> bool {
        self.catalog.fingerprint() == sealed.plan.from && self.lookup == sealed.lookup_from
    }

    /// The target moved on after the request was approved: none when it did not.
    pub fn stale(&self, sealed: &Sealed) -> Option<Problem> {
        let what = match (self.catalog.fingerprint() == sealed.plan.from, self.lookup == sealed.lookup_from) {
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
    pub async fn failed(
        &self,
        conn: &mut PgConnection,
        set: &LookupSet,
        sealed: &Sealed,
        before: &Self,
    ) -> Result<Option<Problem>> {
        let mut differs = Vec::new();
        if self.catalog.fingerprint() != sealed.plan.to {
            differs.push(format!("the schema differs in {}", self.unexpected(sealed, before)));
        }
        if self.lookup != sealed.lookup_to {
            differs.push(format!("lookup rows differ in {}", self.tables(conn, set, sealed).await?));
        }
        if differs.is_empty() {
            return Ok(None);
        }
        Ok(Some(
            Problem::new(ProblemKind::Conflict, format!("Read back, {} is not what the release says.", sealed.target))
                .because(format!("After all statements {}.", differs.join(", and ")))
                .way_out("Look for triggers or event triggers of the target that change what is written."),
        ))
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
    async fn tables(&self, conn: &mut PgConnection, set: &LookupSet, sealed: &Sealed) -> Result<String> {
        let mut names = Vec::new();
        for table in rows::read(conn, &self.catalog, set).await? {
            let Some(change) = sealed.lookup.iter().find(|one| one.table == table.table) else { continue };
            let there: std::collections::BTreeMap<_, _> = table.rows.iter().map(|row| (table.key_of(row), row)).collect();
            let wrong = change.written().filter(|row| there.get(&change.key_of(row)).is_none_or(|now| *now != row)).count()
                + change.deletes.iter().filter(|row| there.contains_key(&change.key_of(row))).count();
            if wrong > 0 {
                names.push(format!("{} ({wrong} rows)", change.table.shown()));
            }
        }
        Ok(if names.is_empty() { "tables that the promotion does not change".to_owned() } else { names.join(", ") })
    }
}

/// The digest of a table in which rows that were not written have cells whose values nobody could foretell: those do not count. None when
/// there are no such cells.
async fn partly(conn: &mut PgConnection, lookup: &LookupTable, shape: &Shape, changes: &TableChanges) -> Result<Option<Digest>> {
    let counted = shape.counted(lookup);
    let made = changes.unknown.iter().filter_map(|at| shape.position(&changes.columns.get(*at)?.name));
    let unknown: BTreeSet<usize> = made.filter(|at| counted.contains(at)).collect();
    if unknown.is_empty() {
        return Ok(None);
    }
    let written: BTreeSet<_> = changes.written().map(|row| owned_key(changes.key_of(&row))).collect();
    let mut digest = Digest::default();
    let mut batches = rows::placed(conn, lookup, shape);
    while let Some(lines) = batches.try_next().await? {
        for row in lines.rows() {
            digest.add(match written.contains(&owned_key(shape.key_of(&row))) {
                true => hash_of(&row, &counted),
                false => hash_of(&hidden(&row, &unknown), &counted),
            });
        }
    }
    Ok(Some(digest))
}
