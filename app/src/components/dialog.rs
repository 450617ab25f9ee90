//! A confirmation. It is part of the page's address (`?confirm=...`), so that it opens without JavaScript, too; with it, the browser's
//! own modal keeps the focus inside, and Esc leads back.

use leptos::html;
use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::components::A;
use leptos_router::hooks::use_navigate;

#[component]
pub fn Dialog(
    #[prop(into)] title: String,
    /// Where cancelling leads.
    #[prop(into)]
    back: String,
    children: Children,
) -> impl IntoView {
    let dialog = NodeRef::<html::Dialog>::new();
    Effect::new(move |_| {
        if let Some(dialog) = dialog.get() {
            // The server renders it open and not modal; only a closed one can become modal.
            dialog.close();
            if dialog.show_modal().is_ok() {
                on_cleanup(move || dialog.close());
            }
        }
    });
    let navigate = use_navigate();
    let leave = {
        let back = back.clone();
        move |event: leptos::ev::Event| {
            event.prevent_default();
            navigate(&back, NavigateOptions { scroll: false, ..NavigateOptions::default() });
        }
    };
    view! {
        <dialog class="dialog" open aria-labelledby="dialog-title" node_ref=dialog on:cancel=leave>
            <h2 id="dialog-title">{title}</h2>
            {children()}
            <p class="dialog__back">
                <A href=back scroll=false>"Go back"</A>
            </p>
        </dialog>
    }
}
