//! Lookup rows that somebody edited in the target since the last promotion: whose row stays?

use crate::components::rows::{readable, value_view};
use crate::words::count;
use leptos::prelude::*;
use lockstep::lookup::{Choice, Conflict, Keep, Picked, Row, RowColumn, TableChanges};

/// `all` counts the edited rows, of which the first are shown; `choices` are those about the table.
#[component]
pub fn Edits(changes: TableChanges, all: u64, choices: Vec<Choice>, label: String) -> impl IntoView {
    let TableChanges { table, columns, conflicts, masked, .. } = changes;
    let name = if table.schema == "public" { table.name.clone() } else { format!("{}.{}", table.schema, table.name) };
    let said = |key: Option<&Vec<_>>| choices.iter().find(|choice| choice.rows.key.as_ref() == key).map(|choice| choice.keep);
    let rows = |key| Picked { table: table.clone(), key };
    let whole = said(None);
    let of_table = |keep| Choice { keep, rows: rows(None) }.to_string();
    let answers = [
        (String::new(), "Row by row".to_owned(), None),
        (of_table(Keep::Target), format!("Keep all of {label}"), Some(Keep::Target)),
        (of_table(Keep::Release), "Take all of the release".to_owned(), Some(Keep::Release)),
    ];
    let answers = answers.map(|(value, text, side)| view! { <option value=value selected=side == whole>{text}</option> });
    let hidden = all.saturating_sub(conflicts.len() as u64);
    let items = conflicts.iter().map(|conflict| {
        let choice = |keep| Choice { keep, rows: rows(Some(conflict.key.clone())) }.to_string();
        let (target, release) = (choice(Keep::Target), choice(Keep::Release));
        let (title, keep) = (title(&conflict, &columns, &masked), said(Some(&conflict.key)));
        let open = if whole.is_some() { "As for the whole table" } else { "Decide" };
        view! { <Edit title conflict columns=columns.clone() label=label.clone() target release keep open /> }
    });
    let items = items.collect_view();
    view! {
        <section class="block">
            <h2>{format!("{name}: edited in {label}")}</h2>
            <p>{format!("Somebody changed {} there since the last promotion, and this release would overwrite it. Whose values stay?", count(all, "row"))}</p>
            <ul class="bare stack">{items}</ul>
            {(hidden > 0).then(|| view! { <p>{format!("And {} more: decide them for the whole table.", count(hidden, "row"))}</p> })}
            {(all > 1)
                .then(|| {
                    view! {
                        <label class="field">
                            <span class="field__label">{format!("All other rows of {name} that were edited there")}</span>
                            <select class="field__input" name="kept">{answers.collect_view()}</select>
                        </label>
                    }
                })}
        </section>
    }
}

/// What a row is called: a name that people gave it, and its key.
fn title(conflict: &Conflict, columns: &[RowColumn], masked: &[usize]) -> String {
    let key: Vec<&str> = conflict.key.iter().map(|value| value.as_deref().unwrap_or("NULL")).collect();
    let key = key.join(", ");
    let called = |wanted: &&str| {
        let at = columns.iter().position(|column| column.name == **wanted).filter(|at| !masked.contains(at))?;
        let row = conflict.now.as_ref().or(conflict.wanted.as_ref()).or(conflict.promoted.as_ref())?;
        row.get(at).cloned().flatten()
    };
    match ["name", "title", "label", "subject", "code", "description"].iter().find_map(called) {
        Some(name) if name != key && !name.is_empty() => format!("{name} ({key})"),
        _ => key,
    }
}

#[component]
fn Edit(
    title: String,
    conflict: Conflict,
    columns: Vec<RowColumn>,
    label: String,
    /// What says that the target's row stays.
    target: String,
    /// What says that the release's comes.
    release: String,
    /// What was said of this row.
    keep: Option<Keep>,
    /// What stands there while nothing was.
    open: &'static str,
) -> impl IntoView {
    let Conflict { promoted, now, wanted, .. } = conflict;
    let types: Vec<String> = columns.iter().map(|column| column.type_name.clone()).collect();
    let [promoted, now, wanted] = [promoted, now, wanted].map(|row| row.map(|row| readable(row, &types)));
    let (stays, comes) = match (&now, &wanted) {
        (None, _) => (format!("Leave it removed in {label}"), "Add it again".to_owned()),
        (_, None) => (format!("Keep it in {label}"), "Remove it, as in the release".to_owned()),
        _ => (format!("Keep the row of {label}"), "Take the row of the release".to_owned()),
    };
    let cell = |row: &Option<Row>, at: usize| match row {
        Some(row) => value_view(row.get(at).cloned().flatten()),
        None => view! { <span class="null">"no row"</span> }.into_any(),
    };
    let differs = |at: &usize| {
        let value = |row: &Option<Row>| row.as_ref().map(|row| row.get(*at).cloned().flatten());
        value(&promoted) != value(&now) || value(&now) != value(&wanted)
    };
    let lines = (0..columns.len()).filter(differs).map(|at| {
        view! {
            <tr>
                <th scope="row" data-label="Column">{columns[at].name.clone()}</th>
                <td data-label="Last promoted">{cell(&promoted, at)}</td>
                <td data-label="There now">{cell(&now, at)}</td>
                <td data-label="In the release">{cell(&wanted, at)}</td>
            </tr>
        }
    });
    let lines = lines.collect_view();
    let options =
        [(String::new(), open.to_owned(), None), (target, stays, Some(Keep::Target)), (release, comes, Some(Keep::Release))];
    let options = options.map(|(value, text, side)| view! { <option value=value selected=side == keep>{text}</option> });
    view! {
        <li class="card">
            <h3>{title.clone()}</h3>
            <table class="table table--cards rows">
                <thead>
                    <tr>
                        <th scope="col">"Column"</th>
                        <th scope="col">"Last promoted"</th>
                        <th scope="col">"There now"</th>
                        <th scope="col">"In the release"</th>
                    </tr>
                </thead>
                <tbody>{lines}</tbody>
            </table>
            <select class="field__input" name="kept" aria-label=format!("What happens with {title}")>{options.collect_view()}</select>
        </li>
    }
}
