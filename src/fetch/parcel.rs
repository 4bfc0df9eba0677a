//! Outgoing requests that deliver something (webhooks, WebSub), and why one was not accepted.

use std::time::Duration;

use jiff::SignedDuration;
use reqwest::header::{HeaderMap, HeaderName, HeaderValue};
use url::Url;

use crate::model::Trouble;

/// Length limit of the message kept from a refusal, in characters: about one sentence.
const MAX_WORDS: usize = 200;

/// A request that delivers something.
#[derive(Clone, Debug)]
pub struct Parcel<'a> {
    /// Target address.
    pub url: &'a Url,
    /// Header names in lower case, with their values. Names or values that are not valid in HTTP are left out.
    pub headers: Vec<(&'static str, String)>,
    /// Body of a POST request; with `None` the request is a GET.
    pub body: Option<Vec<u8>>,
    /// Time limit of the whole request.
    pub timeout: Duration,
}

/// A parcel that the receiver did not accept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unsent {
    /// The reason.
    pub trouble: Trouble,
    /// The wait that the receiver asked for, if it did.
    pub retry_after: Option<SignedDuration>,
    /// The receiver's own message on one line; empty if there was none.
    pub words: String,
}

impl<'a> Parcel<'a> {
    /// A POST request with form fields.
    #[must_use]
    pub fn form(url: &'a Url, pairs: &[(&str, &str)], timeout: Duration) -> Self {
        let body = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish();
        let headers = vec![("content-type", "application/x-www-form-urlencoded".to_owned())];
        Self { url, headers, body: Some(body.into_bytes()), timeout }
    }

    /// The headers for the HTTP client; credentials are marked so that they stay out of logs.
    pub(super) fn header_map(&self) -> HeaderMap {
        let header = |(name, value): &(&'static str, String)| {
            let mut value = HeaderValue::from_str(value).ok()?;
            value.set_sensitive(*name == "authorization");
            Some((HeaderName::from_bytes(name.as_bytes()).ok()?, value))
        };
        self.headers.iter().filter_map(header).collect()
    }
}

impl Unsent {
    /// The reason and the receiver's message, as one line of text.
    #[must_use]
    pub fn in_words(&self) -> String {
        let trouble = match &self.trouble {
            Trouble::UnexpectedStatus(status) => format!("answered HTTP {status}"),
            trouble => trouble.to_string(),
        };
        if self.words.is_empty() { trouble } else { format!("{trouble}: {}", self.words) }
    }
}

impl From<Trouble> for Unsent {
    fn from(trouble: Trouble) -> Self {
        Self { trouble, retry_after: None, words: String::new() }
    }
}

/// The beginning of a refusal's body as one line of plain text.
pub(super) fn to_line(body: &[u8]) -> String {
    let text = String::from_utf8_lossy(body);
    let words: Vec<&str> = text.split(|c: char| c.is_whitespace() || c.is_control()).collect();
    let line = words.into_iter().filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ");
    line.chars().take(MAX_WORDS).collect()
}
