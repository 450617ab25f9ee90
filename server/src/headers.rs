//! Headers that every answer carries, whatever it is. The nonce is made here, once per answer, and handed to the renderer.

use axum::extract::{Request, State};
use axum::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, HeaderName, REFERRER_POLICY, SERVER, STRICT_TRANSPORT_SECURITY,
    X_CONTENT_TYPE_OPTIONS,
};
use axum::http::{HeaderMap, HeaderValue};
use axum::middleware::Next;
use axum::response::Response;
use leptos::nonce::Nonce;

/// Set on every answer; what a handler says of these is overruled.
const ALWAYS: [(HeaderName, &str); 6] = [
    (X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (REFERRER_POLICY, "same-origin"),
    (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
    (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
    (HeaderName::from_static("permissions-policy"), "camera=(), geolocation=(), microphone=(), payment=(), usb=()"),
    (HeaderName::from_static("x-frame-options"), "DENY"),
];

/// Whether browsers reach the console over HTTPS.
#[derive(Debug, Clone, Copy)]
pub struct Https(pub bool);

pub async fn dress(State(https): State<Https>, mut request: Request, next: Next) -> Response {
    let nonce = Nonce::new();
    request.extensions_mut().insert(nonce.clone());
    let mut answer = next.run(request).await;
    put(answer.headers_mut(), &nonce, https);
    answer
}

fn put(headers: &mut HeaderMap, nonce: &Nonce, https: Https) {
    for (name, value) in ALWAYS {
        headers.insert(name, HeaderValue::from_static(value));
    }
    if let Ok(value) = HeaderValue::from_str(&policy(nonce)) {
        headers.insert(CONTENT_SECURITY_POLICY, value);
    }
    if https.0 {
        headers.insert(STRICT_TRANSPORT_SECURITY, HeaderValue::from_static("max-age=31536000; includeSubDomains"));
    }
    // Pages hold what only the signed-in person may see; files of the site say for themselves how long they keep.
    headers.entry(CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    headers.remove(SERVER);
}

fn policy(nonce: &str) -> String {
    format!(
        "default-src 'none'; script-src 'nonce-{nonce}' 'strict-dynamic' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self' data:; \
         font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; object-src 'none'; frame-ancestors 'none'"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_inline_script_runs_without_the_nonce_of_its_answer() {
        let (one, other) = (Nonce::new(), Nonce::new());
        assert_ne!(policy(&one), policy(&other));
        assert!(policy(&one).contains(&format!("'nonce-{one}'")));
        assert!(!policy(&one).contains("unsafe-inline") && !policy(&one).contains("'unsafe-eval'"));
    }

    #[test]
    fn pages_are_not_stored_and_files_keep_their_own_word() {
        let mut page = HeaderMap::new();
        put(&mut page, &Nonce::new(), Https(false));
        assert_eq!(page[CACHE_CONTROL], "no-store");
        assert!(!page.contains_key(STRICT_TRANSPORT_SECURITY));
        let mut file = HeaderMap::new();
        file.insert(CACHE_CONTROL, HeaderValue::from_static("no-cache"));
        put(&mut file, &Nonce::new(), Https(true));
        assert_eq!(file[CACHE_CONTROL], "no-cache");
        assert!(file.contains_key(STRICT_TRANSPORT_SECURITY));
    }
}
