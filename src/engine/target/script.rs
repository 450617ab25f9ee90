//! A whole promotion as one script for `psql -v ON_ERROR_STOP=1`: schema, rows, sequences.

use crate::lookup::TableChanges;
use crate::lookup::dml::{self, RowStatement};
use crate::plan::{Hazard, Plan};
use crate::promotion::around_rows;

/// What the script sets first: bodies of functions may name what comes later. The search path stays the database's own: all names are
/// qualified, but functions that are called meanwhile may need it.
pub const PRELUDE: &[&str] =
    &["SET standard_conforming_strings = on", "SET check_function_bodies = off", "SET client_min_messages = warning"];

/// Empty when there is nothing to do. One transaction, with what commits on its own before and after it.
pub fn script(plan: &Plan, lookup: &[TableChanges]) -> String {
    let sequences = dml::sequences(lookup);
    if plan.statements().next().is_none() && lookup.iter().all(TableChanges::is_empty) {
        return String::new();
    }
    let mut text = String::new();
    for line in PRELUDE {
        push(&mut text, line);
    }
    for statement in plan.before() {
        hazards(&mut text, &statement.hazards);
        push(&mut text, &statement.sql);
    }
    text.push_str("\nBEGIN;\n");
    let (first, last) = around_rows(plan, lookup);
    for statement in first {
        hazards(&mut text, &statement.hazards);
        push(&mut text, &statement.sql);
    }
    for statement in dml::statements(lookup) {
        let masked = lookup.iter().any(|changes| changes.table == statement.table && !changes.masked.is_empty());
        match masked && statement.rows.is_some() {
            true => text.push_str(&format!("\n-- Not in this script, as columns are masked: {}\n", one_line(&statement.summary))),
            false => summary(&mut text, &statement),
        }
    }
    for statement in last {
        hazards(&mut text, &statement.hazards);
        push(&mut text, &statement.sql);
    }
    for statement in &sequences {
        summary(&mut text, statement);
    }
    text.push_str("\nCOMMIT;\n");
    for statement in plan.after() {
        hazards(&mut text, &statement.hazards);
        push(&mut text, &statement.sql);
    }
    text
}

fn summary(text: &mut String, statement: &RowStatement) {
    text.push_str(&format!("\n-- {}\n", one_line(&statement.summary)));
    push(text, &dml::guarded(statement));
}

fn push(text: &mut String, statement: &str) {
    text.push_str(statement);
    text.push_str(";\n");
}

fn hazards(text: &mut String, hazards: &[Hazard]) {
    for hazard in hazards {
        text.push_str(&format!("-- {}: {}\n", hazard.kind.label(), one_line(&hazard.sentence)));
    }
}

/// A name with a line break must not end the comment.
fn one_line(text: &str) -> String {
    text.replace(['\n', '\r'], " ")
}
