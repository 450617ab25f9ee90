//! Links to the other pages of a long list. The page is in the URL.

use crate::words::number;
use leptos::prelude::*;

#[component]
pub fn Pager(
    /// From 0.
    page: u64,
    pages: u64,
    /// The address of the list, up to and including `page=`.
    #[prop(into)]
    base: String,
) -> impl IntoView {
    (pages > 1).then(|| {
        let link = |to: u64, text: &'static str| view! { <a class="button button--quiet" href=format!("{base}{to}")>{text}</a> };
        view! {
            <nav class="pager" aria-label="Pages">
                {(page > 0).then(|| link(page - 1, "Previous"))}
                <span>{format!("Page {} of {}", number(page + 1), number(pages))}</span>
                {(page + 1 < pages).then(|| link(page + 1, "Next"))}
            </nav>
        }
    })
}
