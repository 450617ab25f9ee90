//! Changed lookup rows: all tables at a glance, or one table page by page.

use crate::components::frame::Empty;
use crate::components::pager::Pager;
use crate::components::rows::ChangedRows;
use crate::words::{count, number};
use leptos::prelude::*;
use leptos_router::location::Url;
use lockstep::lookup::TableChanges;
use lockstep::promotion::{LookupPage, LookupTotal};

#[component]
pub fn LookupOverview(
    /// The first rows of each table.
    changes: Vec<TableChanges>,
    totals: Vec<LookupTotal>,
    #[prop(into)] base: String,
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
        view! {
            <section class="block">
                <h2>{total.name()}</h2>
                <TotalLine total />
                {rows.map(|changes| view! { <ChangedRows changes /> })}
                {(shown < all)
                    .then(|| view! { <p><a href=href>{format!("The first {} of {}: show all", number(shown), count(all, "row"))}</a></p> })}
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

/// One table, one page of it.
#[component]
pub fn LookupRows(table: String, rows: LookupPage, #[prop(into)] base: String) -> impl IntoView {
    let LookupPage { changes, page, pages, total } = rows;
    let address = Url::escape(&table);
    view! {
        <section class="block">
            <p><a href=format!("{base}tab=lookup")>"All lookup tables"</a></p>
            <h2>{changes.table.name.clone()}</h2>
            <p>{count(total, "changed row")}</p>
            <ChangedRows changes />
            <Pager page pages base=format!("{base}tab=lookup&table={address}&page=") />
        </section>
    }
}
