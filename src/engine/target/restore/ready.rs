//! What would stop a restore, found before anything is touched.

use super::super::super::Result;
use super::super::super::sql_error::explain;
use crate::problem::{Problem, ProblemKind};
use sqlx::PgConnection;

const ASKING: &str = "The target could not be examined.";

/// How many things of one kind are named.
const NAMED: usize = 5;

/// Everything that stands in the way of replacing all that is in the target; `label` is what it is called.
pub async fn obstacles(conn: &mut PgConnection, label: &str) -> Result<Vec<Problem>> {
    let mut problems = Vec::new();
    problems.extend(of_others(conn, label).await?);
    problems.extend(bound(conn, label).await?);
    problems.extend(subscribed(conn, label).await?);
    Ok(problems)
}

async fn of_others(conn: &mut PgConnection, label: &str) -> Result<Option<Problem>> {
    let found: Vec<(String, String)> =
        sqlx::query_as(include_str!("../queries/restore_owned.sql")).fetch_all(conn).await.map_err(explain(ASKING))?;
    let Some((_, owner)) = found.first() else { return Ok(None) };
    let named: Vec<String> = found.iter().take(NAMED).map(|(name, owner)| format!("{name} belongs to {owner}")).collect();
    let more = found.len().saturating_sub(NAMED);
    let more = if more > 0 { format!(", and so {more} more") } else { String::new() };
    Ok(Some(
        Problem::new(ProblemKind::Forbidden, format!("The user may not replace everything that is in {label}."))
            .because(format!("{}{more}.", named.join(", ")))
            .way_out(format!("Connect as {owner}, as a member of it, or as a superuser."))
            .sqlstate("42501"),
    ))
}

/// What stays may not rest on what goes.
async fn bound(conn: &mut PgConnection, label: &str) -> Result<Option<Problem>> {
    let found: Vec<(String, String)> =
        sqlx::query_as(include_str!("../queries/restore_bound.sql")).fetch_all(conn).await.map_err(explain(ASKING))?;
    let named: Vec<String> = found.iter().take(NAMED).map(|(kept, on)| format!("{kept} rests on {on}")).collect();
    Ok((!named.is_empty()).then(|| {
        Problem::new(ProblemKind::Unsupported, format!("What a restore leaves in {label} rests on what it removes."))
            .because(format!("{}.", named.join(", ")))
            .way_out("Take apart what rests on the other, then restore.")
    }))
}

/// A subscription knows its tables by number: it would not know the new ones.
async fn subscribed(conn: &mut PgConnection, label: &str) -> Result<Option<Problem>> {
    let names: Vec<String> = sqlx::query_scalar(include_str!("../queries/restore_subscriptions.sql"))
        .fetch_all(conn)
        .await
        .map_err(explain(ASKING))?;
    Ok((!names.is_empty()).then(|| {
        Problem::new(ProblemKind::Unsupported, format!("{label} takes rows from another database."))
            .because(format!("The tables of the subscription {} would be replaced by new ones.", names.join(", ")))
            .way_out("Drop the subscription, restore, and make it again.")
    }))
}
