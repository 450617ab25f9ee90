//! `lockstep drift A B`: the differences in words.

use super::compared::{Answers, Pair, Rows};
use super::unwritten;
use super::which::Which;
use crate::terminal::{self, Colour};
use clap::Args;
use lockstep::catalog::{NotCompared, ObjectId, QName};
use lockstep::diff::{self, Action, words};
use lockstep::engine::Result;
use lockstep::lookup::TableChanges;
use serde::Serialize;
use std::process::ExitCode;

const EXAMPLES: &str = "\
Exit codes: 0 they are the same, 2 they differ, 1 it could not be found out.

Examples:
  lockstep drift development production
  lockstep drift postgresql://me@localhost/dev postgresql://me@db.example.com/prod
  lockstep drift env:TEST_URL env:PRODUCTION_URL --lookup public.fee_groups
  lockstep drift test production --exclude audit --with-privileges
  lockstep drift env:TEST_URL env:PRODUCTION_URL --json | jq '.differences[].sentence'
  lockstep drift staging production >/dev/null || echo 'not the same'";

/// Say in words what differs between two databases
#[derive(Args)]
#[command(after_help = EXAMPLES)]
pub struct Arguments {
    /// What B should be like: an environment, a postgresql:// URL, env:NAME or file:/path
    a: String,
    /// What is held against it
    b: String,
    #[command(flatten)]
    rows: Rows,
    #[command(flatten)]
    which: Which,
    /// Print one JSON document instead of sentences
    #[arg(long)]
    json: bool,
}

/// Stable for scripts: fields are added, never renamed.
#[derive(Serialize)]
struct Report<'a> {
    same: bool,
    a: &'a str,
    b: &'a str,
    differences: Vec<Difference>,
    lookup: Vec<RowDifference>,
    not_compared: Vec<NotCompared>,
}

#[derive(Serialize)]
struct Difference {
    object: ObjectId,
    /// What would make B like A.
    action: Action,
    /// What differs, in words.
    sentence: String,
}

/// Rows of one lookup table that would be added to, changed in and removed from B.
#[derive(Serialize)]
struct RowDifference {
    table: QName,
    inserts: usize,
    updates: usize,
    deletes: usize,
}

pub async fn run(arguments: Arguments) -> Result<ExitCode> {
    let pair = Pair::read(&arguments.a, &arguments.b, &arguments.rows, &arguments.which, Answers::default()).await?;
    if !pair.compared.lookup.problems.is_empty() {
        pair.compared.lookup.problems.iter().for_each(terminal::complain);
        return Ok(ExitCode::FAILURE);
    }
    let (differences, lookup) = (differences(&pair), rows(&pair.compared.lookup.changes));
    let report = Report {
        same: differences.is_empty() && lookup.is_empty(),
        a: &pair.source.label,
        b: &pair.target.label,
        differences,
        lookup,
        not_compared: pair.not_compared(),
    };
    let text = if arguments.json {
        serde_json::to_string_pretty(&report).map(|json| json + "\n").map_err(|error| unwritten(&error.into()))?
    } else {
        in_words(&report)
    };
    terminal::out(&text).map_err(|error| unwritten(&error))?;
    Ok(if report.same { ExitCode::SUCCESS } else { ExitCode::from(2) })
}

fn differences(pair: &Pair) -> Vec<Difference> {
    let (a, b) = (&pair.source_catalog, &pair.target_catalog);
    let mut changes = diff::told(a, b);
    changes.sort_by(|x, y| x.action.cmp(&y.action).then_with(|| x.id.cmp(&y.id)));
    let said = |change: diff::Change| {
        let sentences = words::sentences(a, b, &change);
        sentences.into_iter().map(move |sentence| Difference { object: change.id.clone(), action: change.action, sentence })
    };
    changes.into_iter().flat_map(said).collect()
}

fn rows(changes: &[TableChanges]) -> Vec<RowDifference> {
    let differ = changes.iter().filter(|table| !table.is_empty());
    differ
        .map(|table| RowDifference {
            table: table.table.clone(),
            inserts: table.inserts.len(),
            updates: table.updates.len(),
            deletes: table.deletes.len(),
        })
        .collect()
}

fn in_words(report: &Report<'_>) -> String {
    let plain = |text: &str| terminal::plain(text, false);
    let count = report.differences.len() + report.lookup.len();
    let mut text = match count {
        0 => format!("{} and {} are the same.\n", plain(report.a), plain(report.b)),
        1 => format!("1 difference. What would make {} like {}:\n", plain(report.b), plain(report.a)),
        n => format!("{n} differences. What would make {} like {}:\n", plain(report.b), plain(report.a)),
    };
    for difference in &report.differences {
        let (sign, colour) = match difference.action {
            Action::Create => ("+", Colour::Green),
            Action::Alter => ("~", Colour::Yellow),
            Action::Drop => ("-", Colour::Red),
        };
        text.push_str(&format!("  {} {}\n", terminal::out_painted(colour, sign), plain(&difference.sentence)));
    }
    for table in &report.lookup {
        let RowDifference { table, inserts, updates, deletes } = table;
        let sentence = format!("Lookup rows of {table}: {inserts} to add, {updates} to change, {deletes} to remove.");
        text.push_str(&format!("  {} {}\n", terminal::out_painted(Colour::Yellow, "~"), plain(&sentence)));
    }
    for kind in &report.not_compared {
        let names: Vec<String> = kind.names.iter().map(|name| plain(name)).collect();
        text.push_str(&format!("Not compared: {} ({}).\n", plain(&kind.kind), names.join(", ")));
    }
    text
}
