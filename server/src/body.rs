//! What a request may bring: a body is read whole before any handler sees it, up to a limit and within a time.

use axum::body::{Body, to_bytes};
use axum::extract::Request;
use axum::http::header::CONTENT_LENGTH;
use axum::http::{Method, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use std::time::Duration;

/// No form of ours comes near it.
pub const LIMIT: usize = 1024 * 1024;
const PATIENCE: Duration = Duration::from_secs(20);

/// JSON nested deeper than anything we take would only be there to exhaust the stack of whoever reads it.
const DEPTH: usize = 64;

pub async fn limit(request: Request, next: Next) -> Response {
    if *request.method() != Method::POST {
        return next.run(request).await;
    }
    const TOO_LARGE: (StatusCode, &str) = (StatusCode::PAYLOAD_TOO_LARGE, "The request is larger than 1 MB.");
    let announced = request.headers().get(CONTENT_LENGTH).and_then(|length| length.to_str().ok()?.parse::<u64>().ok());
    if announced.is_some_and(|length| length > LIMIT as u64) {
        return TOO_LARGE.into_response();
    }
    let (parts, body) = request.into_parts();
    let bytes = match tokio::time::timeout(PATIENCE, to_bytes(body, LIMIT)).await {
        Err(_) => return (StatusCode::REQUEST_TIMEOUT, "The request did not arrive in time.").into_response(),
        Ok(Err(_)) => return TOO_LARGE.into_response(),
        Ok(Ok(bytes)) => bytes,
    };
    if depth(&bytes) > DEPTH {
        return (StatusCode::BAD_REQUEST, "The request is nested too deeply.").into_response();
    }
    next.run(Request::from_parts(parts, Body::from(bytes))).await
}

/// The deepest nesting of brackets, roughly: those in texts count, too.
fn depth(bytes: &[u8]) -> usize {
    let (mut open, mut deepest) = (0_usize, 0);
    for byte in bytes {
        match byte {
            b'[' | b'{' => open += 1,
            b']' | b'}' => open = open.saturating_sub(1),
            _ => continue,
        }
        deepest = deepest.max(open);
    }
    deepest
}

#[cfg(test)]
mod tests {
    use super::depth;

    #[test]
    fn nesting_is_counted_without_recursion() {
        assert_eq!(depth(b"{\"a\":[1,{\"b\":[]}]}"), 4);
        assert_eq!(depth(&[b'['; 10_000]), 10_000);
        assert_eq!(depth(b"name=x&note=]]"), 0);
    }
}
