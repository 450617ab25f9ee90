//! `lockstep plan --from SOURCE --to TARGET`: the SQL that takes the target to the source.

use super::compared::{Answers, Pair, Rows};
use super::unwritten;
use super::which::Which;
use crate::terminal;
use clap::Args;
use lockstep::engine::Result;
use lockstep::engine::target::preview;
use lockstep::engine::target::script::script;
use lockstep::lookup::TableChanges;
use lockstep::plan::{HazardKind, Plan, Rename, TableSize};
use lockstep::problem::{Problem, ProblemKind};
use lockstep::promotion::Compared;
use serde::Serialize;
use std::io::{IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

const EXAMPLES: &str = "\
Exit codes: 0 the plan was printed (nothing, when there is nothing to do), 1 it was refused or failed; then nothing is printed.

Examples:
  lockstep plan --from development --to production -o next.sql
  psql -v ON_ERROR_STOP=1 -f next.sql \"$PRODUCTION_URL\"
  lockstep plan --from postgresql://me@localhost/dev --to env:PRODUCTION_URL --schema-only
  lockstep plan --from env:DEV_URL --to env:TEST_URL --lookup public.fee_groups --lookup public.fee_items
  lockstep plan test production --include public --exclude 'table:public.tmp_*' --allow blocks-clients --allow may-fail
  lockstep plan test production --rename public.merchants.vat_no=tax_id
  lockstep plan development test --json | jq '.changes[].sentences[]'";

/// Print the SQL that takes TARGET to SOURCE, for `psql -v ON_ERROR_STOP=1`
#[derive(Args)]
#[command(after_help = EXAMPLES, override_usage = "lockstep plan [OPTIONS] --from <SOURCE> --to <TARGET>\n       lockstep plan [OPTIONS] <SOURCE> <TARGET>")]
pub struct Arguments {
    /// What the target shall be like: an environment, a postgresql:// URL, env:NAME or file:/path
    #[arg(long, value_name = "SOURCE", requires = "to", required_unless_present = "sides")]
    from: Option<String>,
    /// What the SQL is for
    #[arg(long, value_name = "TARGET", requires = "from")]
    to: Option<String>,
    #[arg(num_args = 2, value_names = ["SOURCE", "TARGET"], conflicts_with_all = ["from", "to"], hide = true)]
    sides: Vec<String>,
    #[command(flatten)]
    rows: Rows,
    #[command(flatten)]
    which: Which,
    /// A table or column of the target that has another name in the source, instead of a loss and something new; may be repeated
    #[arg(long, value_name = "SCHEMA.TABLE[.COLUMN]=NAME")]
    rename: Vec<String>,
    /// Build indexes and prove rules after the transaction, while others work
    #[arg(long)]
    online: bool,
    /// Refuse a plan with a hazard other than those named, e.g. blocks-clients; "none" refuses any; may be repeated
    #[arg(long, value_name = "HAZARD")]
    allow: Vec<String>,
    /// Print the plan as one JSON document: statements, hazards, sentences, checks
    #[arg(long)]
    json: bool,
    /// Write to this file instead of standard output; an empty one when there is nothing to do
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
}

/// Stable for scripts: fields are added, never renamed.
#[derive(Serialize)]
struct Document<'a> {
    #[serde(flatten)]
    plan: &'a Plan,
    lookup: &'a [TableChanges],
    sizes: &'a [TableSize],
}

pub async fn run(arguments: Arguments) -> Result<ExitCode> {
    let (from, to) = sides(&arguments);
    let allowed = allowed(&arguments.allow)?;
    let renames = arguments.rename.iter().map(|typed| typed.parse()).collect::<Result<Vec<Rename>>>()?;
    let answers = Answers { renames: &renames, online: arguments.online };
    let pair = Pair::read(from, to, &arguments.rows, &arguments.which, answers).await?;
    let Compared { plan, lookup } = &pair.compared;
    if !plan.refused.is_empty() || !lookup.problems.is_empty() {
        plan.refused.iter().chain(&lookup.problems).for_each(terminal::complain);
        return Ok(ExitCode::FAILURE);
    }
    let forbidden = forbidden(plan, allowed.as_deref());
    if !forbidden.is_empty() {
        forbidden.iter().for_each(terminal::complain);
        return Ok(ExitCode::FAILURE);
    }
    for kind in pair.not_compared() {
        terminal::warn(&format!("not compared: {} ({})", kind.kind, kind.names.join(", ")));
    }
    for question in &plan.questions {
        terminal::warn(&format!("Was it renamed? Then say --rename {question}"));
    }
    let sizes = preview::sizes_for(&pair.target.url, plan).await?;
    summarise(plan, &lookup.changes, &sizes);
    let text = if arguments.json {
        let document = Document { plan, lookup: &lookup.changes, sizes: &sizes };
        serde_json::to_string_pretty(&document).map(|json| json + "\n").map_err(|error| unwritten(&error.into()))?
    } else {
        script(plan, &lookup.changes)
    };
    print(&arguments, &text)?;
    Ok(ExitCode::SUCCESS)
}

/// None when every hazard is allowed.
fn allowed(typed: &[String]) -> Result<Option<Vec<HazardKind>>> {
    let kind = |name: &String| {
        HazardKind::parse(name).ok_or_else(|| {
            let known: Vec<String> = HazardKind::ALL.iter().map(|kind| kind.name()).collect();
            Problem::new(ProblemKind::Invalid, format!("{name} is no hazard."))
                .way_out(format!("Name one of {}, or none.", known.join(", ")))
        })
    };
    let kinds = typed.iter().filter(|name| *name != "none").map(kind).collect::<Result<Vec<HazardKind>>>()?;
    Ok((!typed.is_empty()).then_some(kinds))
}

fn forbidden(plan: &Plan, allowed: Option<&[HazardKind]>) -> Vec<Problem> {
    let Some(allowed) = allowed else { return Vec::new() };
    let hazards = plan.statements().flat_map(|statement| &statement.hazards).filter(|hazard| !allowed.contains(&hazard.kind));
    let mut said: Vec<(String, String)> = hazards.map(|hazard| (hazard.kind.name(), hazard.sentence.clone())).collect();
    said.sort();
    said.dedup();
    let problem = |(name, sentence): (String, String)| {
        Problem::new(ProblemKind::Unsupported, sentence).way_out(format!("Allow it with --allow {name}, or change the release."))
    };
    said.into_iter().map(problem).collect()
}

fn print(arguments: &Arguments, text: &str) -> Result<()> {
    match &arguments.output {
        Some(file) => write(file, text),
        // A pipe or file gets the names exactly as they are; a terminal must not obey them.
        None if std::io::stdout().is_terminal() => terminal::out(&terminal::plain(text, true)).map_err(|error| unwritten(&error)),
        None => terminal::out(text).map_err(|error| unwritten(&error)),
    }
}

fn sides(arguments: &Arguments) -> (&str, &str) {
    match (&arguments.from, &arguments.to, arguments.sides.as_slice()) {
        (Some(from), Some(to), _) => (from, to),
        (_, _, [from, to]) => (from, to),
        _ => ("", ""),
    }
}

/// Hazards go as comments into the script and, counted, to the person who called.
fn summarise(plan: &Plan, lookup: &[TableChanges], sizes: &[TableSize]) {
    let (statements, rows) = (plan.statements().count(), lookup.iter().map(TableChanges::len).sum::<u64>());
    if statements == 0 && rows == 0 {
        terminal::say("Nothing to do.");
        return;
    }
    let mut hazards: Vec<String> = plan
        .statements()
        .flat_map(|statement| &statement.hazards)
        .map(|hazard| format!("{}: {}{}", hazard.kind.label(), hazard.sentence, TableSize::words(sizes, hazard)))
        .collect();
    hazards.sort();
    hazards.dedup();
    for hazard in &hazards {
        terminal::warn(hazard);
    }
    let counted = |n: u64, one: &str, many: &str| if n == 1 { format!("1 {one}") } else { format!("{n} {many}") };
    terminal::say(&format!(
        "{}, {}, {}.",
        counted(statements as u64, "statement", "statements"),
        counted(rows, "lookup row", "lookup rows"),
        counted(hazards.len() as u64, "hazard", "hazards")
    ));
}

/// A regular file is replaced whole or not at all; anything else (a pipe, a device) is written to.
fn write(file: &Path, text: &str) -> Result<()> {
    let failed = |error: std::io::Error| {
        Problem::new(ProblemKind::Internal, format!("{} could not be written.", file.display()))
            .because(error.to_string())
            .way_out("Give a file in a folder that you may write.")
    };
    if std::fs::metadata(file).is_ok_and(|about| !about.is_file()) {
        return std::fs::OpenOptions::new()
            .write(true)
            .open(file)
            .and_then(|mut open| open.write_all(text.as_bytes()))
            .map_err(failed);
    }
    let mut partial = file.as_os_str().to_owned();
    partial.push(format!(".{}.partial", std::process::id()));
    let partial = PathBuf::from(partial);
    std::fs::write(&partial, text).and_then(|()| std::fs::rename(&partial, file)).map_err(|error| {
        let _ = std::fs::remove_file(&partial);
        failed(error)
    })
}
