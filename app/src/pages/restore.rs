//! What a person says before a backup is restored over its target.

use crate::api::promotion::RestorePromotion;
use crate::components::{Answer, Dialog, Field, TextArea};
use leptos::form::ActionForm;
use leptos::prelude::*;
use lockstep::promotion::PromotionDetail;

#[component]
pub fn RestoreDialog(detail: PromotionDetail, #[prop(into)] back: String) -> impl IntoView {
    let summary = detail.summary;
    let restore = ServerAction::<RestorePromotion>::new();
    let busy = restore.pending();
    let title = format!("Restore the backup from before {} in {}?", summary.version, summary.target_label);
    view! {
        <Dialog title back>
            <p>"Everything goes back to what it was then: schema, all rows, owners and privileges. The backup is first restored beside the database and read, which takes as long as it is large."</p>
            <p>"You see a preview before anything is changed. It counts the rows of each table that the backup does not have: each such loss is ticked by hand. It is approved like any other promotion, and a fresh backup is made before."</p>
            <Answer value=restore.value() />
            <ActionForm action=restore>
                <input type="hidden" name="promotion" value=summary.id.0.to_string() />
                <Field label="Version" name="version" autocomplete="off" hint="How everybody will call what comes back, for example 1.3.0 restored." />
                <TextArea label="Notes" name="notes" hint="Why it is restored." />
                <button class="button button--main button--wide" type="submit" aria-busy=move || busy.get().to_string()>
                    {move || if busy.get() { "Reading the backup…" } else { "Preview the restore" }}
                </button>
            </ActionForm>
        </Dialog>
    }
}
