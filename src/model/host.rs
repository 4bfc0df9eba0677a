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

    /// Its name without the port; an IPv6 address without its brackets.
    #[must_use]
    pub fn name(&self) -> &str {
        match self.0.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
            Some((address, _)) => address,
            None => self.0.split_once(':').map_or(&self.0, |(name, _)| name),
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_has_neither_port_nor_brackets() {
        for (url, text, name) in [
            ("https://news.example/a", "news.example", "news.example"),
            ("http://news.example:8080/", "news.example:8080", "news.example"),
            ("http://127.1:80/", "127.0.0.1", "127.0.0.1"),
            ("http://[::1]/", "[::1]", "::1"),
            ("http://[::1]:8080/", "[::1]:8080", "::1"),
        ] {
            let host = Host::of(&Url::parse(url).unwrap());
            assert_eq!((host.as_str(), host.name()), (text, name));
        }
    }
}
