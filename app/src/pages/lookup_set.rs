//! The lookup set: which tables travel with a release, and how.

use super::done;
use crate::api::environments::{EditLookupSet, lookup_set};
use crate::components::{Answer, Empty, Icon, ProblemText, Sign, loaded};
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
    let LookupSetView { set, suggested, faults, unread } = set;
    let faults = faults.into_iter().map(|problem| {
        view! {
            <div class="notice notice--warning">
                <Sign icon=Icon::Alert />
                <div class="notice__text">
                    <ProblemText problem />
                </div>
            </div>
        }
    });
    let faults = faults.collect_view();
    let chosen = set.tables.into_iter().map(|table| (table, None));
    let offered = suggested.into_iter().map(|suggested| (suggested.table, Some(suggested.why)));
    let rows: Vec<_> =
        chosen.chain(offered).enumerate().map(|(place, (table, why))| view! { <SetRow place table why /> }).collect();
    let nothing = rows.is_empty();
    view! {
        {faults}
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
    let LookupTable { table, mode, key, ignored, pinned, masked, filter } = table;
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
            <details class="lookup-row__more">
                <summary>{told(&key, &ignored, &pinned, &masked, filter.as_deref())}</summary>
                <div class="halves">
                    <Columns place field="key" label="Key" value=key hint="Columns that pair the rows of two environments; empty for the primary key. Ids then stay each environment's own." />
                    <Columns place field="ignored" label="Ignored" value=ignored hint="Neither compared nor changed, such as the time of the last change." />
                    <Columns place field="pinned" label="Kept by each environment" value=pinned hint="API keys and addresses: they never leave their environment." />
                    <Columns place field="masked" label="Masked" value=masked hint="They travel, and nobody is shown their values." />
                    <TableField place field="filter" label="Only rows where" value=filter.unwrap_or_default() hint="A condition in SQL. Other rows neither travel nor are touched." />
                </div>
            </details>
        </li>
    }
}

/// What is special about the table, in one line.
fn told(key: &[String], ignored: &[String], pinned: &[String], masked: &[String], filter: Option<&str>) -> String {
    let columns = [("key", key), ("ignored", ignored), ("kept", pinned), ("masked", masked)];
    let parts =
        columns.into_iter().filter(|(_, names)| !names.is_empty()).map(|(word, names)| format!("{word}: {}", names.join(", ")));
    let parts: Vec<String> = parts.chain(filter.map(|filter| format!("where {filter}"))).collect();
    if parts.is_empty() { "All columns and rows, by primary key".to_owned() } else { parts.join(" · ") }
}

/// Names of columns, separated by commas.
#[component]
fn Columns(place: usize, field: &'static str, label: &'static str, value: Vec<String>, hint: &'static str) -> impl IntoView {
    view! { <TableField place field label value=value.join(", ") hint /> }
}

#[component]
fn TableField(place: usize, field: &'static str, label: &'static str, value: String, hint: &'static str) -> impl IntoView {
    let id = format!("table-{place}-{field}");
    let hint_id = format!("{id}-hint");
    view! {
        <div class="field">
            <label class="field__label" for=id.clone()>{label}</label>
            <input class="field__input" id=id name=format!("tables[{place}][{field}]") value=value aria-describedby=hint_id.clone() />
            <p class="field__hint" id=hint_id>{hint}</p>
        </div>
    }
}
