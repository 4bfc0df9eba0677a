//! Describes input that is not a feed.

use std::fmt;

use url::Url;

use crate::model::{Fact, Value};

use super::html;

/// The reason why some bytes cannot be read as a feed, for the person who gave the address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NotAFeed {
    /// Nothing, or white space only.
    Empty,
    /// More than [`super::MAX_FEED_BYTES`] bytes.
    TooLarge(usize),
    /// More entries than the limit.
    TooManyEntries(usize),
    /// An HTML page, with the feeds that its head links to.
    Html(Vec<Url>),
    /// Anything else, with a description.
    Other(&'static str),
    /// A feed that could not be read to its end, with the reason.
    Unreadable(String),
}

impl NotAFeed {
    /// The reason as a translatable phrase.
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

/// Guesses what `text` from `base` is.
pub(super) fn describe(text: &str, base: &Url) -> NotAFeed {
    if html::looks_like_html(text) {
        return NotAFeed::Html(html::find_feeds(text, base));
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
