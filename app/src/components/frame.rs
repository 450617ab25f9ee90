//! The heading of a page, and what stands where there is nothing yet.

use leptos::prelude::*;
use leptos_meta::Title;

/// The page's title in the document and on the page.
#[component]
pub fn Heading(
    #[prop(into)] title: String,
    /// One sentence below it.
    #[prop(optional, into)]
    lead: String,
    /// Actions beside it.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    view! {
        <Title text=title.clone() />
        <header class="heading">
            <div class="heading__text">
                <h1>{title}</h1>
                {(!lead.is_empty()).then(|| view! { <p class="heading__lead">{lead}</p> })}
            </div>
            {children.map(|children| view! { <div class="heading__actions">{children()}</div> })}
        </header>
    }
}

/// Nothing here yet: what would be, and what to do first.
#[component]
pub fn Empty(
    #[prop(into)] title: String,
    #[prop(into)] text: String,
    #[prop(optional)] children: Option<Children>,
) -> impl IntoView {
    view! {
        <section class="empty">
            <h2>{title}</h2>
            <p>{text}</p>
            {children.map(|children| view! { <div class="empty__actions">{children()}</div> })}
        </section>
    }
}
