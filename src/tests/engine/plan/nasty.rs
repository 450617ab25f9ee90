//! Cases written as SQL, one file per theme in `cases/`. A case begins with `--- name`; its parts begin with `-- both`, `-- target`,
//! `-- source`, `-- keeps` (a query whose rows stay the same), `-- refused` (words that the refusal holds), `-- one way` (the way back is
//! not asked for), `-- since` (the first `server_version_num` that knows it) or `-- dumped otherwise` (`pg_dump` tells apart what is left alone on purpose). The way back is taken online.

use super::{Made, dumped, made, one_way, psql, reach};
use crate::harness;
use futures::future::join_all;
use lockstep::engine::target::script::script;
use lockstep::plan::Options;
use std::collections::BTreeMap;

#[derive(Default)]
struct Case<'a> {
    name: &'a str,
    parts: BTreeMap<&'a str, String>,
}

impl Case<'_> {
    fn part(&self, name: &str) -> &str {
        self.parts.get(name).map_or("", String::as_str)
    }
}

fn parse(file: &str) -> Vec<Case<'_>> {
    let mut cases: Vec<Case<'_>> = Vec::new();
    let mut part = "";
    for line in file.lines() {
        if let Some(name) = line.strip_prefix("--- ") {
            cases.push(Case { name, ..Case::default() });
        } else if let (Some(name), Some(case)) = (line.strip_prefix("-- "), cases.last_mut()) {
            part = name;
            case.parts.entry(name).or_default();
        } else if let Some(case) = cases.last_mut() {
            let text = case.parts.entry(part).or_default();
            text.push_str(line);
            text.push('\n');
        }
    }
    cases
}

/// Both sides of every case, each as one script.
pub fn scripts() -> Vec<String> {
    let folder = format!("{}/src/tests/engine/plan/cases", env!("CARGO_MANIFEST_DIR"));
    let mut files: Vec<_> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    let mut all = Vec::new();
    for file in files {
        let text = std::fs::read_to_string(file).unwrap();
        for case in parse(&text) {
            all.extend(["target", "source"].map(|side| format!("{};{}", case.part("both"), case.part(side))));
        }
    }
    all
}

async fn failure(case: &Case<'_>) -> Option<String> {
    run(case).await.err().map(|problem| format!("== {}\n{problem}", case.name))
}

async fn run(case: &Case<'_>) -> Result<(), String> {
    let (target, source) = (harness::empty_database().await, harness::empty_database().await);
    for (database, part) in [(&target, "target"), (&source, "source")] {
        let sql = format!("{};{}", case.part("both"), case.part(part));
        database.try_exec(&sql).await.map_err(|error| format!("the case itself: {part}: {error}"))?;
    }
    let (old, new) = (target.catalog().await, source.catalog().await);
    if case.parts.contains_key("refused") {
        let words = case.part("refused").trim();
        return match made(&new, &old) {
            Made::Refused(said) if said.contains(words) => Ok(()),
            Made::Refused(said) => Err(format!("refused with other words: {said}")),
            Made::Plan(plan) => Err(format!("planned:\n{}", script(&plan, &[]))),
        };
    }
    let keeps = Some(case.part("keeps").trim()).filter(|query| !query.is_empty()).unwrap_or("SELECT 1");
    let kept = target.column(keeps).await;
    one_way(&target, &old, &new, psql).await?;
    let now = target.column(keeps).await;
    if now != kept {
        return Err(format!("rows were lost: {kept:?} became {now:?}"));
    }
    let left = dumped::differences(&target, &source).await?;
    if !left.is_empty() && !case.parts.contains_key("dumped otherwise") {
        return Err(format!("pg_dump tells them apart:\n{left}"));
    }
    if !case.parts.contains_key("one way") {
        reach(&source, &new, &old, &Options { online: true, ..Options::default() }, super::apply)
            .await
            .map_err(|problem| format!("the other way: {problem}"))?;
    }
    harness::give_back(target);
    harness::give_back(source);
    Ok(())
}

async fn check(theme: &str) {
    let file = format!("{}/src/tests/engine/plan/cases/{theme}.sql", env!("CARGO_MANIFEST_DIR"));
    let file = std::fs::read_to_string(file).unwrap();
    let only = std::env::var("LOCKSTEP_TEST_CASE").unwrap_or_default();
    let version = harness::empty_database().await.catalog().await.server_version;
    let newer = |case: &Case<'_>| case.part("since").trim().parse::<u32>().is_ok_and(|first| first > version);
    let cases: Vec<Case<'_>> = parse(&file).into_iter().filter(|case| case.name.contains(&only) && !newer(case)).collect();
    let mut failures = Vec::new();
    for few in cases.chunks(6) {
        failures.extend(join_all(few.iter().map(failure)).await.into_iter().flatten());
    }
    assert!(failures.is_empty(), "{} of {} cases fail\n\n{}", failures.len(), cases.len(), failures.join("\n\n"));
}

#[tokio::test]
async fn columns_reach_the_source_and_come_back() {
    check("columns").await;
}

#[tokio::test]
async fn counters_reach_the_source_and_come_back() {
    check("counters").await;
}

#[tokio::test]
async fn types_reach_the_source_and_come_back() {
    check("types").await;
}

#[tokio::test]
async fn enums_reach_the_source_and_come_back() {
    check("enums").await;
}

#[tokio::test]
async fn routines_reach_the_source_and_come_back() {
    check("routines").await;
}

#[tokio::test]
async fn views_reach_the_source_and_come_back() {
    check("views").await;
}

#[tokio::test]
async fn constraints_reach_the_source_and_come_back() {
    check("constraints").await;
}

#[tokio::test]
async fn indexes_reach_the_source_and_come_back() {
    check("indexes").await;
}

#[tokio::test]
async fn tables_reach_the_source_and_come_back() {
    check("tables").await;
}

#[tokio::test]
async fn partitions_reach_the_source_and_come_back() {
    check("partitions").await;
}

#[tokio::test]
async fn inheritance_reach_the_source_and_come_back() {
    check("inheritance").await;
}

#[tokio::test]
async fn names_reach_the_source_and_come_back() {
    check("names").await;
}

#[tokio::test]
async fn rules_of_rows_reach_the_source_and_come_back() {
    check("rules_of_rows").await;
}

#[tokio::test]
async fn together_reach_the_source_and_come_back() {
    check("together").await;
}

#[tokio::test]
async fn rules_reach_the_source_and_come_back() {
    check("rules").await;
}

#[tokio::test]
async fn statistics_reach_the_source_and_come_back() {
    check("statistics").await;
}

#[tokio::test]
async fn publications_reach_the_source_and_come_back() {
    check("publications").await;
}

#[tokio::test]
async fn event_triggers_reach_the_source_and_come_back() {
    check("event_triggers").await;
}

#[tokio::test]
async fn foreign_reach_the_source_and_come_back() {
    check("foreign").await;
}

#[tokio::test]
async fn operators_reach_the_source_and_come_back() {
    check("operators").await;
}

#[tokio::test]
async fn text_search_reach_the_source_and_come_back() {
    check("text_search").await;
}

#[tokio::test]
async fn ranges_reach_the_source_and_come_back() {
    check("ranges").await;
}

#[tokio::test]
async fn typed_reach_the_source_and_come_back() {
    check("typed").await;
}

#[tokio::test]
async fn base_types_reach_the_source_and_come_back() {
    check("base_types").await;
}

#[tokio::test]
async fn tablespaces_reach_the_source_and_come_back() {
    check("tablespaces").await;
}

#[tokio::test]
async fn not_null_reach_the_source_and_come_back() {
    check("not_null").await;
}

#[tokio::test]
async fn shapes_reach_the_source_and_come_back() {
    check("shapes").await;
}
