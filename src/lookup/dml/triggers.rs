//! Triggers that stay off while rows are written. Which states they come back to only the server knows: a partition's copy of a trigger
//! may have another than the trigger itself. They are kept in a setting of the transaction, so that a rollback forgets both.

use super::{RowStatement, block};
use crate::catalog::ident::literal;
use crate::lookup::TableChanges;

const SILENCE: &str = include_str!("silence.sql");

const BACK: &str = "BEGIN\n  IF pg_catalog.current_setting('lockstep.triggers') <> '' THEN\n    EXECUTE pg_catalog.current_setting('lockstep.triggers');\n  END IF;\nEND";

/// Turns the triggers of the tables and of their partitions off, and on again; none where all of them fire. The second must come when no
/// check is pending: PostgreSQL refuses to alter such a table.
pub fn silenced(changes: &[TableChanges]) -> Option<(RowStatement, RowStatement)> {
    let quiet: Vec<&TableChanges> = changes.iter().filter(|table| table.triggers_off && !table.is_empty()).collect();
    let names: Vec<String> = quiet.iter().map(|table| literal(&table.table.to_string())).collect();
    let table = quiet.first()?.table.clone();
    let statement = |body: &str, summary: &str| RowStatement {
        sql: block(body),
        table: table.clone(),
        rows: None,
        summary: summary.to_owned(),
    };
    let off = statement(SILENCE.replace("{tables}", &names.join(", ")).trim_end(), "Turns the triggers of the lookup tables off");
    Some((off, statement(BACK, "Turns the triggers on again, each as it was")))
}
