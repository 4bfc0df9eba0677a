//! Input: the bytes of a sitemap or a sitemap index; other bytes are put into one.

use redraft::discover::{MAX_ENTRIES, read};
use url::Url;

/// Reading a sitemap never fails, is deterministic, has bounded output, and returns only web addresses.
///
/// # Panics
/// If that is violated.
pub fn run(bytes: &[u8]) {
    let Ok(base) = Url::parse("https://news.example/sitemap.xml") else { return };
    for around in
        [("", ""), ("<urlset><url>", "</url></urlset>"), ("<sitemapindex><sitemap>", "</sitemap></sitemapindex>")]
    {
        let body = [around.0.as_bytes(), bytes, around.1.as_bytes()].concat();
        let found = read(&body, Some("application/xml"), &base);
        if let Ok(feed) = &found {
            assert!(feed.entries.len() <= MAX_ENTRIES && feed.links.parts.len() <= MAX_ENTRIES);
            let links = feed.entries.iter().filter_map(|entry| entry.link.as_ref());
            let urls = links.chain(feed.links.parts.iter().map(|part| &part.url));
            urls.for_each(|url| assert!(matches!(url.scheme(), "http" | "https"), "{url}"));
        }
        assert_eq!(found, read(&body, Some("application/xml"), &base), "the same sitemap says the same");
    }
}
