//! Views and materialised views.

use super::{name, table};
use crate::catalog::ident::quote;
use crate::catalog::{ObjectId, View};

pub fn create(id: &ObjectId, view: &View) -> Vec<String> {
    let options = match view.options.is_empty() {
        true => String::new(),
        false => {
            let options: Vec<String> = view.options.iter().map(|option| option.replacen('=', " = ", 1)).collect();
            format!(" WITH ({})", options.join(", "))
        }
    };
    let columns: Vec<String> = view.columns.iter().map(|column| quote(&column.name)).collect();
    let kind = if view.materialized { "MATERIALIZED VIEW" } else { "OR REPLACE VIEW" };
    let unfilled = if view.materialized && !view.populated { "\n  WITH NO DATA" } else { "" };
    let tablespace = view.tablespace.as_ref().map(|name| format!(" TABLESPACE {}", quote(name))).unwrap_or_default();
    let head = format!("CREATE {kind} {} ({}){options}{tablespace}", name(id), columns.join(", "));
    let mut statements = vec![format!("{head} AS\n{}{unfilled}", view.query)];
    statements.extend(view.columns.iter().filter_map(|column| Some(default(id, &column.name, Some(column.default.as_deref()?)))));
    statements
}

/// The view with its columns and nothing behind them.
pub fn hollow(id: &ObjectId, view: &View) -> String {
    let columns: Vec<String> =
        view.columns.iter().map(|column| format!("NULL::{} AS {}", column.type_name, quote(&column.name))).collect();
    format!("CREATE OR REPLACE VIEW {} AS SELECT {}", name(id), columns.join(", "))
}

fn default(id: &ObjectId, column: &str, default: Option<&str>) -> String {
    let action = default.map_or_else(|| "DROP DEFAULT".to_owned(), |text| format!("SET DEFAULT {text}"));
    format!("ALTER VIEW {} ALTER COLUMN {} {action}", name(id), quote(column))
}

/// Whether `CREATE OR REPLACE` serves: the old columns stay at the front with their names and types.
pub fn replaceable(before: &View, after: &View) -> bool {
    let same = before.columns.iter().zip(&after.columns).all(|(a, b)| a.name == b.name && a.type_name == b.type_name);
    !before.materialized && before.columns.len() <= after.columns.len() && same
}

/// In place; the caller has made sure that the query may be replaced or stays.
pub fn alter(id: &ObjectId, before: &View, after: &View) -> Vec<String> {
    let mut statements = Vec::new();
    if before.query != after.query || before.options != after.options && !after.materialized {
        statements.extend(create(id, after).into_iter().next());
    } else if before.options != after.options {
        statements.extend(table::options(&format!("ALTER MATERIALIZED VIEW {}", name(id)), &before.options, &after.options));
    }
    if before.tablespace != after.tablespace {
        statements.push(table::set_tablespace(id, "MATERIALIZED VIEW", after.tablespace.as_deref()));
    }
    if before.populated != after.populated {
        let data = if after.populated { "" } else { " WITH NO DATA" };
        statements.push(format!("REFRESH MATERIALIZED VIEW {}{data}", name(id)));
    }
    for column in &after.columns {
        let was = before.columns.iter().find(|old| old.name == column.name).and_then(|old| old.default.as_deref());
        if was != column.default.as_deref() {
            statements.push(default(id, &column.name, column.default.as_deref()));
        }
    }
    statements
}
