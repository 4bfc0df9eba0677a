//! Input: a feed reader's list (OPML).

use redraft::discover::opml;

/// Reading a list never fails, is deterministic, keeps the order, and returns only web addresses.
///
/// # Panics
/// If that is violated.
pub fn run(bytes: &[u8]) {
    let found = opml(bytes);
    if let Ok(outlines) = &found {
        assert!(!outlines.is_empty() && outlines.is_sorted_by_key(|outline| outline.line));
        let urls = outlines.iter().filter_map(|outline| outline.url.as_ref().ok());
        urls.for_each(|url| assert!(matches!(url.scheme(), "http" | "https"), "{url}"));
    }
    assert_eq!(found, opml(bytes), "the same list says the same");
}
