//! Logs, and the outermost layer: an id for each request, one line for each answer, and an end for what panics. Paths are logged without
//! their query, headers and bodies never.

use crate::config::{Config, LogFormat};
use crate::peer::{self, Proxies};
use axum::extract::{Request, State};
use axum::http::{HeaderName, HeaderValue, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use futures::FutureExt;
use lockstep::problem::{Problem, ProblemKind};
use lockstep_app::ssr::PeerIp;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::Instant;
use tracing_subscriber::EnvFilter;

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// Starts logging to standard error. A library's lines about statements stay out: they may hold rows.
pub fn start(config: &Config) -> Result<(), Problem> {
    let filter = EnvFilter::try_new(format!("{},sqlx=warn,hyper=warn", config.log)).map_err(|_| {
        Problem::new(ProblemKind::Invalid, "The setting LOCKSTEP_LOG cannot be read.")
            .way_out("Write info, warn, or lockstep=debug.")
    })?;
    let lines = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).with_target(false);
    let started = match config.log_format {
        LogFormat::Json => lines.json().flatten_event(true).try_init(),
        LogFormat::Text => lines.with_ansi(std::io::IsTerminal::is_terminal(&std::io::stderr())).try_init(),
    };
    started.map_err(|error| Problem::new(ProblemKind::Internal, "Logging could not be started.").because(error.to_string()))
}

pub async fn follow(State(proxies): State<Arc<Proxies>>, mut request: Request, next: Next) -> Response {
    let started = Instant::now();
    let id = uuid::Uuid::now_v7().simple().to_string();
    let ip = proxies.client(peer::of_connection(&request), request.headers());
    request.extensions_mut().insert(PeerIp(ip));
    let (method, path) = (request.method().clone(), request.uri().path().to_owned());
    let mut answer = match AssertUnwindSafe(next.run(request)).catch_unwind().await {
        Ok(answer) => answer,
        // The panic itself is in the log already; the person gets a reference and nothing of the inside.
        Err(_) => broken(&id),
    };
    let (status, ms) = (answer.status().as_u16(), started.elapsed().as_millis());
    if status >= 500 {
        tracing::error!(%id, %method, %path, status, ms, %ip, "answered");
    } else if path.starts_with("/pkg/") || path == "/healthz" || path == "/readyz" {
        tracing::debug!(%id, %method, %path, status, ms, %ip, "answered");
    } else {
        tracing::info!(%id, %method, %path, status, ms, %ip, "answered");
    }
    if let Ok(value) = HeaderValue::from_str(&id) {
        answer.headers_mut().insert(REQUEST_ID, value);
    }
    answer
}

fn broken(id: &str) -> Response {
    let text = format!("The console failed. Tell the person who runs it this reference: {id}");
    (StatusCode::INTERNAL_SERVER_ERROR, text).into_response()
}
