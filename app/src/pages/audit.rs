//! Every action, chained so that nobody can alter the record unseen.

use super::query;
use crate::api::history::{audit, verify_audit};
use crate::components::{Cards, Empty, Heading, Icon, Moment, Pager, Sign, loaded};
use crate::words::count;
use leptos::prelude::*;
use lockstep::promotion::{AuditEntry, Page};

#[component]
pub fn AuditPage() -> impl IntoView {
    let (page, verify) = (query("page"), query("verify"));
    let page = Memo::new(move |_| page.with(|page| page.parse().unwrap_or(0)));
    let entries = Resource::new(move || page.get(), audit);
    view! {
        <Heading title="Audit" lead="Every action, newest first. Each row carries the hash of the one before it.">
            <a class="button" href="/audit?verify=1"><Sign icon=Icon::Shield />"Verify the chain"</a>
        </Heading>
        {move || (!verify.get().is_empty()).then(|| view! { <Verified /> })}
        {loaded(entries, |entries| view! { <Entries entries /> })}
    }
}

#[component]
fn Verified() -> impl IntoView {
    let verdict = Resource::new(|| (), |()| verify_audit());
    loaded(verdict, |text| view! { <p class="ok" role="status"><Sign icon=Icon::Shield />{text}</p> })
}

#[component]
fn Entries(entries: Page<AuditEntry>) -> impl IntoView {
    let Page { items, page, pages, total } = entries;
    if items.is_empty() {
        return view! { <Empty title="Nothing yet" text="Every action of every person will be listed here." /> }.into_any();
    }
    let rows = items.into_iter().map(|entry| {
        view! {
            <tr>
                <th scope="row" data-label="Row">{entry.seq}</th>
                <td data-label="When"><Moment at=entry.at /></td>
                <td data-label="Who">
                    <span>{entry.actor}" "<span class="quiet">{(!entry.role.is_empty()).then(|| format!("({})", entry.role))}</span></span>
                </td>
                <td data-label="Action">{entry.action}</td>
                <td data-label="Object">{entry.object}</td>
                <td data-label="Result">{entry.result}</td>
                <td data-label="From">{entry.ip}</td>
            </tr>
        }
    });
    let rows = rows.collect_view();
    view! {
        <p class="quiet">{count(total, "row")}</p>
        <Cards label="Audit log" columns=&["Row", "When", "Who", "Action", "Object", "Result", "From"]>
            {rows}
        </Cards>
        <Pager page pages base="/audit?page=" />
    }
    .into_any()
}
