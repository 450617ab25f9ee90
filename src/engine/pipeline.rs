//! The pipeline page: where each environment stands and what waits between neighbours.

use super::permit::{Act, permit};
use super::store::{environments as store, promotions};
use super::target::{connect, preview};
use super::{Console, Result};
use crate::access::{Action, Actor};
use crate::catalog::Scope;
use crate::diff;
use crate::lookup::{self, LookupSet, Side};
use crate::problem::{Problem, ProblemKind};
use crate::promotion::{Environment, Pair, Pipeline, Policy, Reachable, Stage, State, Waiting, policy};
use crate::release::Content;
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
    let contents = join_all(environments.iter().map(|environment| read(environment, &set))).await;
    let mut stages: Vec<Stage> = Vec::new();
    for (at, environment) in environments.into_iter().enumerate() {
        let before = at.checked_sub(1).and_then(|before| contents.get(before));
        let now = contents.get(at);
        let last = standing.iter().find(|one| one.target == environment.id);
        stages.push(Stage {
            reachable: reachable(now),
            version: last.map(|one| one.summary.version.clone()),
            promoted_by: last.map(|one| one.summary.requested_by.clone()),
            promoted_at: last.and_then(|one| match &one.summary.state {
                State::Finished { at, .. } => Some(*at),
                _ => None,
            }),
            open: open.iter().find(|one| one.target == environment.id).map(|one| one.summary.clone()),
            waiting: before.zip(now).map(|(before, now)| waiting(before, now, &set, &environment.policy)),
            environment,
        });
    }
    Ok(Pipeline { name, stages })
}

async fn read(environment: &Environment, set: &LookupSet) -> Result<Content> {
    let url = connect::resolve(&environment.connection)?;
    tokio::time::timeout(PATIENCE, preview::freeze(&url, set, Scope { privileges: true })).await.unwrap_or_else(|_| {
        let seconds = PATIENCE.as_secs();
        Err(Problem::new(ProblemKind::Unreachable, format!("{} did not answer within {seconds} seconds.", environment.label))
            .way_out("Check that the server runs and is not overloaded."))
    })
}

fn reachable(content: Option<&Result<Content>>) -> Reachable {
    match content {
        Some(Ok(content)) => {
            let number = content.catalog.server_version;
            Reachable::Yes { server_version: format!("{}.{}", number / 10_000, number % 10_000) }
        }
        // A database that answers and cannot be read in full answers none the less.
        Some(Err(problem)) => Reachable::No { why: problem.to_string() },
        None => Reachable::No { why: String::new() },
    }
}

fn waiting(before: &Result<Content>, now: &Result<Content>, set: &LookupSet, policy: &Policy) -> Waiting {
    let (before, now) = match (before, now) {
        (Ok(before), Ok(now)) => (before, now),
        (Err(problem), _) | (_, Err(problem)) => return Waiting::Unknown { why: problem.to_string() },
    };
    let changes = lookup::diff(
        set,
        Side { catalog: &before.catalog, rows: &before.lookup },
        Side { catalog: &now.catalog, rows: &now.lookup },
        lookup::Terms { deletes_allowed: policy.deletes_allowed, ..lookup::Terms::default() },
    );
    Waiting::Known {
        schema_changes: diff::told(&before.catalog.within(policy.scope()), &now.catalog.within(policy.scope())).len() as u64,
        lookup_rows: changes.changes.iter().map(lookup::TableChanges::len).sum(),
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
