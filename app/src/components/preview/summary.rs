//! The first minute: what could go wrong, then what changes, in plain sentences, losses first.

use super::objects::{EffectBadge, hazard_badges, hazard_look};
use super::restored::Restored;
use crate::components::badge::Tone;
use crate::components::icon::{Icon, Sign};
use crate::words::count;
use leptos::prelude::*;
use leptos_router::location::Url;
use lockstep::plan::{Hazard, TableSize};
use lockstep::promotion::{LookupTotal, Preview, RestoredTable};
use std::collections::BTreeSet;

/// How many changes the summary tells; the rest is on the tab Schema.
const TOLD: usize = 40;

#[component]
pub fn Summary(preview: Preview, totals: Vec<LookupTotal>, #[prop(into)] base: String) -> impl IntoView {
    let plan = preview.sealed.plan.clone();
    let more = plan.changes.len().saturating_sub(TOLD);
    let nothing = plan.changes.is_empty();
    let restore = preview.sealed.restore.clone();
    let changes = plan.changes.into_iter().take(TOLD).map(|change| {
        view! {
            <li class="changes__item">
                <EffectBadge effect=change.effect />
                <div class="changes__text">
                    {change.sentences.into_iter().map(|sentence| view! { <p>{sentence}</p> }).collect_view()}
                    <p class="badges">{hazard_badges(&change.hazards)}</p>
                </div>
            </li>
        }
    });
    let changes = changes.collect_view();
    view! {
        <Worries preview totals=totals.clone() />
        <section class="block">
            <h2>"What changes in the schema"</h2>
            {nothing.then(|| view! { <p>"Nothing: both sides have the same schema."</p> })}
            <ul class="changes">{changes}</ul>
            {(more > 0)
                .then(|| view! { <p><a href=format!("{base}tab=schema")>{format!("And {} more", count(more as u64, "change"))}</a></p> })}
        </section>
        {match restore {
            Some(restore) => view! { <Restored restore /> }.into_any(),
            None => {
                view! {
                    <section class="block">
                        <h2>"What changes in the lookup data"</h2>
                        <LookupLines totals base />
                    </section>
                }
                    .into_any()
            }
        }}
    }
}

#[component]
fn LookupLines(totals: Vec<LookupTotal>, base: String) -> impl IntoView {
    let lines: Vec<_> = totals
        .into_iter()
        .filter(|total| total.inserts + total.updates + total.deletes > 0)
        .map(|total| {
            let parts = [(total.inserts, "added"), (total.updates, "changed"), (total.deletes, "removed")];
            let words: Vec<String> =
                parts.iter().filter(|(n, _)| *n > 0).map(|(n, verb)| format!("{} {verb}", count(*n, "row"))).collect();
            view! {
                <li>
                    <a href=format!("{base}tab=lookup&table={}", Url::escape(&total.table))>{total.name()}</a>
                    ": "
                    {words.join(", ")}
                </li>
            }
        })
        .collect();
    if lines.is_empty() {
        view! { <p>"Nothing: all lookup rows are the same."</p> }.into_any()
    } else {
        view! { <ul class="plain">{lines}</ul> }.into_any()
    }
}

/// What could go wrong, the worst first, each with its sentence.
#[component]
fn Worries(preview: Preview, totals: Vec<LookupTotal>) -> impl IntoView {
    let hazards: BTreeSet<Hazard> = preview.sealed.plan.changes.iter().flat_map(|change| change.hazards.clone()).collect();
    let mut items: Vec<(Tone, Icon, String)> = Vec::new();
    for blocker in &preview.blockers {
        items.push((Tone::Danger, Icon::Stop, format!("Stands in the way: {}", blocker.what)));
    }
    for check in preview.checks.iter().filter(|check| !check.holds()) {
        let text = match check.offending {
            Some(rows) => format!("Does not hold: {} {} do not.", check.check.expects, count(rows, "row")),
            None => format!("Could not be checked in time: {}", check.check.expects),
        };
        items.push((Tone::Danger, Icon::Cross, text));
    }
    for hazard in hazards {
        let (tone, icon) = hazard_look(hazard.kind);
        let size = TableSize::words(&preview.sizes, &hazard);
        items.push((tone, icon, format!("{}: {}{size}", hazard.kind.label(), hazard.sentence)));
    }
    let deletes: u64 = totals.iter().map(|total| total.deletes).sum();
    if deletes > 0 {
        items.push((Tone::Danger, Icon::Minus, format!("Deletes data: {} will be removed.", count(deletes, "lookup row"))));
    }
    let lost = preview.sealed.restore.iter().flat_map(|restore| &restore.tables).filter_map(RestoredTable::to_confirm);
    items.extend(lost.map(|loss| (Tone::Danger, Icon::Minus, format!("Deletes data: {}", loss.sentences.join(" ")))));
    items.extend(preview.warnings.iter().map(|warning| (Tone::Warning, Icon::Info, warning.clone())));
    let calm = items.is_empty();
    let list = items.into_iter().map(|(tone, icon, text)| {
        view! {
            <li class=format!("worries__item worries__item--{}", tone.modifier())>
                <Sign icon />
                <span>{text}</span>
            </li>
        }
    });
    let list = list.collect_view();
    view! {
        <section class="worries" class:worries--calm=calm>
            <h2>"What could go wrong"</h2>
            {calm
                .then(|| {
                    view! {
                        <p class="worries__calm"><Sign icon=Icon::Check />"No risk was found. The backup that the policy asks for is made all the same, and the result is read back before it counts."</p>
                    }
                })}
            <ul>{list}</ul>
        </section>
    }
}
