//! What is sent somewhere, and why it did not arrive.

use std::time::Duration;

use jiff::SignedDuration;
use reqwest::header::{HeaderMap, HeaderName, HeaderValue};
use url::Url;

use crate::model::Trouble;

/// Longest words taken from whoever refused, in characters: a sentence that says what is wrong.
const MAX_WORDS: usize = 200;

/// One request that carries something.
#[derive(Clone, Debug)]
pub struct Parcel<'a> {
    /// Where to.
    pub url: &'a Url,
    /// Names in lower case, and values; a name or a value that HTTP cannot carry is left out.
    pub headers: Vec<(&'static str, String)>,
    /// What is posted; without, the address is only asked for.
    pub body: Option<Vec<u8>>,
    /// Longest time for all of it.
    pub timeout: Duration,
}

/// A parcel that was not accepted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unsent {
    /// Why.
    pub trouble: Trouble,
    /// When to come back, where whoever refused says so.
    pub retry_after: Option<SignedDuration>,
    /// What they said, on one line; empty where they said nothing.
    pub words: String,
}

impl<'a> Parcel<'a> {
    /// A form.
    #[must_use]
    pub fn form(url: &'a Url, pairs: &[(&str, &str)], timeout: Duration) -> Self {
        let body = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish();
        let headers = vec![("content-type", "application/x-www-form-urlencoded".to_owned())];
        Self { url, headers, body: Some(body.into_bytes()), timeout }
    }

    /// Its headers; those that say who we are are kept out of all logs.
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
    /// What went wrong, with what the receiver said of it.
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

/// The first words of a refusal as one line of plain text.
pub(super) fn words(body: &[u8]) -> String {
    let text = String::from_utf8_lossy(body);
    let words: Vec<&str> = text.split(|c: char| c.is_whitespace() || c.is_control()).collect();
    let line = words.into_iter().filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ");
    line.chars().take(MAX_WORDS).collect()
}
