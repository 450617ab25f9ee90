//! Copies a text. It appears once the page is alive: before that it could do nothing.

use super::icon::{Icon, Sign};
use leptos::prelude::*;

#[component]
pub fn Copy(#[prop(into)] text: String) -> impl IntoView {
    let alive = RwSignal::new(false);
    let copied = RwSignal::new(false);
    Effect::new(move |_| alive.set(true));
    let text = StoredValue::new(text);
    let copy = move |_| {
        // The promise settles on its own; a refusal leaves the text on the page to be selected.
        drop(window().navigator().clipboard().write_text(&text.get_value()));
        copied.set(true);
    };
    view! {
        <Show when=move || alive.get()>
            <button class="button button--quiet" type="button" on:click=copy>
                <Sign icon=Icon::Check />
                {move || if copied.get() { "Copied" } else { "Copy" }}
            </button>
        </Show>
    }
}
