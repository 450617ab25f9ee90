//! The second witness: what `pg_dump` writes of both sides. It knows attributes that our own catalog could have forgotten.

use super::Database;
use crate::harness;
use std::collections::BTreeMap;
use tokio::process::Command;

/// The lines that only one of two databases has in its dump, as a person reads them; empty when there are none.
pub async fn differences(target: &Database, source: &Database) -> Result<String, String> {
    let (reached, wanted) = tokio::try_join!(lines(target), lines(source))?;
    let mut count: BTreeMap<&str, i32> = BTreeMap::new();
    for line in &wanted {
        *count.entry(line).or_default() += 1;
    }
    for line in &reached {
        *count.entry(line).or_default() -= 1;
    }
    let told = count.into_iter().filter(|(_, count)| *count != 0).map(|(line, count)| match count {
        0.. => format!("only in the source: {line}"),
        _ => format!("only in the target: {line}"),
    });
    Ok(told.collect::<Vec<_>>().join("\n"))
}

/// The dump without the order of what it holds: columns may stand elsewhere, and objects of one kind are sorted by what they need. Lists of
/// texts print their casts and parentheses differently after a reload.
async fn lines(database: &Database) -> Result<Vec<String>, String> {
    let program = harness::bin().await.join("pg_dump");
    // The servers of other majors come without it, and an older one refuses them.
    if !program.is_file() {
        return Ok(Vec::new());
    }
    let arguments = ["--schema-only", "--no-owner", "--no-privileges", "--dbname", database.url()];
    let output = Command::new(program).args(arguments).output().await.map_err(|error| error.to_string())?;
    if !output.status.success() {
        return Err(format!("pg_dump: {}", String::from_utf8_lossy(&output.stderr)));
    }
    let text = String::from_utf8_lossy(&output.stdout);
    let line = |line: &str| {
        let casts = ["::character varying", "::text[]", "::text", "::bpchar[]", "::bpchar", "[]"];
        let bare = casts.iter().fold(line.replace(['(', ')'], ""), |line, cast| line.replace(cast, ""));
        let mut parts: Vec<&str> = bare.split([',', ' ']).filter(|part| !part.is_empty()).collect();
        parts.sort_unstable();
        parts.join(" ").trim_end_matches(';').to_owned()
    };
    let ours = |line: &&str| !line.starts_with("--") && !line.starts_with('\\') && !line.trim().is_empty();
    Ok(text.lines().filter(ours).map(line).collect())
}
