//! RSS 2.0 as the RSS Advisory Board's profile wants it.

use std::collections::BTreeMap;

use jiff::Timestamp;
use rss::extension::Extension;
use rss::extension::dublincore::DublinCoreExtension;
use rss::{Category, Channel, Guid, Item};

use crate::model::{Edit, Feed, Site};

use super::address::{self, Format};
use super::entry::publication;
use super::feed::{self, categories, entry_html, entry_page, fitting, full_title};
use super::language::language;
use super::text::{clean, plain, with_plain_titles};

const ATOM: &str = "http://www.w3.org/2005/Atom";
/// How long readers may keep a feed, in minutes: what `Cache-Control` says of it at most.
const TTL_MINUTES: u32 = 15;

/// `feed` as an RSS document in UTF-8, with the entries and ids of the Atom one. The same feed gives the same bytes.
#[must_use]
pub fn rss(feed: &Feed, site: &Site) -> Vec<u8> {
    let channel = Channel {
        title: full_title(&feed.title, site),
        link: address::on(site, &address::page(&feed.scope)).into(),
        description: plain(&feed.subtitle),
        language: feed.language.as_deref().and_then(language),
        last_build_date: Some(date(feed.updated)),
        generator: Some("redraft".to_owned()),
        docs: Some("https://www.rssboard.org/rss-specification".to_owned()),
        ttl: Some(TTL_MINUTES.to_string()),
        items: fitting(&feed.edits, site).iter().map(|edit| item(edit, site)).collect(),
        extensions: BTreeMap::from([("atom".to_owned(), links(feed, site))]),
        namespaces: BTreeMap::from([("atom".to_owned(), ATOM.to_owned())]),
        ..Channel::default()
    };
    // Writing to memory does not fail.
    with_plain_titles(channel.write_to(Vec::new()).unwrap_or_default())
}

/// Where the feed itself is, and the hub that tells of it.
fn links(feed: &Feed, site: &Site) -> BTreeMap<String, Vec<Extension>> {
    let own = address::on(site, &address::narrowed(&feed.scope, Format::Rss, &feed.narrowing));
    let mut links = vec![link(&[("rel", "self"), ("href", own.as_str()), ("type", Format::Rss.media_type())])];
    links.extend(feed.hub(site).map(|hub| link(&[("rel", "hub"), ("href", hub.as_str())])));
    BTreeMap::from([("link".to_owned(), links)])
}

/// Unlike Atom's crate, this one escapes an extension's attributes.
fn link(attributes: &[(&str, &str)]) -> Extension {
    Extension {
        name: "atom:link".to_owned(),
        attrs: attributes.iter().map(|(name, value)| ((*name).to_owned(), clean(value))).collect(),
        ..Extension::default()
    }
}

fn item(edit: &Edit, site: &Site) -> Item {
    Item {
        title: Some(plain(&edit.entry.title)),
        link: Some(clean(&entry_page(edit, site))),
        description: Some(clean(&entry_html(edit, site))),
        categories: categories(edit, site).iter().map(|filed| category(filed, site)).collect(),
        guid: Some(Guid { value: address::edit_id(site, edit.article, edit.number), permalink: false }),
        pub_date: Some(date(edit.seen)),
        dublin_core_ext: Some(DublinCoreExtension {
            creators: vec![publication(edit)],
            ..DublinCoreExtension::default()
        }),
        ..Item::default()
    }
}

fn category(filed: &feed::Category, site: &Site) -> Category {
    Category { name: filed.term.to_owned(), domain: Some(filed.scheme.id(site)) }
}

/// RFC 822 with the year in full, in GMT.
fn date(moment: Timestamp) -> String {
    moment.strftime("%a, %d %b %Y %H:%M:%S GMT").to_string()
}
