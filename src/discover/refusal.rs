//! What came instead of a feed.

use std::fmt;

use url::Url;

use crate::model::{Fact, Value};

use super::html;

/// Why some bytes are no feed that can be read, in words for the person who gave the address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NotAFeed {
    /// Nothing, or white space alone.
    Empty,
    /// More bytes than [`super::MAX_FEED_BYTES`].
    TooLarge(usize),
    /// More entries than the limit.
    TooManyEntries(usize),
    /// An HTML page, and the feeds that its head names.
    Html(Vec<Url>),
    /// Something else; what it looks like.
    Other(&'static str),
    /// It began as a feed and then could not be read; why.
    Unreadable(String),
}

impl NotAFeed {
    /// What it is, to be put into words.
    #[must_use]
    pub fn fact(&self) -> Fact {
        match self {
            Self::Empty => Fact::new("the answer is empty"),
            Self::TooLarge(limit) => Fact::new("larger than the limit of {limit} bytes for a feed").with(*limit),
            Self::TooManyEntries(limit) => Fact::new("more than the limit of {limit} entries").with(*limit),
            Self::Html(feeds) if feeds.is_empty() => Fact::new("an HTML page, not a feed; its head names none"),
            Self::Html(feeds) => {
                let feeds: Vec<&str> = feeds.iter().map(Url::as_str).collect();
                Fact::new("an HTML page, not a feed; its head points to {addresses}").with(feeds.join(", "))
            }
            Self::Other(kind) => Fact::new("not a feed: {kind}").with(Fact::new(kind)),
            Self::Unreadable(why) => Fact::new("a feed that cannot be read: {why}").with(Value::English(why.clone())),
        }
    }
}

impl fmt::Display for NotAFeed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.fact())
    }
}

impl std::error::Error for NotAFeed {}

/// What `text` from `base` is, as far as it shows.
pub(super) fn what_it_is(text: &str, base: &Url) -> NotAFeed {
    if html::looks_like_html(text) {
        return NotAFeed::Html(html::feeds(text, base));
    }
    let starts = |mark: &str| text.starts_with(mark);
    NotAFeed::Other(match () {
        () if starts("%PDF") => "a PDF document",
        () if starts("{") => "JSON that is no JSON Feed",
        () if text.contains("<opml") => "an OPML list of feeds",
        () if starts("<") => "XML of another kind",
        () => "neither XML nor JSON",
    })
}
