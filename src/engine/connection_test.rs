//! Connects to what a reference names and says what works and what does not.

use super::permit::{Act, permit};
use super::sql_error::explain;
use super::target::backup;
use super::target::connect::{self, TargetUrl};
use super::{Console, Result};
use crate::access::{Action, Actor};
use crate::promotion::{ConnectionReport, Finding};
use sqlx::PgConnection;

/// The oldest server that Lockstep is tested with.
const OLDEST: i32 = 140_000;

/// Connects to what `reference` names and says what works and what does not.
pub async fn test_connection(console: &Console, actor: &Actor, reference: &str) -> Result<ConnectionReport> {
    permit(console, Action::Administer, Act::new(actor, "test a connection", "environments")).await?;
    let url = connect::resolve(reference.trim())?;
    let findings = match findings(console, &url).await {
        Ok(findings) => findings,
        Err(problem) => vec![Finding { what: "Connection".to_owned(), good: false, text: problem.to_string() }],
    };
    Ok(ConnectionReport { host: url.host(), findings })
}

#[derive(sqlx::FromRow)]
struct Facts {
    version: String,
    version_num: i32,
    encoding: String,
    in_recovery: bool,
    may_create_schemas: bool,
    superuser: bool,
    foreign_tables: Vec<String>,
}

async fn findings(console: &Console, url: &TargetUrl) -> Result<Vec<Finding>> {
    const FAILED: &str = "The database could not be asked about itself.";
    let mut conn = connect::open(url, "lockstep:test").await?;
    let facts: Facts =
        sqlx::query_as(include_str!("queries/connection_facts.sql")).fetch_one(&mut conn).await.map_err(explain(FAILED))?;
    let pooled = pooled(&mut conn).await?;
    let client = backup::pg_dump_version(console.pg_bin()).await;
    Ok(vec![
        server(&facts),
        match client {
            Ok(client) => dump(&facts, client),
            Err(problem) => finding("pg_dump", false, problem.to_string()),
        },
        privileges(url, &facts),
        match pooled {
            false => finding("Pooler", true, "Each session has a server process of its own."),
            true => finding(
                "Pooler",
                false,
                "A pooler in transaction mode stands before the server. Connect to the server itself, or in session mode.",
            ),
        },
    ])
}

fn finding(what: &str, good: bool, text: impl Into<String>) -> Finding {
    Finding { what: what.to_owned(), good, text: text.into() }
}

fn server(facts: &Facts) -> Finding {
    let Facts { version, encoding, .. } = facts;
    if facts.version_num < OLDEST {
        return finding("Server version", false, format!("PostgreSQL {version} is too old: Lockstep needs 14 or newer."));
    }
    if facts.in_recovery {
        let text = format!("PostgreSQL {version} is a standby and takes no changes. Connect to the primary server.");
        return finding("Server version", false, text);
    }
    finding("Server version", true, format!("PostgreSQL {version}, encoding {encoding}."))
}

fn dump(facts: &Facts, client: u32) -> Finding {
    let server = facts.version_num.unsigned_abs() / 10_000;
    let client = client / 10_000;
    let good = client >= server;
    let text = match good {
        true => format!("pg_dump {client} can back up this server."),
        false => format!("pg_dump {client} cannot back up a server {server}. Install the PostgreSQL {server} client."),
    };
    finding("pg_dump", good, text)
}

fn privileges(url: &TargetUrl, facts: &Facts) -> Finding {
    let user = url.user();
    if facts.superuser {
        return finding("Privileges", true, format!("{user} is a superuser."));
    }
    let mut missing = Vec::new();
    if !facts.may_create_schemas {
        missing.push(format!("{user} may not create schemas in {}", url.database()));
    }
    if let Some(first) = facts.foreign_tables.first() {
        let more = facts.foreign_tables.len() - 1;
        let others = if more > 0 { format!(" and {more} others") } else { String::new() };
        missing.push(format!("{user} does not own {first}{others}"));
    }
    match missing.is_empty() {
        true => finding("Privileges", true, format!("{user} owns every table and may create schemas.")),
        false => finding("Privileges", false, format!("{}. Connect as the owner.", missing.join(", and "))),
    }
}

/// A pooler in transaction mode gives each transaction another server process, or one that other clients use in between: a session
/// setting that was made in one transaction is then not there in the next.
async fn pooled(conn: &mut PgConnection) -> Result<bool> {
    const FAILED: &str = "It could not be found out whether a pooler stands before the server.";
    let mut processes = Vec::new();
    for _ in 0..5 {
        let process: i32 = sqlx::query_scalar("SELECT pg_backend_pid()").fetch_one(&mut *conn).await.map_err(explain(FAILED))?;
        processes.push(process);
    }
    let name: String =
        sqlx::query_scalar("SELECT current_setting('application_name')").fetch_one(conn).await.map_err(explain(FAILED))?;
    processes.dedup();
    Ok(processes.len() > 1 || name != "lockstep:test")
}
