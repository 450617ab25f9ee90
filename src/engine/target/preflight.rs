//! What would stop a run, found all at once and before anything is touched.

use super::super::{Result, unbuilt};
use super::connect::TargetUrl;
use crate::problem::Problem;
use crate::promotion::Sealed;
use sqlx::PgConnection;
use std::path::Path;

/// Everything that stands in the way of applying `sealed`; empty when nothing does.
pub async fn preflight(_url: &TargetUrl, _sealed: &Sealed, _bin: Option<&Path>) -> Result<Vec<Problem>> {
    unbuilt()
}

/// Which database this is, whatever its URL: the cluster's `system_identifier` and the database's oid.
pub async fn identity(_conn: &mut PgConnection) -> Result<String> {
    unbuilt()
}
