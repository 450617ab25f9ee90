//! Databases that take rows from the target: they get what a promotion writes, and not what it changes in the schema.

use super::super::Result;
use super::super::sql_error::explain;
use crate::catalog::{Kind, QName};
use crate::lookup::TableChanges;
use crate::plan::Plan;
use sqlx::PgConnection;
use std::collections::BTreeSet;

pub async fn warnings(conn: &mut PgConnection, plan: &Plan, lookup: &[TableChanges]) -> Result<Vec<String>> {
    let altered = plan.changes.iter().map(|change| &change.object).filter(|object| object.kind == Kind::Table);
    let written = lookup.iter().filter(|table| !table.is_empty()).map(|table| table.table.clone());
    let tables: BTreeSet<QName> = altered.map(|object| object.qname()).chain(written).collect();
    if tables.is_empty() {
        return Ok(Vec::new());
    }
    let (schemas, names): (Vec<String>, Vec<String>) = tables.into_iter().map(|table| (table.schema, table.name)).unzip();
    let publications: Vec<String> = sqlx::query_scalar(include_str!("queries/subscribed.sql"))
        .bind(schemas)
        .bind(names)
        .fetch_all(conn)
        .await
        .map_err(explain("The publications of the target could not be read."))?;
    let warning = |name| {
        format!(
            "Subscribers of the publication {name} get the rows that are written, and not what changes in the schema: change it there first."
        )
    };
    Ok(publications.into_iter().map(warning).collect())
}
