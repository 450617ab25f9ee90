//! Releases: frozen once, promoted many times.

use super::batches::Rows;
use super::permit::{Act, permit};
use super::store::release_rows::{self, Writer};
use super::store::releases::{self as store, Fresh, Kept};
use super::store::{Tx, environments as environment_rows};
use super::target::connect;
use super::target::reading::Reading;
use super::{Console, Result};
use crate::access::{Action, Actor};
use crate::catalog::{Fingerprint, Scope};
use crate::lookup::{pinned_are_there, shape};
use crate::problem::{Problem, ProblemKind};
use crate::promotion::policy::{self, Origin, Past};
use crate::promotion::{EnvironmentId, ReleaseId, ReleaseSummary};
use crate::release::Content;
use sqlx::PgConnection;
use uuid::Uuid;

/// Newest first; `target` keeps those that may go into that environment now.
pub async fn releases(console: &Console, actor: &Actor, target: Option<EnvironmentId>) -> Result<Vec<ReleaseSummary>> {
    permit(console, Action::See, Act::new(actor, "see the releases", "releases")).await?;
    let all = store::all(&mut *console.connection().await?).await?;
    let Some(target) = target else { return Ok(all.into_iter().map(|kept| kept.summary).collect()) };
    let pipeline = super::environments::all(console).await?;
    let target = super::environments::find(console, target).await?;
    let fit = all.into_iter().filter(|kept| policy::may_enter(past(kept), &target, &pipeline).is_ok());
    Ok(fit.map(|kept| kept.summary).collect())
}

pub(super) fn past(kept: &Kept) -> Past<'_> {
    Past { version: &kept.summary.version, source: kept.source, origin: kept.origin, succeeded_in: &kept.succeeded_in }
}

/// Reads the source in one snapshot and keeps it. The same content under the same version is the same release.
pub async fn freeze(
    console: &Console,
    actor: &Actor,
    source: EnvironmentId,
    version: &str,
    notes: &str,
) -> Result<ReleaseSummary> {
    let version = version.trim();
    let act = Act::new(actor, "freeze a release", version);
    permit(console, Action::Promote, act).await?;
    check_words(version, notes)?;
    let source = super::environments::find(console, source).await?;
    let (_, _, set) = environment_rows::pipeline(&mut *console.connection().await?).await?;
    let url = connect::resolve(&source.connection)?;
    let mut reading = Reading::open(&url, "lockstep:freeze", Scope { privileges: true }).await?;
    let mut tx = console.begin().await?;
    let mut writer = Writer::new(&mut tx).await?;
    let mut tables = Vec::new();
    for lookup in &set.tables {
        pinned_are_there(&reading.catalog, lookup)?;
        if let Some(shape) = shape(&reading.catalog, lookup)? {
            tables.push(writer.table(lookup, &shape, reading.conn.rows(lookup, &shape)).await?);
        }
    }
    let (rows, catalog) = (writer.rows, std::mem::take(&mut reading.catalog));
    reading.close().await;
    let naming = Naming { version, notes, source: source.id, source_label: &source.label, origin: Origin::Frozen };
    keep(tx, &act, rows, naming, &Content::new(catalog, set, tables)).await
}

/// What people call a release, and where it comes from.
#[derive(Clone, Copy)]
pub(super) struct Naming<'a> {
    pub version: &'a str,
    pub notes: &'a str,
    pub source: EnvironmentId,
    pub source_label: &'a str,
    pub origin: Origin,
}

/// Keeps a release whose rows were written in `tx`. The same content under the same version is the same release.
pub(super) async fn keep(mut tx: Tx, act: &Act<'_>, rows: Uuid, naming: Naming<'_>, content: &Content) -> Result<ReleaseSummary> {
    let digest = content.digest();
    if let Some(known) = known(&mut tx, naming.version, &digest).await? {
        return Ok(known);
    }
    if store::is_kept(&mut tx, &digest).await? {
        release_rows::discard(&mut tx).await?;
    }
    let id = ReleaseId(Uuid::now_v7());
    let Naming { version, notes, source, source_label, origin } = naming;
    let fresh = Fresh { id, version, notes: notes.trim(), digest: &digest, content, source, source_label, origin };
    store::insert(&mut tx, &fresh, rows, act.actor).await?;
    let kept = store::by_id(&mut tx, id).await?;
    act.done(tx).await?;
    kept.map(|kept| kept.summary).ok_or_else(|| super::console::not_found("release"))
}

/// The release of this version, when it has the same content.
async fn known(conn: &mut PgConnection, version: &str, digest: &Fingerprint) -> Result<Option<ReleaseSummary>> {
    let Some(known) = store::by_version(conn, version).await? else { return Ok(None) };
    if known.summary.digest == *digest {
        return Ok(Some(known.summary));
    }
    Err(Problem::new(ProblemKind::Conflict, format!("Version {version} is already another release."))
        .because(format!("It was frozen from {} by {}.", known.summary.source, known.summary.frozen_by))
        .way_out("Choose another version: a release never changes once it is frozen."))
}

pub(super) fn check_words(version: &str, notes: &str) -> Result<()> {
    if version.is_empty() || version.chars().count() > 60 || version.chars().any(|c| c.is_control()) {
        return Err(Problem::new(ProblemKind::Invalid, "The version cannot be used.")
            .way_out("Write at most 60 characters on one line, for example 1.4."));
    }
    if notes.chars().count() > 10_000 {
        return Err(Problem::new(ProblemKind::Invalid, "The notes are longer than 10,000 characters.").way_out("Shorten them."));
    }
    Ok(())
}
