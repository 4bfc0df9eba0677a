//! What a source feed says.

use jiff::SignedDuration;
use jiff::Timestamp;
use url::Url;

/// A source feed, read.
#[derive(Clone, Debug, PartialEq)]
pub struct SourceFeed {
    /// Its title, where it has one.
    pub title: Option<String>,
    /// The time between polls that it asks for (`ttl`, `sy:*`).
    pub interval: Option<SignedDuration>,
    /// Its entries, in its own order.
    pub entries: Vec<Entry>,
}

/// One item of a source feed.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    /// Its guid or id; made from its link where it has none.
    pub id: String,
    /// The article that it leads to, absolute, as written (not yet canonical).
    pub link: Option<Url>,
    /// Its title as plain text.
    pub title: Option<String>,
    /// When it says that it was published.
    pub published: Option<Timestamp>,
    /// When it says that it was updated.
    pub updated: Option<Timestamp>,
}
