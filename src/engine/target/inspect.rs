//! Reads a target after a promotion: which way it went, what is not done, and who is still there.

use super::super::Result;
use super::super::sql_error::explain;
use super::connect::{self, TargetUrl};
use super::ledger;
use super::verify::State;
use crate::lookup::LookupSet;
use crate::plan::online::complete;
use crate::promotion::{InDatabase, LedgerRow, LeftStatement, Like, Sealed};
use crate::run::RunId;
use sqlx::{AssertSqlSafe, PgConnection};

/// In one snapshot.
pub async fn inspect(url: &TargetUrl, run: RunId, sealed: &Sealed, set: &LookupSet) -> Result<InDatabase> {
    let mut conn = connect::open(url, "lockstep:inspect").await?;
    let mut snapshot = connect::snapshot(&mut conn).await?;
    let committed = ledger::find(&mut snapshot, run).await?.is_some();
    let last = ledger::current(&mut snapshot).await?;
    let left = if committed { left(&mut snapshot, sealed).await? } else { Vec::new() };
    let State { catalog, lookup } = State::read(&mut snapshot, set, sealed.plan.scope).await?;
    let sessions = sessions(&mut snapshot, run).await?;
    drop(snapshot);
    connect::close(conn).await;
    let now = catalog.fingerprint();
    let after = now == sealed.plan.to || (committed && complete(catalog, &sealed.plan.later).fingerprint() == sealed.plan.to);
    Ok(InDatabase {
        last: last.map(|row| LedgerRow { version: row.version, by: row.by, at: row.applied_at }),
        committed,
        schema: Like::of(now == sealed.plan.from, after),
        lookup: sealed.restore.is_none().then(|| Like::of(lookup == sealed.lookup_from, lookup == sealed.lookup_to)),
        left,
        sessions,
        runbook: Vec::new(),
    })
}

/// Statements after the transaction of which the target says that they are not done.
async fn left(conn: &mut PgConnection, sealed: &Sealed) -> Result<Vec<LeftStatement>> {
    let mut left = Vec::new();
    for statement in sealed.plan.after() {
        let Some(outside) = &statement.outside else { continue };
        let done: bool = sqlx::query_scalar(AssertSqlSafe(outside.done.clone()))
            .fetch_one(&mut *conn)
            .await
            .map_err(explain("It could not be seen what is done after the transaction."))?;
        if !done {
            left.push(LeftStatement { summary: statement.summary.clone(), sql: statement.sql.clone() });
        }
    }
    Ok(left)
}

async fn sessions(conn: &mut PgConnection, run: RunId) -> Result<Vec<String>> {
    sqlx::query_scalar(include_str!("queries/sessions_of_run.sql"))
        .bind(run.0.to_string())
        .fetch_all(conn)
        .await
        .map_err(explain("The sessions of the run could not be read."))
}
