//! What came instead of a feed.

use url::Url;

use super::html;

/// Why some bytes are no feed that can be read, in words for the person who gave the address.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotAFeed {
    /// Nothing, or white space alone.
    #[error("the answer is empty")]
    Empty,
    /// More bytes than [`super::MAX_FEED_BYTES`].
    #[error("larger than the limit of {0} bytes for a feed")]
    TooLarge(usize),
    /// More entries than the limit.
    #[error("more than the limit of {0} entries")]
    TooManyEntries(usize),
    /// An HTML page, and the feeds that its head names.
    #[error("an HTML page, not a feed{}", pointing(.0))]
    Html(Vec<Url>),
    /// Something else; what it looks like.
    #[error("not a feed: {0}")]
    Other(&'static str),
    /// It began as a feed and then could not be read; why.
    #[error("a feed that cannot be read: {0}")]
    Unreadable(String),
}

fn pointing(feeds: &[Url]) -> String {
    let feeds: Vec<&str> = feeds.iter().map(Url::as_str).collect();
    if feeds.is_empty() {
        "; its head names none".to_owned()
    } else {
        format!("; its head points to {}", feeds.join(", "))
    }
}

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
