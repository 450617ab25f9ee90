//! Promote Release: from where to where, and which release. Each choice is a link, so that it can be sent to somebody.

use super::{id, query};
use crate::api::pipeline::{Freeze, pairs, releases};
use crate::components::{Answer, Empty, Field, Heading, Icon, Moment, Sign, TextArea, loaded};
use crate::words::count;
use leptos::form::ActionForm;
use leptos::prelude::*;
use lockstep::promotion::{EnvironmentId, Pair, ReleaseSummary};

#[component]
pub fn PromotePage() -> impl IntoView {
    let pairs = Resource::new(|| (), |()| pairs());
    let (from, to) = (query("from"), query("to"));
    view! {
        <Heading title="Promote Release" lead="Choose the way, then the release. Nothing changes before somebody has approved the preview." />
        {loaded(
            pairs,
            move |pairs| {
                view! {
                    {move || {
                        let chosen = from.with(|from| to.with(|to| chosen(&pairs, from, to)));
                        view! { <Ways pairs=pairs.clone() chosen=chosen.clone() /> {chosen.map(|pair| view! { <Release pair /> })} }
                    }}
                }
            },
        )}
    }
}

/// The pair of the address; where it names only a target, the legal way there; the only legal way when it names nothing.
fn chosen(pairs: &[Pair], from: &str, to: &str) -> Option<Pair> {
    let fits = |pair: &&Pair| {
        (from.is_empty() || pair.from == EnvironmentId(id(from))) && (to.is_empty() || pair.to == EnvironmentId(id(to)))
    };
    let legal: Vec<&Pair> = pairs.iter().filter(|pair| pair.why_not.is_none()).filter(fits).collect();
    match legal.as_slice() {
        [only] => Some((*only).clone()),
        [first, ..] if !to.is_empty() => Some((*first).clone()),
        _ => None,
    }
}

#[component]
fn Ways(pairs: Vec<Pair>, chosen: Option<Pair>) -> impl IntoView {
    let (legal, other): (Vec<_>, Vec<_>) = pairs.into_iter().partition(|pair| pair.why_not.is_none());
    let none = legal.is_empty();
    let ways = legal.into_iter().map(|pair| {
        let current = (chosen.as_ref() == Some(&pair)).then_some("true");
        view! {
            <li>
                <a class="way" href=format!("/promote?from={}&to={}", pair.from.0, pair.to.0) aria-current=current>
                    <span>{pair.from_label}</span>
                    <Sign icon=Icon::Arrow />
                    <span class="unseen">"to"</span>
                    <span>{pair.to_label}</span>
                </a>
            </li>
        }
    });
    let reasons = other.into_iter().map(|pair| {
        view! {
            <li>
                <strong>{format!("{} to {}: ", pair.from_label, pair.to_label)}</strong>
                {pair.why_not}
            </li>
        }
    });
    let ways = ways.collect_view();
    let reasons = reasons.collect_view();
    view! {
        <section class="step">
            <h2><span class="step__number">"1"</span>"From where to where?"</h2>
            {none.then(|| view! { <Empty title="There is no way yet" text="A release moves from one environment to the next: a console needs two of them first." /> })}
            <ul class="ways">{ways}</ul>
            <details>
                <summary>"Why not another way?"</summary>
                <ul class="plain">{reasons}</ul>
            </details>
        </section>
    }
}

#[component]
fn Release(pair: Pair) -> impl IntoView {
    let target = pair.to;
    let source = pair.from;
    let freeze = ServerAction::<Freeze>::new();
    let existing = Resource::new(move || target, releases);
    let from_label = pair.from_label;
    let busy = freeze.pending();
    view! {
        <section class="step">
            <h2><span class="step__number">"2"</span>"Which release?"</h2>
            <div class="halves">
                <div class="card">
                    <h3>{format!("Freeze what is in {from_label} now")}</h3>
                    <p>"Its schema and its lookup rows are read in one moment and kept. What is approved is exactly what will be promoted."</p>
                    <Answer value=freeze.value() />
                    <ActionForm action=freeze>
                        <input type="hidden" name="source" value=source.0.to_string() />
                        <input type="hidden" name="target" value=target.0.to_string() />
                        <Field label="Version" name="version" autocomplete="off" hint="For example 1.4.0: how everybody will call this release." />
                        <TextArea label="Notes" name="notes" hint="What is in it, in your own words." />
                        <button class="button button--main" type="submit" aria-busy=move || busy.get().to_string()>
                            {move || if busy.get() { "Reading…" } else { "Freeze and preview" }}
                        </button>
                    </ActionForm>
                </div>
                <div class="card">
                    <h3>"Or take an existing release"</h3>
                    {loaded(existing, move |releases| view! { <Existing releases target /> })}
                    <p>
                        "Only lookup rows, from a file? "
                        <a href=format!("/environments/{}/import", target.0)>"Import lookup data"</a>
                    </p>
                </div>
            </div>
        </section>
    }
}

#[component]
fn Existing(releases: Vec<ReleaseSummary>, target: EnvironmentId) -> impl IntoView {
    if releases.is_empty() {
        return view! { <p>"No release may go there now. Freeze one, or promote one into the environment before it first."</p> }
            .into_any();
    }
    let items = releases.into_iter().map(|release| {
        let about = format!("{}, {}", count(release.tables, "table"), count(release.lookup_rows, "lookup row"));
        view! {
            <li class="release">
                <div>
                    <p class="release__version">{release.version.clone()}</p>
                    <p class="quiet">
                        {format!("Frozen from {} by {}, ", release.source, release.frozen_by)} <Moment at=release.frozen_at /> {format!(" · {about}")}
                    </p>
                    {(!release.notes.is_empty()).then(|| view! { <p>{release.notes}</p> })}
                </div>
                <a class="button" href=format!("/preview/{}/{}", release.id.0, target.0)>
                    "Preview"
                    <span class="unseen">{format!(" release {}", release.version)}</span>
                </a>
            </li>
        }
    });
    view! { <ul class="releases">{items.collect_view()}</ul> }.into_any()
}
