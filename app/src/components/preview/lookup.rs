//! Changed lookup rows: all tables at a glance, or one table page by page.

use crate::components::frame::Empty;
use crate::components::pager::Pager;
use crate::components::rows::ChangedRows;
use crate::words::{count, number};
use leptos::prelude::*;
use leptos_router::components::Form;
use leptos_router::location::Url;
use lockstep::lookup::TableChanges;
use lockstep::promotion::{LookupPage, LookupTotal, RowKind, RowsWanted};

#[component]
pub fn LookupOverview(
    /// The first rows of each table.
    changes: Vec<TableChanges>,
    totals: Vec<LookupTotal>,
    #[prop(into)] base: String,
    /// What the page of one table is for.
    #[prop(default = "Search or download these rows")]
    purpose: &'static str,
) -> impl IntoView {
    let tables: Vec<_> = totals.into_iter().filter(|total| total.inserts + total.updates + total.deletes > 0).collect();
    if tables.is_empty() {
        return view! { <Empty title="No changed lookup rows" text="Every lookup table has the same rows on both sides." /> }
            .into_any();
    }
    let sections = tables.into_iter().map(|total| {
        let rows = changes.iter().find(|changes| changes.table.to_string() == total.table).cloned();
        let shown = rows.as_ref().map_or(0, |rows| (rows.inserts.len() + rows.updates.len() + rows.deletes.len()) as u64);
        let all = total.inserts + total.updates + total.deletes;
        let href = format!("{base}tab=lookup&table={}", Url::escape(&total.table));
        let name = total.name();
        view! {
            <section class="block">
                <h2>{total.name()}</h2>
                <TotalLine total />
                {rows.map(|changes| view! { <ChangedRows changes /> })}
                <p>
                    <a href=href>
                        {if shown < all { format!("The first {} of {}: show all", number(shown), count(all, "row")) } else { purpose.to_owned() }}
                        <span class="unseen">{format!(" of {}", name)}</span>
                    </a>
                </p>
            </section>
        }
    });
    sections.collect_view().into_any()
}

#[component]
fn TotalLine(total: LookupTotal) -> impl IntoView {
    let LookupTotal { inserts, updates, deletes, kept, .. } = total;
    view! {
        <p class="totals">
            <span>{format!("{} added", number(inserts))}</span>
            <span>{format!("{} changed", number(updates))}</span>
            <span>{format!("{} removed", number(deletes))}</span>
            {(kept > 0).then(|| view! { <span>{format!("{} left as they are in the target", number(kept))}</span> })}
        </p>
    }
}

/// How the rows of one table are shown.
pub type Show = Box<dyn FnOnce(TableChanges) -> AnyView + Send>;

/// One table, one page of it, as far as it is wanted. `csv` is the address of the same rows as a file.
#[component]
pub fn LookupRows(
    wanted: RowsWanted,
    rows: LookupPage,
    #[prop(into)] base: String,
    #[prop(into)] csv: String,
    #[prop(optional)] show: Option<Show>,
) -> impl IntoView {
    let LookupPage { changes, page, pages, total } = rows;
    let RowsWanted { table, kind, search, .. } = wanted;
    let kind = kind.map_or("", RowKind::name);
    let rows = format!("table={}&kind={kind}&search={}", Url::escape(&table), Url::escape(&search));
    let answers = base.split_once('?').map_or("", |(_, answers)| answers).split('&').filter_map(|answer| answer.split_once('='));
    let hidden = answers.map(|(name, value)| view! { <input type="hidden" name=name.to_owned() value=Url::unescape(value) /> });
    let hidden = hidden.collect_view();
    let action = base.split('?').next().unwrap_or_default().to_owned();
    let kinds = [("", "All changes"), ("added", "Added"), ("changed", "Changed"), ("removed", "Removed")];
    let kinds = kinds.map(|(value, text)| view! { <option value=value selected=value == kind>{text}</option> });
    let none = total == 0;
    view! {
        <section class="block">
            <p><a href=format!("{base}tab=lookup")>"All lookup tables"</a></p>
            <h2>{changes.table.name.clone()}</h2>
            <Form method="GET" action=action>
                {hidden}
                <input type="hidden" name="tab" value="lookup" />
                <input type="hidden" name="table" value=table />
                <div class="rows-filter">
                    <select class="field__input" name="kind" aria-label="Kind of change">{kinds.collect_view()}</select>
                    <input class="field__input" type="search" name="search" value=search placeholder="Search in the rows" aria-label="Search in the rows" />
                    <button class="button" type="submit">"Show"</button>
                </div>
            </Form>
            <p class="totals">
                <span>{count(total, "row")}</span>
                <a href=format!("{csv}{rows}") download="" rel="external">"Download as CSV"</a>
            </p>
            {if none {
                view! { <Empty title="No such row" text="No changed row of this table is of that kind and has that text." /> }.into_any()
            } else {
                match show {
                    Some(show) => show(changes),
                    None => view! { <ChangedRows changes /> }.into_any(),
                }
            }}
            <Pager page pages base=format!("{base}tab=lookup&{rows}&page=") />
        </section>
    }
}
