//! What pages and the command line show. Read models only: nothing here is stored.

use super::{
    AlertStanding, Approval, BackupMode, Environment, EnvironmentId, Outcome, Policy, Preview, PromotionId, ReleaseId, RunId,
    State,
};
use crate::catalog::Fingerprint;
use crate::lookup::{LookupSet, LookupTable};
use crate::problem::Problem;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use std::fmt;

/// The pipeline page.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Pipeline {
    pub name: String,
    /// In rank order.
    pub stages: Vec<Stage>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Stage {
    pub environment: Environment,
    pub reachable: Reachable,
    /// The version last promoted into it.
    pub version: Option<String>,
    pub promoted_by: Option<String>,
    pub promoted_at: Option<DateTime<Utc>>,
    /// A promotion that is waiting or running.
    pub open: Option<PromotionSummary>,
    /// What waits between the environment before and this one; none for the first.
    pub waiting: Option<Waiting>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "reachable", rename_all = "snake_case")]
pub enum Reachable {
    Yes { server_version: String },
    No { why: String },
}

/// "12 schema changes, 45 lookup rows".
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "waiting", rename_all = "snake_case")]
pub enum Waiting {
    Known { schema_changes: u64, lookup_rows: u64 },
    Unknown { why: String },
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ReleaseSummary {
    pub id: ReleaseId,
    pub version: String,
    pub notes: String,
    pub digest: Fingerprint,
    pub source: String,
    pub frozen_by: String,
    pub frozen_at: DateTime<Utc>,
    pub tables: u64,
    pub lookup_rows: u64,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PromotionSummary {
    pub id: PromotionId,
    pub version: String,
    pub source: String,
    pub target: String,
    pub target_label: String,
    pub requested_by: String,
    pub requested_at: DateTime<Utc>,
    pub state: State,
    pub schema_changes: u64,
    pub lookup_rows: u64,
    /// It succeeded, and all that it did was taken back since.
    pub undone: bool,
}

/// The promotion page. The preview's lookup rows are cut to the first of each table; the rest is paged.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PromotionDetail {
    pub summary: PromotionSummary,
    pub release: ReleaseSummary,
    pub target: EnvironmentId,
    pub notes: String,
    pub digest: Fingerprint,
    pub preview: Preview,
    pub lookup_totals: Vec<LookupTotal>,
    pub approvals: Vec<Approval>,
    pub approvals_needed: u32,
    /// Names of the people who could still approve.
    pub approvers: Vec<String>,
    /// What to do when nobody is left who could approve; none while somebody is.
    pub nobody: Option<String>,
    /// What somebody who approves types first; none where the environment is not protected.
    pub typed_name: Option<String>,
    /// What the person who looks may do, and why not.
    pub may: May,
    pub run: Option<RunId>,
    /// File name, bytes and SHA-256 of the backup, once there is one.
    pub backup: Option<BackupSummary>,
    /// What was found in the target of one that needed attention.
    pub settled: Option<Settled>,
    /// Whether people were alerted, where there was something to tell.
    pub alert: Option<AlertStanding>,
}

/// What a person found in the target of a promotion that needed attention, and did about it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Settled {
    pub by: String,
    pub at: DateTime<Utc>,
    pub note: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LookupTotal {
    pub table: String,
    pub inserts: u64,
    pub updates: u64,
    pub deletes: u64,
    pub kept: u64,
    /// Rows that somebody edited in the target, decided or not.
    pub edited: u64,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BackupSummary {
    pub mode: BackupMode,
    /// The archive; for a restore point what describes it.
    pub file: String,
    /// Of the archive, as its SHA-256 is; nothing for a restore point.
    pub bytes: u64,
    pub sha256: String,
    pub restore_point: Option<RestorePoint>,
    pub taken_at: DateTime<Utc>,
    /// Where it is: a folder of the console's machine, or a bucket.
    pub place: String,
    /// When newer backups took its place.
    pub removed_at: Option<DateTime<Utc>>,
}

/// A moment of a database that its provider can bring back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RestorePoint {
    /// As `recovery_target_name` takes it; none where the user may not name one.
    pub name: Option<String>,
    /// As `recovery_target_lsn` takes it.
    pub lsn: String,
    pub timeline: u32,
    /// The server's clock.
    pub at: DateTime<Utc>,
}

impl fmt::Display for RestorePoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(name) = &self.name {
            write!(f, "\u{201c}{name}\u{201d}, ")?;
        }
        write!(f, "log position {} of timeline {}", self.lsn, self.timeline)
    }
}

/// For each action: none when it is allowed, else the reason why not.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct May {
    pub approve: Option<String>,
    pub reject: Option<String>,
    pub run: Option<String>,
    pub cancel: Option<String>,
    /// Take chosen rows back.
    pub undo: Option<String>,
    /// Take all of it back.
    pub undo_all: Option<String>,
    /// Restore the backup of its run.
    pub restore: Option<String>,
    /// Say what was found in the target of one that needs attention.
    pub settle: Option<String>,
}

/// A draft on the preview page, before it is requested.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct DraftPreview {
    pub release: ReleaseSummary,
    pub environment: Environment,
    pub digest: Fingerprint,
    pub preview: Preview,
    pub lookup_totals: Vec<LookupTotal>,
}

/// Which changed rows of a lookup table a person wants to see.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RowsWanted {
    pub table: String,
    /// All kinds, when it is none.
    #[serde(default)]
    pub kind: Option<RowKind>,
    /// Part of any value that is not masked; empty for all rows.
    #[serde(default)]
    pub search: String,
    #[serde(default)]
    pub page: u64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RowKind {
    Added,
    Changed,
    Removed,
}

impl RowKind {
    pub const ALL: [Self; 3] = [Self::Added, Self::Changed, Self::Removed];

    /// As the address names it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Added => "added",
            Self::Changed => "changed",
            Self::Removed => "removed",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == text)
    }
}

/// One page of changed lookup rows.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct LookupPage {
    pub changes: crate::lookup::TableChanges,
    pub page: u64,
    pub pages: u64,
    pub total: u64,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct AuditEntry {
    pub seq: i64,
    pub at: DateTime<Utc>,
    pub actor: String,
    pub role: String,
    pub action: String,
    pub object: String,
    pub result: String,
    pub ip: String,
}

/// Two environments of a pipeline, and why a release may not go from the one to the other.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pair {
    pub from: EnvironmentId,
    pub from_label: String,
    pub to: EnvironmentId,
    pub to_label: String,
    /// None for a legal pair.
    pub why_not: Option<String>,
}

/// What an owner types to add or edit an environment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EnvironmentInput {
    pub name: String,
    pub label: String,
    /// `env:NAME` or `file:/path`.
    pub connection: String,
    /// The version in it is ignored: the store counts.
    pub policy: Policy,
}

/// The answer of a connection test.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConnectionReport {
    /// Host and port only.
    pub host: String,
    pub findings: Vec<Finding>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finding {
    /// "Server version", "pg_dump", "Privileges", "Pooler".
    pub what: String,
    pub good: bool,
    /// What was found, and when it is not good, the way out.
    pub text: String,
}

/// The lookup set of a pipeline as the owner edits it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LookupSetView {
    pub set: LookupSet,
    /// Tables of the first environment that look like lookup tables and are not in the set.
    pub suggested: Vec<Suggested>,
    /// What the first environment says against tables of the set.
    pub faults: Vec<Problem>,
    /// Why there are no suggestions, when the first environment could not be read.
    pub unread: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Suggested {
    pub table: LookupTable,
    pub why: String,
}

/// Narrows the history; empty fields do not.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct HistoryFilter {
    pub target: String,
    pub outcome: String,
    pub text: String,
    pub page: u64,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Page<T> {
    pub items: Vec<T>,
    /// From 0.
    pub page: u64,
    pub pages: u64,
    pub total: u64,
}

impl LookupTotal {
    /// The table as people read it: without quotes, and without the schema where that is `public`.
    pub fn name(&self) -> String {
        let plain = self.table.replace('"', "");
        plain.strip_prefix("public.").map_or(plain.clone(), str::to_owned)
    }
}

impl State {
    /// The words of product.md.
    pub fn label(&self) -> &'static str {
        match self {
            Self::AwaitingApproval => "Awaiting approval",
            Self::Approved => "Approved, ready to run",
            Self::Rejected => "Rejected",
            Self::Cancelled { .. } => "Withdrawn",
            Self::Running => "Running",
            Self::Finished { outcome, .. } => outcome.label(),
        }
    }
}

impl Outcome {
    /// The words of product.md.
    pub fn label(&self) -> &'static str {
        match self {
            Self::Succeeded => "Succeeded",
            Self::Failed { .. } => "Failed, nothing was changed",
            Self::RolledBack { .. } => "Rolled back",
            Self::NeedsAttention { .. } => "Needs attention",
            Self::Cancelled => "Cancelled",
        }
    }
}
