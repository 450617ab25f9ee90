//! Where a promotion stands: as a badge, and at its end as a banner that first says what happened.

use super::badge::{Badge, Tone};
use super::icon::{Icon, Sign};
use super::notice::ProblemText;
use leptos::prelude::*;
use lockstep::promotion::{Outcome, State};

fn look(outcome: &Outcome) -> (Tone, Icon) {
    match outcome {
        Outcome::Succeeded => (Tone::Good, Icon::Check),
        Outcome::Failed { .. } => (Tone::Danger, Icon::Cross),
        Outcome::RolledBack { .. } => (Tone::Warning, Icon::Undo),
        Outcome::NeedsAttention { .. } => (Tone::Danger, Icon::Alert),
        Outcome::Cancelled => (Tone::Neutral, Icon::Stop),
    }
}

#[component]
pub fn StateBadge(state: State) -> impl IntoView {
    let (tone, icon) = match &state {
        State::AwaitingApproval => (Tone::Warning, Icon::Wait),
        State::Approved => (Tone::Active, Icon::Check),
        State::Rejected => (Tone::Danger, Icon::Cross),
        State::Cancelled { .. } => (Tone::Neutral, Icon::Stop),
        State::Running => (Tone::Active, Icon::Play),
        State::Finished { outcome, .. } => look(outcome),
    };
    view! { <Badge tone icon text=state.label() /> }
}

/// Where a promotion stands, and that it counts no more when it was taken back.
#[component]
pub fn Standing(state: State, undone: bool) -> impl IntoView {
    view! {
        <StateBadge state />
        {undone.then(|| view! { <Badge tone=Tone::Neutral icon=Icon::Undo text="Taken back" /> })}
    }
}

#[component]
pub fn OutcomeBanner(
    outcome: Outcome,
    /// The environment, as people read it.
    #[prop(into)]
    target: String,
    #[prop(into)] version: String,
) -> impl IntoView {
    let (tone, icon) = look(&outcome);
    let label = outcome.label();
    let rest = match outcome {
        Outcome::Succeeded => {
            view! { <p>{format!("{target} has release {version}. It was read back and is exactly what was approved.")}</p> }
                .into_any()
        }
        Outcome::Cancelled => view! { <p>{format!("Nothing was changed in {target}.")}</p> }.into_any(),
        Outcome::Failed { problem } | Outcome::RolledBack { problem } | Outcome::NeedsAttention { problem } => {
            view! { <ProblemText problem /> }.into_any()
        }
    };
    view! {
        <section class=format!("outcome outcome--{}", tone.modifier()) aria-label="Result">
            <Sign icon />
            <div class="outcome__text">
                <h2>{label}</h2>
                {rest}
            </div>
        </section>
    }
}
