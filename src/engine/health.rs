//! How the environments are, for probes that know nobody: whether each answers and how many tables it has. Host and port, never more of
//! a connection, and of a problem only its kind and code.

use super::target::connect;
use super::{Console, Result, environments, sql_error};
use crate::access::Actor;
use crate::problem::ProblemKind;
use crate::promotion::Environment;
use serde::Serialize;

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct EnvironmentHealth {
    pub name: String,
    pub host: Option<String>,
    pub healthy: bool,
    /// Ordinary and partitioned tables outside the system's schemas; partitions count with their table.
    pub tables: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub problem: Option<ProblemKind>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sqlstate: Option<String>,
}

/// Asks all environments at once.
pub async fn health(console: &Console) -> Result<Vec<EnvironmentHealth>> {
    let all = environments(console, &Actor::command_line()).await?;
    Ok(futures::future::join_all(all.into_iter().map(one)).await)
}

async fn one(environment: Environment) -> EnvironmentHealth {
    let counted = tables(&environment).await;
    let problem = counted.as_ref().err();
    EnvironmentHealth {
        name: environment.name,
        host: environment.host,
        healthy: counted.is_ok(),
        tables: counted.as_ref().ok().copied(),
        problem: problem.map(|problem| problem.kind),
        sqlstate: problem.and_then(|problem| problem.sqlstate.clone()),
    }
}

async fn tables(environment: &Environment) -> Result<i64> {
    let mut session = connect::open(&connect::resolve(&environment.connection)?, "lockstep:health").await?;
    let count = sqlx::query_scalar(include_str!("queries/table_count.sql"))
        .fetch_one(&mut session)
        .await
        .map_err(sql_error::explain("The tables could not be counted."))?;
    connect::close(session).await;
    Ok(count)
}
