//! Rows of a promotion that has succeeded, and the way to take some of them back.

use super::undo::UndoWords;
use crate::api::promotion::UndoRows as Undo;
use crate::components::Answer;
use crate::components::rows::ChangedRows;
use leptos::form::ActionForm;
use leptos::prelude::*;
use lockstep::lookup::{Picked, TableChanges};
use lockstep::promotion::PromotionId;

#[component]
pub fn UndoRows(promotion: PromotionId, changes: TableChanges) -> impl IntoView {
    let undo = ServerAction::<Undo>::new();
    let busy = undo.pending();
    let all = Picked { table: changes.table.clone(), key: None }.to_string();
    let name = changes.table.name.clone();
    view! {
        <ActionForm action=undo>
            <input type="hidden" name="promotion" value=promotion.0.to_string() />
            <ChangedRows changes pick="rows[]" />
            <section class="card block" aria-label="Undo rows">
                <h3>"Undo rows"</h3>
                <p>"Tick rows above. A new release takes them back to what they were before this promotion; you see its preview first, and it is approved like any other. Other columns that somebody edited since keep their values."</p>
                <label class="tick">
                    <input type="checkbox" name="rows[]" value=all />
                    <span>{format!("All rows of {name} that this promotion changed")}</span>
                </label>
                <Answer value=undo.value() />
                <UndoWords />
                <button class="button button--main" type="submit" aria-busy=move || busy.get().to_string()>
                    {move || if busy.get() { "Reading…" } else { "Preview the undo" }}
                </button>
            </section>
        </ActionForm>
    }
}
