//! What a fetch may do and how long it may take.

use std::path::PathBuf;
use std::time::Duration;

use ipnet::IpNet;
use url::Url;

/// Everything that can be set about fetching. The defaults are right for strangers on the open web.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Where a publisher learns who we are, a web or mail address: part of `User-Agent`.
    pub contact: Option<String>,
    /// Longest wait for a connection, TLS included.
    pub connect_timeout: Duration,
    /// Longest wait for the first byte of an answer, and between any two later ones.
    pub read_timeout: Duration,
    /// Longest time for one address: all redirects and the whole body.
    pub total_timeout: Duration,
    /// Longest wait for a name's addresses.
    pub lookup_timeout: Duration,
    /// Largest page, in bytes after decompression.
    pub max_page_bytes: usize,
    /// Largest feed, in bytes after decompression.
    pub max_feed_bytes: usize,
    /// Most redirects followed for one address.
    pub max_redirects: usize,
    /// Private networks that may be asked all the same. Exact: an IPv4 network does not cover IPv6 spellings of it.
    pub allow_private: Vec<IpNet>,
    /// A PEM file of further certificate authorities to trust, beside Mozilla's.
    pub ca_file: Option<PathBuf>,
    /// A proxy for all requests. It looks up names itself, so names that lead to private addresses are its to refuse.
    pub proxy: Option<Url>,
}

impl Default for Settings {
    /// Ordinary sites connect in 0.2 s and answer in 2 s: the limits leave a slow one ten times that and still free a
    /// place among the requests under way within half a minute.
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
