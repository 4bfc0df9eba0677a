//! Finds the feeds that an HTML page links to in its head.

use url::Url;

use super::attributes::Attributes;
use super::lex::{Lexer, Token};
use super::plain;

/// Number of bytes that are searched for links.
const HEAD_BYTES: usize = 256 << 10;

/// Limit of feeds taken from a page. Sites name the main one first.
const MAX_FEEDS: usize = 10;

/// Content types of links to feeds.
const FEED_TYPES: [&str; 6] = [
    "application/rss+xml",
    "application/atom+xml",
    "application/feed+json",
    "application/rdf+xml",
    "application/rss",
    "application/atom",
];

/// Whether `text` looks like an HTML page.
pub(super) fn looks_like_html(text: &str) -> bool {
    let start: String = text.chars().take(4_096).collect::<String>().to_ascii_lowercase();
    ["<!doctype html", "<html", "<script", "<meta"].iter().any(|mark| start.contains(mark))
}

/// The addresses of the feeds that `text`, a page at `base`, links to as alternates. Each appears once, in the page's
/// order, but feeds of reader comments come last.
pub(super) fn find_feeds(text: &str, base: &Url) -> Vec<Url> {
    let mut base = base.clone();
    let mut found: Vec<(bool, Url)> = Vec::new();
    for token in Lexer::new(&text[..text.floor_char_boundary(HEAD_BYTES)]) {
        let Token::Start { name, attributes, .. } = token else { continue };
        if name.eq_ignore_ascii_case("base") {
            let href = attributes.get("href").unwrap_or_default();
            base = base.join(plain::unescape(href).trim()).unwrap_or(base);
        } else if name.eq_ignore_ascii_case("link")
            && let Some(url) = feed_address(attributes, &base)
            && found.iter().all(|(_, known)| *known != url)
        {
            found.push((has_comments(attributes, &url), url));
        }
        if found.len() == MAX_FEEDS {
            break;
        }
    }
    found.sort_by_key(|(of_comments, _)| *of_comments);
    found.into_iter().map(|(_, url)| url).collect()
}

/// Whether a feed contains the comments of readers: every page of a widely used blog program links to one.
fn has_comments(attributes: Attributes<'_>, url: &Url) -> bool {
    let title = attributes.get("title").unwrap_or_default().to_ascii_lowercase();
    title.contains("comment") || url.path().to_ascii_lowercase().contains("/comments/")
}

/// The address in a `<link>`. `None` if it does not link to a feed.
fn feed_address(attributes: Attributes<'_>, base: &Url) -> Option<Url> {
    let words = |name| attributes.get(name).unwrap_or_default().to_ascii_lowercase();
    let is_alternate = words("rel").split_whitespace().any(|word| matches!(word, "alternate" | "feed"));
    let is_feed = FEED_TYPES.contains(&words("type").split(';').next().unwrap_or_default().trim());
    let url = base.join(plain::unescape(attributes.get("href")?).trim()).ok()?;
    (is_alternate && is_feed && matches!(url.scheme(), "http" | "https")).then_some(url)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn feeds_in_a_head_are_found_in_any_spelling() {
        let page = "<html><head><base href='https://example.org/'><link rel=alternate type=application/rss+xml href=comments/feed>
            <LINK href=a.xml rel=alternate type='application/rss+xml' >
            <link rel=\"Alternate home\" type=application/atom+xml title=\"x > y\"
            href=\"https://example.org/b?x=1&amp;y=2\"/>
            <link rel=alternate type=application/rss+xml href=/a.xml>
            <link rel=stylesheet type=text/css href=/c.css><link rel=alternate hreflang=de href=/de>";
        let feeds = find_feeds(page, &Url::parse("https://elsewhere.example/news/").unwrap());
        let feeds: Vec<&str> = feeds.iter().map(Url::as_str).collect();
        let comments = "https://example.org/comments/feed";
        assert_eq!(feeds, ["https://example.org/a.xml", "https://example.org/b?x=1&y=2", comments]);
    }
}
