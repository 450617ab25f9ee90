//! The pipeline page: where each environment stands and what waits between neighbours.

use super::permit::{Act, permit};
use super::store::{environments as store, promotions};
use super::target::compare::{Sides, Source, compare};
use super::target::connect;
use super::target::reading::Reading;
use super::{Console, Result};
use crate::access::{Action, Actor};
use crate::catalog::Scope;
use crate::diff;
use crate::lookup::{self, LookupSet};
use crate::problem::{Problem, ProblemKind};
use crate::promotion::{Environment, Pair, Pipeline, Reachable, Stage, State, Waiting, policy};
use futures::future::join_all;
use std::time::Duration;

/// A page does not wait longer for a database than this.
const PATIENCE: Duration = Duration::from_secs(5);

pub async fn pipeline(console: &Console, actor: &Actor) -> Result<Pipeline> {
    permit(console, Action::See, Act::new(actor, "see the pipeline", "pipeline")).await?;
    let environments = super::environments::all(console).await?;
    let mut connection = console.connection().await?;
    let (_, name, set) = store::pipeline(&mut connection).await?;
    let open = promotions::open(&mut connection).await?;
    let standing = promotions::standing(&mut connection).await?;
    drop(connection);
    // All at once: the page takes as long as the slowest database.
    let mut readings = join_all(environments.iter().map(|environment| read(environment, &set))).await;
    let mut between = Vec::new();
    for (at, environment) in environments.iter().enumerate().skip(1) {
        if let Some([before, now]) = readings.get_mut(at - 1..=at) {
            between.push(waiting(before, now, &set, environment).await);
        }
    }
    let mut waiting = std::iter::once(None).chain(between.into_iter().map(Some));
    let mut stages: Vec<Stage> = Vec::new();
    for (at, environment) in environments.into_iter().enumerate() {
        let last = standing.iter().find(|one| one.target == environment.id);
        stages.push(Stage {
            reachable: reachable(readings.get(at)),
            version: last.map(|one| one.summary.version.clone()),
            promoted_by: last.map(|one| one.summary.requested_by.clone()),
            promoted_at: last.and_then(|one| match &one.summary.state {
                State::Finished { at, .. } => Some(*at),
                _ => None,
            }),
            open: open.iter().find(|one| one.target == environment.id).map(|one| one.summary.clone()),
            waiting: waiting.next().flatten(),
            environment,
        });
    }
    Ok(Pipeline { name, stages })
}

async fn read(environment: &Environment, set: &LookupSet) -> Result<Reading> {
    let url = connect::resolve(&environment.connection)?;
    let reading = async {
        let mut reading = Reading::open(&url, "lockstep:pipeline", Scope { privileges: true }).await?;
        reading.digest(set).await?;
        Ok(reading)
    };
    tokio::time::timeout(PATIENCE, reading).await.unwrap_or_else(|_| Err(impatient(environment)))
}

fn impatient(environment: &Environment) -> Problem {
    let seconds = PATIENCE.as_secs();
    Problem::new(ProblemKind::Unreachable, format!("{} did not answer within {seconds} seconds.", environment.label))
        .way_out("Check that the server runs and is not overloaded.")
}

fn reachable(reading: Option<&Result<Reading>>) -> Reachable {
    match reading {
        Some(Ok(reading)) => {
            let number = reading.catalog.server_version;
            Reachable::Yes { server_version: format!("{}.{}", number / 10_000, number % 10_000) }
        }
        // A database that answers and cannot be read in full answers none the less.
        Some(Err(problem)) => Reachable::No { why: problem.to_string() },
        None => Reachable::No { why: String::new() },
    }
}

async fn waiting(before: &mut Result<Reading>, now: &mut Result<Reading>, set: &LookupSet, target: &Environment) -> Waiting {
    let (before, now) = match (before, now) {
        (Ok(before), Ok(now)) => (before, now),
        (Err(problem), _) | (_, Err(problem)) => return Waiting::Unknown { why: problem.to_string() },
    };
    let scope = target.policy.scope();
    let schema_changes = diff::told(&before.catalog.within(scope), &now.catalog.within(scope)).len() as u64;
    let Reading { conn, catalog, tables } = before;
    let release = Source { tables, rows: conn };
    let deletes_allowed = target.policy.deletes_allowed;
    let sides = Sides { set, schema: catalog, release, promoted: None, deletes_allowed, choices: &[] };
    let compared = tokio::time::timeout(PATIENCE, compare(sides, now)).await.unwrap_or_else(|_| Err(impatient(target)));
    match compared {
        Ok(compared) => {
            let lookup_rows = compared.changes.iter().map(lookup::TableChanges::len).sum();
            Waiting::Known { schema_changes, lookup_rows }
        }
        Err(problem) => Waiting::Unknown { why: problem.to_string() },
    }
}

/// All ordered pairs of environments with the reason why a release may not go from the one to the other.
pub async fn pairs(console: &Console, actor: &Actor) -> Result<Vec<Pair>> {
    permit(console, Action::See, Act::new(actor, "see the pipeline", "pipeline")).await?;
    let all = super::environments::all(console).await?;
    let mut pairs = Vec::new();
    for from in &all {
        for to in all.iter().filter(|to| to.id != from.id) {
            pairs.push(Pair {
                from: from.id,
                from_label: from.label.clone(),
                to: to.id,
                to_label: to.label.clone(),
                why_not: policy::pair(from, to).err().map(|problem| problem.what),
            });
        }
    }
    Ok(pairs)
}
