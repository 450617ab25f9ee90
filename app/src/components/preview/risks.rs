//! Every hazard with its kind, one sentence for people and one for engineers.

use super::objects::{hazard_look, object_words};
use crate::components::badge::Badge;
use crate::components::frame::Empty;
use leptos::prelude::*;
use lockstep::plan::TableSize;
use lockstep::promotion::Preview;

#[component]
pub fn Risks(preview: Preview) -> impl IntoView {
    let Preview { sealed, sizes, .. } = preview;
    let mut hazards: Vec<_> = sealed
        .plan
        .changes
        .iter()
        .flat_map(|change| change.hazards.iter().map(|hazard| (hazard.clone(), object_words(&change.object))))
        .collect();
    hazards.sort();
    if hazards.is_empty() {
        return view! { <Empty title="No risks found" text="No statement deletes data, rewrites a table, blocks others for long or breaks running code." /> }
            .into_any();
    }
    let items = hazards.into_iter().map(|(hazard, object)| {
        let (tone, icon) = hazard_look(hazard.kind);
        view! {
            <li class="risk">
                <Badge tone icon text=hazard.kind.label() />
                <div>
                    <p>{hazard.sentence.clone()}{TableSize::words(&sizes, &hazard)}</p>
                    <p class="quiet">{format!("{object}: {}", hazard.detail)}</p>
                </div>
            </li>
        }
    });
    view! { <ul class="risks">{items.collect_view()}</ul> }.into_any()
}
