//! The feeds that an HTML page names in its head.

use url::Url;

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
    ["<!doctype html", "<html", "<head", "<body", "<title>"].iter().any(|mark| start.contains(mark))
}

/// The addresses of the feeds that `text`, a page from `base`, offers as alternates; each once, in its order.
pub(super) fn feeds(text: &str, base: &Url) -> Vec<Url> {
    let mut found = Vec::new();
    for tag in links(text) {
        let attribute = |name| attribute(tag, name);
        let is_alternate = attribute("rel").is_some_and(|rel| has_word(&rel, "alternate") || has_word(&rel, "feed"));
        let is_feed =
            attribute("type").is_some_and(|kind| FEED_TYPES.contains(&kind.trim().to_ascii_lowercase().as_str()));
        let url = attribute("href").and_then(|href| base.join(href.trim()).ok());
        if let Some(url) = url.filter(|url| is_alternate && is_feed && matches!(url.scheme(), "http" | "https"))
            && !found.contains(&url)
            && found.len() < MAX_FEEDS
        {
            found.push(url);
        }
    }
    found
}

/// The inside of each `<link …>` tag.
fn links(text: &str) -> impl Iterator<Item = &str> {
    let end = text.floor_char_boundary(HEAD_BYTES);
    text[..end].split('<').filter_map(|piece| {
        let is_link = piece.get(..4).is_some_and(|name| name.eq_ignore_ascii_case("link"));
        let inside = piece.get(4..)?.split('>').next()?;
        (is_link && inside.starts_with(|c: char| c.is_whitespace())).then_some(inside)
    })
}

fn has_word(list: &str, word: &str) -> bool {
    list.split_whitespace().any(|each| each.eq_ignore_ascii_case(word))
}

/// The value of an attribute, quoted or not.
fn attribute(tag: &str, name: &str) -> Option<String> {
    let mut rest = tag;
    loop {
        rest = rest.trim_start_matches(|c: char| c.is_whitespace() || c == '/');
        let (key, after) = rest.split_at(rest.find(|c: char| c == '=' || c.is_whitespace())?);
        let after = after.trim_start();
        let Some(value) = after.strip_prefix('=') else {
            rest = after;
            continue;
        };
        let value = value.trim_start();
        let quote = value.chars().next().filter(|c| matches!(c, '"' | '\''));
        let (value, after) = match quote {
            Some(quote) => value[1..].split_once(quote)?,
            None => value.split_at(value.find(char::is_whitespace).unwrap_or(value.len())),
        };
        if key.eq_ignore_ascii_case(name) {
            return Some(plain::unescape(value).into_owned());
        }
        rest = after;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_head_names_its_feeds_however_it_spells_them() {
        let page = "<html><head><LINK href=/a.xml rel=alternate type='application/rss+xml' >
            <link rel=\"Alternate home\" type=application/atom+xml title=\"x > y\" href=\"https://example.org/b?x=1&amp;y=2\"/>
            <link rel=alternate type=application/rss+xml href=/a.xml>
            <link rel=stylesheet type=text/css href=/c.css><link rel=alternate hreflang=de href=/de>";
        let feeds = feeds(page, &Url::parse("https://example.org/news/").unwrap());
        let feeds: Vec<&str> = feeds.iter().map(Url::as_str).collect();
        assert_eq!(feeds[0], "https://example.org/a.xml");
    }
}
