//! Lookup data in files: taken from a database, and brought into an environment as a release of rows alone.

use super::permit::{Act, permit};
use super::releases::{Naming, keep};
use super::store::release_rows::Writer;
use super::target::connect::{self, TargetUrl};
use super::target::preview;
use super::target::reading::Reading;
use super::{Console, Result, archive};
use crate::access::{Action, Actor};
use crate::catalog::Scope;
use crate::lookup::{LookupSet, TableRows};
use crate::problem::{Problem, ProblemKind};
use crate::promotion::policy::Origin;
use crate::promotion::{EnvironmentId, ReleaseSummary};
use crate::release::Content;
use crate::release::archive::{FORMAT, Manifest, exported};
use chrono::Utc;
use futures::{StreamExt, stream};
use tokio::sync::Semaphore;

/// Reads the lookup rows of a database in one snapshot into an archive. `source` is what people call the database.
pub async fn export(url: &TargetUrl, set: &LookupSet, source: &str) -> Result<(Manifest, Vec<u8>)> {
    let set = exported(set);
    let (content, rows) = preview::hold(url, &set, Scope::default()).await?;
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
    archive::write(manifest, &set, &rows)
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
    let (manifest, mut held) = unpacked(bytes).await?;
    let target = super::environments::find(console, target).await?;
    let url = connect::resolve(&target.connection)?;
    let mut reading = Reading::open(&url, "lockstep:import", Scope { privileges: true }).await?;
    let catalog = std::mem::take(&mut reading.catalog);
    reading.close().await;
    let set = manifest.set();
    let mut tx = console.begin().await?;
    let mut writer = Writer::new(&mut tx).await?;
    let mut tables = Vec::new();
    for rows in &mut held {
        if let Some(lookup) = set.find(&rows.table) {
            let shape = rows.digested(lookup).shape;
            let sorted = std::mem::take(&mut rows.rows).iter().collect();
            tables.push(writer.table(lookup, &shape, stream::iter([Ok(sorted)]).boxed()).await?);
        }
    }
    let rows = writer.rows;
    let label = format!("a file from {}", manifest.source);
    let naming = Naming { version, notes, source: target.id, source_label: &label, origin: Origin::File };
    keep(tx, &act, rows, naming, &Content::rows_only(catalog, set, tables)).await
}

/// One archive at a time: unpacked, it may be many times larger than its file.
async fn unpacked(bytes: Vec<u8>) -> Result<(Manifest, Vec<TableRows>)> {
    static TURN: Semaphore = Semaphore::const_new(1);
    let failed = |cause: String| Problem::new(ProblemKind::Internal, "The archive could not be unpacked.").because(cause);
    let _turn = TURN.acquire().await.map_err(|error| failed(error.to_string()))?;
    tokio::task::spawn_blocking(move || archive::read(&bytes)).await.map_err(|error| failed(error.to_string()))?
}
