//! Indexes that no constraint owns.

use super::{name, table};
use crate::catalog::ident::quote;
use crate::catalog::{Index, ObjectId};

pub fn create(id: &ObjectId, index: &Index) -> Vec<String> {
    let mut statements = vec![index.definition.clone()];
    statements.extend(set_statistics(id, &[], &index.statistics));
    statements.extend(index.tablespace.as_ref().map(|name| table::set_tablespace(id, "INDEX", Some(name))));
    statements
}

pub fn rename(id: &ObjectId, to: &str) -> String {
    format!("ALTER INDEX {} RENAME TO {}", name(id), quote(to))
}

/// In place; the caller has made sure that the definition stays.
pub fn alter(id: &ObjectId, before: &Index, after: &Index) -> Vec<String> {
    let mut statements = set_statistics(id, &before.statistics, &after.statistics);
    if before.tablespace != after.tablespace {
        statements.push(table::set_tablespace(id, "INDEX", after.tablespace.as_deref()));
    }
    statements
}

/// Statistics targets of expressions, by position.
fn set_statistics(id: &ObjectId, before: &[(i16, i32)], after: &[(i16, i32)]) -> Vec<String> {
    let set = |position: i16, target: i32| format!("ALTER INDEX {} ALTER COLUMN {position} SET STATISTICS {target}", name(id));
    let gone = before.iter().filter(|(old, _)| !after.iter().any(|(new, _)| new == old)).map(|(old, _)| set(*old, -1));
    gone.chain(after.iter().filter(|one| !before.contains(one)).map(|(new, target)| set(*new, *target))).collect()
}
