//! What only a person knows: is it the same under another name, and whose row stays? The answers stand in the address, so that they can be
//! sent to somebody.

use super::edits::Edits;
use leptos::prelude::*;
use leptos_router::components::Form;
use lockstep::catalog::QName;
use lockstep::lookup::{Choice, TableChanges};
use lockstep::plan::{Plan, Rename};
use lockstep::promotion::LookupTotal;

/// All questions of a draft in one form. `action` is the address of the page, `label` the target's name, `lookup` the first rows of each table,
/// `choices` what was answered of them.
#[component]
pub fn Questions(
    plan: Plan,
    lookup: Vec<TableChanges>,
    totals: Vec<LookupTotal>,
    choices: Vec<Choice>,
    label: String,
    action: String,
) -> impl IntoView {
    let answered = plan.renames.into_iter().map(|rename| (rename, true));
    let mut renames: Vec<(Rename, bool)> = answered.chain(plan.questions.into_iter().map(|rename| (rename, false))).collect();
    renames.sort();
    let edited: Vec<TableChanges> = lookup.into_iter().filter(|changes| !changes.conflicts.is_empty()).collect();
    if renames.is_empty() && edited.is_empty() {
        return ().into_any();
    }
    let tables = edited.into_iter().map(|changes| {
        let all = totals.iter().find(|total| total.table == changes.table.to_string()).map_or(0, |total| total.edited);
        let choices = choices.iter().filter(|choice| choice.rows.table == changes.table).cloned().collect();
        view! { <Edits changes all choices label=label.clone() /> }
    });
    let tables = tables.collect_view();
    view! {
        <Form method="GET" action=action>
            <div class="stack">
                {(!renames.is_empty()).then(|| view! { <Renames renames /> })}
                {tables}
                <div>
                    <button class="button" type="submit">"Preview with these answers"</button>
                </div>
            </div>
        </Form>
    }
    .into_any()
}

/// A tick for each likely rename, those that are answered too.
#[component]
fn Renames(renames: Vec<(Rename, bool)>) -> impl IntoView {
    let items = renames.into_iter().map(|(rename, yes)| {
        let (question, consequence) = words(&rename);
        view! {
            <li>
                <label class="tick">
                    <input type="checkbox" name="renamed" value=rename.to_string() checked=yes />
                    <span>{question}</span>
                </label>
                <p class="quiet">{consequence}</p>
            </li>
        }
    });
    view! {
        <section class="block">
            <h2>"Only renamed?"</h2>
            <p>"A database cannot tell a new name from something old that goes and something new that comes. Tick what was only renamed: then nothing of it is lost."</p>
            <ul class="bare ticks">{items.collect_view()}</ul>
        </section>
    }
}

fn words(rename: &Rename) -> (String, String) {
    let Rename { table: QName { schema, name }, column, to } = rename;
    let place = if schema == "public" { name.clone() } else { format!("{schema}.{name}") };
    match column {
        Some(column) => (
            format!("In {place}, {column} is now called {to}"),
            format!("Not ticked, {column} is removed with its values, and {to} starts without them."),
        ),
        None => (
            format!("The table {place} is now called {to}"),
            format!("Not ticked, {place} is removed with its rows, and {to} starts empty."),
        ),
    }
}
