//! The tabs of a page are links: they can be sent to somebody, and they work without JavaScript.

use leptos::prelude::*;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tab {
    /// In the URL.
    pub name: &'static str,
    pub label: &'static str,
    /// A number beside the label.
    pub count: Option<u64>,
}

impl Tab {
    pub fn new(name: &'static str, label: &'static str) -> Self {
        Self { name, label, count: None }
    }

    pub fn counted(name: &'static str, label: &'static str, count: u64) -> Self {
        Self { name, label, count: Some(count) }
    }
}

#[component]
pub fn Tabs(
    tabs: Vec<Tab>,
    #[prop(into)] chosen: Signal<String>,
    /// The address of the page, up to where the tab is named: it ends with `?` or `&`.
    #[prop(into)]
    base: String,
) -> impl IntoView {
    let items = tabs.into_iter().map(|Tab { name, label, count }| {
        let current = move || chosen.with(|chosen| chosen == name).then_some("page");
        view! {
            <li>
                <a class="tabs__tab" href=format!("{base}tab={name}") aria-current=current>
                    {label}
                    {count.filter(|count| *count > 0).map(|count| view! { <span class="tabs__count">{crate::words::number(count)}</span> })}
                </a>
            </li>
        }
    });
    view! {
        <nav class="tabs" aria-label="Parts of this page">
            <ul>{items.collect_view()}</ul>
        </nav>
    }
}
