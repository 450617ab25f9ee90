//! Requests that a page of another site makes a browser send. Server functions have no protection of their own, so this stands before
//! every handler and lets a request that changes something pass only when it is known to come from our own pages.

use crate::body;
use crate::config::{PublicUrl, is_loopback};
use axum::extract::{Request, State};
use axum::http::header::{ALLOW, CONTENT_TYPE, HOST, LOCATION, ORIGIN, REFERER};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, Uri};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use std::sync::Arc;

/// The names under which browsers may address the console.
#[derive(Debug, Clone)]
pub struct Origins {
    public: Option<PublicUrl>,
    port: u16,
}

impl Origins {
    pub fn new(public: Option<PublicUrl>, port: u16) -> Self {
        Self { public, port }
    }

    /// A foreign name that leads to this machine (DNS rebinding) is refused, otherwise its pages would be ours.
    fn knows(&self, host: &str) -> bool {
        let host = host.to_ascii_lowercase();
        if self.public.as_ref().is_some_and(|public| public.authority == host) {
            return true;
        }
        let (name, port) = match host.rsplit_once(':') {
            Some((name, port)) if !port.contains(']') => (name, port.parse().ok()),
            _ => (host.as_str(), Some(80)),
        };
        is_loopback(name) && port == Some(self.port)
    }

    /// The origin that a page at this host has.
    fn of(&self, host: &str) -> String {
        match &self.public {
            Some(public) if public.authority.eq_ignore_ascii_case(host) => public.origin(),
            _ => format!("http://{}", host.to_ascii_lowercase()),
        }
    }
}

fn text(headers: &HeaderMap, name: impl axum::http::header::AsHeaderName) -> Option<&str> {
    headers.get(name).and_then(|value| value.to_str().ok())
}

/// What stands in the way of a request, as a status and a sentence.
type Refusal = (StatusCode, &'static str);

pub async fn guard(State(origins): State<Arc<Origins>>, mut request: Request, next: Next) -> Response {
    let known = matches!(*request.method(), Method::GET | Method::HEAD | Method::POST);
    if !known {
        return (StatusCode::METHOD_NOT_ALLOWED, [(ALLOW, "GET, HEAD, POST")], "This method is not used here.").into_response();
    }
    // Probes of a container platform call by address.
    if matches!(request.uri().path(), "/healthz" | "/readyz") {
        return next.run(request).await;
    }
    let host = match host(&request) {
        Some(host) if origins.knows(&host) => host,
        _ => {
            return (StatusCode::MISDIRECTED_REQUEST, "This address is not the console's own; set LOCKSTEP_PUBLIC_URL.")
                .into_response();
        }
    };
    let origin = origins.of(&host);
    if let Err(refusal) = judge(request.method(), request.uri().path(), request.headers(), &origin) {
        return refusal.into_response();
    }
    if let Some(clean) = forged_message(&request) {
        return (StatusCode::SEE_OTHER, [(LOCATION, clean)]).into_response();
    }
    keep_own_referer(request.headers_mut(), &origin);
    let mut answer = next.run(request).await;
    keep_on_site(answer.headers_mut(), &origin);
    answer
}

fn host(request: &Request) -> Option<String> {
    match text(request.headers(), HOST) {
        Some(host) if request.headers().get_all(HOST).iter().count() == 1 => Some(host.to_owned()),
        Some(_) => None,
        None => request.uri().authority().map(ToString::to_string),
    }
}

fn judge(method: &Method, path: &str, headers: &HeaderMap, own: &str) -> Result<(), Refusal> {
    const FOREIGN: Refusal = (StatusCode::FORBIDDEN, "This request comes from another site.");
    let site = text(headers, "sec-fetch-site");
    if *method != Method::POST {
        // Following a link is fine; loading our pages or downloads into somebody else's is not.
        let navigation =
            text(headers, "sec-fetch-mode") == Some("navigate") && text(headers, "sec-fetch-dest") == Some("document");
        let ours = matches!(site, None | Some("same-origin" | "none")) && !headers.contains_key(ORIGIN)
            || text(headers, ORIGIN) == Some(own);
        return if ours || (navigation && !headers.contains_key(ORIGIN)) { Ok(()) } else { Err(FOREIGN) };
    }
    let origin = headers.get(ORIGIN).map(|value| value.to_str().is_ok_and(|origin| origin.eq_ignore_ascii_case(own)));
    let ours = match (site, origin) {
        (Some("same-origin"), None | Some(true)) => true,
        (None, Some(same)) => same,
        _ => false,
    };
    if !ours {
        return Err(FOREIGN);
    }
    let kind = text(headers, CONTENT_TYPE).unwrap_or_default();
    let (kind, rest) = kind.split_once(';').unwrap_or((kind, ""));
    match kind.trim().to_ascii_lowercase().as_str() {
        "multipart/form-data" if path == body::UPLOAD && has_boundary(rest) => Ok(()),
        "application/x-www-form-urlencoded" | "application/json" if path != body::UPLOAD => Ok(()),
        _ => Err((StatusCode::UNSUPPORTED_MEDIA_TYPE, "This is not what a form of the console sends.")),
    }
}

/// As browsers write it. Whoever takes the form apart relies on it.
fn has_boundary(parameters: &str) -> bool {
    let boundary = parameters.trim().strip_prefix("boundary=").unwrap_or_default();
    (1..=70).contains(&boundary.len()) && boundary.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
}

/// Leptos shows the error of a form that was sent without JavaScript from the address. Only our own redirect may put one there; in a link
/// from elsewhere it is somebody else's text on our page.
fn forged_message(request: &Request) -> Option<HeaderValue> {
    let query = request.uri().query()?;
    if !query.contains("__err") && !query.contains("__path") {
        return None;
    }
    if *request.method() == Method::POST || text(request.headers(), "sec-fetch-site") == Some("same-origin") {
        return None;
    }
    HeaderValue::from_str(&without_message(request.uri().path(), query)).ok()
}

fn without_message(path: &str, query: &str) -> String {
    let kept: Vec<&str> = query.split('&').filter(|pair| !pair.starts_with("__err") && !pair.starts_with("__path")).collect();
    let path = local_path(path);
    if kept.is_empty() { path } else { format!("{path}?{}", kept.join("&")) }
}

/// Leptos sends a form without JavaScript back to the referring page: only one of ours, and without the error of an earlier try.
fn keep_own_referer(headers: &mut HeaderMap, own: &str) {
    let local = text(headers, REFERER).and_then(|referer| local_part(referer, own));
    headers.remove(REFERER);
    if let Some(value) = local.and_then(|local| HeaderValue::from_str(&format!("{own}{local}")).ok()) {
        headers.insert(REFERER, value);
    }
}

/// Whatever a handler answers, a redirect stays on the site.
fn keep_on_site(headers: &mut HeaderMap, own: &str) {
    if let Some(location) = headers.get(LOCATION) {
        let local = location.to_str().ok().and_then(|location| {
            let rest = location.strip_prefix(own).unwrap_or(location);
            (rest.starts_with('/') && local_path(rest) == rest).then(|| rest.to_owned())
        });
        let value = local.and_then(|local| HeaderValue::from_str(&local).ok()).unwrap_or(HeaderValue::from_static("/"));
        headers.insert(LOCATION, value);
    }
}

/// Path and query of a URL of ours, without the error of an earlier try.
fn local_part(url: &str, own: &str) -> Option<String> {
    let uri: Uri = url.parse().ok()?;
    let origin = format!("{}://{}", uri.scheme_str()?, uri.authority()?.as_str().to_ascii_lowercase());
    (origin == own).then(|| match uri.query() {
        Some(query) => without_message(uri.path(), query),
        None => local_path(uri.path()),
    })
}

/// `//evil` and `/\evil` are other sites to a browser.
fn local_path(path: &str) -> String {
    let second = path.as_bytes().get(1);
    let stays = path.starts_with('/') && !matches!(second, Some(b'/' | b'\\')) && !path.contains(['\r', '\n', '\t', '\\']);
    if stays { path.to_owned() } else { "/".to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    const OWN: &str = "http://127.0.0.1:3000";

    fn headers(pairs: &[(&'static str, &str)]) -> HeaderMap {
        pairs.iter().map(|(name, value)| (axum::http::HeaderName::from_static(name), value.parse().unwrap())).collect()
    }

    #[test]
    fn only_our_own_pages_may_change_something() {
        let form = ("content-type", "application/x-www-form-urlencoded");
        let check = |pairs: &[(&'static str, &str)], status: Option<u16>| {
            let result = judge(&Method::POST, "/api/freeze", &headers(pairs), OWN).err().map(|(status, _)| status.as_u16());
            assert_eq!(result, status, "{pairs:?}");
        };
        check(&[form, ("sec-fetch-site", "same-origin")], None);
        check(&[form, ("sec-fetch-site", "same-origin"), ("origin", OWN)], None);
        check(&[form, ("origin", OWN)], None);
        check(&[form], Some(403));
        check(&[form, ("origin", "https://evil.example")], Some(403));
        check(&[form, ("origin", "null")], Some(403));
        check(&[form, ("sec-fetch-site", "same-site"), ("origin", OWN)], Some(403));
        check(&[form, ("sec-fetch-site", "cross-site")], Some(403));
        check(&[form, ("sec-fetch-site", "none")], Some(403));
        check(&[form, ("sec-fetch-site", "same-origin"), ("origin", "https://evil.example")], Some(403));
        check(&[("content-type", "text/plain"), ("origin", OWN)], Some(415));
        check(&[("content-type", "multipart/form-data; boundary=x"), ("origin", OWN)], Some(415));
        check(&[("origin", OWN)], Some(415));
    }

    #[test]
    fn files_go_to_one_place_and_forms_to_the_others() {
        let check = |kind: &str, passes: bool| {
            let headers = headers(&[("content-type", kind), ("origin", OWN)]);
            assert_eq!(judge(&Method::POST, body::UPLOAD, &headers, OWN).is_ok(), passes, "{kind}");
        };
        check("multipart/form-data; boundary=----WebKitFormBoundaryA1_b", true);
        for kind in
            ["multipart/form-data", "multipart/form-data; boundary=", "multipart/form-data; boundary=a b", "application/json"]
        {
            check(kind, false);
        }
        check(&format!("multipart/form-data; boundary={}", "x".repeat(71)), false);
    }

    #[test]
    fn other_sites_may_link_to_us_and_not_load_us() {
        let check = |pairs: &[(&'static str, &str)], passes: bool| {
            assert_eq!(judge(&Method::GET, "/", &headers(pairs), OWN).is_ok(), passes, "{pairs:?}");
        };
        check(&[], true);
        check(&[("sec-fetch-site", "cross-site"), ("sec-fetch-mode", "navigate"), ("sec-fetch-dest", "document")], true);
        check(&[("sec-fetch-site", "cross-site"), ("sec-fetch-mode", "navigate"), ("sec-fetch-dest", "iframe")], false);
        check(&[("sec-fetch-site", "cross-site"), ("sec-fetch-mode", "no-cors"), ("sec-fetch-dest", "script")], false);
        check(&[("sec-fetch-site", "same-site"), ("sec-fetch-mode", "cors")], false);
        check(&[("origin", "https://evil.example"), ("upgrade", "websocket")], false);
        check(&[("origin", OWN)], true);
    }

    #[test]
    fn foreign_names_for_this_machine_are_refused() {
        let local = Origins::new(None, 3000);
        for host in ["127.0.0.1:3000", "localhost:3000", "[::1]:3000", "LOCALHOST:3000"] {
            assert!(local.knows(host), "{host}");
        }
        for host in ["evil.example:3000", "127.0.0.1:80", "127.0.0.1", "localhost.evil.example:3000", "", "[::1]"] {
            assert!(!local.knows(host), "{host}");
        }
        let public = Origins::new(Some(PublicUrl { https: true, authority: "lockstep.example.com".to_owned() }), 3000);
        assert!(public.knows("lockstep.example.com"));
        assert_eq!(public.of("lockstep.example.com"), "https://lockstep.example.com");
        assert_eq!(public.of("127.0.0.1:3000"), OWN);
    }

    #[test]
    fn a_redirect_never_leaves_the_site() {
        for location in [
            "https://evil.example/x",
            "//evil.example",
            "/\\evil.example",
            "evil",
            "http://127.0.0.1:3000.evil.example/",
            "javascript:alert(1)",
        ] {
            let mut answer = headers(&[("location", location)]);
            keep_on_site(&mut answer, OWN);
            assert_eq!(answer[LOCATION], "/", "{location}");
        }
        for (location, kept) in [("/history?page=2", "/history?page=2"), ("http://127.0.0.1:3000/sign-in", "/sign-in")] {
            let mut answer = headers(&[("location", location)]);
            keep_on_site(&mut answer, OWN);
            assert_eq!(answer[LOCATION], kept);
        }
    }

    #[test]
    fn a_foreign_referer_is_dropped_and_our_own_loses_old_errors() {
        let kept = |referer: &str| {
            let mut request = headers(&[("referer", referer)]);
            keep_own_referer(&mut request, OWN);
            text(&request, REFERER).map(str::to_owned)
        };
        assert_eq!(kept("https://evil.example/x"), None);
        assert_eq!(kept("http://127.0.0.1:3000@evil.example/"), None);
        assert_eq!(
            kept("http://127.0.0.1:3000/sign-in?next=%2Fx&__path=%2Fapi&__err=abc").as_deref(),
            Some("http://127.0.0.1:3000/sign-in?next=%2Fx")
        );
        assert_eq!(kept("http://127.0.0.1:3000//evil.example").as_deref(), Some("http://127.0.0.1:3000/"));
    }
}
