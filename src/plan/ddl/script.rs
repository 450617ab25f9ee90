//! A plan as a script for `psql -v ON_ERROR_STOP=1`.

use crate::plan::{Phase, Plan};

/// What the script sets first: bodies of functions may name what comes later. The search path stays the database's own: all names are
/// qualified, but functions that are called meanwhile may need it.
pub const PRELUDE: &[&str] =
    &["SET standard_conforming_strings = on", "SET check_function_bodies = off", "SET client_min_messages = warning"];

/// Empty when there is nothing to do.
pub fn script(plan: &Plan) -> String {
    if plan.statements().next().is_none() {
        return String::new();
    }
    let mut text = String::new();
    for line in PRELUDE {
        text.push_str(&format!("{line};\n"));
    }
    for phase in &plan.phases {
        text.push('\n');
        push_phase(&mut text, phase);
    }
    text
}

fn push_phase(text: &mut String, phase: &Phase) {
    text.push_str(&format!("-- {}\n", phase.name));
    if phase.transactional {
        text.push_str("BEGIN;\n");
    }
    for statement in &phase.statements {
        for hazard in &statement.hazards {
            text.push_str(&format!("-- {}: {}\n", hazard.kind.label(), one_line(&hazard.sentence)));
        }
        text.push_str(&statement.sql);
        text.push_str(";\n");
    }
    if phase.transactional {
        text.push_str("COMMIT;\n");
    }
}

/// A name with a line break must not end the comment.
fn one_line(text: &str) -> String {
    text.replace(['\n', '\r'], " ")
}
