//! Atom 1.0 (RFC 4287) with threading (RFC 4685).

use std::collections::BTreeMap;

use atom_syndication::extension::Extension;
use atom_syndication::{Category, Content, Entry, FixedDateTime, Generator, Link, Person, Text};
use jiff::Timestamp;

use crate::model::{Edit, EditNumber, Feed, Site};

use super::address::{self, Format};
use super::entry::publication;
use super::feed::{self, categories, entry_html, entry_page, fitting, full_title, updated};
use super::language::language;
use super::text::{clean, escape, plain, with_plain_titles};

const THREADING: &str = "http://purl.org/syndication/thread/1.0";

/// `feed` as an Atom document in UTF-8, at most [`super::MAX_FEED_BYTES`] long (older entries are left out). The same feed
/// gives the same bytes.
#[must_use]
pub fn atom(feed: &Feed, site: &Site) -> Vec<u8> {
    let mut document = atom_syndication::Feed {
        title: text(&full_title(&feed.title, site), None),
        id: address::feed_id(&feed.scope, &feed.narrowing, site),
        updated: date(feed.updated),
        authors: vec![author(site)],
        generator: Some(Generator { value: "redraft".to_owned(), uri: None, version: None }),
        icon: Some(address::on(site, address::ICON).into()),
        links: links(feed, site),
        subtitle: Some(text(&feed.subtitle, None)),
        entries: fitting(&feed.edits, site).iter().map(|edit| entry(edit, site)).collect(),
        lang: feed.language.as_deref().and_then(language),
        ..atom_syndication::Feed::default()
    };
    document.namespaces = BTreeMap::from([("thr".to_owned(), THREADING.to_owned())]);
    // Writing to memory does not fail.
    with_plain_titles(document.write_to(Vec::new()).unwrap_or_default())
}

fn author(site: &Site) -> Person {
    Person { name: plain(&site.title), uri: Some(site.base_url.to_string()), ..Person::default() }
}

/// Who wrote the article, as far as we know.
fn publisher(edit: &Edit) -> Person {
    Person { name: publication(edit), uri: Some(address::publisher(&edit.url)), ..Person::default() }
}

fn links(feed: &Feed, site: &Site) -> Vec<Link> {
    let own = address::on(site, &address::narrowed(&feed.scope, Format::Atom, &feed.narrowing));
    let page = address::on(site, &address::page(&feed.scope));
    let mut links = vec![
        link("self", own.as_str(), Some(Format::Atom.media_type())),
        link("alternate", page.as_str(), Some("text/html")),
    ];
    links.extend(feed.hub(site).map(|hub| link("hub", hub.as_str(), None)));
    links.extend(feed.about.as_ref().map(|about| link("via", &address::uri(about), None)));
    links
}

fn entry(edit: &Edit, site: &Site) -> Entry {
    let language = edit.language.as_deref().and_then(language);
    let own = edit.entry.locale.map(|locale| locale.tag().to_owned());
    let mut entry = Entry {
        title: text(&edit.entry.title, language.clone()),
        id: address::edit_id(site, edit.article, edit.number),
        authors: vec![publisher(edit)],
        updated: date(updated(edit)),
        published: Some(date(updated(edit))),
        categories: categories(edit, site).iter().map(|filed| category(filed, site)).collect(),
        links: vec![
            link("alternate", &entry_page(edit, site), Some("text/html")),
            link("via", &address::uri(&edit.url), Some("text/html")),
        ],
        // The sentence is ours, and in our language.
        summary: Some(summary(&edit.entry.summary, own.or_else(|| language.clone()))),
        content: Some(Content {
            lang: language,
            value: Some(clean(&entry_html(edit, site))),
            content_type: Some("html".to_owned()),
            ..Content::default()
        }),
        ..Entry::default()
    };
    if let Some(before) = edit.number.0.checked_sub(1).filter(|number| *number > 0) {
        let reply = in_reply_to(&address::edit_id(site, edit.article, EditNumber(before)));
        entry.extensions.entry("thr".to_owned()).or_default().insert("in-reply-to".to_owned(), vec![reply]);
    }
    entry
}

fn category(filed: &feed::Category, site: &Site) -> Category {
    Category { term: filed.term.to_owned(), scheme: Some(filed.scheme.id(site)), label: Some(filed.label.to_owned()) }
}

/// The edit before. The crate writes an extension's attributes as they are: they are escaped here.
fn in_reply_to(id: &str) -> Extension {
    Extension {
        name: "thr:in-reply-to".to_owned(),
        attrs: BTreeMap::from([("ref".to_owned(), escape(id))]),
        ..Extension::default()
    }
}

fn link(rel: &str, href: &str, media_type: Option<&str>) -> Link {
    Link { rel: rel.to_owned(), href: clean(href), mime_type: media_type.map(str::to_owned), ..Link::default() }
}

fn text(value: &str, lang: Option<String>) -> Text {
    Text { lang, ..Text::plain(plain(value)) }
}

/// As HTML, though it is one plain sentence: rss2email sends the first thing that is plain text, and this is not all there is to read.
fn summary(value: &str, lang: Option<String>) -> Text {
    Text { lang, ..Text::html(escape(&plain(value))) }
}

/// To the microsecond.
fn date(moment: Timestamp) -> FixedDateTime {
    chrono::DateTime::from_timestamp_micros(moment.as_microsecond()).unwrap_or_default().fixed_offset()
}
