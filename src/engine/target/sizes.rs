//! How large the tables are that a plan is a risk to.

use super::super::Result;
use super::super::sql_error::explain;
use crate::catalog::QName;
use crate::plan::{Plan, TableSize};
use sqlx::PgConnection;
use std::collections::BTreeSet;

/// Of each table that a hazard of the plan names.
pub async fn sizes(conn: &mut PgConnection, plan: &Plan) -> Result<Vec<TableSize>> {
    let hazards = plan.statements().flat_map(|statement| &statement.hazards);
    let tables: BTreeSet<&QName> = hazards.filter_map(|hazard| hazard.table.as_ref()).collect();
    if tables.is_empty() {
        return Ok(Vec::new());
    }
    let (schemas, names): (Vec<String>, Vec<String>) =
        tables.into_iter().map(|table| (table.schema.clone(), table.name.clone())).unzip();
    let found: Vec<(String, String, Option<i64>, i64)> = sqlx::query_as(include_str!("queries/sizes.sql"))
        .bind(schemas)
        .bind(names)
        .fetch_all(conn)
        .await
        .map_err(explain("The sizes of the tables could not be read."))?;
    let size = |(schema, name, rows, bytes): (String, String, Option<i64>, i64)| TableSize {
        table: QName { schema, name },
        rows: rows.map(i64::unsigned_abs),
        bytes: bytes.unsigned_abs(),
    };
    Ok(found.into_iter().map(size).collect())
}
