//! Questions to the rows of a target, asked before approval and again before a run.

use super::super::{Result, unbuilt};
use crate::catalog::Catalog;
use crate::lookup::TableChanges;
use crate::plan::Check;
use crate::problem::Problem;
use crate::promotion::CheckResult;
use sqlx::PgConnection;

/// Asks each question, for at most `timeout_ms` each. Needs a transaction; a question that fails does not end it.
pub async fn run(_conn: &mut PgConnection, _checks: &[Check], _timeout_ms: u32) -> Result<Vec<CheckResult>> {
    unbuilt()
}

/// Rows outside the lookup set that refer to lookup rows which the sync would delete, by table and count.
pub async fn references(_conn: &mut PgConnection, _target: &Catalog, _changes: &[TableChanges]) -> Result<Vec<Problem>> {
    unbuilt()
}
