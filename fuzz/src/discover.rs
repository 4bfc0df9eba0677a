//! Input: a feed's bytes; the first line is its content type, or empty.

use redraft::discover::{MAX_ENTRIES, read};
use url::Url;

/// Reading a feed never fails, is deterministic, and has bounded output.
///
/// # Panics
/// If that is violated.
pub fn run(bytes: &[u8]) {
    let (content_type, body) = super::first_line(bytes);
    let content_type = Some(content_type.trim()).filter(|kind| !kind.is_empty());
    let Ok(base) = Url::parse("https://news.example/feeds/town.xml") else { return };
    let found = read(body, content_type, &base);
    match &found {
        Ok(feed) => {
            assert!(feed.entries.len() <= MAX_ENTRIES);
            let links = feed.entries.iter().filter_map(|entry| entry.link.as_ref());
            links.for_each(|link| assert!(matches!(link.scheme(), "http" | "https"), "{link}"));
        }
        Err(not_a_feed) => assert!(!not_a_feed.to_string().contains("broke off"), "{not_a_feed}"),
    }
    assert_eq!(found.is_ok(), read(body, content_type, &base).is_ok(), "the same feed says the same");
}
