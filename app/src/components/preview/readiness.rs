//! What must be true before it can run: blockers, checks on the target's rows, and what was not compared.

use crate::components::badge::{Badge, Tone};
use crate::components::icon::{Icon, Sign};
use crate::components::notice::ProblemText;
use crate::words::{count, number};
use leptos::prelude::*;
use lockstep::catalog::NotCompared;
use lockstep::promotion::{CheckResult, Preview};

#[component]
pub fn Readiness(preview: Preview) -> impl IntoView {
    let Preview { blockers, checks, warnings, not_compared, .. } = preview;
    let clear = blockers.is_empty();
    let blockers = blockers.into_iter().map(|problem| {
        view! {
            <li class="notice notice--danger">
                <Sign icon=Icon::Stop />
                <div class="notice__text"><ProblemText problem /></div>
            </li>
        }
    });
    let unchecked = checks.is_empty();
    let complete = not_compared.is_empty();
    let blockers = blockers.collect_view();
    let checks = checks.into_iter().map(|result| view! { <CheckLine result /> }).collect_view();
    let warnings = warnings.into_iter().map(|warning| view! { <li>{warning}</li> }).collect_view();
    let not_compared = not_compared.into_iter().map(|kind| view! { <NotComparedLine kind /> }).collect_view();
    view! {
        <section class="block">
            <h2>"What stands in the way"</h2>
            {clear.then(|| view! { <p class="ok"><Sign icon=Icon::Check />"Nothing."</p> })}
            <ul class="bare">{blockers}</ul>
            <ul class="plain">{warnings}</ul>
        </section>
        <section class="block">
            <h2>"Checks on the rows that are there now"</h2>
            {unchecked.then(|| view! { <p>"No change depends on the rows that are there."</p> })}
            <ul class="bare">{checks}</ul>
        </section>
        <section class="block">
            <h2>"Not compared"</h2>
            {match complete {
                true => view! { <p class="ok"><Sign icon=Icon::Check />"Everything in the target was compared."</p> }.into_any(),
                false => view! { <p class="quiet">"Lockstep leaves these as they are in the target."</p> }.into_any(),
            }}
            {not_compared}
        </section>
    }
}

#[component]
fn CheckLine(result: CheckResult) -> impl IntoView {
    let (tone, icon, text) = match result.offending {
        Some(0) => (Tone::Good, Icon::Check, "Holds".to_owned()),
        Some(rows) => (Tone::Danger, Icon::Cross, format!("{} in the way", count(rows, "row"))),
        None => (Tone::Warning, Icon::Clock, "Not finished in time".to_owned()),
    };
    let holds = result.holds();
    let samples = result.samples.into_iter().map(|sample| view! { <li><code>{sample}</code></li> });
    let samples = samples.collect_view();
    view! {
        <li class="check">
            <Badge tone icon text />
            <div>
                <p>{result.check.expects}</p>
                {(!holds)
                    .then(|| {
                        view! {
                            <p>{result.check.way_out}</p>
                            <ul class="plain">{samples}</ul>
                        }
                    })}
            </div>
        </li>
    }
}

#[component]
fn NotComparedLine(kind: NotCompared) -> impl IntoView {
    view! {
        <details>
            <summary>{format!("{} {}", number(kind.names.len() as u64), kind.kind)}</summary>
            <p>{kind.names.join(", ")}</p>
        </details>
    }
}
