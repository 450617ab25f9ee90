//! A run as it happens: its steps with their durations, what it waits for, and every event.

use super::icon::{Icon, Sign};
use super::moment::Clock;
use crate::live::Line;
use crate::words::duration;
use chrono::{DateTime, Utc};
use leptos::prelude::*;
use lockstep::run::{Event, EventKind, RunView, Step, StepStatus, StepView};
use std::time::Duration;
use web_sys::js_sys::Date;

#[component]
pub fn RunBoard(view: RwSignal<RunView>, line: RwSignal<Line>) -> impl IntoView {
    let now = ticking(view);
    let steps = move || view.with(|view| view.steps.iter().map(|step| step_view(view, step, now.get())).collect_view());
    let summary = Memo::new(move |_| view.with(summary));
    view! {
        <section class="run" aria-label="Run">
            <p class="run__summary" role="status" aria-live="polite">{summary}</p>
            <Show when=move || line.get() == Line::Lost>
                <p class="run__lost"><Sign icon=Icon::Unplugged />"The connection to the console was lost. The run goes on; trying again…"</p>
            </Show>
            <ol class="steps">{steps}</ol>
            <h3>"What happened"</h3>
            <div class="log" tabindex="0" role="region" aria-label="What happened">
                <ol>
                    <For each=move || view.with(story) key=|event| event.seq let:event>
                        <li class="log__line">
                            <Clock at=event.at />
                            <span>{event.kind.sentence()}</span>
                        </li>
                    </For>
                </ol>
            </div>
        </section>
    }
}

/// The reader's clock, once a second while the run goes on; none before the page is alive.
fn ticking(view: RwSignal<RunView>) -> ReadSignal<Option<DateTime<Utc>>> {
    let (now, set_now) = signal(None);
    Effect::new(move |_| {
        let tick = move || {
            if view.with_untracked(|view| view.outcome.is_none()) {
                set_now.set(DateTime::from_timestamp_millis(Date::now() as i64));
            }
        };
        if let Ok(interval) = set_interval_with_handle(tick, Duration::from_secs(1)) {
            on_cleanup(move || interval.clear());
        }
    });
    now
}

fn step_view(view: &RunView, step: &StepView, now: Option<DateTime<Utc>>) -> impl IntoView + use<> {
    let (modifier, icon, status) = match step.status {
        StepStatus::Pending => ("pending", Icon::Clock, "not yet"),
        StepStatus::Running => ("running", Icon::Play, "running"),
        StepStatus::Done => ("done", Icon::Check, "done"),
        StepStatus::Failed => ("failed", Icon::Cross, "failed"),
        StepStatus::Skipped if view.does_without(step) => ("skipped", Icon::Minus, "skipped"),
        StepStatus::Skipped => ("skipped", Icon::Minus, "not reached"),
    };
    let took = step.started.and_then(|from| Some(duration(from, step.finished.or(now)?)));
    view! {
        <li class=format!("steps__step steps__step--{modifier}") aria-current=(step.status == StepStatus::Running).then_some("step")>
            <Sign icon />
            <div class="steps__text">
                <p class="steps__name">{step.step.label()}" "<span class="steps__status">{status}</span></p>
                {step.progress.clone().map(|progress| view! { <p class="steps__progress">{progress}</p> })}
                {step.waiting.clone().map(|waiting| view! { <p class="steps__waiting"><Sign icon=Icon::Wait />{waiting}</p> })}
            </div>
            <span class="steps__took">{took}</span>
        </li>
    }
}

/// Every event but how far a backup was: of that only the newest counts, and the step shows it.
fn story(view: &RunView) -> Vec<Event> {
    let counts = |event: &&Event| !matches!(event.kind, EventKind::Progress { step: Step::Backup, .. });
    view.events.iter().filter(counts).cloned().collect()
}

/// What a screen reader hears: the step, not every line.
fn summary(view: &RunView) -> String {
    if let Some(outcome) = &view.outcome {
        return format!("{}.", outcome.label());
    }
    let running = view.steps.iter().position(|step| step.status == StepStatus::Running);
    let stopping = if view.cancel_requested { " It was asked to stop." } else { "" };
    match running {
        Some(place) => format!("Step {} of {}: {}.{stopping}", place + 1, view.steps.len(), view.steps[place].step.label()),
        None => format!("Waiting for the console to take it up.{stopping}"),
    }
}
