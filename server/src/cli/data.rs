//! `lockstep data export | import | compare | undo`: lookup rows in files, and rows as they were before a promotion.

use super::compared::Tables;
use super::promote::{self, Wish};
use super::side::{self, Side};
use super::{console, secret, unwritten};
use crate::config::Config;
use crate::terminal::{self, Progress};
use clap::{Args, Subcommand};
use lockstep::catalog::Catalog;
use lockstep::diff::words::number;
use lockstep::engine::{self, Result, archive, data};
use lockstep::lookup::{self, LookupSet, Picked, TableChanges, TableRows, Terms};
use lockstep::problem::{Problem, ProblemKind};
use lockstep::promotion::{PromotionId, Proposal};
use lockstep::release::archive::{Entry, exported};
use serde::Serialize;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use uuid::Uuid;

const EXAMPLES: &str = "\
An archive is a zip file with a manifest (versions, tables, row counts, SHA-256 of each table) and the rows as CSV. Masked and pinned columns
stay where they are. An import is a promotion like any other: previewed, approved, backed up, verified.

Examples:
  lockstep data export production -o lookup.zip
  lockstep data export env:DEV_URL --lookup public.fee_groups --lookup public.fee_items -o fees.zip
  lockstep data compare development lookup.zip
  lockstep data import fees.zip test --release 'fees of November' --as admin@example.com
  lockstep data undo 01994b1e-5d7c-7cc3-a5a4-0c1c4f1f9f10 'public.fees=[\"7\"]' --release '1.4.0 undo' --as admin@example.com";

/// Export, import, compare and undo lookup rows
#[derive(Args)]
#[command(after_help = EXAMPLES)]
pub struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    Export(Export),
    Import(Import),
    Compare(Compare),
    Undo(Undo),
}

/// Write the lookup rows of a database into an archive
#[derive(Args)]
struct Export {
    /// An environment, a postgresql:// URL, env:NAME or file:/path
    environment: String,
    #[command(flatten)]
    tables: Tables,
    /// The file to write
    #[arg(short, long, value_name = "FILE")]
    output: PathBuf,
}

/// Promote the rows of an archive into an environment: request, wait for approval, run, follow
#[derive(Args)]
struct Import {
    /// The archive
    file: PathBuf,
    /// The environment that is to be changed
    environment: String,
    /// The version under which the rows are kept as a release
    #[arg(long, value_name = "VERSION")]
    release: String,
    #[command(flatten)]
    wish: Wish,
}

/// Compare lookup rows: exit code 0 the same, 2 different, 1 it went wrong
#[derive(Args)]
struct Compare {
    /// An environment, a postgresql:// URL, env:NAME, file:/path or an archive
    one: String,
    /// The same
    other: String,
    #[command(flatten)]
    tables: Tables,
    /// Print one JSON document
    #[arg(long)]
    json: bool,
}

/// Promote rows of a promotion back to what they were before it: request, wait for approval, run, follow
#[derive(Args)]
struct Undo {
    /// The number of the promotion, as its page's address has it
    promotion: Uuid,
    /// SCHEMA.TABLE for all rows of a table, SCHEMA.TABLE=["KEY"] for one
    #[arg(required = true)]
    rows: Vec<String>,
    /// The version under which the undo is kept as a release
    #[arg(long, value_name = "VERSION")]
    release: String,
    #[command(flatten)]
    wish: Wish,
}

pub async fn run(arguments: Arguments) -> Result<ExitCode> {
    match arguments.command {
        Command::Export(arguments) => export(&arguments).await,
        Command::Import(arguments) => import(&arguments).await,
        Command::Compare(arguments) => compare(&arguments).await,
        Command::Undo(arguments) => undo(&arguments).await,
    }
}

async fn export(arguments: &Export) -> Result<ExitCode> {
    let side = Side::resolve(&arguments.environment).await?;
    let set = arguments.tables.chosen([side.set.as_ref()])?;
    not_empty(&set)?;
    let progress = Progress::start("Reading the rows");
    let (manifest, bytes) = data::export(&side.url, &set, &side.label).await?;
    drop(progress);
    write(&arguments.output, &bytes)?;
    for Entry { lookup, rows, sha256, .. } in &manifest.tables {
        println!("{sha256}  {:>10}  {}", number(*rows), lookup.table.shown());
    }
    let rows: u64 = manifest.tables.iter().map(|table| table.rows).sum();
    terminal::say(&format!(
        "{} rows of {} tables of {} are in {}.",
        number(rows),
        manifest.tables.len(),
        side.label,
        arguments.output.display()
    ));
    Ok(ExitCode::SUCCESS)
}

fn not_empty(set: &LookupSet) -> Result<()> {
    match set.tables.is_empty() {
        true => Err(Problem::new(ProblemKind::Invalid, "No lookup tables are named.")
            .because("A connection string has no lookup set, or the set of the pipeline is empty.")
            .way_out("Name tables with --lookup, or choose the lookup set on the page Environments.")),
        false => Ok(()),
    }
}

/// Beside the place and then into it: an interrupted export leaves no half file.
fn write(path: &Path, bytes: &[u8]) -> Result<()> {
    let mut partial = path.as_os_str().to_owned();
    partial.push(".partial");
    let written = std::fs::write(&partial, bytes).and_then(|()| std::fs::rename(&partial, path));
    written.map_err(|error| {
        let _ = std::fs::remove_file(&partial);
        unwritten(&error)
    })
}

fn read(path: &Path) -> Result<Vec<u8>> {
    std::fs::read(path).map_err(|error| {
        Problem::new(ProblemKind::NotFound, format!("{} cannot be read.", path.display())).because(format!("{error}."))
    })
}

async fn import(arguments: &Import) -> Result<ExitCode> {
    let bytes = read(&arguments.file)?;
    let config = Config::from_env()?;
    let password = secret::password(&arguments.wish.email)?;
    let console = console::open(&config).await?;
    let result = async {
        let actor = promote::sign_in(&console, &arguments.wish.email, &password).await?;
        let target = console::environment(&console, &actor, &arguments.environment).await?;
        let (version, notes) = (&arguments.release, &arguments.wish.notes);
        let release = data::import(&console, &actor, target.id, bytes, version, notes).await?;
        promote::carry(&console, &actor, Proposal::new(release.id, target.id), &arguments.wish).await
    };
    let result = result.await;
    console.shutdown().await;
    result
}

async fn undo(arguments: &Undo) -> Result<ExitCode> {
    let picked = arguments.rows.iter().map(|typed| typed.parse()).collect::<Result<Vec<Picked>>>()?;
    let config = Config::from_env()?;
    let password = secret::password(&arguments.wish.email)?;
    let console = console::open(&config).await?;
    let result = async {
        let actor = promote::sign_in(&console, &arguments.wish.email, &password).await?;
        let (promotion, version, notes) = (PromotionId(arguments.promotion), &arguments.release, &arguments.wish.notes);
        let (release, target) = engine::undo_rows(&console, &actor, promotion, &picked, version, notes).await?;
        promote::carry(&console, &actor, Proposal::new(release.id, target.id), &arguments.wish).await
    };
    let result = result.await;
    console.shutdown().await;
    result
}

/// One side of a comparison of rows.
struct Holding {
    label: String,
    catalog: Catalog,
    set: Option<LookupSet>,
    rows: Vec<TableRows>,
}

enum Place {
    Archive(Box<Holding>),
    Database(Box<Side>),
}

impl Place {
    async fn find(typed: &str) -> Result<Self> {
        let path = Path::new(typed);
        if side::is_url(typed) || typed.starts_with("env:") || typed.starts_with("file:") || !path.is_file() {
            return Ok(Self::Database(Box::new(Side::resolve(typed).await?)));
        }
        let (manifest, rows) = archive::read(&read(path)?)?;
        let set = Some(manifest.set());
        Ok(Self::Archive(Box::new(Holding { label: typed.to_owned(), catalog: Catalog::default(), set, rows })))
    }

    fn set(&self) -> Option<&LookupSet> {
        match self {
            Self::Archive(holding) => holding.set.as_ref(),
            Self::Database(side) => side.set.as_ref(),
        }
    }

    async fn holding(self, set: &LookupSet) -> Result<Holding> {
        match self {
            Self::Archive(mut holding) => {
                holding.rows.retain(|rows| set.find(&rows.table).is_some());
                Ok(*holding)
            }
            Self::Database(side) => {
                let (content, rows) = engine::target::preview::hold(&side.url, set, side.scope).await?;
                Ok(Holding { label: side.label, catalog: content.catalog, set: side.set, rows })
            }
        }
    }
}

/// Stable for scripts: fields are added, never renamed.
#[derive(Serialize)]
struct Report {
    one: String,
    other: String,
    same: bool,
    tables: Vec<TableReport>,
}

#[derive(Serialize)]
struct TableReport {
    table: String,
    /// None where a side has no such table.
    rows_one: Option<usize>,
    rows_other: Option<usize>,
    /// Rows of the first that the second lacks.
    only_in_one: usize,
    only_in_other: usize,
    different: usize,
}

async fn compare(arguments: &Compare) -> Result<ExitCode> {
    let (one, other) = (Place::find(&arguments.one).await?, Place::find(&arguments.other).await?);
    let archived = matches!(one, Place::Archive(_)) || matches!(other, Place::Archive(_));
    // What an archive does not hold is not compared either.
    let first = [&one, &other].into_iter().find(|place| matches!(place, Place::Archive(_))).and_then(Place::set);
    let set = arguments.tables.chosen([first, one.set(), other.set()])?;
    let set = if archived { exported(&set) } else { set };
    not_empty(&set)?;
    let progress = Progress::start("Reading the rows");
    let (one, other) = tokio::try_join!(one.holding(&set), other.holding(&set))?;
    drop(progress);
    let catalog = if one.catalog.objects.is_empty() { &other.catalog } else { &one.catalog };
    let release = lookup::Side { catalog, rows: &one.rows };
    let target = lookup::Side { catalog: &other.catalog, rows: &other.rows };
    let mirrored = LookupSet {
        tables: set.tables.iter().map(|table| lookup::LookupTable { mode: lookup::Mode::Mirror, ..table.clone() }).collect(),
    };
    let compared = lookup::diff(&mirrored, release, target, Terms { deletes_allowed: true, ..Terms::default() });
    if let Some(problem) = compared.problems.first() {
        return Err(problem.clone());
    }
    let report = report(&one, &other, &mirrored, &compared.changes);
    match arguments.json {
        true => println!("{}", serde_json::to_string_pretty(&report).map_err(|error| unwritten(&error.into()))?),
        false => tell(&report),
    }
    Ok(if report.same { ExitCode::SUCCESS } else { ExitCode::from(2) })
}

fn report(one: &Holding, other: &Holding, set: &LookupSet, changes: &[TableChanges]) -> Report {
    let count = |side: &Holding, table: &lookup::LookupTable| {
        side.rows.iter().find(|rows| rows.table == table.table).map(|rows| rows.rows.len())
    };
    let tables: Vec<TableReport> = set
        .tables
        .iter()
        .map(|table| {
            let found = changes.iter().find(|changes| changes.table == table.table);
            let (rows_one, rows_other) = (count(one, table), count(other, table));
            TableReport {
                table: table.table.shown(),
                rows_one,
                rows_other,
                only_in_one: found.map_or(0, |changes| changes.inserts.len()),
                only_in_other: found
                    .map_or(rows_other.filter(|_| rows_one.is_none()).unwrap_or(0), |changes| changes.deletes.len()),
                different: found.map_or(0, |changes| changes.updates.len()),
            }
        })
        .collect();
    let same = tables.iter().all(|table| table.rows_one.is_some() == table.rows_other.is_some() && table.is_same());
    Report { one: one.label.clone(), other: other.label.clone(), same, tables }
}

impl TableReport {
    fn is_same(&self) -> bool {
        self.only_in_one + self.only_in_other + self.different == 0
    }
}

fn tell(report: &Report) {
    let rows =
        |count: Option<usize>| count.map_or_else(|| "no such table".to_owned(), |count| format!("{} rows", number(count as u64)));
    for table in &report.tables {
        let words = match (table.is_same(), table.rows_one == table.rows_other) {
            (true, true) => "the same".to_owned(),
            _ => format!(
                "{} only in {}, {} only in {}, {} different",
                table.only_in_one, report.one, table.only_in_other, report.other, table.different
            ),
        };
        println!("{}: {} and {}: {words}", table.table, rows(table.rows_one), rows(table.rows_other));
    }
    let verdict = if report.same { "have the same lookup rows" } else { "differ" };
    terminal::say(&format!("{} and {} {verdict}.", report.one, report.other));
}
