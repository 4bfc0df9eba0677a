//! Resolves host names: one look-up, whose addresses are checked and then used for the connection. A name whose address
//! changes between check and connection (DNS rebinding) therefore gains nothing.

use std::io;
use std::net::{IpAddr, SocketAddr, ToSocketAddrs};
use std::sync::Arc;
use std::time::Duration;

use ipnet::IpNet;
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use tokio::sync::Semaphore;

use super::guard;

/// Limit of look-ups at the same time. The system's resolver blocks a thread for up to 10 s if the name server is down;
/// the permits keep such threads from filling the pool.
const MAX_LOOKUPS: usize = 16;

/// Resolver that uses the system's look-up and refuses names with a forbidden address.
pub(super) struct Lookup {
    pub(super) allowed: Arc<[IpNet]>,
    pub(super) timeout: Duration,
    /// Host name of the proxy: the operator chose it, so its address may be private.
    pub(super) proxy: Option<String>,
    permits: Arc<Semaphore>,
}

/// A look-up failed, or its result is forbidden.
#[derive(Debug, thiserror::Error)]
pub(super) enum LookupError {
    #[error("{0} leads to {why}", why = guard::not_public(*.1))]
    Forbidden(String, IpAddr),
    #[error("looking up {0} took too long")]
    TooSlow(String),
    #[error("no address for {0}: {1}")]
    Failed(String, io::Error),
}

impl Lookup {
    pub(super) fn new(allowed: Arc<[IpNet]>, timeout: Duration, proxy: Option<String>) -> Self {
        Self { allowed, timeout, proxy, permits: Arc::new(Semaphore::new(MAX_LOOKUPS)) }
    }
}

impl Resolve for Lookup {
    fn resolve(&self, name: Name) -> Resolving {
        let (host, permits, timeout) = (name.as_str().to_owned(), self.permits.clone(), self.timeout);
        let allowed = if self.proxy.as_deref() == Some(name.as_str()) { None } else { Some(self.allowed.clone()) };
        Box::pin(async move {
            let found = tokio::time::timeout(timeout, lookup_addresses(host.clone(), permits)).await;
            let found = found.map_err(|_| LookupError::TooSlow(host.clone()))?;
            let found = found.map_err(|error| LookupError::Failed(host.clone(), error))?;
            if let Some(allowed) = allowed {
                check_addresses(&host, &found, &allowed)?;
            }
            Ok(Box::new(found.into_iter()) as Addrs)
        })
    }
}

/// Looks up all addresses of `host`. The thread holds the permit, because it may outlive the wait for it.
async fn lookup_addresses(host: String, permits: Arc<Semaphore>) -> io::Result<Vec<SocketAddr>> {
    let permit = permits.acquire_owned().await.map_err(io::Error::other)?;
    let look = move || {
        let _permit = permit;
        (host.as_str(), 0).to_socket_addrs().map(Iterator::collect)
    };
    tokio::task::spawn_blocking(look).await.map_err(io::Error::other)?
}

/// Refuses a name if any of its addresses is forbidden, because we do not choose which one is connected to.
fn check_addresses(host: &str, found: &[SocketAddr], allowed: &[IpNet]) -> Result<(), LookupError> {
    match found.iter().find(|address| !guard::may_connect(address.ip(), allowed)) {
        Some(address) => Err(LookupError::Forbidden(host.to_owned(), address.ip())),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_forbidden_address_among_public_ones_refuses_the_name() {
        let found = ["93.184.216.34:0".parse().unwrap(), "10.0.0.1:0".parse().unwrap()];
        assert!(check_addresses("example.org", &found[..1], &[]).is_ok());
        assert!(check_addresses("example.org", &found, &[]).unwrap_err().to_string().contains("10.0.0.1"));
        assert!(check_addresses("example.org", &found, &["10.0.0.0/8".parse().unwrap()]).is_ok());
    }
}
