//! What was promoted, by whom, when, and how it ended. The filter is in the address.

use super::query;
use crate::api::environments::environments;
use crate::api::history::history;
use crate::components::{Empty, Heading, Icon, Pager, PromotionList, Sign, loaded};
use crate::words::count;
use leptos::prelude::*;
use leptos_router::components::Form;
use lockstep::promotion::{Environment, HistoryFilter, Page, PromotionSummary};

const OUTCOMES: [(&str, &str); 8] = [
    ("", "Every state"),
    ("awaiting_approval", "Awaiting approval"),
    ("approved", "Approved"),
    ("rejected", "Rejected"),
    ("succeeded", "Succeeded"),
    ("failed", "Failed, nothing was changed"),
    ("needs_attention", "Needs attention"),
    ("cancelled", "Cancelled"),
];

#[component]
pub fn HistoryPage() -> impl IntoView {
    let (target, outcome, text, page) = (query("target"), query("outcome"), query("text"), query("page"));
    let filter = Memo::new(move |_| HistoryFilter {
        target: target.get(),
        outcome: outcome.get(),
        text: text.get(),
        page: page.with(|page| page.parse().unwrap_or(0)),
    });
    let known = Resource::new(|| (), |()| environments());
    let found = Resource::new(move || filter.get(), history);
    let csv = move || format!("/history.csv?{}", address(&filter.get()));
    let options = OUTCOMES.map(|(value, label)| {
        view! { <option value=value selected=move || outcome.with(|outcome| outcome == value)>{label}</option> }
    });
    view! {
        <Heading title="History" lead="Every promotion, newest first.">
            <a class="button" href=csv download rel="external"><Sign icon=Icon::Download />"Download as CSV"</a>
        </Heading>
        <Form method="get" action="/history" attr:class="filter" attr:role="search">
            <div class="field">
                <label class="field__label" for="text">"Search"</label>
                <input class="field__input" id="text" name="text" type="search" prop:value=text value=text.get_untracked() placeholder="Version, person, notes" />
            </div>
            <div class="field">
                <label class="field__label" for="target">"Into"</label>
                <select class="field__input" id="target" name="target">
                    <option value="">"Every environment"</option>
                    {loaded(known, move |known: Vec<Environment>| view! { <Targets known target /> })}
                </select>
            </div>
            <div class="field">
                <label class="field__label" for="outcome">"State"</label>
                <select class="field__input" id="outcome" name="outcome">{options.collect_view()}</select>
            </div>
            <button class="button" type="submit">"Filter"</button>
        </Form>
        {loaded(found, move |found| view! { <Found found filter=filter.get_untracked() /> })}
    }
}

#[component]
fn Targets(known: Vec<Environment>, target: Memo<String>) -> impl IntoView {
    let options = known.into_iter().map(|environment| {
        let chosen = target.with_untracked(|target| *target == environment.name);
        view! { <option value=environment.name selected=chosen>{environment.label}</option> }
    });
    options.collect_view()
}

#[component]
fn Found(found: Page<PromotionSummary>, filter: HistoryFilter) -> impl IntoView {
    let Page { items, page, pages, total } = found;
    if items.is_empty() {
        let filtered = HistoryFilter { page: 0, ..filter } != HistoryFilter::default();
        return if filtered {
            view! { <Empty title="Nothing fits" text="No promotion fits this filter."><a class="button" href="/history">"Show all"</a></Empty> }.into_any()
        } else {
            view! {
                <Empty title="No promotion yet" text="Once a release is requested for an environment, it stays here for good: what, who, when and how it ended.">
                    <a class="button button--main" href="/promote">"Promote Release"</a>
                </Empty>
            }
            .into_any()
        };
    }
    view! {
        <p class="quiet">{count(total, "promotion")}</p>
        <PromotionList promotions=items />
        <Pager page pages base=format!("/history?{}&page=", address(&filter)) />
    }
    .into_any()
}

/// The filter as a query, without its page.
fn address(filter: &HistoryFilter) -> String {
    let pairs = [("target", &filter.target), ("outcome", &filter.outcome), ("text", &filter.text)];
    pairs.map(|(name, value)| format!("{name}={}", leptos_router::location::Url::escape(value))).join("&")
}
