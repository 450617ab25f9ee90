//! Frozen releases.

use super::refused::refused;
use crate::access::Actor;
use crate::catalog::{Fingerprint, Kind};
use crate::engine::Result;
use crate::problem::{Problem, ProblemKind};
use crate::promotion::policy::Origin;
use crate::promotion::{EnvironmentId, PromotionId, ReleaseId, ReleaseSummary};
use crate::release::Content;
use chrono::{DateTime, Utc};
use sqlx::PgConnection;
use uuid::Uuid;

/// A release as the store keeps it, without its content.
#[derive(Debug, Clone)]
pub struct Kept {
    pub summary: ReleaseSummary,
    pub source: EnvironmentId,
    pub origin: Origin,
    /// Where a promotion of it has succeeded.
    pub succeeded_in: Vec<EnvironmentId>,
}

#[derive(sqlx::FromRow)]
struct Row {
    id: Uuid,
    version: String,
    notes: String,
    digest: String,
    source: Uuid,
    imported: bool,
    undoes: Option<Uuid>,
    whole: bool,
    restores: bool,
    source_label: String,
    frozen_by_name: String,
    frozen_at: DateTime<Utc>,
    tables: i64,
    lookup_rows: i64,
    succeeded_in: Vec<Uuid>,
}

impl From<Row> for Kept {
    fn from(row: Row) -> Self {
        Self {
            summary: ReleaseSummary {
                id: ReleaseId(row.id),
                version: row.version,
                notes: row.notes,
                digest: Fingerprint(row.digest),
                source: row.source_label,
                frozen_by: row.frozen_by_name,
                frozen_at: row.frozen_at,
                tables: row.tables.unsigned_abs(),
                lookup_rows: row.lookup_rows.unsigned_abs(),
            },
            source: EnvironmentId(row.source),
            origin: match row.undoes {
                Some(of) if row.restores => Origin::Restore { of: PromotionId(of) },
                Some(of) => Origin::Undo { of: PromotionId(of), whole: row.whole },
                None if row.imported => Origin::File,
                None => Origin::Frozen,
            },
            succeeded_in: row.succeeded_in.into_iter().map(EnvironmentId).collect(),
        }
    }
}

/// Newest first.
pub async fn all(conn: &mut PgConnection) -> Result<Vec<Kept>> {
    read(conn, None, None).await
}

pub async fn by_id(conn: &mut PgConnection, id: ReleaseId) -> Result<Option<Kept>> {
    Ok(read(conn, Some(id.0), None).await?.pop())
}

pub async fn by_version(conn: &mut PgConnection, version: &str) -> Result<Option<Kept>> {
    Ok(read(conn, None, Some(version)).await?.pop())
}

async fn read(conn: &mut PgConnection, id: Option<Uuid>, version: Option<&str>) -> Result<Vec<Kept>> {
    let rows: Vec<Row> = sqlx::query_as(include_str!("queries/releases.sql"))
        .bind(id)
        .bind(version)
        .fetch_all(conn)
        .await
        .map_err(refused("The releases could not be read."))?;
    Ok(rows.into_iter().map(Kept::from).collect())
}

/// What is new in a release when it is frozen.
pub struct Fresh<'a> {
    pub id: ReleaseId,
    pub version: &'a str,
    pub notes: &'a str,
    pub digest: &'a Fingerprint,
    pub content: &'a Content,
    pub source: EnvironmentId,
    pub source_label: &'a str,
    pub origin: Origin,
}

const KEPT: &str = "The release could not be kept.";

/// Its rows are kept already, as `rows`.
pub async fn insert(conn: &mut PgConnection, fresh: &Fresh<'_>, rows: Uuid, by: &Actor) -> Result<()> {
    keep(conn, fresh.content, fresh.digest, rows).await?;
    let tables = fresh.content.catalog.objects.keys().filter(|id| id.kind == Kind::Table).count();
    sqlx::query(include_str!("queries/release_insert.sql"))
        .bind(fresh.id.0)
        .bind(fresh.version)
        .bind(fresh.notes)
        .bind(&fresh.digest.0)
        .bind(fresh.source.0)
        .bind(fresh.source_label)
        .bind(by.id.0)
        .bind(&by.name)
        .bind(i64::try_from(tables).unwrap_or(i64::MAX))
        .bind(i64::try_from(fresh.content.rows()).unwrap_or(i64::MAX))
        .bind(fresh.origin == Origin::File)
        .bind(match fresh.origin {
            Origin::Undo { of, .. } | Origin::Restore { of } => Some(of.0),
            Origin::Frozen | Origin::File => None,
        })
        .bind(matches!(fresh.origin, Origin::Undo { whole: true, .. } | Origin::Restore { .. }))
        .bind(matches!(fresh.origin, Origin::Restore { .. }))
        .execute(conn)
        .await
        .map(|_| ())
        .map_err(refused(KEPT))
}

/// Keeps a content by its digest; one that is kept already stays as it is.
pub async fn keep(conn: &mut PgConnection, content: &Content, digest: &Fingerprint, rows: Uuid) -> Result<()> {
    let text =
        serde_json::to_string(content).map_err(|error| Problem::new(ProblemKind::Internal, KEPT).because(format!("{error}.")))?;
    sqlx::query(
        "INSERT INTO release_contents (digest, format, content, rows) VALUES ($1, $2, $3, $4) ON CONFLICT (digest) DO NOTHING",
    )
    .bind(&digest.0)
    .bind(i32::try_from(crate::release::FORMAT).unwrap_or(i32::MAX))
    .bind(text)
    .bind(rows)
    .execute(conn)
    .await
    .map(|_| ())
    .map_err(refused(KEPT))
}

/// Whether there is a content with this digest, so that its rows need not be kept again.
pub async fn is_kept(conn: &mut PgConnection, digest: &Fingerprint) -> Result<bool> {
    sqlx::query_scalar("SELECT EXISTS (SELECT FROM release_contents WHERE digest = $1)")
        .bind(&digest.0)
        .fetch_one(conn)
        .await
        .map_err(refused(KEPT))
}

/// The digests of the releases that were promoted into an environment, the last one first.
pub async fn promoted(conn: &mut PgConnection, target: EnvironmentId) -> Result<Vec<Fingerprint>> {
    let digests: Vec<String> = sqlx::query_scalar(include_str!("queries/promoted.sql"))
        .bind(target.0)
        .fetch_all(conn)
        .await
        .map_err(refused("What was promoted last could not be read."))?;
    Ok(digests.into_iter().map(Fingerprint).collect())
}

/// The content with this digest, and what its rows are kept as.
pub async fn content(conn: &mut PgConnection, digest: &Fingerprint) -> Result<(Content, Uuid)> {
    let (text, rows): (String, Option<Uuid>) = sqlx::query_as("SELECT content, rows FROM release_contents WHERE digest = $1")
        .bind(&digest.0)
        .fetch_one(conn)
        .await
        .map_err(refused("The release's content could not be read."))?;
    Ok((Content::stored(&text, digest)?, rows.unwrap_or_default()))
}
