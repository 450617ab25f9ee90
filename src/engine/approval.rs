//! Deciding: the inbox, approving, rejecting, withdrawing.

use super::console::not_found;
use super::permit::{Act, permit};
use super::requests::{counting, object};
use super::store::promotions::{self as store, Kept};
use super::store::{now, people, runs};
use super::{Console, Result};
use crate::access::{Action, Actor, allowed};
use crate::problem::{Problem, ProblemKind};
use crate::promotion::approval::Rule;
use crate::promotion::{Decision, PromotionId, PromotionSummary, RunId, State};
use crate::run::{EventKind, Step};

/// Promotions that wait for this person's decision.
pub async fn inbox(console: &Console, actor: &Actor) -> Result<Vec<PromotionSummary>> {
    permit(console, Action::See, Act::new(actor, "see the inbox", "promotions")).await?;
    let mut connection = console.connection().await?;
    let mut mine = Vec::new();
    for kept in store::open(&mut connection).await? {
        if kept.summary.state == State::AwaitingApproval {
            let approvals = store::approvals(&mut connection, kept.summary.id).await?;
            let rule = Rule { policy: &kept.policy, requester: kept.requester };
            if rule.may_decide(actor, &approvals).is_ok() {
                mine.push(kept.summary);
            }
        }
    }
    Ok(mine)
}

/// Approves or rejects what has `digest`. A reject needs a comment; approving into a protected environment needs its name typed.
pub async fn decide(
    console: &Console,
    actor: &Actor,
    promotion: PromotionId,
    digest: &str,
    decision: Decision,
    comment: &str,
    typed_name: &str,
) -> Result<()> {
    let object = object(promotion);
    let action = match decision {
        Decision::Approve => "approve",
        Decision::Reject => "reject",
    };
    let act = Act::new(actor, action, &object);
    permit(console, Action::Approve { protected: false }, act).await?;
    let mut tx = console.begin().await?;
    let kept = store::lock(&mut tx, promotion).await?.ok_or_else(|| not_found("promotion"))?;
    let approvals = store::approvals(&mut tx, promotion).await?;
    let rule = Rule { policy: &kept.policy, requester: kept.requester };
    if let Err(problem) = rule.may_decide(actor, &approvals) {
        drop(tx);
        return Err(act.refuse(console, problem).await);
    }
    check_decision(&kept, digest, decision, typed_name)?;
    let state = kept.summary.state.clone();
    // The transition is checked before the row is written, so that the reason is the state and not a constraint.
    let state = match decision {
        Decision::Reject => state.reject(comment)?,
        Decision::Approve => state.approve(0, &kept.policy)?,
    };
    store::decide(&mut tx, &kept, digest, actor, decision, comment.trim()).await?;
    let state = match decision {
        Decision::Reject => state,
        Decision::Approve => {
            let approvals = store::approvals(&mut tx, promotion).await?;
            let people = people::all(&mut tx).await?;
            state.approve(counting(&kept, &approvals, &people), &kept.policy)?
        }
    };
    store::set_state(&mut tx, promotion, &state).await?;
    act.done(tx).await
}

fn check_decision(kept: &Kept, digest: &str, decision: Decision, typed_name: &str) -> Result<()> {
    if kept.digest.0 != digest {
        return Err(Problem::new(ProblemKind::Conflict, "What you decided on is not what was requested.")
            .way_out("Reload the page and decide on what it shows."));
    }
    let typed = typed_name.trim();
    let named = typed.eq_ignore_ascii_case(&kept.summary.target) || typed == kept.summary.target_label;
    if decision == Decision::Approve && kept.policy.protected && !named {
        return Err(Problem::new(ProblemKind::Invalid, "The name of the environment is not typed.")
            .way_out(format!("Type {} to approve into it.", kept.summary.target)));
    }
    Ok(())
}

/// A request is withdrawn by its requester or an owner; a run is stopped by whoever could have started it.
pub(super) fn may_cancel(actor: &Actor, kept: &Kept) -> Result<()> {
    let own = actor.id == kept.requester && allowed(actor.role, Action::Promote);
    match &kept.summary.state {
        State::Running if allowed(actor.role, Action::Promote) => Ok(()),
        State::Running => Err(Problem::new(ProblemKind::Forbidden, "Your role may not stop a run.")),
        _ if !own && !allowed(actor.role, Action::Administer) => {
            Err(Problem::new(ProblemKind::Forbidden, "Only the requester or an owner may cancel this."))
        }
        state => state.clone().cancel(&actor.name, kept.summary.requested_at).map(|_| ()),
    }
}

/// Withdraws a request, or asks a run to stop: before COMMIT nothing is changed, afterwards it is refused.
pub async fn cancel(console: &Console, actor: &Actor, promotion: PromotionId) -> Result<()> {
    let object = object(promotion);
    let act = Act::new(actor, "cancel", &object);
    permit(console, Action::Promote, act).await?;
    let mut tx = console.begin().await?;
    let kept = store::lock(&mut tx, promotion).await?.ok_or_else(|| not_found("promotion"))?;
    if let Err(problem) = may_cancel(actor, &kept) {
        drop(tx);
        return Err(act.refuse(console, problem).await);
    }
    match (&kept.summary.state, kept.run) {
        (State::Running, Some(run)) => {
            if !ask(&mut tx, run, actor).await? {
                return Ok(());
            }
        }
        (state, _) => {
            let state = state.clone().cancel(&actor.name, now(&mut tx).await?)?;
            store::set_state(&mut tx, promotion, &state).await?;
        }
    }
    act.done(tx).await
}

/// False when somebody has asked before.
async fn ask(conn: &mut sqlx::PgConnection, run: RunId, actor: &Actor) -> Result<bool> {
    runs::lock(conn, run).await?;
    let committed = |kind: &EventKind| {
        matches!(kind, EventKind::StepFinished { step: Step::Verify } | EventKind::StepStarted { step: Step::Record })
    };
    if runs::events(conn, run, 0).await?.iter().any(|event| committed(&event.kind)) {
        return Err(Problem::new(ProblemKind::Conflict, "The run cannot be stopped any more: the change is committed.")
            .way_out("Undo the promotion once the run has ended."));
    }
    if !runs::ask_to_cancel(conn, run, &actor.name).await? {
        return Ok(false);
    }
    runs::append(conn, run, &EventKind::CancelRequested { by: actor.name.clone() }).await?;
    Ok(true)
}
