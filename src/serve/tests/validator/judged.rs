//! An answer as the rules see it.

use jiff::Timestamp;
use serde_json::Value;

use super::xml::{self, Element};

/// What an answer claims to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Atom,
    Rss,
    Opml,
    Json,
}

impl Kind {
    pub(super) fn media_type(self) -> &'static str {
        match self {
            Self::Atom => "application/atom+xml",
            Self::Rss => "application/rss+xml",
            Self::Opml => "text/x-opml",
            Self::Json => "application/feed+json",
        }
    }
}

/// An answer with what it was the answer to.
pub(super) struct Judged {
    pub(super) kind: Kind,
    /// The address that was asked.
    pub(super) address: String,
    pub(super) now: Timestamp,
    /// Status line and headers, a line each.
    pub(super) head: String,
    pub(super) text: String,
    /// The XML element; why there is none, else.
    pub(super) xml: Result<Element, String>,
    pub(super) json: Value,
}

impl Judged {
    pub(super) fn of(kind: Kind, address: &str, now: Timestamp, head: &str, text: &str) -> Self {
        let json = if kind == Kind::Json { serde_json::from_str(text).unwrap_or_default() } else { Value::Null };
        let xml = if kind == Kind::Json { Ok(Element::default()) } else { xml::read(text) };
        Self { kind, address: address.to_owned(), now, head: head.to_owned(), text: text.to_owned(), xml, json }
    }

    pub(super) fn header(&self, name: &str) -> Option<&str> {
        let lines = self.head.lines().filter_map(|line| line.split_once(": "));
        lines.filter(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value).next()
    }

    /// All elements with their parents.
    pub(super) fn pairs(&self) -> Vec<(&Element, &Element)> {
        let all = self.xml.iter().flat_map(Element::each);
        all.flat_map(|parent| parent.children.iter().map(move |child| (parent, child))).collect()
    }

    /// The elements of these names.
    pub(super) fn named(&self, names: &[&str]) -> Vec<&Element> {
        let all = self.xml.iter().flat_map(Element::each);
        all.filter(|element| names.contains(&element.name.as_str())).collect()
    }

    /// The feed itself, with what it says of itself.
    pub(super) fn feed(&self) -> Option<&Element> {
        self.named(&["atom:feed", "channel"]).into_iter().next()
    }

    /// Its entries.
    pub(super) fn entries(&self) -> Vec<&Element> {
        self.named(&["atom:entry", "item"])
    }

    /// What is shown as plain text, and must not look like markup.
    pub(super) fn plain(&self) -> Vec<&Element> {
        let plain = self.named(&["title", "category", "atom:title", "atom:subtitle"]).into_iter();
        let about = self.feed().and_then(|feed| feed.child("description"));
        plain.chain(about).filter(|text| text.attribute("type").is_none()).collect()
    }

    /// All HTML in it.
    pub(super) fn html(&self) -> Vec<&str> {
        let typed = self.named(&["atom:content", "atom:summary"]);
        let typed = typed.into_iter().filter(|text| text.attribute("type") == Some("html"));
        let items = self.named(&["item"]);
        let bodies = items.into_iter().filter_map(|item| item.child("description"));
        let json = self.json["items"].as_array().into_iter().flatten();
        let json = json.filter_map(|item| item["content_html"].as_str());
        typed.chain(bodies).map(|text| text.text.as_str()).chain(json).collect()
    }

    /// All addresses in it that are not within HTML, with where they stand.
    pub(super) fn addresses(&self) -> Vec<(String, &str)> {
        let texts = self.named(&["link", "docs", "atom:icon", "atom:uri"]);
        let texts = texts.into_iter().map(|element| (element.name.clone(), element.text.as_str()));
        let all = self.xml.iter().flat_map(Element::each);
        let attributes = all.flat_map(|element| {
            let named = ["href", "xmlUrl", "htmlUrl"].into_iter();
            named.filter_map(|name| Some((format!("{}/@{name}", element.name), element.attribute(name)?)))
        });
        let items = self.json["items"].as_array().into_iter().flatten();
        let json = items.chain([&self.json]).flat_map(|of| {
            let named = ["url", "external_url", "home_page_url", "feed_url", "icon"].into_iter();
            named.filter_map(|name| Some((name.to_owned(), of[name].as_str()?)))
        });
        texts.chain(attributes).chain(json).collect()
    }

    /// The ids of its entries, and its own.
    pub(super) fn ids(&self) -> Vec<&str> {
        let xml = self.named(&["guid", "atom:id"]).into_iter().map(|id| id.text.as_str());
        let json = self.json["items"].as_array().into_iter().flatten();
        xml.chain(json.filter_map(|item| item["id"].as_str())).collect()
    }
}
