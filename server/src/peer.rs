//! Who is at the other end: the address of the connection, unless a proxy that the operator named speaks for somebody else.

use axum::extract::{ConnectInfo, Request};
use axum::http::HeaderMap;
use lockstep::problem::{Problem, ProblemKind};
use std::net::{IpAddr, Ipv4Addr, SocketAddr};

/// Networks whose `X-Forwarded-For` is believed. None are by default.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Proxies(Vec<(IpAddr, u8)>);

impl Proxies {
    /// Addresses and networks (`10.0.0.0/8`), separated by commas.
    pub fn parse(text: &str) -> Result<Self, Problem> {
        let one = |part: &str| -> Option<(IpAddr, u8)> {
            let (address, bits) = part.split_once('/').map_or((part, None), |(address, bits)| (address, Some(bits)));
            let address: IpAddr = address.parse().ok()?;
            let all = if address.is_ipv4() { 32 } else { 128 };
            let bits = bits.map_or(Some(all), |bits| bits.parse().ok())?;
            (bits <= all).then_some((address, bits))
        };
        let parts = text.split(',').map(str::trim).filter(|part| !part.is_empty());
        parts.map(one).collect::<Option<Vec<_>>>().map(Self).ok_or_else(|| {
            Problem::new(ProblemKind::Invalid, "The setting LOCKSTEP_TRUSTED_PROXIES is not a list of addresses or networks.")
                .way_out("Write it like 10.0.0.5, 192.168.0.0/16.")
        })
    }

    fn trust(&self, address: IpAddr) -> bool {
        self.0.iter().any(|(network, bits)| match (network, address) {
            (IpAddr::V4(network), IpAddr::V4(address)) => {
                same_prefix(u128::from(u32::from(*network)) << 96, u128::from(u32::from(address)) << 96, *bits)
            }
            (IpAddr::V6(network), IpAddr::V6(address)) => same_prefix(u128::from(*network), u128::from(address), *bits),
            _ => false,
        })
    }

    /// The nearest address in the chain that is not one of the trusted proxies. What stands left of it, anybody may have written.
    pub fn client(&self, peer: IpAddr, headers: &HeaderMap) -> IpAddr {
        let mut client = peer.to_canonical();
        let forwarded: Vec<&str> = headers
            .get_all("x-forwarded-for")
            .iter()
            .filter_map(|value| value.to_str().ok())
            .flat_map(|value| value.split(','))
            .collect();
        for hop in forwarded.into_iter().rev() {
            if !self.trust(client) {
                break;
            }
            match hop.trim().parse::<IpAddr>() {
                Ok(address) => client = address.to_canonical(),
                Err(_) => break,
            }
        }
        client
    }
}

fn same_prefix(a: u128, b: u128, bits: u8) -> bool {
    bits == 0 || (a ^ b) >> (128 - u32::from(bits)) == 0
}

/// The address of the connection; the unspecified one where there is none, as in tests of the router alone.
pub fn of_connection(request: &Request) -> IpAddr {
    request.extensions().get::<ConnectInfo<SocketAddr>>().map_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED), |ConnectInfo(peer)| peer.ip())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn client(proxies: &str, peer: &str, forwarded: &[&str]) -> String {
        let mut headers = HeaderMap::new();
        for value in forwarded {
            headers.append("x-forwarded-for", value.parse().unwrap());
        }
        Proxies::parse(proxies).unwrap().client(peer.parse().unwrap(), &headers).to_string()
    }

    #[test]
    fn a_stranger_cannot_choose_an_address() {
        assert_eq!(client("", "203.0.113.9", &["1.2.3.4"]), "203.0.113.9");
        assert_eq!(client("10.0.0.0/8", "203.0.113.9", &["1.2.3.4"]), "203.0.113.9");
    }

    #[test]
    fn a_configured_proxy_is_believed_as_far_as_it_saw() {
        assert_eq!(client("10.0.0.0/8", "10.1.2.3", &["1.2.3.4, 198.51.100.7"]), "198.51.100.7");
        assert_eq!(client("10.0.0.0/8", "10.1.2.3", &["1.2.3.4", "198.51.100.7, 10.9.9.9"]), "198.51.100.7");
        assert_eq!(client("10.0.0.0/8", "10.1.2.3", &["nonsense"]), "10.1.2.3");
        assert_eq!(client("10.0.0.0/8", "::ffff:10.1.2.3", &["198.51.100.7"]), "198.51.100.7");
        assert_eq!(client("2001:db8::/32", "2001:db8::1", &["198.51.100.7"]), "198.51.100.7");
        assert_eq!(client("0.0.0.0/0", "203.0.113.9", &["198.51.100.7"]), "198.51.100.7");
    }
}
