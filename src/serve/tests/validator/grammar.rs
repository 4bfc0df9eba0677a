//! What each element may have: RFC 4287, RFC 4685, RSS 2.0 with the Advisory Board's profile, OPML 2.0.

/// An element: its attributes, the children it must have, those it may have once, those it may have often, whether it has text.
pub(super) struct Shape {
    pub(super) name: &'static str,
    pub(super) attributes: &'static [&'static str],
    pub(super) must: &'static [&'static str],
    pub(super) once: &'static [&'static str],
    pub(super) often: &'static [&'static str],
    pub(super) has_text: bool,
}

const NONE: &[&str] = &[];

const fn text(name: &'static str, attributes: &'static [&'static str]) -> Shape {
    Shape { name, attributes, must: NONE, once: NONE, often: NONE, has_text: true }
}

const fn empty(name: &'static str, attributes: &'static [&'static str]) -> Shape {
    Shape { name, attributes, must: NONE, once: NONE, often: NONE, has_text: false }
}

pub(super) const SHAPES: &[Shape] = &[
    Shape {
        name: "atom:feed",
        attributes: NONE,
        must: &["atom:title", "atom:id", "atom:updated", "atom:author"],
        once: &["atom:generator", "atom:icon", "atom:logo", "atom:rights", "atom:subtitle"],
        often: &["atom:link", "atom:category", "atom:contributor", "atom:entry"],
        has_text: false,
    },
    Shape {
        name: "atom:entry",
        attributes: NONE,
        must: &["atom:title", "atom:id", "atom:updated", "atom:summary", "atom:content"],
        once: &["atom:published", "atom:rights"],
        often: &["atom:author", "atom:category", "atom:link", "thr:in-reply-to"],
        has_text: false,
    },
    Shape { must: &["atom:name"], once: &["atom:uri", "atom:email"], ..empty("atom:author", NONE) },
    text("atom:name", NONE),
    text("atom:uri", NONE),
    text("atom:title", &["type"]),
    text("atom:subtitle", &["type"]),
    text("atom:summary", &["type"]),
    text("atom:content", &["type"]),
    text("atom:id", NONE),
    text("atom:updated", NONE),
    text("atom:published", NONE),
    text("atom:icon", NONE),
    text("atom:generator", &["uri", "version"]),
    empty("atom:link", &["href", "rel", "type", "hreflang", "title", "length"]),
    empty("atom:category", &["term", "scheme", "label"]),
    empty("thr:in-reply-to", &["ref", "href", "type", "source"]),
    Shape { must: &["channel"], ..empty("rss", &["version"]) },
    Shape {
        name: "channel",
        attributes: NONE,
        must: &["title", "link", "description"],
        once: &["language", "copyright", "lastBuildDate", "pubDate", "generator", "docs", "ttl", "image"],
        often: &["category", "item", "atom:link"],
        has_text: false,
    },
    Shape {
        name: "item",
        attributes: NONE,
        must: &["title", "description", "guid"],
        once: &["link", "pubDate", "comments", "source", "author"],
        often: &["category", "dc:creator"],
        has_text: false,
    },
    text("title", NONE),
    text("link", NONE),
    text("description", NONE),
    text("language", NONE),
    text("lastBuildDate", NONE),
    text("pubDate", NONE),
    text("generator", NONE),
    text("docs", NONE),
    text("ttl", NONE),
    text("category", &["domain"]),
    text("guid", &["isPermaLink"]),
    text("author", NONE),
    text("dc:creator", NONE),
    Shape { must: &["head", "body"], ..empty("opml", &["version"]) },
    Shape { must: &["title"], once: &["dateCreated", "dateModified"], ..empty("head", NONE) },
    Shape { must: &["outline"], often: &["outline"], ..empty("body", NONE) },
    empty("outline", &["text", "title", "type", "xmlUrl", "htmlUrl", "description", "language"]),
];

/// What an element of this name may have; none where there is no such element.
pub(super) fn shape(name: &str) -> Option<&'static Shape> {
    SHAPES.iter().find(|shape| shape.name == name)
}
