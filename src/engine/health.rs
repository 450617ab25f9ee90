//! How the environments are, for probes that know nobody: whether each answers and how many tables it has. Host and port, never more of
//! a connection, and of a problem only its kind and code.

use super::target::connect;
use super::{Console, Result, environments, sql_error};
use crate::access::Actor;
use crate::problem::ProblemKind;
use crate::promotion::Environment;
use serde::Serialize;
use std::time::{Duration, Instant};
use tokio::sync::Mutex;

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

/// An answer is good for this long: however many ask, the databases are asked once.
const FRESH: Duration = Duration::from_secs(5);

/// What was found when, kept by the console.
#[derive(Default)]
pub struct LastHealth(Mutex<Option<(Instant, Vec<EnvironmentHealth>)>>);

/// Asks all environments at once, or gives what was found a moment ago.
pub async fn health(console: &Console) -> Result<Vec<EnvironmentHealth>> {
    let mut last = console.last_health().0.lock().await;
    if let Some((_, found)) = last.as_ref().filter(|(at, _)| at.elapsed() < FRESH) {
        return Ok(found.clone());
    }
    let all = environments(console, &Actor::command_line()).await?;
    let found = futures::future::join_all(all.into_iter().map(one)).await;
    *last = Some((Instant::now(), found.clone()));
    Ok(found)
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
