//! Lookup data in files: taken from a database, and brought into an environment as a release of rows alone.

use super::permit::{Act, permit};
use super::store::releases::{self as store, Fresh};
use super::target::connect::{self, TargetUrl};
use super::target::preview;
use super::{Console, Result, archive};
use crate::access::{Action, Actor};
use crate::catalog::{Kind, Scope};
use crate::lookup::{LookupSet, TableRows};
use crate::problem::{Problem, ProblemKind};
use crate::promotion::{EnvironmentId, ReleaseId, ReleaseSummary};
use crate::release::Content;
use crate::release::archive::{FORMAT, Manifest, exported};
use chrono::Utc;
use tokio::sync::Semaphore;
use uuid::Uuid;

/// Reads the lookup rows of a database in one snapshot into an archive. `source` is what people call the database.
pub async fn export(url: &TargetUrl, set: &LookupSet, source: &str) -> Result<(Manifest, Vec<u8>)> {
    let set = exported(set);
    let content = preview::freeze(url, &set, Scope::default()).await?;
    if let Some(table) = set.tables.iter().find(|one| !content.lookup.iter().any(|rows| rows.table == one.table)) {
        return Err(Problem::new(ProblemKind::NotFound, format!("{source} has no table {}.", table.table.shown()))
            .way_out("Correct its name, or take it out of the lookup set."));
    }
    let manifest = Manifest {
        format: FORMAT,
        made_by: format!("lockstep {}", env!("CARGO_PKG_VERSION")),
        made_at: Utc::now(),
        source: source.to_owned(),
        server_version: content.catalog.server_version,
        tables: Vec::new(),
    };
    archive::write(manifest, &set, &content.lookup)
}

/// The lookup rows of an environment as an archive.
pub async fn export_environment(console: &Console, actor: &Actor, environment: EnvironmentId) -> Result<(Manifest, Vec<u8>)> {
    let environment = super::environments::find(console, environment).await?;
    let act = Act::new(actor, "export lookup data", &environment.name);
    permit(console, Action::Promote, act).await?;
    let set = super::lookup_set::lookup_tables(console, actor).await?;
    let exported = export(&connect::resolve(&environment.connection)?, &set, &environment.name).await?;
    act.done(console.begin().await?).await?;
    Ok(exported)
}

/// Refuses who may not import, before anything is read.
pub async fn may_import(console: &Console, actor: &Actor) -> Result<()> {
    permit(console, Action::Promote, Act::new(actor, "import lookup data", "a file")).await
}

/// Keeps the rows of an archive as a release that changes no schema and may enter `target`.
pub async fn import(
    console: &Console,
    actor: &Actor,
    target: EnvironmentId,
    bytes: Vec<u8>,
    version: &str,
    notes: &str,
) -> Result<ReleaseSummary> {
    let version = version.trim();
    let act = Act::new(actor, "import lookup data", version);
    permit(console, Action::Promote, act).await?;
    super::releases::check_words(version, notes)?;
    let (manifest, rows) = unpacked(bytes).await?;
    let target = super::environments::find(console, target).await?;
    let (catalog, _) =
        preview::read_target(&connect::resolve(&target.connection)?, &LookupSet::default(), Scope { privileges: true }).await?;
    let content = Content::rows_only(catalog, manifest.set(), rows);
    let (tables, lookup_rows) =
        (content.catalog.objects.keys().filter(|id| id.kind == Kind::Table).count() as u64, content.rows());
    let (digest, text) = (content.digest(), super::releases::written(&content)?);
    let mut tx = console.begin().await?;
    if let Some(known) = super::releases::known(&mut tx, version, &digest).await? {
        return Ok(known);
    }
    let id = ReleaseId(Uuid::now_v7());
    let label = format!("a file from {}", manifest.source);
    let fresh = Fresh {
        id,
        version,
        notes: notes.trim(),
        digest: &digest,
        content: &text,
        tables,
        lookup_rows,
        source: target.id,
        source_label: &label,
        imported: true,
    };
    store::insert(&mut tx, &fresh, actor).await?;
    let kept = store::by_id(&mut tx, id).await?;
    act.done(tx).await?;
    kept.map(|kept| kept.summary).ok_or_else(|| super::console::not_found("release"))
}

/// One archive at a time: unpacked, it may be many times larger than its file.
async fn unpacked(bytes: Vec<u8>) -> Result<(Manifest, Vec<TableRows>)> {
    static TURN: Semaphore = Semaphore::const_new(1);
    let failed = |cause: String| Problem::new(ProblemKind::Internal, "The archive could not be unpacked.").because(cause);
    let _turn = TURN.acquire().await.map_err(|error| failed(error.to_string()))?;
    tokio::task::spawn_blocking(move || archive::read(&bytes)).await.map_err(|error| failed(error.to_string()))?
}
