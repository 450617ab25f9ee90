//! `lockstep doctor`: is everything there that a promotion needs.

use super::console;
use crate::config::Config;
use crate::terminal::{self, Colour, Progress};
use clap::Args;
use lockstep::engine::{Result, doctor};
use lockstep::promotion::Finding;
use serde::Serialize;
use std::process::ExitCode;

const EXAMPLES: &str = "\
Exit codes: 0 all is well, 1 something is not.

Examples:
  lockstep doctor
  lockstep doctor --alert
  lockstep doctor --json | jq '.findings[] | select(.good | not)'";

/// Check pg_dump, the store, the environments, privileges and disk space
#[derive(Args)]
#[command(after_help = EXAMPLES)]
pub struct Arguments {
    /// Print one JSON document instead of lines
    #[arg(long)]
    json: bool,
    /// Send an alert for trial, too
    #[arg(long)]
    alert: bool,
}

#[derive(Serialize)]
struct Report {
    good: bool,
    findings: Vec<Finding>,
}

pub async fn run(arguments: Arguments) -> Result<ExitCode> {
    let config = Config::from_env()?;
    let progress = Progress::start("Looking at everything");
    let mut findings = doctor::machine(&config.engine).await;
    if arguments.alert {
        findings.push(doctor::alert(&config.engine).await);
    }
    match console::open(&config).await {
        Ok(console) => {
            findings.push(Finding { what: "Store".to_owned(), good: true, text: "It answers.".to_owned() });
            findings.extend(doctor::environments_report(&console).await?);
            console.shutdown().await;
        }
        Err(problem) => findings.push(Finding { what: "Store".to_owned(), good: false, text: problem.to_string() }),
    }
    drop(progress);
    let report = Report { good: findings.iter().all(|finding| finding.good), findings };
    let text = if arguments.json {
        serde_json::to_string_pretty(&report).map(|json| json + "\n").map_err(|error| super::unwritten(&error.into()))?
    } else {
        report.findings.iter().map(line).collect()
    };
    terminal::out(&text).map_err(|error| super::unwritten(&error))?;
    Ok(if report.good { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn line(finding: &Finding) -> String {
    let (sign, colour) = if finding.good { ("ok  ", Colour::Green) } else { ("BAD ", Colour::Red) };
    let (what, text) = (terminal::plain(&finding.what, false), terminal::plain(&finding.text, false));
    format!("{} {what}: {text}\n", terminal::out_painted(colour, sign))
}
