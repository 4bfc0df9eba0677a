//! Input: up to three addresses, one per line: requested, answered, and declared by the page.

use redraft::discover::{canonical, settle};
use url::Url;

/// Canonical addresses are stable, and an article stays on its site.
///
/// # Panics
/// If that is violated.
pub fn run(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let urls: Vec<Url> = text.lines().take(3).filter_map(|line| Url::parse(line).ok()).collect();
    let web = |url: &&Url| matches!(url.scheme(), "http" | "https");
    for url in urls.iter().filter(web) {
        let one = canonical(url);
        assert_eq!(canonical(&one), one, "of {url}");
        assert_eq!(Url::parse(one.as_str()).as_ref(), Ok(&one), "what was written is read back the same");
        assert_eq!(one.scheme(), url.scheme());
        assert_eq!(one.port(), url.port());
    }
    let [asked, rest @ ..] = urls.as_slice() else { return };
    let answered = rest.first().unwrap_or(asked);
    if web(&asked) {
        let settled = settle(asked, answered, rest.get(1));
        assert!(web(&&settled), "{settled}");
        assert_eq!(canonical(&settled), settled);
    }
}
