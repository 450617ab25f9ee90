//! The restore drill: a backup is restored into a scratch database beside the target, and held against the snapshot that it was taken of.

use super::super::super::Result;
use super::super::connect::{self, TargetUrl};
use super::super::{Cancel, Tell, Told, introspect};
use super::dump::{count, parted};
use super::scratch::{self, Ownership};
use super::{Extent, Manifest, Order, stopped};
use crate::catalog::Scope;
use crate::problem::{Problem, ProblemKind};
use crate::promotion::RunId;
use std::collections::BTreeMap;
use std::path::Path;

/// Whatever comes of it, the scratch database is gone afterwards; after a crash, `scratch::left` finds it.
pub async fn drill(
    order: &Order<'_>,
    run: RunId,
    archive: &Path,
    manifest: &Manifest,
    tell: Tell<'_>,
    cancel: &Cancel,
) -> Result<()> {
    let url = scratch::url(order.url, run);
    tell(Told::Note(format!("Restoring the backup into the scratch database {}", url.database())));
    let drilled = tokio::select! {
        biased;
        () = cancel.wait() => Err(stopped()),
        drilled = restore_and_compare(order, &url, archive, manifest, Ownership::User) => drilled,
    };
    let removed = scratch::remove(order.url, &url).await;
    let complaint = drilled.and_then(|complaint| removed.map(|()| complaint))?;
    if let Some(complaint) = complaint {
        tell(Told::Note(format!("What was restored is complete, though {complaint}")));
    }
    let tables = manifest.rows.len();
    tell(Told::Note(format!("The backup was restored: its schema and the rows of {tables} tables are what was backed up.")));
    Ok(())
}

/// What `pg_restore` says decides nothing: what it restored does. Gives what it complained of when all of it is there.
pub async fn restore_and_compare(
    order: &Order<'_>,
    url: &TargetUrl,
    archive: &Path,
    manifest: &Manifest,
    ownership: Ownership,
) -> Result<Option<String>> {
    let restored = async |parts: &[&str]| {
        scratch::create(order, url).await?;
        scratch::restore(order, url, archive, ownership, parts).await
    };
    // Rows without those that they refer to break foreign keys: then the schema is tried without rows, and the rows without what comes last.
    let (schema, rows): (&[&str], Option<&[&str]>) = match order.extent {
        Extent::Touched(_) => (&["--schema-only"], Some(&["--section=pre-data", "--section=data"])),
        Extent::Full | Extent::External => (&[], None),
    };
    let mut complaint = restored(schema).await?;
    let mut differs = other_schema(url, manifest).await?;
    if let Some(parts) = rows {
        complaint = restored(parts).await?.or(complaint);
    }
    if differs.is_none() {
        differs = other_rows(url, order.extent, manifest).await?;
    }
    let Some(differs) = differs else { return Ok(complaint) };
    Err(Problem::new(ProblemKind::Conflict, "The backup does not restore to what was backed up.")
        .because([Some(differs), complaint].into_iter().flatten().collect::<Vec<_>>().join(" "))
        .way_out("Nothing was changed. Correct in the target what keeps its backup from being restored, then run again."))
}

async fn other_schema(url: &TargetUrl, manifest: &Manifest) -> Result<Option<String>> {
    let mut conn = connect::open(url, "lockstep:scratch").await?;
    let catalog = introspect::read(&mut conn, Scope::default()).await?;
    connect::close(conn).await;
    let same = manifest.catalog == Some(catalog.fingerprint());
    Ok((!same).then(|| "Its schema is another one.".to_owned()))
}

async fn other_rows(url: &TargetUrl, extent: &Extent, manifest: &Manifest) -> Result<Option<String>> {
    let mut conn = connect::open(url, "lockstep:scratch").await?;
    let catalog = introspect::read(&mut conn, Scope::default()).await?;
    let rows = count(&mut conn, &parted(&catalog, extent).0).await?;
    connect::close(conn).await;
    Ok(other_count(&manifest.rows, &rows))
}

pub fn other_count(wanted: &BTreeMap<String, u64>, found: &BTreeMap<String, u64>) -> Option<String> {
    let (table, rows) = wanted.iter().find(|(table, rows)| found.get(*table) != Some(*rows))?;
    Some(match found.get(table) {
        Some(there) => format!("{table} has {there} rows instead of {rows}."),
        None => format!("{table} is not there."),
    })
}
