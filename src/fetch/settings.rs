//! Settings of the HTTP client: time and size limits, private networks, proxy.

use std::path::PathBuf;
use std::time::Duration;

use ipnet::IpNet;
use url::Url;

/// All settings for fetching. The defaults suit unknown sites on the public web.
#[derive(Clone, Debug)]
pub struct Settings {
    /// A web or mail address where publishers can reach the operator; part of `User-Agent`.
    pub contact: Option<String>,
    /// Time limit for connecting, TLS included.
    pub connect_timeout: Duration,
    /// Time limit for the first byte of a response, and for each following part of its body.
    pub read_timeout: Duration,
    /// Time limit for one request: all redirects and the whole body.
    pub total_timeout: Duration,
    /// Time limit for looking up a name.
    pub lookup_timeout: Duration,
    /// Size limit of a page, in bytes after decompression.
    pub max_page_bytes: usize,
    /// Size limit of a feed, in bytes after decompression.
    pub max_feed_bytes: usize,
    /// Limit of redirects followed in one request.
    pub max_redirects: usize,
    /// Private networks that may be requested nevertheless. Taken literally: an IPv4 network does not include its
    /// addresses written as IPv6.
    pub allow_private: Vec<IpNet>,
    /// A PEM file of certificate authorities to trust in addition to Mozilla's.
    pub ca_file: Option<PathBuf>,
    /// A proxy for all requests. It looks up names itself, so it must itself refuse names with private addresses.
    pub proxy: Option<Url>,
}

impl Default for Settings {
    /// Ordinary sites connect within 0.2 s and respond within 2 s. These limits give a slow site ten times as long, and
    /// still end a stuck request within half a minute.
    fn default() -> Self {
        Self {
            contact: None,
            connect_timeout: Duration::from_secs(5),
            read_timeout: Duration::from_secs(15),
            total_timeout: Duration::from_secs(30),
            lookup_timeout: Duration::from_secs(5),
            max_page_bytes: 5 << 20,
            max_feed_bytes: 5 << 20,
            max_redirects: 5,
            allow_private: Vec::new(),
            ca_file: None,
            proxy: None,
        }
    }
}
