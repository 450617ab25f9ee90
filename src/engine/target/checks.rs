//! Questions to the rows of a target, asked before approval and again before a run.

use super::super::Result;
use super::super::sql_error::{explain, problem};
use crate::catalog::ident::literal;
use crate::catalog::{Catalog, ConstraintType, Object, QName, References};
use crate::lookup::{LookupSet, TableChanges};
use crate::plan::Check;
use crate::problem::{Problem, ProblemKind};
use crate::promotion::CheckResult;
use sqlx::{AssertSqlSafe, Executor, PgConnection};

/// Values in one question.
const BATCH: usize = 1_000;

/// Asks each question, for at most `timeout_ms` each. Needs a transaction; a question that fails does not end it.
pub async fn run(conn: &mut PgConnection, checks: &[Check], timeout_ms: u32) -> Result<Vec<CheckResult>> {
    const ASKING: &str = "The target's rows could not be checked.";
    let mut results = Vec::new();
    for check in checks {
        let begin = format!("SAVEPOINT question; SET LOCAL statement_timeout = {timeout_ms}");
        conn.execute(AssertSqlSafe(begin)).await.map_err(explain(ASKING))?;
        let result = match ask(conn, check).await {
            Ok((offending, samples)) => CheckResult { check: check.clone(), offending: Some(offending), samples },
            Err(error) => {
                let why = problem(ASKING, &error);
                CheckResult { check: check.clone(), offending: None, samples: vec![why.cause] }
            }
        };
        conn.execute("ROLLBACK TO SAVEPOINT question; RELEASE SAVEPOINT question").await.map_err(explain(ASKING))?;
        results.push(result);
    }
    Ok(results)
}

async fn ask(conn: &mut PgConnection, check: &Check) -> std::result::Result<(u64, Vec<String>), sqlx::Error> {
    if let Some(prepare) = &check.prepare {
        conn.execute(AssertSqlSafe(prepare.clone())).await?;
    }
    let count: i64 = sqlx::query_scalar(AssertSqlSafe(check.count.clone())).fetch_one(&mut *conn).await?;
    let samples: Vec<Option<String>> = match count {
        0 => Vec::new(),
        _ => sqlx::query_scalar(AssertSqlSafe(check.sample.clone())).fetch_all(&mut *conn).await?,
    };
    Ok((count.unsigned_abs(), samples.into_iter().flatten().map(|sample| masked(&sample)).collect()))
}

/// Enough to find a row, too little to learn from it: numbers, times, ids and short codes stay, longer texts show their ends.
fn masked(sample: &str) -> String {
    const SHORT: usize = 4;
    let part = |part: &str| {
        let length = part.chars().count();
        let plain =
            part.starts_with("row (") || part.chars().all(|letter| letter.is_ascii_hexdigit() || "-:.+ ".contains(letter));
        match (part.chars().next(), part.chars().next_back()) {
            (Some(first), Some(last)) if length > SHORT && !plain => format!("{first}•••{last}"),
            _ => part.to_owned(),
        }
    };
    sample.split(", ").map(part).collect::<Vec<_>>().join(", ")
}

/// Rows outside the lookup set that refer to lookup rows which the sync would delete, by table and count. Also those that PostgreSQL
/// would delete or empty along with them: rows of an application are never lost to a sync.
pub async fn references(
    conn: &mut PgConnection,
    target: &Catalog,
    set: &LookupSet,
    changes: &[TableChanges],
) -> Result<Vec<Problem>> {
    let mut problems = Vec::new();
    for table in changes.iter().filter(|table| !table.deletes.is_empty()) {
        for (id, object) in &target.objects {
            let Object::Constraint(constraint) = object else { continue };
            let Some(to) = constraint.references.as_ref().filter(|to| to.table == table.table) else { continue };
            let user = QName::new(&id.schema, &id.name);
            if constraint.constraint_type != ConstraintType::ForeignKey || set.find(&user).is_some() {
                continue;
            }
            let count = count(conn, &user, &constraint.columns, table, to).await?;
            if count > 0 {
                problems.push(still_used(table, &user, count));
            }
        }
    }
    Ok(problems)
}

async fn count(conn: &mut PgConnection, user: &QName, columns: &[String], table: &TableChanges, to: &References) -> Result<u64> {
    let positions: Option<Vec<usize>> =
        to.columns.iter().map(|name| table.columns.iter().position(|column| column.name == *name)).collect();
    let Some(positions) = positions else { return Ok(0) };
    let cell = |row: &[Option<String>], at: usize| {
        let type_name = table.columns.get(at).map_or("text", |column| column.type_name.as_str());
        row.get(at).and_then(Option::as_deref).map_or_else(|| "NULL".to_owned(), |text| format!("{}::{type_name}", literal(text)))
    };
    let own: Vec<String> = columns.iter().map(|name| format!("r.{}", crate::catalog::ident::quote(name))).collect();
    let mut total = 0;
    for rows in table.deletes.chunks(BATCH) {
        let values: Vec<String> = rows
            .iter()
            .map(|row| format!("({})", positions.iter().map(|at| cell(row, *at)).collect::<Vec<_>>().join(", ")))
            .collect();
        let sql = format!("SELECT count(*) FROM {user} AS r WHERE ({}) IN ({})", own.join(", "), values.join(", "));
        let count: i64 = sqlx::query_scalar(AssertSqlSafe(sql))
            .fetch_one(&mut *conn)
            .await
            .map_err(explain(format!("The rows of {user} that refer to {} could not be counted.", table.table)))?;
        total += count.unsigned_abs();
    }
    Ok(total)
}

fn still_used(table: &TableChanges, user: &QName, count: u64) -> Problem {
    let rows = if count == 1 { "1 row".to_owned() } else { format!("{count} rows") };
    Problem::new(
        ProblemKind::Conflict,
        format!("{rows} of {user} refer to rows of {} that the promotion would delete.", table.table),
    )
    .because("Rows outside the lookup set are never changed or deleted by a sync.")
    .way_out(format!(
        "Let the rows of {user} refer to others first, keep the lookup rows in the source, or sync {} without deletes.",
        table.table
    ))
}

#[cfg(test)]
mod tests {
    use super::masked;

    #[test]
    fn samples_tell_where_and_not_what() {
        for (sample, shown) in [
            ("17", "17"),
            ("EUR, 2026-01-31 12:00:00+00", "EUR, 2026-01-31 12:00:00+00"),
            ("a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11", "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11"),
            ("row (0,1)", "row (0,1)"),
            ("anna@example.org, 3", "a•••g, 3"),
            ("Übermut", "Ü•••t"),
            ("", ""),
        ] {
            assert_eq!(masked(sample), shown);
        }
    }
}
