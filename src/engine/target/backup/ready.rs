//! What would stop a backup, found before anything is touched.

use super::super::super::Result;
use super::super::super::sql_error::explain;
use super::super::{connect, programs};
use super::{Extent, Order, READING, Trial, room};
use crate::problem::{Problem, ProblemKind};
use sqlx::PgConnection;

#[derive(sqlx::FromRow)]
pub struct Facts {
    may_create_databases: bool,
    pub server_version: i32,
    standby: bool,
    wal_level: String,
    pub may_name_points: bool,
    locks_each: i64,
    sessions: i64,
    relations: i64,
}

pub async fn facts(conn: &mut PgConnection) -> Result<Facts> {
    sqlx::query_as(include_str!("../queries/backup_facts.sql")).fetch_one(conn).await.map_err(explain(READING))
}

/// Everything that stands in the way of the backup, and of what it is tried for; empty when nothing does.
pub async fn obstacles(order: &Order<'_>, trial: Option<Trial>) -> Result<Vec<Problem>> {
    let mut conn = connect::open(order.url, "lockstep:preflight").await?;
    let facts = facts(&mut conn).await?;
    let mut problems = Vec::new();
    match order.extent {
        Extent::External => problems.extend(no_log(order, &facts)),
        Extent::Full | Extent::Touched(_) => {
            problems.extend(few_locks(order, &facts));
            problems.extend(match programs::pg_dump_version(order.bin).await {
                Ok(version) => older(version, facts.server_version.unsigned_abs()),
                Err(problem) => Some(problem),
            });
        }
    }
    problems.extend(trial.into_iter().flat_map(|trial| no_scratch(order, trial, &facts)));
    problems.extend(room::too_little(&mut conn, order).await?);
    connect::close(conn).await;
    Ok(problems)
}

/// Why no moment of this server can be gone back to.
pub fn no_log(order: &Order<'_>, facts: &Facts) -> Option<Problem> {
    let what = format!("No restore point can be made for {}.", order.url);
    if facts.standby {
        return Some(
            Problem::new(ProblemKind::Unsupported, what)
                .because("The server is a standby: its log is written by the primary server.")
                .way_out("Point the environment at the primary server."),
        );
    }
    (facts.wal_level == "minimal").then(|| {
        Problem::new(ProblemKind::Unsupported, what)
            .because("wal_level is minimal, so that nobody can bring the database back to a moment of its past.")
            .way_out("Set wal_level to replica and let somebody archive the log, or let the policy keep a dump.")
    })
}

/// Why there can be no scratch database, or nothing to try in it.
fn no_scratch(order: &Order<'_>, trial: Trial, facts: &Facts) -> Vec<Problem> {
    let (label, user) = (trial.label(), order.url.user());
    let what = || format!("There can be no {label} of {}.", order.url);
    let mut problems = Vec::new();
    if trial == Trial::Rehearsal && *order.extent != Extent::Full {
        problems.push(
            Problem::new(ProblemKind::Unsupported, what())
                .because("It needs a backup of everything, and the policy keeps less.")
                .way_out("Let the policy keep everything, or take the rehearsal out of it."),
        );
    }
    if facts.standby {
        problems.push(
            Problem::new(ProblemKind::Unsupported, what())
                .because("The server is a standby, on which no scratch database can be made.")
                .way_out("Point the environment at the primary server."),
        );
    }
    if !facts.may_create_databases {
        problems.push(
            Problem::new(ProblemKind::Forbidden, what())
                .because(format!("It needs a scratch database, and the user {user} may create none."))
                .way_out(match trial {
                    Trial::Restore => format!("Let a superuser give {user} the attribute CREATEDB."),
                    _ => format!("Let a superuser give {user} the attribute CREATEDB, or take the {label} out of the policy."),
                })
                .sqlstate("42501"),
        );
    }
    problems
}

/// `pg_dump` locks every relation in one transaction.
fn few_locks(order: &Order<'_>, facts: &Facts) -> Option<Problem> {
    let locks = facts.locks_each.saturating_mul(facts.sessions);
    (facts.relations > locks).then(|| {
        Problem::new(ProblemKind::Unsupported, format!("The server of {} has room for too few locks.", order.url))
            .because(format!("A backup locks {} relations, and there is room for about {locks}.", facts.relations))
            .way_out(format!(
                "Set max_locks_per_transaction to {} on that server and restart it.",
                facts.relations / facts.sessions.max(1) + 64
            ))
    })
}

fn older(pg_dump: u32, server: u32) -> Option<Problem> {
    (pg_dump / 10_000 < server / 10_000).then(|| {
        let (ours, theirs) = (pg_dump / 10_000, server / 10_000);
        Problem::new(ProblemKind::Unsupported, format!("pg_dump is of PostgreSQL {ours}, and the target is {theirs}."))
            .because("pg_dump refuses servers that are newer than itself, and without a backup nothing is applied.")
            .way_out(format!("Install the client programs of PostgreSQL {theirs} on the machine of the console."))
    })
}
