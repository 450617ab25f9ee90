//! The browser's side of a run: it follows the stream of events, and comes back to it after every break.
//! On the server it is a twin that does nothing: the page is rendered from the stored events.

use leptos::prelude::*;
use lockstep::run::{RunId, RunView};

/// Whether the page hears the console.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Line {
    /// Rendered from the stored events; nobody listens yet.
    Quiet,
    Open,
    /// Trying again.
    Lost,
}

/// Follows the run in `view` until its last event, or until the page is left.
pub fn follow(run: RunId, view: RwSignal<RunView>, line: RwSignal<Line>) {
    Effect::new(move |_| browser::follow(run, view, line));
}

#[cfg(not(feature = "hydrate"))]
mod browser {
    use super::{Line, RunId, RunView, RwSignal};

    pub fn follow(_run: RunId, _view: RwSignal<RunView>, _line: RwSignal<Line>) {}
}

#[cfg(feature = "hydrate")]
mod browser {
    use super::{Line, RunId, RunView};
    use crate::api::promotion::run_stream;
    use futures::StreamExt;
    use futures::channel::oneshot;
    use futures::future::{AbortHandle, abortable};
    use leptos::prelude::*;
    use leptos::task::spawn_local;
    use lockstep::run::Event;
    use std::time::Duration;

    /// The pauses before the first, second, ... next try.
    const PAUSES_MS: [u64; 6] = [250, 500, 1000, 2000, 4000, 8000];

    pub fn follow(run: RunId, view: RwSignal<RunView>, line: RwSignal<Line>) {
        let (following, abort): (_, AbortHandle) = abortable(listen(run, view, line));
        on_cleanup(move || abort.abort());
        spawn_local(async move {
            // Aborted when the page is left, which is no failure.
            let _ = following.await;
        });
    }

    async fn listen(run: RunId, view: RwSignal<RunView>, line: RwSignal<Line>) {
        let mut tries = 0;
        while view.with_untracked(|view| view.outcome.is_none()) {
            let before = view.with_untracked(RunView::seq);
            let heard = read(run, before, view, line).await;
            if view.with_untracked(|view| view.outcome.is_some()) {
                break;
            }
            tries = if heard { 0 } else { tries + 1 };
            line.set(Line::Lost);
            pause(PAUSES_MS[tries.min(PAUSES_MS.len() - 1)]).await;
        }
        line.set(Line::Quiet);
    }

    /// Reads one stream to its end; whether it brought anything.
    async fn read(run: RunId, after: i64, view: RwSignal<RunView>, line: RwSignal<Line>) -> bool {
        let Ok(stream) = run_stream(run, after).await else { return false };
        let mut stream = Box::pin(stream.into_inner());
        let mut buffer = Vec::new();
        let mut heard = false;
        while let Some(Ok(bytes)) = stream.next().await {
            heard = true;
            line.set(Line::Open);
            buffer.extend_from_slice(&bytes);
            // A chunk may end anywhere: only whole lines are read.
            while let Some(end) = buffer.iter().position(|byte| *byte == b'\n') {
                let whole: Vec<u8> = buffer.drain(..=end).collect();
                if let Ok(event) = serde_json::from_slice::<Event>(&whole) {
                    view.update(|view| view.apply(event));
                }
            }
        }
        heard
    }

    async fn pause(milliseconds: u64) {
        let (wake, woken) = oneshot::channel();
        let ring = move || {
            // Nobody waits any more when the page was left.
            let _ = wake.send(());
        };
        set_timeout(ring, Duration::from_millis(milliseconds));
        // A timer that was dropped rings, too: then the next try is only earlier.
        let _ = woken.await;
    }
}
