//! What is in the tables and columns that a plan deletes.

use super::super::Result;
use super::super::sql_error::explain;
use super::connect::{self, TargetUrl};
use crate::catalog::ident::quote;
use crate::catalog::{Kind, QName};
use crate::plan::{HazardKind, Plan, Statement};
use sqlx::AssertSqlSafe;
use std::collections::BTreeSet;
use std::fmt;

/// More are not counted.
const MOST: u64 = 1_000_000;

/// A table or a column, and how much goes with it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Written {
    pub table: QName,
    pub column: Option<String>,
    pub rows: u64,
}

impl fmt::Display for Written {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let count = if self.rows > MOST { format!("more than {MOST}") } else { self.rows.to_string() };
        let ending = if self.rows == 1 { "" } else { "s" };
        match &self.column {
            None => write!(f, "{count} row{ending} of {}", self.table.shown()),
            Some(column) => write!(f, "{count} value{ending} of {column} in {}", self.table.shown()),
        }
    }
}

/// Everything that holds something.
pub async fn written(url: &TargetUrl, plan: &Plan) -> Result<Vec<Written>> {
    let deleted: BTreeSet<(QName, Option<String>)> = plan.statements().filter_map(|statement| deleted(plan, statement)).collect();
    let mut found = Vec::new();
    if deleted.is_empty() {
        return Ok(found);
    }
    let mut conn = connect::open(url, "lockstep:count").await?;
    for (table, column) in deleted {
        let held = column.as_ref().map_or(String::new(), |column| format!(" WHERE {} IS NOT NULL", quote(column)));
        let sql = format!("SELECT count(*) FROM (SELECT FROM {table}{held} LIMIT {}) AS few", MOST + 1);
        let rows: i64 = sqlx::query_scalar(AssertSqlSafe(sql))
            .fetch_one(&mut conn)
            .await
            .map_err(explain(format!("The rows of {} could not be counted.", table.shown())))?;
        found.extend((rows > 0).then(|| Written { table, column, rows: rows.unsigned_abs() }));
    }
    connect::close(conn).await;
    Ok(found)
}

/// Under the names that the target has now.
fn deleted(plan: &Plan, statement: &Statement) -> Option<(QName, Option<String>)> {
    let id = &statement.object;
    let deletes = statement.hazards.iter().any(|hazard| hazard.kind == HazardKind::DeletesData);
    let column = match id.kind {
        Kind::Table => None,
        Kind::Column => Some(id.part.clone()),
        _ => return None,
    };
    deletes.then(|| (plan.name_now(&id.qname()), column))
}
