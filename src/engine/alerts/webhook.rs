//! Where alerts go: one address that the operator has set. It is a secret, as whoever knows it can write there.

use super::guard::{Guard, refused};
use crate::engine::Result;
use crate::problem::{Problem, ProblemKind};
use crate::promotion::Message;
use reqwest::redirect::Policy;
use reqwest::{Client, header};
use std::fmt;
use std::sync::Arc;
use std::time::Duration;
use url::Url;

/// For the whole of one message.
const TIME: Duration = Duration::from_secs(10);

#[derive(Clone)]
pub struct Webhook {
    url: Url,
    client: Client,
    console: String,
}

/// Without its path, which is the secret.
impl fmt::Debug for Webhook {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Webhook({})", self.host())
    }
}

impl Webhook {
    /// `allowed` names hosts that may be this machine itself, and need not be encrypted. `console` is the address under which people
    /// open the console. Nothing is sent yet.
    pub fn new(url: &str, allowed: &[String], console: &str) -> Result<Self> {
        let unusable = |cause: &str| {
            Problem::new(ProblemKind::Invalid, "The webhook for alerts cannot be used.")
                .because(cause)
                .way_out("Write it as https://host/path, as your chat or pager gives it, and name a host of your own in LOCKSTEP_WEBHOOK_HOSTS.")
        };
        let url = Url::parse(url.trim()).map_err(|error| unusable(&format!("It is not a URL: {error}.")))?;
        let host = url.host().ok_or_else(|| unusable("It names no host."))?;
        let is_allowed = allowed.iter().any(|name| name.eq_ignore_ascii_case(&host.to_string()));
        match url.scheme() {
            "https" => {}
            "http" if is_allowed => {}
            _ => return Err(unusable("It is not encrypted.")),
        }
        let ip = match host {
            url::Host::Ipv4(ip) => Some(ip.into()),
            url::Host::Ipv6(ip) => Some(ip.into()),
            url::Host::Domain(_) => None,
        };
        if ip.is_some_and(|ip| refused(ip) && !is_allowed) {
            return Err(unusable("Its address is of this machine or of its network card's neighbourhood."));
        }
        // Another part of the program may have chosen it already, and it is the same one.
        let _chosen = rustls::crypto::ring::default_provider().install_default();
        let client = Client::builder()
            .redirect(Policy::none())
            .no_proxy()
            .timeout(TIME)
            .dns_resolver(Arc::new(Guard { open: is_allowed }))
            .build()
            .map_err(|error| unusable(&format!("{error}.")))?;
        Ok(Self { url, client, console: console.trim_end_matches('/').to_owned() })
    }

    pub fn host(&self) -> &str {
        self.url.host_str().unwrap_or_default()
    }

    pub(super) fn console(&self) -> &str {
        &self.console
    }

    pub(super) async fn send(&self, message: &Message<'_>) -> Result<()> {
        let unsent = |cause: String| {
            Problem::new(ProblemKind::Unreachable, format!("The alert could not be sent to {}.", self.host()))
                .because(cause)
                .way_out("Check LOCKSTEP_WEBHOOK with `lockstep doctor --alert`.")
        };
        let body = serde_json::to_vec(message).map_err(|error| unsent(format!("{error}.")))?;
        let request = self.client.post(self.url.clone()).header(header::CONTENT_TYPE, "application/json").body(body);
        // An error would repeat the address, and with it the secret.
        let answer = request.send().await.map_err(|error| unsent(format!("{}.", told(&error.without_url()))))?;
        match answer.status() {
            status if status.is_success() => Ok(()),
            status => Err(unsent(format!("It answered {status}."))),
        }
    }
}

/// An error with what lies behind it.
fn told(error: &dyn std::error::Error) -> String {
    let mut causes = std::iter::successors(Some(error), |error| error.source());
    causes.by_ref().map(ToString::to_string).collect::<Vec<_>>().join(": ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_webhook_does_not_lead_back_into_the_machine() {
        let webhook = |url: &str, allowed: &[&str]| {
            Webhook::new(url, &allowed.iter().map(|one| (*one).to_owned()).collect::<Vec<_>>(), "https://lockstep.example.com")
        };
        assert!(webhook("https://chat.example.com/hooks/canary", &[]).is_ok());
        for url in [
            "http://chat.example.com/hooks/canary",
            "https://127.0.0.1/hooks",
            "https://[::1]/hooks",
            "https://[::ffff:127.0.0.1]/hooks",
            "https://169.254.169.254/latest",
            "https://2130706433/",
            "https://0.0.0.0/",
            "file:///etc/passwd",
            "chat.example.com",
        ] {
            assert!(webhook(url, &[]).is_err(), "{url}");
        }
        assert!(webhook("http://127.0.0.1:9/hooks", &["127.0.0.1"]).is_ok());
        assert!(!format!("{:?}", webhook("https://chat.example.com/hooks/canary", &[]).unwrap()).contains("canary"));
    }
}
