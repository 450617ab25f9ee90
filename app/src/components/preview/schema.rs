//! Each changed object, before and after.

use super::objects::{EffectBadge, hazard_badges, object_words};
use crate::components::diff::BeforeAfter;
use crate::components::frame::Empty;
use crate::components::pager::Pager;
use leptos::prelude::*;
use lockstep::plan::ChangeSummary;

/// Objects on one page.
const PAGE: usize = 50;

#[component]
pub fn SchemaChanges(changes: Vec<ChangeSummary>, page: u64, #[prop(into)] base: String) -> impl IntoView {
    let pages = changes.len().div_ceil(PAGE) as u64;
    let start = usize::try_from(page).unwrap_or(0) * PAGE;
    let few = changes.len() <= 5;
    if changes.is_empty() {
        return view! { <Empty title="No schema changes" text="Both sides have the same schema." /> }.into_any();
    }
    let items = changes.into_iter().skip(start).take(PAGE).map(|change| {
        view! {
            <details class="object" open=few>
                <summary class="object__head">
                    <EffectBadge effect=change.effect />
                    <strong>{object_words(&change.object)}</strong>
                    <span class="badges">{hazard_badges(&change.hazards)}</span>
                </summary>
                {change.sentences.into_iter().map(|sentence| view! { <p>{sentence}</p> }).collect_view()}
                <BeforeAfter before=change.before after=change.after />
            </details>
        }
    });
    view! {
        <section aria-label="Schema changes">
            {items.collect_view()}
            <Pager page pages base=format!("{base}tab=schema&page=") />
        </section>
    }
    .into_any()
}
