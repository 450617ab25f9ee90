//! Changed lookup rows, cell by cell. NULL is never shown as the empty text.

use super::badge::{Badge, Tone};
use super::icon::Icon;
use leptos::prelude::*;
use lockstep::lookup::{Row, RowUpdate, TableChanges};

/// A cell as it is shown.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Cell {
    Same(Option<String>),
    Changed { before: Option<String>, after: Option<String> },
}

#[component]
pub fn ChangedRows(changes: TableChanges) -> impl IntoView {
    let TableChanges { table, columns, key, inserts, updates, deletes, .. } = changes;
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
    let inserted = inserts.into_iter().map(|row| line(Tone::Good, Icon::Plus, "New", same(row)));
    let updated = updates.into_iter().map(|update| line(Tone::Active, Icon::Edit, "Changed", compared(update)));
    let deleted = deletes.into_iter().map(|row| line(Tone::Danger, Icon::Minus, "Removed", same(row)));
    let lines: Vec<AnyView> = deleted.chain(updated).chain(inserted).collect();
    view! {
        <div class="scroll" tabindex="0" role="region" aria-label=label>
            <table class="table rows">
                <thead>
                    <tr>
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

fn compared(update: RowUpdate) -> Vec<Cell> {
    let RowUpdate { before, after, cells } = update;
    let pairs = before.into_iter().zip(after).enumerate();
    pairs
        .map(|(place, (before, after))| if cells.contains(&place) { Cell::Changed { before, after } } else { Cell::Same(after) })
        .collect()
}

fn line(tone: Tone, icon: Icon, text: &'static str, cells: Vec<Cell>) -> AnyView {
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
            <th scope="row"><Badge tone icon text /></th>
            {cells}
        </tr>
    }
    .into_any()
}

fn value_view(value: Option<String>) -> AnyView {
    match value {
        None => view! { <span class="null">"NULL"</span> }.into_any(),
        Some(text) if text.is_empty() => view! { <span class="null">"empty text"</span> }.into_any(),
        Some(text) => view! { <span class="rows__value">{text}</span> }.into_any(),
    }
}
