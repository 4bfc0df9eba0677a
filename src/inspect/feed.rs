//! What redraft reads in a feed.

use serde::{Deserialize, Serialize};
use url::Url;

use crate::discover;

/// A feed to read.
#[derive(Debug, Deserialize)]
#[serde(expecting = "an object")]
pub struct FeedInput {
    /// A file, relative to the directory in which redraft was started.
    pub path: String,
    /// Its address, for relative links.
    pub url: Option<String>,
}

/// What was found in it.
#[derive(Debug, Serialize)]
pub struct FeedReport {
    /// The file or address, as asked.
    pub path: String,
    /// Whether it is a feed.
    pub ok: bool,
    /// Why not.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
    /// Its title.
    pub title: Option<String>,
    /// Its entries, in its own order.
    pub entries: Vec<EntryReport>,
    /// The sitemaps that redraft would read in turn, where it is an index of sitemaps.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub parts: Vec<String>,
}

/// One entry.
#[derive(Debug, Serialize)]
pub struct EntryReport {
    /// Its id.
    pub id: String,
    /// The article that it leads to, absolute.
    pub link: Option<String>,
    /// Its title.
    pub title: Option<String>,
    /// RFC 3339.
    pub published: Option<String>,
    /// RFC 3339.
    pub updated: Option<String>,
}

/// What is told of a feed that cannot be read.
#[must_use]
pub fn unreadable_feed(path: String, error: String) -> FeedReport {
    FeedReport { path, ok: false, error: Some(error), title: None, entries: Vec::new(), parts: Vec::new() }
}

/// Reads a feed's bytes.
#[must_use]
pub fn feed(path: String, bytes: &[u8], content_type: Option<&str>, base: &Url) -> FeedReport {
    let found = match discover::read(bytes, content_type, base) {
        Ok(found) => found,
        Err(why) => return unreadable_feed(path, why.to_string()),
    };
    let entries = found.entries.into_iter().map(|entry| EntryReport {
        id: entry.id,
        link: entry.link.map(String::from),
        title: entry.title,
        published: entry.published.map(|time| time.to_string()),
        updated: entry.updated.map(|time| time.to_string()),
    });
    let parts = found.links.parts.into_iter().map(|part| part.url.into()).collect();
    FeedReport { path, ok: true, error: None, title: found.title, entries: entries.collect(), parts }
}
