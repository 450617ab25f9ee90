//! The tab of a run: rendered from the stored events, then followed as it happens.

use crate::api::promotion::run;
use crate::components::loaded;
use crate::components::run_board::RunBoard;
use crate::live::{self, Line};
use leptos::prelude::*;
use lockstep::run::{RunId, RunView};

#[component]
pub fn RunTab(
    run: RunId,
    /// Raised when the run ends while somebody looks.
    ended: RwSignal<u32>,
) -> impl IntoView {
    let id = run;
    let stored = Resource::new(move || id, self::run);
    loaded(stored, move |stored| view! { <Board id stored ended /> })
}

#[component]
fn Board(id: RunId, stored: RunView, ended: RwSignal<u32>) -> impl IntoView {
    let view = RwSignal::new(stored);
    let line = RwSignal::new(Line::Quiet);
    live::follow(id, view, line);
    let over = Memo::new(move |_| view.with(|view| view.outcome.is_some()));
    Effect::new(move |before: Option<bool>| {
        let over = over.get();
        if over && before == Some(false) {
            ended.update(|ended| *ended += 1);
        }
        over
    });
    view! { <RunBoard view line /> }
}
