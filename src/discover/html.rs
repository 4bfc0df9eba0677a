//! The feeds that an HTML page names in its head.

use url::Url;

use super::attributes::Attributes;
use super::lex::{Lexer, Token};
use super::plain;

/// How far into a page its head is searched, in bytes.
const HEAD_BYTES: usize = 256 << 10;

/// Most feeds taken from a page. Sites name the main one first.
const MAX_FEEDS: usize = 10;

/// Types of links that are feeds.
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

/// The addresses of the feeds that `text`, a page from `base`, offers as alternates; each once, in its order.
pub(super) fn feeds(text: &str, base: &Url) -> Vec<Url> {
    let mut found = Vec::new();
    for token in Lexer::new(&text[..text.floor_char_boundary(HEAD_BYTES)]) {
        let feed = match token {
            Token::Start { name, attributes, .. } if name.eq_ignore_ascii_case("link") => feed(attributes, base),
            _ => None,
        };
        if let Some(url) = feed.filter(|url| !found.contains(url)) {
            found.push(url);
        }
        if found.len() == MAX_FEEDS {
            break;
        }
    }
    found
}

/// The address that a `<link>` names, if it is a feed's.
fn feed(attributes: Attributes<'_>, base: &Url) -> Option<Url> {
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
    fn a_head_names_its_feeds_however_it_spells_them() {
        let page = "<html><head><LINK href=/a.xml rel=alternate type='application/rss+xml' >
            <link rel=\"Alternate home\" type=application/atom+xml title=\"x > y\"
            href=\"https://example.org/b?x=1&amp;y=2\"/>
            <link rel=alternate type=application/rss+xml href=/a.xml>
            <link rel=stylesheet type=text/css href=/c.css><link rel=alternate hreflang=de href=/de>";
        let feeds = feeds(page, &Url::parse("https://example.org/news/").unwrap());
        let feeds: Vec<&str> = feeds.iter().map(Url::as_str).collect();
        assert_eq!(feeds, ["https://example.org/a.xml", "https://example.org/b?x=1&y=2"]);
    }
}
