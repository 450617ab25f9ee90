//! What only a person knows: is it the same under another name? The answers stand in the address, so that they can be sent to somebody.

use leptos::prelude::*;
use leptos_router::components::Form;
use lockstep::catalog::QName;
use lockstep::plan::{Plan, Rename};

/// A tick for each question, those that are answered too. `action` is the address of the page.
#[component]
pub fn Renames(plan: Plan, action: String) -> impl IntoView {
    let answered = plan.renames.into_iter().map(|rename| (rename, true));
    let mut all: Vec<(Rename, bool)> = answered.chain(plan.questions.into_iter().map(|rename| (rename, false))).collect();
    if all.is_empty() {
        return ().into_any();
    }
    all.sort();
    let items = all.into_iter().map(|(rename, yes)| {
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
            <Form method="GET" action=action>
                <ul class="bare ticks">{items.collect_view()}</ul>
                <button class="button" type="submit">"Preview with these answers"</button>
            </Form>
        </section>
    }
    .into_any()
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
