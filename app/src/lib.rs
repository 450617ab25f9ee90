//! The user interface of Lockstep: pages rendered on the server, which work without JavaScript, and brought to life in the browser.
//! Modules in suggested reading order.

/// Server functions: actor, one use-case, map the error.
pub mod api;
/// The routes.
pub mod app;
/// What pages are made of. They take props and never call the server.
pub mod components;
/// What a server function answers when it refuses.
pub mod error;
/// What forms send.
pub mod forms;
/// The browser's side of a run: the stream of its events.
pub mod live;
/// One page per route: it loads and arranges.
pub mod pages;
/// The HTML document around the app.
#[cfg(feature = "ssr")]
mod shell;
/// The server's side of a request: the console, the session, the actor, redirects.
#[cfg(feature = "ssr")]
pub mod ssr;
/// The texts that more than one page says: counts, sizes, durations.
pub mod words;

pub use app::App;
#[cfg(feature = "ssr")]
pub use shell::shell;

/// The status of the answer that is being made; in the browser none is.
#[cfg(feature = "ssr")]
fn answer_with(status: u16) {
    ssr::set_status(status);
}

#[cfg(not(feature = "ssr"))]
fn answer_with(_status: u16) {}

/// Takes over the page that the server rendered.
#[cfg(feature = "hydrate")]
#[wasm_bindgen::prelude::wasm_bindgen]
pub fn hydrate() {
    console_error_panic_hook::set_once();
    leptos::mount::hydrate_body(App);
}
