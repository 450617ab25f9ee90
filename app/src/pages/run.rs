//! The tab of a run: rendered from the stored events, then followed as it happens.

use crate::components::loaded;
use crate::components::run_board::RunBoard;
use crate::error::AppError;
use crate::live::{self, Line};
use leptos::prelude::*;
use lockstep::run::{RunId, RunView};

#[component]
pub fn RunTab(
    run: RunId,
    /// Loaded with the page: a part that is rendered twice on the server would show other events than it hands to the browser.
    stored: Resource<Result<RunView, AppError>>,
    /// Raised when the run ends while somebody looks.
    ended: RwSignal<u32>,
) -> impl IntoView {
    loaded(stored, move |stored| view! { <Board id=run stored ended /> })
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
