//! Every case is done when the plan applies, both sides are equal afterwards, and planning again gives nothing; in both directions.

mod columns;
mod dumped;
mod locked;
mod nasty;
mod others;
mod partitions;
mod random;
mod renames;
mod rights;
mod routines;
mod tables;
mod types;

pub use nasty::scripts;

use super::harness::{self, Database};
use futures::future::join_all;
use lockstep::catalog::Catalog;
use lockstep::diff;
use lockstep::engine::target::script::script;
use lockstep::plan::online::complete;
use lockstep::plan::{Options, Plan, plan};
use sqlx::{AssertSqlSafe, Connection, PgConnection};
use std::process::Stdio;
use tokio::io::AsyncWriteExt;

/// Two databases that differ: `both` is made in each, then `target` and `source` in their own.
pub struct Case {
    pub name: &'static str,
    pub both: &'static str,
    pub target: &'static str,
    pub source: &'static str,
    /// A query whose rows must be the same before and after.
    pub keeps: &'static str,
}

pub const CASE: Case = Case { name: "", both: "", target: "", source: "", keeps: "SELECT 1" };

/// Checks all cases in both directions; a failure names its case, and the others are still run.
pub async fn check(cases: &[Case]) {
    let mut failures = Vec::new();
    for few in cases.chunks(8) {
        failures.extend(join_all(few.iter().map(both_ways)).await.into_iter().flatten());
    }
    assert!(failures.is_empty(), "{} of {} cases fail\n\n{}", failures.len(), cases.len(), failures.join("\n\n"));
}

async fn both_ways(case: &Case) -> Option<String> {
    let (target, source) = (harness::empty_database().await, harness::empty_database().await);
    target.exec(&format!("{};{}", case.both, case.target)).await;
    source.exec(&format!("{};{}", case.both, case.source)).await;
    let (old, new) = (target.catalog().await, source.catalog().await);
    let kept = target.column(case.keeps).await;
    if let Err(problem) = one_way(&target, &old, &new, apply).await {
        return Some(format!("== {}\n{problem}", case.name));
    }
    if target.column(case.keeps).await != kept {
        return Some(format!("== {}\nrows were lost: {kept:?} became {:?}", case.name, target.column(case.keeps).await));
    }
    match dumped::differences(&target, &source).await {
        Ok(left) if left.is_empty() => {}
        Ok(left) | Err(left) => return Some(format!("== {} (pg_dump)\n{left}", case.name)),
    }
    if let Err(problem) = one_way(&source, &new, &old, apply).await {
        return Some(format!("== {} (the other way)\n{problem}", case.name));
    }
    harness::give_back(target);
    harness::give_back(source);
    None
}

/// Takes `database`, whose catalog is `before`, to `wanted`.
async fn one_way(
    database: &Database,
    before: &Catalog,
    wanted: &Catalog,
    apply: impl AsyncFn(&Database, &Plan) -> Result<(), String>,
) -> Result<(), String> {
    reach(database, before, wanted, &Options::default(), apply).await
}

async fn reach(
    database: &Database,
    before: &Catalog,
    wanted: &Catalog,
    options: &Options,
    apply: impl AsyncFn(&Database, &Plan) -> Result<(), String>,
) -> Result<(), String> {
    let plan = match plan(wanted, before, options) {
        plan if plan.refused.is_empty() => plan,
        plan => return Err(format!("refused: {}", plan.refused[0])),
    };
    if plan.is_empty() {
        return Err("the databases do not differ".to_owned());
    }
    let text = script(&plan, &[]);
    apply(database, &plan).await.map_err(|error| format!("{error}\nin\n{text}"))?;
    let reached = database.catalog().await;
    let left = diff::diff(wanted, &reached);
    if !left.is_empty() {
        let shown: Vec<String> = left.iter().flat_map(|change| diff::words::sentences(wanted, &reached, change)).collect();
        return Err(format!("differences are left:\n{}\nafter\n{text}", shown.join("\n")));
    }
    let again = script(&planned(wanted, &reached)?, &[]);
    if !again.is_empty() {
        return Err(format!("planning again gives\n{again}"));
    }
    if reached.fingerprint() != wanted.fingerprint() {
        return Err("the fingerprints differ".to_owned());
    }
    Ok(())
}

enum Made {
    Plan(Plan),
    Refused(String),
}

fn made(source: &Catalog, target: &Catalog) -> Made {
    let plan = plan(source, target, &Options::default());
    match plan.refused.first() {
        Some(problem) => Made::Refused(problem.to_string()),
        None => Made::Plan(plan),
    }
}

fn planned(source: &Catalog, target: &Catalog) -> Result<Plan, String> {
    match made(source, target) {
        Made::Refused(said) => Err(format!("refused: {said}")),
        Made::Plan(plan) => Ok(plan),
    }
}

/// As the runner sends it: statement by statement over the driver.
pub async fn apply(target: &Database, plan: &Plan) -> Result<(), String> {
    let mut session = target.connect().await;
    run(&mut session, "SET check_function_bodies = off").await?;
    let there = locked::tables(target).await;
    for phase in &plan.phases {
        if phase.transactional {
            run(&mut session, "BEGIN").await?;
        }
        for (at, statement) in phase.statements.iter().enumerate() {
            run(&mut session, &statement.sql).await?;
            if phase.transactional {
                locked::announced(&mut session, &there, &phase.statements[..=at]).await?;
            }
        }
        if phase.transactional {
            run(&mut session, "COMMIT").await?;
            let promised = complete(target.read(plan.scope).await, &plan.later);
            if promised.fingerprint() != plan.to {
                return Err("after the transaction the target is not what the plan says".to_owned());
            }
        }
    }
    session.close().await.map_err(|error| error.to_string())
}

async fn run(session: &mut PgConnection, sql: &str) -> Result<(), String> {
    let done = sqlx::raw_sql(AssertSqlSafe(sql.to_owned())).execute(session).await;
    done.map(|_| ()).map_err(|error| format!("{error}\nat\n{sql}"))
}

/// As people do it: the printed script through `psql`.
async fn psql(target: &Database, plan: &Plan) -> Result<(), String> {
    let script = script(plan, &[]);
    let mut child = tokio::process::Command::new("psql")
        .args(["-X", "-q", "-v", "ON_ERROR_STOP=1", "-f", "-", target.url()])
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .map_err(|error| error.to_string())?;
    let mut pipe = child.stdin.take().unwrap();
    // What psql does not read any more after an error is not missed.
    let _ = pipe.write_all(script.as_bytes()).await;
    drop(pipe);
    let output = child.wait_with_output().await.map_err(|error| error.to_string())?;
    if output.status.success() { Ok(()) } else { Err(String::from_utf8_lossy(&output.stderr).into_owned()) }
}
