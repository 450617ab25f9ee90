//! Whether the rows of two sides can be paired at all.

use super::TableRows;
use super::shape::refused;
use crate::problem::Problem;

/// Rows are paired by the text of their key, so both sides must print it alike.
pub fn same_key(source: &TableRows, now: &TableRows) -> Result<(), Problem> {
    let names = |table: &TableRows| -> Vec<String> {
        table.key.iter().filter_map(|at| table.columns.get(*at)).map(|column| column.name.clone()).collect()
    };
    let (wanted, there) = (names(source), names(now));
    if wanted != there {
        let cause = format!("Its key is ({}) in the release and ({}) in the target.", wanted.join(", "), there.join(", "));
        return Err(refused(&source.table, &cause, "Promote the new key first, without the table in the lookup set."));
    }
    for (a, b) in source.key.iter().zip(&now.key) {
        if let (Some(a), Some(b)) = (source.columns.get(*a), now.columns.get(*b))
            && family(&a.type_name) != family(&b.type_name)
        {
            let cause = format!("Its key column {} is {} in the release and {} in the target.", a.name, a.type_name, b.type_name);
            return Err(refused(&source.table, &cause, "Promote the new type first, without the table in the lookup set."));
        }
    }
    Ok(())
}

/// Types of one family print equal values equally.
fn family(type_name: &str) -> &str {
    match type_name {
        "smallint" | "integer" | "bigint" => "integer",
        name if name == "text" || name.starts_with("character varying") => "text",
        name if name.starts_with("numeric") => "numeric",
        name => name,
    }
}

/// Two rows with one key; `place` says where they are.
pub fn ambiguous(rows: &TableRows, place: &str) -> Option<Problem> {
    let mut keys: Vec<_> = rows.rows.iter().map(|row| rows.key_of(row)).collect();
    keys.sort();
    let twice = keys.windows(2).find(|pair| pair.first() == pair.last())?;
    let names: Vec<&str> = rows.key.iter().filter_map(|at| rows.columns.get(*at)).map(|column| column.name.as_str()).collect();
    let values: Vec<&str> = twice.first()?.iter().map(|value| value.as_deref().unwrap_or("NULL")).collect();
    let cause = format!("In {place} more than one row has {} = {}.", names.join(", "), values.join(", "));
    Some(refused(&rows.table, &cause, "Choose a key whose values are unique, or correct the rows."))
}
