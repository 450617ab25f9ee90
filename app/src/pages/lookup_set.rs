//! The lookup set: which tables travel with a release, and how.

use super::done;
use crate::api::environments::{EditLookupSet, lookup_set};
use crate::components::{Answer, Empty, loaded};
use leptos::form::ActionForm;
use leptos::prelude::*;
use lockstep::lookup::{LookupTable, Mode};
use lockstep::promotion::LookupSetView;

const MODES: [(&str, &str); 4] = [
    ("", "Not in the set"),
    ("add_only", "Add new rows"),
    ("add_and_update", "Add and change rows"),
    ("mirror", "Mirror: also remove rows"),
];

#[component]
pub fn LookupSetTab() -> impl IntoView {
    let edit = ServerAction::<EditLookupSet>::new();
    let saved = done(edit);
    let set = Resource::new(move || saved.get(), |_| lookup_set());
    view! {
        <section class="block">
            <h2>"Lookup set"</h2>
            <p>"Tables whose rows are reference data and travel with each release. Releases that were frozen before keep theirs."</p>
            <Answer value=edit.value() />
            {loaded(set, move |set| view! { <SetForm set edit /> })}
        </section>
    }
}

#[component]
fn SetForm(set: LookupSetView, edit: ServerAction<EditLookupSet>) -> impl IntoView {
    let LookupSetView { set, suggested, unread } = set;
    let chosen = set.tables.into_iter().map(|table| (table, None));
    let offered = suggested.into_iter().map(|suggested| (suggested.table, Some(suggested.why)));
    let rows: Vec<_> =
        chosen.chain(offered).enumerate().map(|(place, (table, why))| view! { <SetRow place table why /> }).collect();
    let nothing = rows.is_empty();
    view! {
        {unread.map(|why| view! { <p class="warn">{why}</p> })}
        {nothing.then(|| view! { <Empty title="No lookup tables" text="The first environment has no table that looks like one." /> })}
        <ActionForm action=edit>
            <ul class="stack">{rows}</ul>
            {(!nothing).then(|| view! { <button class="button button--main" type="submit">"Save the lookup set"</button> })}
        </ActionForm>
    }
}

#[component]
fn SetRow(
    place: usize,
    table: LookupTable,
    /// Why it is suggested; none for tables of the set.
    why: Option<String>,
) -> impl IntoView {
    let LookupTable { table, mode, ignored } = table;
    let chosen = match (&why, mode) {
        (Some(_), _) => "",
        (None, Mode::AddOnly) => "add_only",
        (None, Mode::AddAndUpdate) => "add_and_update",
        (None, Mode::Mirror) => "mirror",
    };
    let name = format!("{}.{}", table.schema, table.name);
    let options = MODES.map(|(value, label)| view! { <option value=value selected=value == chosen>{label}</option> });
    view! {
        <li class="card lookup-row">
            <div>
                <h3>{name.clone()}</h3>
                {why.map(|why| view! { <p class="quiet">{why}</p> })}
            </div>
            <input type="hidden" name=format!("tables[{place}][schema]") value=table.schema />
            <input type="hidden" name=format!("tables[{place}][name]") value=table.name />
            <select class="field__input" name=format!("tables[{place}][mode]") aria-label=format!("How {name} travels")>
                {options.collect_view()}
            </select>
            <input
                class="field__input"
                name=format!("tables[{place}][ignored]")
                value=ignored.join(", ")
                placeholder="Ignored columns"
                aria-label=format!("Ignored columns of {name}, separated by commas")
            />
        </li>
    }
}
