//! Changed lookup rows, cell by cell. NULL is never shown as the empty text.

use super::badge::{Badge, Tone};
use super::icon::Icon;
use leptos::prelude::*;
use lockstep::lookup::{Picked, Row, RowUpdate, TableChanges, owned_key};
use std::collections::BTreeMap;

/// A cell as it is shown.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Cell {
    Same(Value),
    Changed { before: Value, after: Value },
}

/// A value, and what the row is called that it refers to.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Value {
    text: Option<String>,
    name: Option<String>,
}

/// How the columns of a table print.
struct Columns {
    types: Vec<String>,
    names: BTreeMap<usize, BTreeMap<String, String>>,
}

impl Columns {
    fn values(&self, row: Row) -> impl Iterator<Item = Value> {
        let cells = readable(row, &self.types).into_iter().enumerate();
        cells.map(|(place, text)| Value {
            name: self.names.get(&place).and_then(|names| names.get(text.as_ref()?)).cloned(),
            text,
        })
    }
}

/// `pick` is the name of a field by which rows are picked.
#[component]
pub fn ChangedRows(changes: TableChanges, #[prop(optional)] pick: Option<&'static str>) -> impl IntoView {
    let picked = |row: Row| {
        let key = Some(owned_key(changes.key_of(&row)));
        pick.map(|name| Pick { name, rows: Picked { table: changes.table.clone(), key } })
    };
    let picks: Vec<Option<Pick>> = (changes.deletes.iter())
        .chain(changes.updates.iter().map(|update| update.after))
        .chain(changes.inserts.iter())
        .map(picked)
        .collect();
    let TableChanges { table, columns, key, inserts, updates, deletes, names, .. } = changes;
    let printed = Columns { types: columns.iter().map(|column| column.type_name.clone()).collect(), names };
    let label = format!("Changed rows of {}", table.name);
    let heads = columns.into_iter().enumerate().map(|(place, column)| {
        let is_key = key.contains(&place);
        view! {
            <th scope="col">
                {column.name}
                {is_key.then(|| view! { <span class="rows__key">" key"</span> })}
            </th>
        }
    });
    let heads = heads.collect_view();
    let inserted = inserts.iter().map(|row| line(Tone::Good, Icon::Plus, "New", printed.values(row).map(Cell::Same).collect()));
    let updated = updates.iter().map(|update| line(Tone::Active, Icon::Edit, "Changed", compared(update, &printed)));
    let deleted =
        deletes.iter().map(|row| line(Tone::Danger, Icon::Minus, "Removed", printed.values(row).map(Cell::Same).collect()));
    let lines: Vec<AnyView> = deleted.chain(updated).chain(inserted).zip(picks).map(|(line, pick)| line.view(pick)).collect();
    view! {
        <div class="scroll" tabindex="0" role="region" aria-label=label>
            <table class="table rows">
                <thead>
                    <tr>
                        {pick.map(|_| view! { <th scope="col">"Undo"</th> })}
                        <th scope="col">"Change"</th>
                        {heads}
                    </tr>
                </thead>
                <tbody>{lines}</tbody>
            </table>
        </div>
    }
}

/// PostgreSQL's `t` and `f` in full.
pub fn readable(row: Row, types: &[String]) -> Row {
    let cell = |(value, type_name): (Option<String>, &String)| match (type_name.as_str(), value.as_deref()) {
        ("boolean", Some("t")) => Some("true".to_owned()),
        ("boolean", Some("f")) => Some("false".to_owned()),
        _ => value,
    };
    row.into_iter().zip(types).map(cell).collect()
}

fn compared(update: RowUpdate, printed: &Columns) -> Vec<Cell> {
    let RowUpdate { before, after, cells } = update;
    let pairs = printed.values(before).zip(printed.values(after)).enumerate();
    pairs
        .map(|(place, (before, after))| if cells.contains(&place) { Cell::Changed { before, after } } else { Cell::Same(after) })
        .collect()
}

/// The box by which one row is picked.
struct Pick {
    name: &'static str,
    rows: Picked,
}

struct Line {
    tone: Tone,
    icon: Icon,
    text: &'static str,
    cells: Vec<Cell>,
}

fn line(tone: Tone, icon: Icon, text: &'static str, cells: Vec<Cell>) -> Line {
    Line { tone, icon, text, cells }
}

impl Line {
    fn view(self, pick: Option<Pick>) -> AnyView {
        let Self { tone, icon, text, cells } = self;
        let cells = cells.into_iter().map(|cell| match cell {
            Cell::Same(value) => view! { <td>{value.view()}</td> }.into_any(),
            Cell::Changed { before, after } => view! {
                <td class="rows__changed">
                    <del>{before.view()}</del>
                    <span class="rows__arrow" aria-hidden="true">" → "</span>
                    <ins>{after.view()}</ins>
                </td>
            }
            .into_any(),
        });
        let cells = cells.collect_view();
        view! {
            <tr>
                {pick.map(|Pick { name, rows }| {
                    let key: Vec<&str> = rows.key.iter().flatten().map(|value| value.as_deref().unwrap_or("NULL")).collect();
                    let label = format!("Undo the row {}", key.join(", "));
                    view! { <td><input type="checkbox" name=name value=rows.to_string() aria-label=label /></td> }
                })}
                <th scope="row"><Badge tone icon text /></th>
                {cells}
            </tr>
        }
        .into_any()
    }
}

impl Value {
    fn view(self) -> AnyView {
        let name = self.name.map(|name| view! { <span class="rows__name">{format!(" {name}")}</span> });
        view! { {value_view(self.text)} {name} }.into_any()
    }
}

/// NULL is never shown as the empty text.
pub fn value_view(value: Option<String>) -> AnyView {
    match value {
        None => view! { <span class="null">"NULL"</span> }.into_any(),
        Some(text) if text.is_empty() => view! { <span class="null">"empty text"</span> }.into_any(),
        Some(text) => view! { <span class="rows__value">{text}</span> }.into_any(),
    }
}
