//! Probes: is the process there, can it work, how are the databases.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use lockstep::engine::{self, Console};
use serde_json::json;

pub async fn alive() -> &'static str {
    "ok"
}

pub async fn ready(State(console): State<Console>) -> (StatusCode, &'static str) {
    match console.ready().await {
        Ok(()) => (StatusCode::OK, "ok"),
        Err(problem) => {
            tracing::warn!(%problem, "not ready");
            (StatusCode::SERVICE_UNAVAILABLE, "the store does not answer")
        }
    }
}

/// For each environment whether it answers and how many tables it has, with host and port. What went wrong is in words and code only.
pub async fn databases(State(console): State<Console>) -> Response {
    match engine::health(&console).await {
        Ok(environments) => {
            let healthy = environments.iter().all(|environment| environment.healthy);
            let status = if healthy { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
            (status, Json(json!({ "healthy": healthy, "environments": environments }))).into_response()
        }
        Err(problem) => {
            tracing::warn!(%problem, "the environments could not be looked at");
            (StatusCode::SERVICE_UNAVAILABLE, Json(json!({ "healthy": false, "environments": [] }))).into_response()
        }
    }
}
