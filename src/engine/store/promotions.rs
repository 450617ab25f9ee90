//! Promotions, what was sealed in them, and the decisions on them.

use super::refused::refused;
use crate::access::{Actor, PersonId};
use crate::catalog::Fingerprint;
use crate::engine::Result;
use crate::problem::{Problem, ProblemKind};
use crate::promotion::{
    Approval, Decision, Ended, Environment, EnvironmentId, HistoryFilter, Outcome, Policy, Preview, PromotionId,
    PromotionSummary, ReleaseId, RunId, Settled, State, taken_back,
};
use chrono::{DateTime, Utc};
use sqlx::PgConnection;
use sqlx::types::Json;
use uuid::Uuid;

/// A promotion as the store keeps it, without its preview.
#[derive(Debug, Clone)]
pub struct Kept {
    pub summary: PromotionSummary,
    pub release: ReleaseId,
    pub target: EnvironmentId,
    pub requester: PersonId,
    pub notes: String,
    pub digest: Fingerprint,
    /// As it was when the promotion was requested.
    pub policy: Policy,
    pub confirmed: Vec<String>,
    pub run: Option<RunId>,
    /// Names the schema of the target when it was requested; none of those that an older version has kept.
    pub before: Option<Fingerprint>,
    /// What a person found who looked at the target, where that was needed.
    pub settled: Option<Settled>,
}

#[derive(sqlx::FromRow)]
struct Row {
    id: Uuid,
    release: Uuid,
    version: String,
    source_label: String,
    target: Uuid,
    target_name: String,
    target_label: String,
    requested_by: Uuid,
    requested_by_name: String,
    requested_at: DateTime<Utc>,
    notes: String,
    digest: String,
    policy: Json<Policy>,
    confirmed: Json<Vec<String>>,
    schema_changes: i64,
    lookup_rows: i64,
    state: String,
    ended_by: Option<String>,
    ended_at: Option<DateTime<Utc>>,
    outcome: Option<Json<Outcome>>,
    undone: bool,
    before: Option<String>,
    settled_by: Option<String>,
    settled_at: Option<DateTime<Utc>>,
    settled_note: Option<String>,
    run: Option<Uuid>,
}

impl Row {
    fn state(&self) -> State {
        let at = self.ended_at.unwrap_or(self.requested_at);
        match (self.state.as_str(), &self.outcome) {
            ("approved", _) => State::Approved,
            ("rejected", _) => State::Rejected,
            ("cancelled", _) => State::Cancelled { by: self.ended_by.clone().unwrap_or_default(), at },
            ("running", _) => State::Running,
            ("finished", Some(outcome)) => State::Finished { outcome: outcome.0.clone(), at },
            _ => State::AwaitingApproval,
        }
    }
}

impl From<Row> for Kept {
    fn from(row: Row) -> Self {
        Self {
            summary: PromotionSummary {
                id: PromotionId(row.id),
                state: row.state(),
                version: row.version,
                source: row.source_label,
                target: row.target_name,
                target_label: row.target_label,
                requested_by: row.requested_by_name,
                requested_at: row.requested_at,
                schema_changes: row.schema_changes.unsigned_abs(),
                lookup_rows: row.lookup_rows.unsigned_abs(),
                undone: row.undone,
            },
            release: ReleaseId(row.release),
            target: EnvironmentId(row.target),
            requester: PersonId(row.requested_by),
            notes: row.notes,
            digest: Fingerprint(row.digest),
            policy: row.policy.0,
            confirmed: row.confirmed.0,
            run: row.run.map(RunId),
            before: row.before.map(Fingerprint),
            settled: row.settled_by.zip(row.settled_at).zip(row.settled_note).map(|((by, at), note)| Settled { by, at, note }),
        }
    }
}

const READ: &str = "The promotion could not be read.";

pub async fn by_id(conn: &mut PgConnection, id: PromotionId) -> Result<Option<Kept>> {
    let row: Option<Row> = sqlx::query_as(concat!(include_str!("queries/promotions.sql"), "WHERE p.id = $1"))
        .bind(id.0)
        .fetch_optional(conn)
        .await
        .map_err(refused(READ))?;
    Ok(row.map(Kept::from))
}

/// Locks the promotion: of two people who change its state, the second sees what the first has done.
pub async fn lock(conn: &mut PgConnection, id: PromotionId) -> Result<Option<Kept>> {
    sqlx::query("SELECT FROM promotions WHERE id = $1 FOR UPDATE").bind(id.0).execute(&mut *conn).await.map_err(refused(READ))?;
    by_id(conn, id).await
}

/// Those that wait or run, oldest first.
pub async fn open(conn: &mut PgConnection) -> Result<Vec<Kept>> {
    let sql = concat!(
        include_str!("queries/promotions.sql"),
        "WHERE p.state IN ('awaiting_approval', 'approved', 'running') ORDER BY p.requested_at"
    );
    let rows: Vec<Row> = sqlx::query_as(sql).fetch_all(conn).await.map_err(refused("The promotions could not be read."))?;
    Ok(rows.into_iter().map(Kept::from).collect())
}

/// The newest that succeeded in each environment.
pub async fn standing(conn: &mut PgConnection) -> Result<Vec<Kept>> {
    let sql = concat!(
        include_str!("queries/promotions.sql"),
        "WHERE p.id IN (SELECT DISTINCT ON (target) id FROM promotions WHERE outcome ->> 'outcome' = 'succeeded' ",
        "ORDER BY target, ended_at DESC)"
    );
    let rows: Vec<Row> = sqlx::query_as(sql).fetch_all(conn).await.map_err(refused("The promotions could not be read."))?;
    Ok(rows.into_iter().map(Kept::from).collect())
}

/// Newest first, and how many there are.
pub async fn history(conn: &mut PgConnection, filter: &HistoryFilter, offset: i64, limit: i64) -> Result<(Vec<Kept>, i64)> {
    const HISTORY: &str = "The history could not be read.";
    let narrowed = concat!(include_str!("queries/promotions.sql"), include_str!("queries/history_filter.sql"));
    // The escape keeps what a person typed from being a pattern.
    let text = filter.text.trim().replace('\\', r"\\").replace('%', r"\%").replace('_', r"\_");
    let rows: Vec<Row> = sqlx::query_as(narrowed)
        .bind(filter.target.trim())
        .bind(filter.outcome.trim())
        .bind(&text)
        .bind(offset)
        .bind(limit)
        .fetch_all(&mut *conn)
        .await
        .map_err(refused(HISTORY))?;
    let total = sqlx::query_scalar(include_str!("queries/history_count.sql"))
        .bind(filter.target.trim())
        .bind(filter.outcome.trim())
        .bind(&text)
        .fetch_one(conn)
        .await
        .map_err(refused(HISTORY))?;
    Ok((rows.into_iter().map(Kept::from).collect(), total))
}

/// The preview as it was sealed. Its digest is recomputed: a row that was altered is not believed.
pub async fn preview(conn: &mut PgConnection, promotion: &Kept) -> Result<Preview> {
    let (format, text): (i32, String) = sqlx::query_as("SELECT format, preview FROM promotions WHERE id = $1")
        .bind(promotion.summary.id.0)
        .fetch_one(conn)
        .await
        .map_err(refused(READ))?;
    let unreadable = |cause: String| {
        Problem::new(ProblemKind::Internal, "The sealed preview cannot be used.")
            .because(cause)
            .way_out("Cancel the promotion and request it again.")
    };
    if u32::try_from(format) != Ok(crate::promotion::preview::FORMAT) {
        return Err(unreadable(format!("It is stored in format {format}, which this version of Lockstep does not read.")));
    }
    let preview: Preview =
        serde_json::from_str(&text).map_err(|error| unreadable(format!("Its stored form is damaged: {error}.")))?;
    if preview.sealed.digest() != promotion.digest {
        return Err(unreadable("It is not what was approved: its digest differs.".to_owned()));
    }
    Ok(preview)
}

/// A request to be kept.
pub struct Fresh<'a> {
    pub id: PromotionId,
    pub release: ReleaseId,
    pub notes: &'a str,
    pub digest: &'a Fingerprint,
    pub preview: &'a Preview,
    pub confirmed: &'a [String],
    pub schema_changes: u64,
    pub lookup_rows: u64,
    pub state: &'a State,
    /// Names the kept schema of the target.
    pub before: &'a Fingerprint,
}

pub async fn insert(conn: &mut PgConnection, fresh: &Fresh<'_>, target: &Environment, by: &Actor) -> Result<()> {
    const KEPT: &str = "The request could not be kept.";
    let preview = serde_json::to_string(fresh.preview)
        .map_err(|error| Problem::new(ProblemKind::Internal, KEPT).because(format!("{error}.")))?;
    sqlx::query(include_str!("queries/promotion_insert.sql"))
        .bind(fresh.id.0)
        .bind(fresh.release.0)
        .bind(target.id.0)
        .bind(&target.name)
        .bind(&target.label)
        .bind(by.id.0)
        .bind(&by.name)
        .bind(by.role.label())
        .bind(fresh.notes)
        .bind(&fresh.digest.0)
        .bind(i32::try_from(fresh.preview.format).unwrap_or(i32::MAX))
        .bind(preview)
        .bind(Json(&target.policy))
        .bind(Json(fresh.confirmed))
        .bind(i64::try_from(fresh.schema_changes).unwrap_or(i64::MAX))
        .bind(i64::try_from(fresh.lookup_rows).unwrap_or(i64::MAX))
        .bind(word(fresh.state))
        .bind(&fresh.before.0)
        .execute(conn)
        .await
        .map(|_| ())
        .map_err(refused(KEPT))
}

fn word(state: &State) -> &'static str {
    match state {
        State::AwaitingApproval => "awaiting_approval",
        State::Approved => "approved",
        State::Rejected => "rejected",
        State::Cancelled { .. } => "cancelled",
        State::Running => "running",
        State::Finished { .. } => "finished",
    }
}

/// The caller holds the lock of `lock`, and the state is what a transition has returned.
pub async fn set_state(conn: &mut PgConnection, id: PromotionId, state: &State) -> Result<()> {
    let (by, at, outcome) = match state {
        State::Cancelled { by, at } => (Some(by), Some(at), None),
        State::Finished { outcome, at } => (None, Some(at), Some(Json(outcome))),
        State::AwaitingApproval | State::Approved | State::Rejected | State::Running => (None, None, None),
    };
    sqlx::query("UPDATE promotions SET state = $2, ended_by = $3, ended_at = $4, outcome = $5 WHERE id = $1")
        .bind(id.0)
        .bind(word(state))
        .bind(by)
        .bind(at)
        .bind(outcome)
        .execute(conn)
        .await
        .map(|_| ())
        .map_err(refused("The state of the promotion could not be changed."))
}

/// Notes which promotions into the environment of one that has succeeded are taken back now.
pub async fn note_undone(conn: &mut PgConnection, id: PromotionId) -> Result<()> {
    const NOTED: &str = "It could not be noted what the promotion takes back.";
    let rows: Vec<(Uuid, bool, Option<Uuid>)> = sqlx::query_as(include_str!("queries/promotions_ended.sql"))
        .bind(id.0)
        .fetch_all(&mut *conn)
        .await
        .map_err(refused(NOTED))?;
    let ended = |(id, counts, back): (Uuid, bool, Option<Uuid>)| Ended {
        id: PromotionId(id),
        counts,
        back_before: back.map(PromotionId),
    };
    let history: Vec<Ended> = rows.into_iter().map(ended).collect();
    let back: Vec<Uuid> = taken_back(&history).into_iter().map(|id| id.0).collect();
    sqlx::query(include_str!("queries/promotions_undone.sql"))
        .bind(id.0)
        .bind(back)
        .execute(conn)
        .await
        .map(|_| ())
        .map_err(refused(NOTED))
}

/// Notes what a person found in the target.
pub async fn settle(conn: &mut PgConnection, id: PromotionId, by: &str, note: &str) -> Result<()> {
    sqlx::query("UPDATE promotions SET settled_by = $2, settled_at = now(), settled_note = $3 WHERE id = $1")
        .bind(id.0)
        .bind(by)
        .bind(note)
        .execute(conn)
        .await
        .map(|_| ())
        .map_err(refused("It could not be noted that the promotion is settled."))
}

/// One that needs attention and that nobody has looked at.
pub async fn unsettled(conn: &mut PgConnection, target: EnvironmentId) -> Result<Option<Kept>> {
    let sql = concat!(
        include_str!("queries/promotions.sql"),
        "WHERE p.target = $1 AND p.outcome ->> 'outcome' = 'needs_attention' AND p.settled_at IS NULL LIMIT 1"
    );
    let row: Option<Row> = sqlx::query_as(sql).bind(target.0).fetch_optional(conn).await.map_err(refused(READ))?;
    Ok(row.map(Kept::from))
}

/// Those that ended after this one in its environment and stand, oldest first.
pub async fn after(conn: &mut PgConnection, id: PromotionId) -> Result<Vec<Kept>> {
    let sql = concat!(
        include_str!("queries/promotions.sql"),
        "JOIN promotions AS one ON one.id = $1 AND one.target = p.target AND p.ended_at > one.ended_at ",
        "WHERE p.outcome ->> 'outcome' = 'succeeded' AND NOT p.undone ORDER BY p.ended_at"
    );
    let rows: Vec<Row> = sqlx::query_as(sql).bind(id.0).fetch_all(conn).await.map_err(refused(READ))?;
    Ok(rows.into_iter().map(Kept::from).collect())
}

/// The newest that succeeded in an environment.
pub async fn newest(conn: &mut PgConnection, target: EnvironmentId) -> Result<Option<Kept>> {
    Ok(standing(conn).await?.into_iter().find(|kept| kept.target == target))
}

#[derive(sqlx::FromRow)]
struct ApprovalRow {
    person: Uuid,
    name: String,
    role: String,
    decision: String,
    comment: String,
    at: DateTime<Utc>,
}

/// In the order in which they were given.
pub async fn approvals(conn: &mut PgConnection, id: PromotionId) -> Result<Vec<Approval>> {
    let rows: Vec<ApprovalRow> = sqlx::query_as(
        "SELECT person, name, role, decision, comment, at FROM approvals WHERE promotion = $1 ORDER BY at, person",
    )
    .bind(id.0)
    .fetch_all(conn)
    .await
    .map_err(refused("The approvals could not be read."))?;
    let approval = |row: ApprovalRow| Approval {
        by: PersonId(row.person),
        name: row.name,
        role: super::people::role(&row.role),
        decision: if row.decision == "approve" { Decision::Approve } else { Decision::Reject },
        comment: row.comment,
        at: row.at,
    };
    Ok(rows.into_iter().map(approval).collect())
}

/// Keeps a decision on what has `digest`; the database refuses the requester's own and one on anything else.
pub async fn decide(
    conn: &mut PgConnection,
    promotion: &Kept,
    digest: &str,
    by: &Actor,
    decision: Decision,
    comment: &str,
) -> Result<()> {
    sqlx::query(include_str!("queries/approval_insert.sql"))
        .bind(promotion.summary.id.0)
        .bind(by.id.0)
        .bind(promotion.requester.0)
        .bind(digest)
        .bind(&by.name)
        .bind(by.role.label())
        .bind(match decision {
            Decision::Approve => "approve",
            Decision::Reject => "reject",
        })
        .bind(comment)
        .execute(conn)
        .await
        .map(|_| ())
        .map_err(refused("The decision could not be kept."))
}
