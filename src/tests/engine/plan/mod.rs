//! Every case is done when the plan applies, both sides are equal afterwards, and planning again gives nothing; in both directions.

mod columns;
mod others;
mod partitions;
mod routines;
mod tables;
mod types;

use super::harness::{self, Database};
use futures::future::join_all;
use lockstep::catalog::Catalog;
use lockstep::diff;
use lockstep::plan::{Options, Plan, plan, script};

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
    if let Err(problem) = one_way(&target, &old, &new).await {
        return Some(format!("== {}\n{problem}", case.name));
    }
    if target.column(case.keeps).await != kept {
        return Some(format!("== {}\nrows were lost: {kept:?} became {:?}", case.name, target.column(case.keeps).await));
    }
    if let Err(problem) = one_way(&source, &new, &old).await {
        return Some(format!("== {} (the other way)\n{problem}", case.name));
    }
    harness::give_back(target);
    harness::give_back(source);
    None
}

/// Takes `database`, whose catalog is `before`, to `wanted`.
async fn one_way(database: &Database, before: &Catalog, wanted: &Catalog) -> Result<(), String> {
    let plan = made(wanted, before)?;
    if plan.is_empty() {
        return Err("the databases do not differ".to_owned());
    }
    apply(database, &script(&plan)).await?;
    let reached = database.catalog().await;
    let left = diff::diff(wanted, &reached);
    if !left.is_empty() {
        let shown = lockstep::plan::differences(wanted, &reached, &left);
        return Err(format!("differences are left:\n{}\nafter\n{}", shown.join("\n"), script(&plan)));
    }
    let again = script(&made(wanted, &reached)?);
    if !again.is_empty() {
        return Err(format!("planning again gives\n{again}"));
    }
    if reached.fingerprint() != wanted.fingerprint() {
        return Err("the fingerprints differ".to_owned());
    }
    Ok(())
}

fn made(source: &Catalog, target: &Catalog) -> Result<Plan, String> {
    let plan = plan(source, target, &Options::default());
    match plan.refused.first() {
        Some(problem) => Err(format!("refused: {problem}")),
        None => Ok(plan),
    }
}

async fn apply(target: &Database, script: &str) -> Result<(), String> {
    target.try_exec(script).await.map_err(|error| format!("{error}\nin\n{script}"))
}
