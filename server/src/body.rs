//! What a request may bring: a body is read whole before any handler sees it, up to a limit and within a time. Only an upload goes to
//! its handler piece by piece, since it is no concern of the console's before it is known who sends it.

use axum::body::{Body, BodyDataStream, Bytes, to_bytes};
use axum::extract::Request;
use axum::http::header::CONTENT_LENGTH;
use axum::http::{Method, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use futures::StreamExt;
use leptos::server_fn::ServerFn;
use lockstep_app::api::lookup_data::ImportLookupData;
use lockstep_app::forms::LARGEST_ARCHIVE;
use std::io::{Error, ErrorKind};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::Mutex;
use tokio::time::{Instant, timeout, timeout_at};

/// Takes a file.
pub const UPLOAD: &str = ImportLookupData::PATH;

/// What an upload may be: a file and the fields beside it.
const LARGEST_UPLOAD: usize = LARGEST_ARCHIVE + LIMIT;

/// So much is taken off the wire and thrown away, so that the browser hears why its file is refused.
const THROWN_AWAY: usize = 4 * LARGEST_UPLOAD;

/// No form of ours comes near it.
pub const LIMIT: usize = 1024 * 1024;
const PATIENCE: Duration = Duration::from_secs(20);

/// JSON nested deeper than anything we take would only be there to exhaust the stack of whoever reads it.
const DEPTH: usize = 64;

pub async fn limit(request: Request, next: Next) -> Response {
    if *request.method() != Method::POST {
        return next.run(request).await;
    }
    if request.uri().path() == UPLOAD {
        return upload(request, next).await;
    }
    const TOO_LARGE: (StatusCode, &str) = (StatusCode::PAYLOAD_TOO_LARGE, "The request is larger than 1 MB.");
    let announced = request.headers().get(CONTENT_LENGTH).and_then(|length| length.to_str().ok()?.parse::<u64>().ok());
    if announced.is_some_and(|length| length > LIMIT as u64) {
        return TOO_LARGE.into_response();
    }
    let (parts, body) = request.into_parts();
    let bytes = match timeout(PATIENCE, to_bytes(body, LIMIT)).await {
        Err(_) => return (StatusCode::REQUEST_TIMEOUT, "The request did not arrive in time.").into_response(),
        Ok(Err(_)) => return TOO_LARGE.into_response(),
        Ok(Ok(bytes)) => bytes,
    };
    if depth(&bytes) > DEPTH {
        return (StatusCode::BAD_REQUEST, "The request is nested too deeply.").into_response();
    }
    next.run(Request::from_parts(parts, Body::from(bytes))).await
}

/// Between two pieces there is as much patience as for a whole form.
async fn upload(request: Request, next: Next) -> Response {
    let (parts, body) = request.into_parts();
    let wire = Arc::new(Mutex::new(body.into_data_stream()));
    let pieces = futures::stream::try_unfold((wire.clone(), 0), |(wire, sent)| async move {
        // Whoever takes the form apart reads on until it has to wait, and would hold all of a fast upload at once.
        tokio::task::yield_now().await;
        let Some(piece) = piece(&mut *wire.lock().await).await? else { return Ok(None) };
        let sent = sent + piece.len();
        match sent > LARGEST_UPLOAD {
            true => Err(Error::new(ErrorKind::FileTooLarge, "the upload is too large")),
            false => Ok(Some((piece, (wire, sent)))),
        }
    });
    let answer = next.run(Request::from_parts(parts, Body::from_stream(pieces))).await;
    finish(&mut *wire.lock().await).await;
    answer
}

async fn piece(wire: &mut BodyDataStream) -> Result<Option<Bytes>, Error> {
    timeout(PATIENCE, wire.next()).await?.transpose().map_err(Error::other)
}

/// A browser that is still sending when its connection closes shows nothing of the answer.
async fn finish(wire: &mut BodyDataStream) {
    let (mut left, end) = (THROWN_AWAY, Instant::now() + PATIENCE);
    while let Ok(Some(Ok(piece))) = timeout_at(end, wire.next()).await {
        let Some(less) = left.checked_sub(piece.len()) else { return };
        left = less;
    }
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
