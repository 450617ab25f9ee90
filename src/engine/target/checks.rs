//! Questions to the rows of a target, asked before approval and again before a run.

use super::super::Result;
use super::super::sql_error::{explain, problem};
use crate::plan::Check;
use crate::promotion::CheckResult;
use sqlx::{AssertSqlSafe, Executor, PgConnection};

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
