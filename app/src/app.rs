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
    let named = |title: String| if title.is_empty() { "Lockstep".to_owned() } else { format!("{title} · Lockstep") };
    view! {
        <Title formatter=named />
        <Router>
            <Pages />
        </Router>
    }
}

#[component]
fn Pages() -> impl IntoView {
    let path = use_location().pathname;
    let frame = Resource::new(move || path.get(), |_| frame());
    provide_context(FrameContext(frame));
    view! {
        <a class="skip" href="#main">
            "Skip to the content"
        </a>
        <div class="bar-top" role="banner">
            {loaded(frame, |frame| view! { <TopBar frame /> })}
        </div>
        <main id="main" class="main" tabindex="-1">
            {loaded(frame, |frame| frame.notice.map(|error| view! { <Refusal error /> }))}
            <Routes fallback=MissingPage>
                <Route path=path!("/") view=PipelinePage ssr=SsrMode::Async />
                <Route path=path!("/sign-in") view=SignInPage ssr=SsrMode::Async />
                <Route path=path!("/first-run") view=FirstRunPage ssr=SsrMode::Async />
                <Route path=path!("/password") view=PasswordPage ssr=SsrMode::Async />
                <Route path=path!("/promote") view=PromotePage ssr=SsrMode::Async />
                <Route path=path!("/preview/:release/:environment") view=PreviewPage ssr=SsrMode::Async />
                <Route path=path!("/promotions/:id") view=PromotionPage ssr=SsrMode::Async />
                <Route path=path!("/approvals") view=ApprovalsPage ssr=SsrMode::Async />
                <Route path=path!("/history") view=HistoryPage ssr=SsrMode::Async />
                <Route path=path!("/audit") view=AuditPage ssr=SsrMode::Async />
                <Route path=path!("/people") view=PeoplePage ssr=SsrMode::Async />
                <Route path=path!("/environments") view=EnvironmentsPage ssr=SsrMode::Async />
                <Route path=path!("/environments/:id/import") view=ImportPage ssr=SsrMode::Async />
            </Routes>
        </main>
    }
}
