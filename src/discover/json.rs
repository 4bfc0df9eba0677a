//! Reads JSON Feed into a [`Draft`]. A missing or mistyped field loses only that field, a broken entry only that entry.

use std::collections::HashMap;

use serde_json::value::RawValue;
use url::Url;

use super::NotAFeed;
use super::draft::{Draft, MAX_ENTRIES_READ};
use super::found::{DateFrom, Found, LinkFrom, web_address};
use super::plain;
use crate::model::{FeedLinks, Skip};

/// An object with unparsed values, so that unused ones are never built.
type Object<'a> = HashMap<String, &'a RawValue>;

/// Reads `text`, which came from `base`. `None` if it is JSON but not a feed.
///
/// # Errors
/// [`NotAFeed::Unreadable`] if it is not JSON; [`NotAFeed::TooManyEntries`].
pub(super) fn read(text: &str, base: &Url) -> Result<Option<Draft>, NotAFeed> {
    let mut json = serde_json::Deserializer::from_str(text);
    let feed: Object<'_> = serde::Deserialize::deserialize(&mut json)
        .map_err(|error| NotAFeed::Unreadable(format!("bad JSON: {error}")))?;
    let is_versioned = text_field(&feed, "version").is_some_and(|version| version.contains("jsonfeed.org"));
    let entries: Option<Vec<&RawValue>> = feed.get("items").and_then(|items| serde_json::from_str(items.get()).ok());
    if !is_versioned && entries.is_none() {
        return Ok(None);
    }
    let entries = entries.unwrap_or_default();
    if entries.len() > MAX_ENTRIES_READ {
        return Err(NotAFeed::TooManyEntries(MAX_ENTRIES_READ));
    }
    let entries = entries.iter().filter_map(|entry| serde_json::from_str(entry.get()).ok());
    let entries = entries.enumerate().map(|(place, entry)| read_entry(&entry, base).finish(place + 1)).collect();
    let title = text_field(&feed, "title").and_then(|title| plain::line(&title));
    Ok(Some(Draft { title, interval_s: None, skip: Skip::default(), entries, links: read_links(&feed, base) }))
}

/// The addresses in a feed. Its hub is the first of type WebSub.
fn read_links(feed: &Object<'_>, base: &Url) -> FeedLinks {
    let address = |text: Option<String>| text.and_then(|text| web_address(&text, base));
    let hubs: Vec<Object<'_>> =
        feed.get("hubs").and_then(|hubs| serde_json::from_str(hubs.get()).ok()).unwrap_or_default();
    let is_websub = |hub: &&Object<'_>| text_field(hub, "type").is_some_and(|kind| kind.eq_ignore_ascii_case("websub"));
    FeedLinks {
        own: address(text_field(feed, "feed_url")),
        hub: address(hubs.iter().find(is_websub).and_then(|hub| text_field(hub, "url"))),
        next: address(text_field(feed, "next_url")),
        parts: Vec::new(),
    }
}

fn read_entry(entry: &Object<'_>, base: &Url) -> Found {
    let mut found = Found::default();
    let say = |name| text_field(entry, name).unwrap_or_default();
    let id = say("id");
    found.add_id(0, &id);
    found.add_title(0, plain::line(&plain::unescape(&say("title"))));
    found.add_link(LinkFrom::Article, &say("url"), base);
    found.add_link(LinkFrom::OtherFormat, &say("external_url"), base);
    if id.starts_with("http") {
        found.add_link(LinkFrom::Guid, &id, base);
    }
    found.add_published(DateFrom::Own, &say("date_published"));
    found.add_updated(DateFrom::Own, &say("date_modified"));
    for name in ["summary", "content_text", "content_html"] {
        found.add_text(&say(name));
    }
    found
}

/// The text of a field that is a string or a number. `None` for other values.
fn text_field(object: &Object<'_>, name: &str) -> Option<String> {
    let json = object.get(name)?.get();
    let is_number = json.starts_with(|c: char| c.is_ascii_digit() || c == '-');
    if is_number { Some(json.to_owned()) } else { serde_json::from_str(json).ok() }
}
