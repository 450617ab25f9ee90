//! Looking back: history, evidence, the audit log and its chain.

use super::console::not_found;
use super::permit::{Act, permit};
use super::requests::object;
use super::store::{audit as audit_rows, backups, promotions, releases, runs};
use super::target::script::script;
use super::{Console, Result};
use crate::access::{Action, Actor};
use crate::problem::{Problem, ProblemKind};
use crate::promotion::{AuditEntry, HistoryFilter, Page, PromotionId, PromotionSummary};
use serde_json::json;

const ROWS: u64 = 25;

fn page<T>(items: Vec<T>, page: u64, total: i64) -> Page<T> {
    let total = total.unsigned_abs();
    Page { items, page, pages: total.div_ceil(ROWS).max(1), total }
}

fn offset(page: u64) -> (i64, i64) {
    (i64::try_from(page.saturating_mul(ROWS)).unwrap_or(i64::MAX), i64::try_from(ROWS).unwrap_or(i64::MAX))
}

/// Newest first.
pub async fn history(console: &Console, actor: &Actor, filter: &HistoryFilter) -> Result<Page<PromotionSummary>> {
    permit(console, Action::See, Act::new(actor, "see the history", "history")).await?;
    let (from, limit) = offset(filter.page);
    let (found, total) = promotions::history(&mut *console.connection().await?, filter, from, limit).await?;
    Ok(page(found.into_iter().map(|kept| kept.summary).collect(), filter.page, total))
}

/// One file with everything an auditor needs, as JSON.
pub async fn evidence(console: &Console, actor: &Actor, promotion: PromotionId) -> Result<String> {
    let object = object(promotion);
    let act = Act::new(actor, "export the evidence", &object);
    permit(console, Action::See, act).await?;
    let mut connection = console.connection().await?;
    let kept = promotions::by_id(&mut connection, promotion).await?.ok_or_else(|| not_found("promotion"))?;
    let preview = promotions::preview(&mut connection, &kept).await?;
    let release = releases::by_id(&mut connection, kept.release).await?.ok_or_else(|| not_found("release"))?;
    let approvals = promotions::approvals(&mut connection, promotion).await?;
    let (events, backup) = match kept.run {
        Some(run) => (runs::events(&mut connection, run, 0).await?, backups::of_run(&mut connection, run).await?),
        None => (Vec::new(), None),
    };
    let told = audit_rows::of_object(&mut connection, &object).await?;
    let (rows, head) = audit_rows::head(&mut connection).await?;
    drop(connection);
    let evidence = json!({
        "format": 1,
        "promotion": kept.summary,
        "notes": kept.notes,
        "release": release.summary,
        "policy": kept.policy,
        "confirmed": kept.confirmed,
        "digest": kept.digest,
        "fingerprints": {
            "release": preview.sealed.release,
            "target": preview.sealed.target_identity,
            "schema_before": preview.sealed.plan.from,
            "schema_after": preview.sealed.plan.to,
            "lookup_before": preview.sealed.lookup_from,
            "lookup_after": preview.sealed.lookup_to,
        },
        "preview": preview,
        "sql": script(&preview.sealed.plan, &preview.sealed.lookup),
        "approvals": approvals,
        "run": kept.run,
        "events": events,
        "backup": backup,
        "audit": told,
        "audit_head": { "rows": rows, "hash": head },
    });
    act.write(console, "done").await?;
    serde_json::to_string_pretty(&evidence)
        .map_err(|error| Problem::new(ProblemKind::Internal, "The evidence could not be written.").because(format!("{error}.")))
}

/// Newest first.
pub async fn audit(console: &Console, actor: &Actor, number: u64) -> Result<Page<AuditEntry>> {
    permit(console, Action::See, Act::new(actor, "see the audit log", "audit log")).await?;
    let (from, limit) = offset(number);
    let (rows, total) = audit_rows::page(&mut *console.connection().await?, from, limit).await?;
    Ok(page(rows, number, total))
}

/// Recomputes the hash chain; the text says how many rows hold, or which row was altered.
pub async fn verify_audit(console: &Console, actor: &Actor) -> Result<String> {
    permit(console, Action::See, Act::new(actor, "verify the audit log", "audit log")).await?;
    let text = match audit_rows::verify(&mut *console.connection().await?).await? {
        Ok((rows, head)) => format!("All {rows} rows hold. The last hash is {head}."),
        Err(broken) => format!("The chain is broken at row {}: {}.", broken.seq, broken.why),
    };
    Act::new(actor, "verify the audit log", "audit log").write(console, &text).await?;
    Ok(text)
}
