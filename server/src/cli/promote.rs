//! `lockstep promote ENV`: request, wait for the approvals, run and follow, as one person.

use super::{console, secret};
use crate::config::Config;
use crate::terminal::{self, Colour, Progress};
use clap::Args;
use lockstep::access::Actor;
use lockstep::engine::{self, Console, Result};
use lockstep::lookup::Choice;
use lockstep::plan::{Rename, TableSize};
use lockstep::problem::{Problem, ProblemKind};
use lockstep::promotion::{DraftPreview, Environment, Outcome, PromotionId, Proposal, ReleaseSummary, RestoredTable, State};
use lockstep::run::{Event, EventKind, RunId};
use std::io::{BufRead, IsTerminal};
use std::net::{IpAddr, Ipv4Addr};
use std::process::ExitCode;
use std::time::Duration;

const EXAMPLES: &str = "\
Exit codes: 0 succeeded, or nothing to do; 1 refused, or something went wrong before the run; 2 the run failed and nothing was changed;
3 rejected or withdrawn; 4 needs attention: read the promotion's page.

It acts as a person of the console, with that person's role; the password comes from LOCKSTEP_PASSWORD or is asked for. Somebody else
approves on the web pages while the command waits. The runner of a console that serves does the work; without one the command does it.

Examples:
  lockstep promote test --from development --release 2.4.0 --as admin@example.com
  lockstep promote production --release 2.4.0 --as admin@example.com --notes 'Fee groups of November' --yes";

/// Promote a release into an environment: request, wait for approval, run, follow
#[derive(Args)]
#[command(after_help = EXAMPLES)]
pub struct Arguments {
    /// The environment that is to be changed
    environment: String,
    /// The version; without --from the newest release that has it
    #[arg(long, value_name = "VERSION")]
    release: String,
    /// Freeze this environment first, under the version of --release
    #[arg(long, value_name = "ENVIRONMENT")]
    from: Option<String>,
    #[command(flatten)]
    wish: Wish,
}

/// What a person says of a promotion.
#[derive(Args)]
pub struct Wish {
    /// A table or column of the target that has another name in the release, instead of a loss and something new; may be repeated
    #[arg(long, value_name = "SCHEMA.TABLE[.COLUMN]=NAME")]
    rename: Vec<String>,
    /// Whose lookup rows stay where they were edited in the target: target:SCHEMA.TABLE or release:SCHEMA.TABLE; may be repeated
    #[arg(long, value_name = "SIDE:SCHEMA.TABLE")]
    keep: Vec<String>,
    /// What to write beside it
    #[arg(long, default_value = "")]
    pub notes: String,
    /// The e-mail address of the person who asks
    #[arg(long = "as", value_name = "E-MAIL")]
    pub email: String,
    /// Do not ask: also confirms every change that loses data
    #[arg(long)]
    yes: bool,
}

/// The other side of the network is this machine.
const HERE: IpAddr = IpAddr::V4(Ipv4Addr::LOCALHOST);

pub async fn run(arguments: Arguments) -> Result<ExitCode> {
    let config = Config::from_env()?;
    let password = secret::password(&arguments.wish.email)?;
    let console = console::open(&config).await?;
    let result = promote(&console, &arguments, &password).await;
    console.shutdown().await;
    result
}

async fn promote(console: &Console, arguments: &Arguments, password: &str) -> Result<ExitCode> {
    let actor = sign_in(console, &arguments.wish.email, password).await?;
    let target = console::environment(console, &actor, &arguments.environment).await?;
    let release = release(console, &actor, arguments, &target).await?;
    carry(console, &actor, Proposal::new(release.id, target.id), &arguments.wish).await
}

/// As a person who sits at this machine.
pub async fn sign_in(console: &Console, email: &str, password: &str) -> Result<Actor> {
    engine::sign_in(console, email, password, HERE).await
}

/// Previews with what the wish adds, requests, waits for the approvals, runs and follows.
pub async fn carry(console: &Console, actor: &Actor, mut proposal: Proposal, wish: &Wish) -> Result<ExitCode> {
    let progress = Progress::start("Comparing");
    proposal.renames.extend(wish.rename.iter().map(|typed| typed.parse()).collect::<Result<Vec<Rename>>>()?);
    proposal.choices.extend(wish.keep.iter().map(|typed| typed.parse()).collect::<Result<Vec<Choice>>>()?);
    let draft = engine::preview(console, actor, &proposal).await?;
    drop(progress);
    if !draft.preview.blockers.is_empty() {
        draft.preview.blockers.iter().for_each(terminal::complain);
        return Ok(ExitCode::FAILURE);
    }
    if draft.preview.sealed.is_nothing() {
        terminal::say(&format!("{} is already like {}: nothing to do.", draft.environment.label, draft.release.version));
        return Ok(ExitCode::SUCCESS);
    }
    describe(&draft);
    if !wish.yes && !agreed()? {
        terminal::say("Nothing was requested.");
        return Ok(ExitCode::FAILURE);
    }
    let confirmed = losses(&draft);
    let digest = draft.digest.to_string();
    let promotion = engine::request(console, actor, &proposal, &digest, &confirmed, &wish.notes).await?;
    terminal::say(&format!("Requested: promotion {}", promotion.0));
    follow(console, actor, promotion).await
}

async fn release(console: &Console, actor: &Actor, arguments: &Arguments, target: &Environment) -> Result<ReleaseSummary> {
    if let Some(from) = &arguments.from {
        let source = console::environment(console, actor, from).await?;
        let _progress = Progress::start("Freezing");
        return engine::freeze(console, actor, source.id, &arguments.release, &arguments.wish.notes).await;
    }
    let known = engine::releases(console, actor, Some(target.id)).await?;
    known.into_iter().find(|release| release.version == arguments.release).ok_or_else(|| {
        Problem::new(ProblemKind::NotFound, format!("No release {} may go into {} now.", arguments.release, target.label))
            .way_out("Name one that has passed the environment before, or freeze one with --from.")
    })
}

/// Each loss that the request wants confirmed, by its name.
fn losses(draft: &DraftPreview) -> Vec<String> {
    draft.preview.to_confirm(&draft.lookup_totals).into_iter().map(|loss| loss.id).collect()
}

fn describe(draft: &DraftPreview) {
    terminal::say(&format!("What release {} changes in {}:", draft.release.version, draft.environment.label));
    let plan = &draft.preview.sealed.plan;
    for change in &plan.changes {
        for sentence in &change.sentences {
            terminal::say(&format!("  {sentence}"));
        }
    }
    for total in &draft.lookup_totals {
        terminal::say(&format!(
            "  {}: {} rows added, {} changed, {} deleted.",
            total.table, total.inserts, total.updates, total.deletes
        ));
    }
    for loss in draft.preview.sealed.restore.iter().flat_map(|restore| &restore.tables).filter_map(RestoredTable::to_confirm) {
        terminal::warn(&loss.sentences.join(" "));
    }
    for change in &plan.changes {
        for hazard in &change.hazards {
            let size = TableSize::words(&draft.preview.sizes, hazard);
            terminal::warn(&format!("{}: {}{size}", hazard.kind.label(), hazard.sentence));
        }
    }
    for question in &plan.questions {
        terminal::warn(&format!("Was it renamed? Then say --rename {question}"));
    }
    for warning in &draft.preview.warnings {
        terminal::warn(warning);
    }
}

fn agreed() -> Result<bool> {
    if !std::io::stdin().is_terminal() {
        return Err(
            Problem::new(ProblemKind::Invalid, "There is nobody to ask.").way_out("Add --yes to request it without a question.")
        );
    }
    terminal::say("Request this promotion? Type yes.");
    let mut answer = String::new();
    std::io::stdin()
        .lock()
        .read_line(&mut answer)
        .map_err(|error| Problem::new(ProblemKind::Internal, "The answer could not be read.").because(error.to_string()))?;
    Ok(answer.trim() == "yes")
}

/// Waits until the promotion is decided, hands it over and tells what happens.
async fn follow(console: &Console, actor: &Actor, promotion: PromotionId) -> Result<ExitCode> {
    let mut waiting = None;
    loop {
        let detail = engine::promotion(console, actor, promotion).await?;
        match detail.summary.state {
            State::AwaitingApproval => {
                waiting.get_or_insert_with(|| {
                    terminal::say(&format!("Waiting for an approval by one of: {}", detail.approvers.join(", ")));
                    Progress::start("Waiting for an approval; Ctrl-C leaves the request as it is")
                });
                tokio::time::sleep(Duration::from_secs(2)).await;
            }
            State::Rejected | State::Cancelled { .. } => {
                drop(waiting);
                for approval in &detail.approvals {
                    terminal::say(&format!("{}: {}", approval.name, approval.comment));
                }
                terminal::say("The promotion was rejected or withdrawn. Nothing was changed.");
                return Ok(ExitCode::from(3));
            }
            State::Approved | State::Running | State::Finished { .. } => break,
        }
    }
    drop(waiting);
    let run = engine::start_run(console, actor, promotion).await?;
    console.start_runner().await?;
    watch(console, actor, run).await
}

async fn watch(console: &Console, actor: &Actor, run: RunId) -> Result<ExitCode> {
    let mut viewer = engine::watch_run(console, actor, run, 0).await?;
    while let Some(events) = viewer.next().await? {
        if let Some(code) = events.iter().find_map(|event| tell(event)) {
            return Ok(code);
        }
    }
    Err(Problem::new(ProblemKind::Forbidden, "The run may not be watched any more.").way_out("It goes on: look at its page."))
}

fn tell(event: &Event) -> Option<ExitCode> {
    match &event.kind {
        EventKind::Finished { outcome } => return Some(finish(outcome)),
        EventKind::StepFinished { .. } => {}
        EventKind::StepStarted { step } => terminal::say(step.label()),
        EventKind::Started { .. }
        | EventKind::Resumed { .. }
        | EventKind::StepSkipped { .. }
        | EventKind::CancelRequested { .. } => {
            terminal::say(&event.kind.sentence());
        }
        EventKind::Note { .. } | EventKind::Progress { .. } | EventKind::Waiting { .. } => {
            terminal::say(&format!("  {}", event.kind.sentence()));
        }
    }
    None
}

fn finish(outcome: &Outcome) -> ExitCode {
    let (colour, code) = match outcome {
        Outcome::Succeeded => (Colour::Green, ExitCode::SUCCESS),
        Outcome::Failed { .. } | Outcome::RolledBack { .. } => (Colour::Red, ExitCode::from(2)),
        Outcome::Cancelled => (Colour::Yellow, ExitCode::from(3)),
        Outcome::NeedsAttention { .. } => (Colour::Red, ExitCode::from(4)),
    };
    terminal::say_painted(colour, outcome.label());
    match outcome {
        Outcome::Failed { problem } | Outcome::RolledBack { problem } | Outcome::NeedsAttention { problem } => {
            terminal::complain(problem)
        }
        Outcome::Succeeded | Outcome::Cancelled => {}
    }
    code
}
