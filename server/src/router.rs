//! All routes and the layers around them, outermost last.

use crate::config::Config;
use crate::csrf::{self, Origins};
use crate::headers::{self, Https};
use crate::{body, downloads, health, logs, session, site};
use axum::Router;
use axum::extract::{FromRef, Request, State};
use axum::http::request::Parts;
use axum::http::{Method, StatusCode};
use axum::middleware::{from_fn, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use leptos::config::LeptosOptions;
use leptos::nonce::Nonce;
use leptos::prelude::{provide_context, use_context};
use leptos_axum::{LeptosRoutes, generate_route_list};
use lockstep::engine::Console;
use lockstep_app::ssr::PeerIp;
use lockstep_app::{App, shell};
use std::sync::Arc;
use tower::ServiceExt;

#[derive(Clone)]
pub struct Shared {
    console: Console,
    options: LeptosOptions,
}

impl FromRef<Shared> for Console {
    fn from_ref(shared: &Shared) -> Self {
        shared.console.clone()
    }
}

impl FromRef<Shared> for LeptosOptions {
    fn from_ref(shared: &Shared) -> Self {
        shared.options.clone()
    }
}

/// `port` is the one that was bound: the name of the console on this machine ends with it.
pub fn router(config: &Config, options: LeptosOptions, console: Console, port: u16) -> Router {
    let shared = Shared { console: console.clone(), options: options.clone() };
    let document = {
        let options = options.clone();
        move || shell(options.clone())
    };
    let origins = Arc::new(Origins::new(config.public_url.clone(), port));
    Router::new()
        .route("/promotions/{id}/sql", get(downloads::sql))
        .route("/promotions/{id}/evidence", get(downloads::evidence))
        .route("/environments/{id}/lookup-data.zip", get(downloads::lookup_data))
        .route("/promotions/{id}/rows.csv", get(downloads::rows))
        .route("/preview/{release}/{environment}/rows.csv", get(downloads::draft_rows))
        .route("/history.csv", get(downloads::history_csv))
        .route("/history.json", get(downloads::history_json))
        .leptos_routes_with_context(&shared, generate_route_list(App), context(console.clone()), document)
        .fallback(file_or_page)
        .layer(session::layer(console))
        .route("/healthz", get(health::alive))
        .route("/readyz", get(health::ready))
        .route("/api/health/db", get(health::databases))
        .layer(from_fn(body::limit))
        .layer(from_fn_with_state(origins, csrf::guard))
        .layer(from_fn_with_state(Https(config.https()), headers::dress))
        .layer(from_fn_with_state(Arc::new(config.proxies.clone()), logs::follow))
        .with_state(shared)
}

/// What pages and server functions find: the console, who asks, and the nonce that is in the header of the answer.
fn context(console: Console) -> impl Fn() + Clone + Send + Sync + 'static {
    move || {
        provide_context(console.clone());
        let found = use_context::<Parts>()
            .map(|parts| (parts.extensions.get::<PeerIp>().copied(), parts.extensions.get::<Nonce>().cloned()));
        if let Some((Some(peer), Some(nonce))) = found {
            provide_context(peer);
            provide_context(nonce);
        }
    }
}

/// A file of the site, else the page that says that there is nothing.
async fn file_or_page(State(shared): State<Shared>, request: Request) -> Response {
    if !matches!(*request.method(), Method::GET | Method::HEAD) {
        return StatusCode::METHOD_NOT_ALLOWED.into_response();
    }
    let mut probe = Request::new(axum::body::Body::empty());
    *probe.method_mut() = request.method().clone();
    *probe.uri_mut() = request.uri().clone();
    *probe.headers_mut() = request.headers().clone();
    let file = site::files(&shared.options).oneshot(probe).await.into_response();
    if file.status() != StatusCode::NOT_FOUND {
        return file;
    }
    let options = shared.options.clone();
    let page = leptos_axum::render_app_async_with_context(context(shared.console), move || shell(options.clone()));
    let mut answer = page(request).await;
    if answer.status() == StatusCode::OK {
        *answer.status_mut() = StatusCode::NOT_FOUND;
    }
    answer
}
