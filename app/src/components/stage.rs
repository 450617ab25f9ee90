//! A stage of the pipeline, and what waits before it.

use super::badge::{Badge, Tone};
use super::icon::{Icon, Sign};
use super::moment::Moment;
use super::outcome::StateBadge;
use crate::words::{count, extent};
use leptos::prelude::*;
use lockstep::promotion::{Reachable, Stage, Waiting};

#[component]
pub fn StageCard(stage: Stage) -> impl IntoView {
    let Stage { environment, reachable, version, promoted_by, promoted_at, open, .. } = stage;
    let protected = environment.policy.protected.then(|| view! { <Badge icon=Icon::Lock text="Protected" /> });
    let promoted = match (promoted_by, promoted_at) {
        (Some(by), Some(at)) => view! { <p class="stage__who">"by " {by} ", " <Moment at /></p> }.into_any(),
        _ => view! { <p class="stage__who">"Nothing was promoted into it with Lockstep yet."</p> }.into_any(),
    };
    let none = version.is_none();
    view! {
        <article class="stage">
            <header class="stage__head">
                <h2>{environment.label.clone()}</h2>
                {protected}
            </header>
            <p class="stage__version" class:stage__version--none=none>
                {version.unwrap_or_else(|| "No version".to_owned())}
            </p>
            {promoted}
            <ReachableLine reachable host=environment.host />
            {open
                .map(|open| {
                    view! {
                        <a class="stage__open" href=format!("/promotions/{}", open.id.0)>
                            <span>"Release " <strong>{open.version}</strong></span>
                            <StateBadge state=open.state />
                        </a>
                    }
                })}
        </article>
    }
}

#[component]
fn ReachableLine(reachable: Reachable, host: Option<String>) -> impl IntoView {
    match reachable {
        Reachable::Yes { server_version } => view! {
            <div class="stage__host">
                <Badge tone=Tone::Good icon=Icon::Check text="Reachable" />
                <span class="stage__server">{format!("PostgreSQL {server_version}")} {host.map(|host| format!(" · {host}"))}</span>
            </div>
        }
        .into_any(),
        Reachable::No { why } => view! {
            <div class="stage__host">
                <Badge tone=Tone::Danger icon=Icon::Unplugged text="Not reachable" />
                <span class="stage__server">{why}</span>
            </div>
        }
        .into_any(),
    }
}

/// Between two stages: what waits, and the way to promote it.
#[component]
pub fn Between(
    waiting: Option<Waiting>,
    /// Where Promote Release leads; none for people who may not promote.
    promote: Option<String>,
    /// The name of the stage behind it.
    #[prop(into)]
    target: String,
) -> impl IntoView {
    let (text, why, anything) = match waiting {
        Some(Waiting::Known { schema_changes: 0, lookup_rows: 0 }) => ("Nothing waits".to_owned(), None, false),
        Some(Waiting::Known { schema_changes, lookup_rows }) => (extent(schema_changes, lookup_rows), None, true),
        Some(Waiting::Unknown { why }) => ("Not known now".to_owned(), Some(why), false),
        None => ("Not known now".to_owned(), None, false),
    };
    view! {
        <div class="between" class:between--waiting=anything>
            <Sign icon=Icon::Arrow />
            <p class="between__what">{text}</p>
            {why.map(|why| view! { <p class="between__why">{why}</p> })}
            {promote
                .map(|href| {
                    view! {
                        <a class="button" class:button--main=anything href=href>
                            "Promote Release"
                            <span class="unseen">{format!(" to {target}")}</span>
                        </a>
                    }
                })}
        </div>
    }
}

/// The sentence above the pipeline.
pub fn pipeline_lead(stages: usize) -> String {
    format!("{}, from left to right. A release moves one step at a time.", count(stages as u64, "environment"))
}
