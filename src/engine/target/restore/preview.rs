//! What a restore would do to a target.

use super::super::super::Result;
use super::super::super::hashes::Kept;
use super::super::connect::TargetUrl;
use super::super::reading::Reading;
use super::super::{preflight, sizes, written};
use super::ready::obstacles;
use super::rows::compare;
use super::source::ALL;
use crate::catalog::{Catalog, Fingerprint};
use crate::lookup::fingerprint;
use crate::plan::{self, Options};
use crate::promotion::{Policy, Preview, Restore, Sealed, preview};
use crate::release::{Content, Held};
use sqlx::PgConnection;

/// What is to be previewed.
pub struct Question<'a> {
    pub content: &'a Content,
    pub held: &'a Held,
    /// Of `content`.
    pub digest: &'a Fingerprint,
    pub kept: &'a mut dyn Kept,
    pub url: &'a TargetUrl,
    /// The environment's name, sealed with the request.
    pub target: &'a str,
    pub policy: &'a Policy,
}

/// Reads the target in one snapshot and holds it against the backup. Gives the target's schema, too.
pub async fn preview(question: Question<'_>) -> Result<(Preview, Catalog)> {
    let Question { content, held, digest, kept, url, target, policy } = question;
    let mut reading = Reading::open(url, "lockstep:preview", ALL).await?;
    let identity = preflight::identity(&mut reading.conn).await?;
    let whole = plan::plan(&content.catalog, &reading.catalog, &Options { scope: ALL, ..Options::default() });
    let tables = compare(&mut reading.conn, &reading.catalog, &content.catalog, held, kept).await?;
    let sizes = sizes::sizes(&mut reading.conn, &whole).await?;
    let blockers = obstacles(&mut reading.conn, target).await?;
    let mut warnings = warnings(&mut reading.conn, held, &identity).await?;
    let catalog = std::mem::take(&mut reading.catalog);
    reading.close().await;
    let gone = written::written(url, &whole).await?;
    let values = gone.iter().filter(|what| what.column.is_some());
    warnings.extend(values.map(|what| format!("The backup has no such column: {what} will be gone.")));
    let nothing = fingerprint(std::iter::empty());
    let restore = Restore { file: held.file.clone(), sha256: held.sha256.clone(), taken_at: held.taken_at, tables };
    let sealed = Sealed {
        release: digest.clone(),
        target: target.to_owned(),
        target_identity: identity,
        policy_version: policy.version,
        plan: whole.differences(),
        lookup: Vec::new(),
        lookup_from: nothing.clone(),
        lookup_to: nothing,
        restore: Some(restore),
    };
    let not_compared = catalog.not_compared.clone();
    let preview = Preview { format: preview::FORMAT, sealed, checks: Vec::new(), not_compared, sizes, blockers, warnings };
    Ok((preview, catalog))
}

async fn warnings(conn: &mut PgConnection, held: &Held, identity: &str) -> Result<Vec<String>> {
    let mut warnings = Vec::new();
    if held.target_identity != identity {
        warnings.push("The backup was taken of another database than the one behind the connection now.".to_owned());
    }
    if let Some(complaint) = &held.complaint {
        warnings.push(format!("The backup was restored on trial, and PostgreSQL complained: {complaint}"));
    }
    let extensions: Vec<String> =
        sqlx::query_scalar("SELECT extname::text FROM pg_catalog.pg_extension WHERE extconfig IS NOT NULL ORDER BY 1")
            .fetch_all(conn)
            .await
            .map_err(super::super::super::sql_error::explain("The extensions could not be read."))?;
    if !extensions.is_empty() {
        warnings.push(format!("Rows in tables of extensions stay as they are: {}.", extensions.join(", ")));
    }
    Ok(warnings)
}
