//! The routes. Every page is rendered whole before its first byte, so that its status tells the truth.

use crate::api::session::frame;
use crate::components::{Refusal, loaded};
use crate::pages::*;
use leptos::prelude::*;
use leptos_meta::{Title, provide_meta_context};
use leptos_router::components::{Route, Router, Routes};
use leptos_router::hooks::use_location;
use leptos_router::{SsrMode, path};

#[component]
pub fn App() -> impl IntoView {
    provide_meta_context();
    view! {
        <Title formatter=|title: String| if title.is_empty() { "Lockstep".to_owned() } else { format!("{title} · Lockstep") } />
        <Router>
            <Pages />
        </Router>
    }
}

#[component]
fn Pages() -> impl IntoView {
    let path = use_location().pathname;
    let frame = Resource::new(move || path.get(), |_| frame());
    view! {
        <a class="skip" href="#main">"Skip to the content"</a>
        <main id="main" class="main" tabindex="-1">
            {loaded(frame, |frame| frame.notice.map(|error| view! { <Refusal error /> }))}
            <Routes fallback=MissingPage>
                <Route path=path!("/sign-in") view=SignInPage ssr=SsrMode::Async />
                <Route path=path!("/first-run") view=FirstRunPage ssr=SsrMode::Async />
            </Routes>
        </main>
    }
}
