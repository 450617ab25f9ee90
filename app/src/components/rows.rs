//! Changed lookup rows, cell by cell. NULL is never shown as the empty text.

use super::badge::{Badge, Tone};
use super::icon::Icon;
use leptos::prelude::*;
use lockstep::lookup::{Picked, Row, RowUpdate, TableChanges};

/// A cell as it is shown.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Cell {
    Same(Option<String>),
    Changed { before: Option<String>, after: Option<String> },
}

/// `pick` is the name of a field by which rows are picked.
#[component]
pub fn ChangedRows(changes: TableChanges, #[prop(optional)] pick: Option<&'static str>) -> impl IntoView {
    let picked = |row: &Row| {
        let key = changes.key_of(row).into_iter().map(|value| value.map(|text| text.into_owned())).collect();
        pick.map(|name| Pick { name, rows: Picked { table: changes.table.clone(), key: Some(key) } })
    };
    let picks: Vec<Option<Pick>> = (changes.deletes.iter())
        .chain(changes.updates.iter().map(|update| &update.after))
        .chain(&changes.inserts)
        .map(picked)
        .collect();
    let TableChanges { table, columns, key, inserts, updates, deletes, .. } = changes;
    let types: Vec<String> = columns.iter().map(|column| column.type_name.clone()).collect();
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
    let inserted = inserts.into_iter().map(|row| line(Tone::Good, Icon::Plus, "New", same(readable(row, &types))));
    let updated = updates.into_iter().map(|update| line(Tone::Active, Icon::Edit, "Changed", compared(update, &types)));
    let deleted = deletes.into_iter().map(|row| line(Tone::Danger, Icon::Minus, "Removed", same(readable(row, &types))));
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

fn same(row: Row) -> Vec<Cell> {
    row.into_iter().map(Cell::Same).collect()
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

fn compared(update: RowUpdate, types: &[String]) -> Vec<Cell> {
    let RowUpdate { before, after, cells } = update;
    let pairs = readable(before, types).into_iter().zip(readable(after, types)).enumerate();
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
            Cell::Same(value) => view! { <td>{value_view(value)}</td> }.into_any(),
            Cell::Changed { before, after } => view! {
                <td class="rows__changed">
                    <del>{value_view(before)}</del>
                    <span class="rows__arrow" aria-hidden="true">" → "</span>
                    <ins>{value_view(after)}</ins>
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

/// NULL is never shown as the empty text.
pub fn value_view(value: Option<String>) -> AnyView {
    match value {
        None => view! { <span class="null">"NULL"</span> }.into_any(),
        Some(text) if text.is_empty() => view! { <span class="null">"empty text"</span> }.into_any(),
        Some(text) => view! { <span class="rows__value">{text}</span> }.into_any(),
    }
}
