//! Handing approved promotions to the runner, and watching it.

use super::console::not_found;
use super::permit::{Act, permit};
use super::requests::{counting, object, policy_moved};
use super::store::{environments, people, promotions, runs};
use super::{Console, Result};
use crate::access::{Action, Actor};
use crate::promotion::{PromotionId, RunId};
use crate::run::{Event, EventKind};
use uuid::Uuid;

/// Hands an approved promotion to the runner. Asking twice gives the same run.
pub async fn start_run(console: &Console, actor: &Actor, promotion: PromotionId) -> Result<RunId> {
    let object = object(promotion);
    let act = Act::new(actor, "start the run", &object);
    permit(console, Action::Promote, act).await?;
    let mut tx = console.begin().await?;
    let kept = promotions::lock(&mut tx, promotion).await?.ok_or_else(|| not_found("promotion"))?;
    if let Some(run) = kept.run {
        return Ok(run);
    }
    let approvals = promotions::approvals(&mut tx, promotion).await?;
    let people = people::all(&mut tx).await?;
    let state = match kept.summary.state.clone().start(counting(&kept, &approvals, &people), &kept.policy) {
        Ok(state) => state,
        Err(problem) => {
            drop(tx);
            return Err(act.refuse(console, problem).await);
        }
    };
    if let Some(problem) = super::in_database::frozen(&mut tx, kept.target).await? {
        return Err(problem);
    }
    let environment = environments::lock(&mut tx, kept.target).await?.ok_or_else(|| not_found("environment"))?;
    if environment.policy.version != kept.policy.version {
        return Err(policy_moved(&environment.label));
    }
    // What cannot be read back as it was sealed is refused here, while there is somebody to tell.
    promotions::preview(&mut tx, &kept).await?;
    let run = RunId(Uuid::now_v7());
    runs::insert(&mut tx, run, promotion, kept.target, &actor.name).await?;
    runs::append(&mut tx, run, &EventKind::Started { by: actor.name.clone() }).await?;
    promotions::set_state(&mut tx, promotion, &state).await?;
    act.done(tx).await?;
    Ok(run)
}

/// All stored events of the promotion's run; none before it was started.
pub async fn promotion_events(console: &Console, actor: &Actor, promotion: PromotionId) -> Result<Vec<Event>> {
    permit(console, Action::See, Act::new(actor, "see a run", "runs")).await?;
    let mut connection = console.connection().await?;
    let kept = promotions::by_id(&mut connection, promotion).await?.ok_or_else(|| not_found("promotion"))?;
    match kept.run {
        Some(run) => runs::events(&mut connection, run, 0).await,
        None => Ok(Vec::new()),
    }
}
