//! The way back: what a person says before a promotion is taken back as a whole.

use crate::api::promotion::UndoPromotion;
use crate::components::{Answer, Dialog, Field, TextArea};
use leptos::form::ActionForm;
use leptos::prelude::*;
use lockstep::promotion::PromotionDetail;

#[component]
pub fn UndoDialog(detail: PromotionDetail, #[prop(into)] back: String) -> impl IntoView {
    let summary = detail.summary;
    let undo = ServerAction::<UndoPromotion>::new();
    let busy = undo.pending();
    view! {
        <Dialog title=format!("Undo {} in {}?", summary.version, summary.target_label) back>
            <p>"A new release takes the schema and the lookup rows back to what they were before. You see its preview first, with what cannot come back, and it is approved like any other."</p>
            <Answer value=undo.value() />
            <ActionForm action=undo>
                <input type="hidden" name="promotion" value=summary.id.0.to_string() />
                <UndoWords />
                <button class="button button--main button--wide" type="submit" aria-busy=move || busy.get().to_string()>
                    {move || if busy.get() { "Reading…" } else { "Preview the undo" }}
                </button>
            </ActionForm>
        </Dialog>
    }
}

/// What everybody will call an undo, and why.
#[component]
pub fn UndoWords() -> impl IntoView {
    view! {
        <Field label="Version" name="version" autocomplete="off" hint="How everybody will call the undo, for example 1.4.0 undo." />
        <TextArea label="Notes" name="notes" hint="Why it goes back." />
    }
}
