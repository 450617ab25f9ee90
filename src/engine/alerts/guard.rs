//! Names are resolved here, and the addresses that came of it are those that are connected to: a name cannot lead elsewhere in between.

use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use std::net::{IpAddr, SocketAddr};

pub struct Guard {
    /// The operator has named the host: it may be this machine.
    pub open: bool,
}

impl Resolve for Guard {
    fn resolve(&self, name: Name) -> Resolving {
        let open = self.open;
        Box::pin(async move {
            let found: Vec<SocketAddr> = tokio::net::lookup_host((name.as_str(), 0)).await?.collect();
            let outside: Vec<SocketAddr> = found.into_iter().filter(|addr| open || !refused(addr.ip())).collect();
            if outside.is_empty() {
                return Err("the name leads back to this machine; LOCKSTEP_WEBHOOK_HOSTS can allow it".into());
            }
            Ok(Box::new(outside.into_iter()) as Addrs)
        })
    }
}

/// Addresses behind which this machine, or what serves it alone, is found.
pub fn refused(ip: IpAddr) -> bool {
    match ip.to_canonical() {
        IpAddr::V4(ip) => ip.is_loopback() || ip.is_link_local() || ip.is_unspecified() || ip.is_broadcast() || ip.is_multicast(),
        IpAddr::V6(ip) => ip.is_loopback() || ip.is_unicast_link_local() || ip.is_unspecified() || ip.is_multicast(),
    }
}
