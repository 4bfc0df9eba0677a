//! What a source feed says.

use jiff::SignedDuration;
use jiff::Timestamp;
use url::Url;

use super::Skip;

/// A source feed, read.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SourceFeed {
    /// Its title, where it has one.
    pub title: Option<String>,
    /// The time between polls that it asks for (`ttl`, `sy:*`).
    pub interval: Option<SignedDuration>,
    /// When it says that nothing is new (`skipHours`, `skipDays`).
    pub skip: Skip,
    /// Its entries, in its own order.
    pub entries: Vec<Entry>,
    /// Whether it is a sitemap or an index of them: a list of all that a site has, not of what is new.
    pub is_sitemap: bool,
    /// Where else it says that there is something of it.
    pub links: FeedLinks,
}

/// Addresses that a source feed names, absolute.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct FeedLinks {
    /// Its own (`rel=self`): the topic that its hub knows.
    pub own: Option<Url>,
    /// The hub that tells of new entries (`rel=hub`, WebSub).
    pub hub: Option<Url>,
    /// The page or archive with the entries before these (`rel=next`, `rel=prev-archive`; RFC 5005).
    pub next: Option<Url>,
    /// The parts that it is made of, where it is an index of sitemaps; the most promising first.
    pub parts: Vec<Part>,
}

/// A sitemap that an index names.
#[derive(Clone, Debug, PartialEq)]
pub struct Part {
    /// Where it is.
    pub url: Url,
    /// When it changed last, as the index says.
    pub changed: Option<Timestamp>,
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
    /// What its title and its text hash to (the first 64 bits of BLAKE3), where it has a text: another number is another text.
    pub text: Option<u64>,
}
