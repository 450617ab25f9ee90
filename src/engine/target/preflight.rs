//! What would stop a run, found all at once and before anything is touched.

use super::super::Result;
use super::super::sql_error::explain;
use super::connect::{self, TargetUrl};
use super::{ledger, restore};
use crate::catalog::{Kind, ObjectId, QName};
use crate::plan::{Effect, Statement};
use crate::problem::{Problem, ProblemKind};
use crate::promotion::Sealed;
use sqlx::PgConnection;
use std::collections::BTreeSet;

const ASKING: &str = "The target could not be examined.";

#[derive(sqlx::FromRow)]
struct Facts {
    standby: bool,
    encoding: String,
    may_create: bool,
    has_ledger: bool,
}

/// Everything that stands in the way of applying `sealed`; empty when nothing does.
pub async fn preflight(url: &TargetUrl, sealed: &Sealed) -> Result<Vec<Problem>> {
    let mut conn = connect::open(url, "lockstep:preflight").await?;
    let mut problems = Vec::new();
    problems.extend(moved(&mut conn, sealed).await?);
    problems.extend(pooled(url, &mut conn).await?);
    let facts: Facts =
        sqlx::query_as(include_str!("queries/preflight.sql")).fetch_one(&mut conn).await.map_err(explain(ASKING))?;
    problems.extend(server(sealed, &facts));
    problems.extend(privileges(&mut conn, sealed, &facts).await?);
    problems.extend(prepared(&mut conn, sealed).await?);
    if sealed.restore.is_some() {
        problems.extend(restore::obstacles(&mut conn, &sealed.target).await?);
    }
    ledger::current(&mut conn).await?;
    connect::close(conn).await;
    Ok(problems)
}

/// Which database this is, whatever its URL: the cluster's `system_identifier` and the database's oid.
pub async fn identity(conn: &mut PgConnection) -> Result<String> {
    sqlx::query_scalar(include_str!("queries/identity.sql")).fetch_one(conn).await.map_err(explain(ASKING))
}

async fn moved(conn: &mut PgConnection, sealed: &Sealed) -> Result<Option<Problem>> {
    let here = identity(conn).await?;
    Ok((here != sealed.target_identity).then(|| {
        Problem::new(ProblemKind::Conflict, format!("{} is another database than the one that was approved.", sealed.target))
            .because("The connection leads to another server or to a copy, for instance after a failover or a restore.")
            .way_out("Check the environment's connection, look at the new preview and request the promotion again.")
    }))
}

/// Two sessions of ours that are open at the same time share a backend only behind a pooler.
async fn pooled(url: &TargetUrl, conn: &mut PgConnection) -> Result<Option<Problem>> {
    const BACKEND: &str = "SELECT pg_catalog.pg_backend_pid()";
    let mut other = connect::open(url, "lockstep:preflight").await?;
    let first: i32 = sqlx::query_scalar(BACKEND).fetch_one(&mut *conn).await.map_err(explain(ASKING))?;
    let second: i32 = sqlx::query_scalar(BACKEND).fetch_one(&mut other).await.map_err(explain(ASKING))?;
    let again: i32 = sqlx::query_scalar(BACKEND).fetch_one(&mut *conn).await.map_err(explain(ASKING))?;
    connect::close(other).await;
    Ok((first == second || first != again).then(|| {
        Problem::new(ProblemKind::Unsupported, "The connection goes through a pooler that shares sessions.")
            .because("Settings and locks of a session would leak to others and get lost in between.")
            .way_out("Connect to the server directly, or to a port of the pooler with pooling by session.")
    }))
}

fn server(sealed: &Sealed, facts: &Facts) -> Vec<Problem> {
    let mut problems = Vec::new();
    if facts.standby {
        problems.push(
            Problem::new(ProblemKind::Unsupported, format!("{} is a standby, which accepts no writes.", sealed.target))
                .way_out("Point the environment at the primary server."),
        );
    }
    let wide = sealed
        .lookup
        .iter()
        .filter(|table| facts.encoding == "SQL_ASCII" && table.written().flatten().flatten().any(|text| !text.is_ascii()));
    if facts.encoding == "SQL_ASCII" {
        problems.extend(wide.map(|table| {
            Problem::new(ProblemKind::Unsupported, format!("Rows of {} have letters beyond ASCII.", table.table.shown()))
                .because(format!("{} has the encoding SQL_ASCII, which does not know what they mean.", sealed.target))
                .way_out("Give the target's database the encoding UTF8.")
        }));
    }
    problems
}

async fn privileges(conn: &mut PgConnection, sealed: &Sealed, facts: &Facts) -> Result<Vec<Problem>> {
    let mut problems = Vec::new();
    let (schemas, names) = pairs(&touched(sealed));
    let foreign: Vec<(String, String, String)> = sqlx::query_as(include_str!("queries/preflight_owned.sql"))
        .bind(&schemas)
        .bind(&names)
        .fetch_all(&mut *conn)
        .await
        .map_err(explain(ASKING))?;
    for (schema, name, owner) in foreign {
        problems.push(missing(
            format!("{} belongs to {owner}.", QName::new(schema, name)),
            format!("Connect as {owner}, or as a member of it."),
        ));
    }
    problems.extend(silenced(conn, sealed).await?);
    let closed: Vec<String> = sqlx::query_scalar(include_str!("queries/preflight_schemas.sql"))
        .bind(created_in(sealed))
        .fetch_all(&mut *conn)
        .await
        .map_err(explain(ASKING))?;
    for schema in closed {
        problems.push(missing(
            format!("The user may create nothing in the schema {schema}."),
            format!("Let its owner grant CREATE on schema {schema} to the user."),
        ));
    }
    let new_schema =
        sealed.plan.changes.iter().any(|change| change.object.kind == Kind::Schema && change.effect == Effect::Added);
    if !facts.may_create && (new_schema || !facts.has_ledger) {
        let cause = "The user may create no schema, and the ledger needs the schema lockstep.";
        problems.push(missing(cause.to_owned(), "Let the database's owner grant CREATE on the database to the user.".to_owned()));
    }
    Ok(problems)
}

/// Only its owner turns a table's triggers off.
async fn silenced(conn: &mut PgConnection, sealed: &Sealed) -> Result<Vec<Problem>> {
    let quiet = sealed.lookup.iter().filter(|table| table.triggers_off && !table.is_empty());
    let (schemas, names) = pairs(&quiet.map(|table| table.table.clone()).collect());
    let foreign: Vec<(String, String, String)> = sqlx::query_as(include_str!("queries/preflight_silenced.sql"))
        .bind(schemas)
        .bind(names)
        .fetch_all(conn)
        .await
        .map_err(explain(ASKING))?;
    let problem = |(schema, name, owner)| {
        missing(
            format!("Triggers of {} are to stay off, and it belongs to {owner}.", QName::new(schema, name).shown()),
            format!("Connect as {owner}, or as a member of it, or let the environment's policy leave triggers on."),
        )
    };
    Ok(foreign.into_iter().map(problem).collect())
}

fn missing(cause: String, way_out: String) -> Problem {
    Problem::new(ProblemKind::Forbidden, "A privilege is missing in the target.")
        .because(cause)
        .way_out(way_out)
        .sqlstate("42501")
}

/// Relations that statements of the promotion change, where they are there already.
pub(super) fn touched(sealed: &Sealed) -> BTreeSet<QName> {
    relations(sealed.plan.statements())
}

pub(super) fn relations<'a>(statements: impl Iterator<Item = &'a Statement>) -> BTreeSet<QName> {
    let relation = |id: &ObjectId| match id.kind {
        Kind::Table | Kind::Column | Kind::Constraint | Kind::Trigger | Kind::Policy | Kind::Index => Some(id.owner().qname()),
        Kind::View | Kind::MaterializedView | Kind::Sequence => Some(id.qname()),
        _ => None,
    };
    statements.filter_map(|statement| relation(&statement.object)).collect()
}

fn created_in(sealed: &Sealed) -> Vec<String> {
    let added = sealed.plan.changes.iter().filter(|change| change.effect == Effect::Added && change.object.kind != Kind::Schema);
    let schemas: BTreeSet<String> =
        added.map(|change| change.object.schema.clone()).filter(|schema| !schema.is_empty()).collect();
    schemas.into_iter().collect()
}

fn pairs(names: &BTreeSet<QName>) -> (Vec<String>, Vec<String>) {
    names.iter().map(|name| (name.schema.clone(), name.name.clone())).unzip()
}

async fn prepared(conn: &mut PgConnection, sealed: &Sealed) -> Result<Vec<Problem>> {
    let mut names = touched(sealed);
    names.extend(sealed.lookup.iter().map(|table| table.table.clone()));
    names.extend(sealed.restore.iter().flat_map(|restore| &restore.tables).filter_map(|one| one.table.clone()));
    let (schemas, names) = pairs(&names);
    let found: Vec<(String, String, String)> = sqlx::query_as(include_str!("queries/preflight_prepared.sql"))
        .bind(&schemas)
        .bind(&names)
        .fetch_all(conn)
        .await
        .map_err(explain(ASKING))?;
    let problem = |(gid, owner, age): (String, String, String)| {
        Problem::new(ProblemKind::Conflict, format!("The prepared transaction {gid} holds locks on tables of the promotion."))
            .because(format!("{owner} prepared it {age} ago, and it holds them until it is committed or rolled back."))
            .way_out("Let its owner finish it.")
    };
    Ok(found.into_iter().map(problem).collect())
}
