//! `lockstep drift A B`: the differences in words.

use super::side::Side;
use super::unwritten;
use crate::terminal::{self, Colour, Progress};
use clap::Args;
use lockstep::catalog::{Catalog, NotCompared, ObjectId};
use lockstep::diff::{self, Action};
use lockstep::engine::Result;
use lockstep::plan;
use serde::Serialize;
use std::process::ExitCode;

const EXAMPLES: &str = "\
Exit codes: 0 they are the same, 2 they differ, 1 it could not be found out.

Examples:
  lockstep drift development production
  lockstep drift postgresql://me@localhost/dev postgresql://me@db.example.com/prod
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

pub async fn run(arguments: Arguments) -> Result<ExitCode> {
    let progress = Progress::start("Reading both catalogs");
    let (a, b) = (Side::resolve(&arguments.a).await?, Side::resolve(&arguments.b).await?);
    let (left, right) = tokio::join!(a.catalog(), b.catalog());
    let (left, right) = (left?, right?);
    drop(progress);
    let report = Report {
        same: false,
        a: &a.label,
        b: &b.label,
        differences: differences(&left, &right),
        not_compared: not_compared(&left, &right),
    };
    let report = Report { same: report.differences.is_empty(), ..report };
    let text = if arguments.json {
        serde_json::to_string_pretty(&report).map(|json| json + "\n").map_err(|error| unwritten(&error.into()))?
    } else {
        in_words(&report)
    };
    terminal::out(&text).map_err(|error| unwritten(&error))?;
    Ok(if report.same { ExitCode::SUCCESS } else { ExitCode::from(2) })
}

fn differences(a: &Catalog, b: &Catalog) -> Vec<Difference> {
    let changes = diff::diff(a, b);
    let sentences = plan::differences(a, b, &changes);
    let mut found: Vec<Difference> = changes
        .into_iter()
        .zip(sentences)
        .map(|(change, sentence)| Difference { object: change.id, action: change.action, sentence })
        .collect();
    found.sort_by(|x, y| x.action.cmp(&y.action).then_with(|| x.object.cmp(&y.object)));
    found
}

/// Of both sides, each kind once.
pub fn not_compared(a: &Catalog, b: &Catalog) -> Vec<NotCompared> {
    let mut all: Vec<NotCompared> = Vec::new();
    for kind in a.not_compared.iter().chain(&b.not_compared) {
        match all.iter_mut().find(|known| known.kind == kind.kind) {
            Some(known) => known.names.extend(kind.names.iter().cloned()),
            None => all.push(kind.clone()),
        }
    }
    for kind in &mut all {
        kind.names.sort();
        kind.names.dedup();
    }
    all
}

fn in_words(report: &Report<'_>) -> String {
    let plain = |text: &str| terminal::plain(text, false);
    let mut text = match report.differences.len() {
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
    for kind in &report.not_compared {
        let names: Vec<String> = kind.names.iter().map(|name| plain(name)).collect();
        text.push_str(&format!("Not compared: {} ({}).\n", plain(&kind.kind), names.join(", ")));
    }
    text
}
