//! A host, as politeness counts: who answers at one name and port is one, whatever the scheme.

use std::fmt;

use url::Url;

/// `news.example`, with the port where it is not the usual one of HTTP or HTTPS.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Host(String);

impl Host {
    /// The host that an address leads to.
    #[must_use]
    pub fn of(url: &Url) -> Self {
        let name = url.host_str().unwrap_or_default();
        match url.port() {
            None | Some(80 | 443) => Self(name.to_owned()),
            Some(port) => Self(format!("{name}:{port}")),
        }
    }

    /// Its text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl From<&str> for Host {
    /// The host that was written so.
    fn from(text: &str) -> Self {
        Self(text.to_owned())
    }
}

impl fmt::Display for Host {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}
