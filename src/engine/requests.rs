//! Requested promotions: sealing a preview, and showing what was sealed.

use super::console::not_found;
use super::permit::{Act, permit};
use super::preview::{Whole, blocked, cut, lookup_csv, lookup_page, totals, whole};
use super::store::promotions::{self as store, Fresh, Kept};
use super::store::release_rows::Reader;
use super::store::{backups, environments, people, releases};
use super::target::script::script;
use super::{Console, Result, alerts, names};
use crate::access::{Action, Actor, Person};
use crate::lookup::{LookupSet, TableChanges};
use crate::problem::{Problem, ProblemKind};
use crate::promotion::approval::Rule;
use crate::promotion::{
    Approval, BackupSummary, LookupPage, LookupTotal, May, Preview, PromotionDetail, PromotionId, Proposal, RowsWanted, State,
};
use crate::release::Content;
use uuid::Uuid;

/// How the audit log names a promotion.
pub(super) fn object(promotion: PromotionId) -> String {
    format!("promotion {}", promotion.0)
}

/// Seals the preview that has `digest`; refused when the target or the policy has moved on since it was shown. `confirmed` holds
/// the id of each loss that `Preview::to_confirm` names.
pub async fn request(
    console: &Console,
    actor: &Actor,
    proposal: &Proposal,
    digest: &str,
    confirmed: &[String],
    notes: &str,
) -> Result<PromotionId> {
    permit(console, Action::Promote, Act::new(actor, "request a promotion", "promotions")).await?;
    let Whole { release, environment, preview, before, .. } = whole(console, proposal).await?;
    let sealed = preview.sealed.digest();
    if sealed.0 != digest {
        return Err(Problem::new(ProblemKind::Conflict, format!("{} is not as the preview showed it.", environment.label))
            .because("The database or its policy has changed since.")
            .way_out("Look at the preview again and request that."));
    }
    if let Some(problem) = blocked(&preview.blockers) {
        return Err(problem);
    }
    let totals = totals(&preview);
    check_confirmed(&preview, &totals, confirmed)?;
    if notes.chars().count() > 10_000 {
        return Err(Problem::new(ProblemKind::Invalid, "The notes are longer than 10,000 characters.").way_out("Shorten them."));
    }
    let id = PromotionId(Uuid::now_v7());
    let mut tx = console.begin().await?;
    // The policy cannot change between this look and the commit.
    let locked = environments::lock(&mut tx, proposal.target).await?.ok_or_else(|| not_found("environment"))?;
    if locked.policy.version != preview.sealed.policy_version {
        return Err(policy_moved(&locked.label));
    }
    let before = Content::new(before, LookupSet::default(), Vec::new());
    let named = before.digest();
    releases::keep(&mut tx, &before, &named, Uuid::nil()).await?;
    let fresh = Fresh {
        id,
        release: release.summary.id,
        notes: notes.trim(),
        digest: &sealed,
        preview: &preview,
        confirmed,
        schema_changes: preview.sealed.plan.changes.len() as u64,
        lookup_rows: totals.iter().map(|one| one.inserts + one.updates + one.deletes).sum(),
        state: &State::requested(&locked.policy),
        before: &named,
    };
    store::insert(&mut tx, &fresh, &locked, actor).await?;
    let action = format!("request the promotion of {} into {}", release.summary.version, locked.label);
    Act::new(actor, &action, &object(id)).done(tx).await?;
    Ok(id)
}

pub(super) fn policy_moved(label: &str) -> Problem {
    Problem::new(ProblemKind::Conflict, format!("The policy of {label} was changed since this was requested."))
        .way_out("Cancel it, look at the preview again and request that.")
}

fn check_confirmed(preview: &Preview, totals: &[LookupTotal], confirmed: &[String]) -> Result<()> {
    let open = preview.to_confirm(totals).into_iter().find(|loss| !confirmed.contains(&loss.id));
    match open {
        None => Ok(()),
        Some(loss) => Err(Problem::new(ProblemKind::Invalid, "A loss is not confirmed.")
            .because(loss.sentences.join(" "))
            .way_out("Tick each loss on the preview, one by one.")),
    }
}

pub(super) async fn find(console: &Console, promotion: PromotionId) -> Result<Kept> {
    store::by_id(&mut *console.connection().await?, promotion).await?.ok_or_else(|| not_found("promotion"))
}

pub async fn promotion(console: &Console, actor: &Actor, promotion: PromotionId) -> Result<PromotionDetail> {
    permit(console, Action::See, Act::new(actor, "see a promotion", "promotions")).await?;
    let mut connection = console.connection().await?;
    let kept = store::by_id(&mut connection, promotion).await?.ok_or_else(|| not_found("promotion"))?;
    let preview = store::preview(&mut connection, &kept).await?;
    let approvals = store::approvals(&mut connection, promotion).await?;
    let people = people::all(&mut connection).await?;
    let release = releases::by_id(&mut connection, kept.release).await?.ok_or_else(|| not_found("release"))?;
    let superseded = super::undo::superseded(&mut connection, &kept).await?;
    let backup = match kept.run {
        Some(run) => backups::of_run(&mut connection, run).await?,
        None => None,
    };
    let alert = alerts::standing(console, &mut connection, promotion).await?;
    drop(connection);
    let rule = Rule { policy: &kept.policy, requester: kept.requester };
    let approvers = rule.approvers(&people, &approvals);
    let counting = counting(&kept, &approvals, &people);
    let waits = kept.summary.state == State::AwaitingApproval;
    let superseded = superseded.or_else(|| super::undo::restored(&preview.sealed));
    let (lookup_totals, mut shown) = (totals(&preview), cut(preview));
    named(console, promotion, &mut shown.sealed.lookup).await?;
    Ok(PromotionDetail {
        release: release.summary,
        target: kept.target,
        notes: kept.notes.clone(),
        digest: kept.digest.clone(),
        lookup_totals,
        preview: shown,
        approvals_needed: kept.policy.approvals,
        nobody: rule.nobody_left(counting, approvers.len()).filter(|_| waits),
        approvers: approvers.into_iter().map(|person| person.name.clone()).collect(),
        typed_name: kept.policy.protected.then(|| kept.summary.target.clone()),
        may: may(actor, &kept, &approvals, counting, superseded, backup.as_ref()),
        approvals,
        run: kept.run,
        settled: kept.settled,
        alert,
        backup,
        summary: kept.summary,
    })
}

/// Approvals that count with the roles that people have now.
pub(super) fn counting(kept: &Kept, approvals: &[Approval], people: &[Person]) -> u32 {
    let rule = Rule { policy: &kept.policy, requester: kept.requester };
    rule.counting(approvals, |id| people.iter().find(|person| person.id == id && !person.disabled).map(|person| person.role))
}

fn may(
    actor: &Actor,
    kept: &Kept,
    approvals: &[Approval],
    counting: u32,
    superseded: Option<Problem>,
    backup: Option<&BackupSummary>,
) -> May {
    let rule = Rule { policy: &kept.policy, requester: kept.requester };
    let state = || kept.summary.state.clone();
    let why = |refused: Result<()>| refused.err().map(|problem| problem.what);
    let decide = || rule.may_decide(actor, approvals);
    let may_undo = || may_promote(actor).and_then(|()| super::undo::may_undo(kept));
    May {
        approve: why(state().approve(counting, &kept.policy).map(|_| ()).and_then(|()| decide())),
        reject: why(state().reject("A comment.").map(|_| ()).and_then(|()| decide())),
        run: why(may_promote(actor).and_then(|()| state().start(counting, &kept.policy).map(|_| ()))),
        cancel: why(super::approval::may_cancel(actor, kept)),
        settle: why(super::in_database::may_settle(actor, kept)),
        undo: why(may_undo()),
        undo_all: why(may_undo().and_then(|()| superseded.map_or(Ok(()), Err))),
        restore: why(may_promote(actor).and_then(|()| super::undo::may_restore(kept, backup))),
    }
}

fn may_promote(actor: &Actor) -> Result<()> {
    if crate::access::allowed(actor.role, Action::Promote) {
        return Ok(());
    }
    Err(Problem::new(ProblemKind::Forbidden, format!("The role {} may not start a run.", actor.role.label())))
}

pub async fn promotion_lookup(
    console: &Console,
    actor: &Actor,
    promotion: PromotionId,
    wanted: &RowsWanted,
) -> Result<LookupPage> {
    permit(console, Action::See, Act::new(actor, "see a promotion", "promotions")).await?;
    let mut page = lookup_page(&sealed(console, promotion).await?, wanted)?;
    named(console, promotion, std::slice::from_mut(&mut page.changes)).await?;
    Ok(page)
}

/// Every changed row of one table, as a spreadsheet takes it.
pub async fn promotion_rows_csv(console: &Console, actor: &Actor, promotion: PromotionId, wanted: &RowsWanted) -> Result<String> {
    permit(console, Action::See, Act::new(actor, "see a promotion", "promotions")).await?;
    lookup_csv(&sealed(console, promotion).await?, wanted)
}

/// The plan's SQL and the lookup statements, as one runnable script.
pub async fn promotion_sql(console: &Console, actor: &Actor, promotion: PromotionId) -> Result<String> {
    permit(console, Action::See, Act::new(actor, "see a promotion", "promotions")).await?;
    let sealed = sealed(console, promotion).await?.sealed;
    Ok(script(&sealed.plan, &sealed.lookup))
}

/// With the names of the rows that cells refer to.
async fn named(console: &Console, promotion: PromotionId, changes: &mut [TableChanges]) -> Result<()> {
    let kept = find(console, promotion).await?;
    let mut connection = console.connection().await?;
    let release = releases::by_id(&mut connection, kept.release).await?.ok_or_else(|| not_found("release"))?;
    let content = releases::content(&mut connection, &release.summary.digest).await?;
    names::name(&mut Reader::new(connection, [&content]), &content.0, changes).await
}

async fn sealed(console: &Console, promotion: PromotionId) -> Result<Preview> {
    let kept = find(console, promotion).await?;
    store::preview(&mut *console.connection().await?, &kept).await
}
