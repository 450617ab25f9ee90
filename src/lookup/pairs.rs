//! Whether the rows of two sides can be paired at all.

use super::shape::refused;
use super::{RowKey, Shape};
use crate::catalog::QName;
use crate::problem::Problem;

/// Rows are paired by the text of their key, so both sides must print it alike.
pub fn same_key(table: &QName, source: &Shape, now: &Shape) -> Result<(), Problem> {
    let (wanted, there) = (source.names(&source.key), now.names(&now.key));
    if wanted != there {
        let cause = format!("Its key is ({}) in the release and ({}) in the target.", wanted.join(", "), there.join(", "));
        return Err(refused(table, &cause, "Promote the new key first, without the table in the lookup set."));
    }
    for (a, b) in source.key.iter().zip(&now.key) {
        if let (Some(a), Some(b)) = (source.columns.get(*a), now.columns.get(*b))
            && family(&a.type_name) != family(&b.type_name)
        {
            let cause = format!("Its key column {} is {} in the release and {} in the target.", a.name, a.type_name, b.type_name);
            return Err(refused(table, &cause, "Promote the new type first, without the table in the lookup set."));
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

/// Two rows with one key, among sorted ones; `place` says where they are.
pub fn ambiguous<'k>(
    table: &QName,
    shape: &Shape,
    keys: impl Iterator<Item = &'k RowKey<'k>> + Clone,
    place: &str,
) -> Option<Problem> {
    let (twice, _) = keys.clone().zip(keys.skip(1)).find(|(one, next)| one == next)?;
    let values: Vec<&str> = twice.iter().map(|value| value.as_deref().unwrap_or("NULL")).collect();
    let names = shape.names(&shape.key).join(", ");
    let cause = format!("In {place} more than one row has {names} = {}.", values.join(", "));
    Some(refused(table, &cause, "Choose a key whose values are unique, or correct the rows."))
}
