//! JSON Feed to a [`Draft`]: a missing or mistyped field costs that field, a broken entry that entry.

use std::collections::HashMap;

use serde_json::value::RawValue;
use url::Url;

use super::NotAFeed;
use super::draft::{Draft, MAX_ENTRIES_READ};
use super::found::{DateFrom, Found, LinkFrom, web_address};
use super::plain;
use crate::model::{FeedLinks, Skip};

/// An object whose values are still JSON: what is not asked for is never built.
type Object<'a> = HashMap<String, &'a RawValue>;

/// Reads `text`, which came from `base`. None where it is JSON, but no feed.
///
/// # Errors
/// [`NotAFeed::Unreadable`] where it is no JSON, [`NotAFeed::TooManyEntries`].
pub(super) fn read(text: &str, base: &Url) -> Result<Option<Draft>, NotAFeed> {
    let mut json = serde_json::Deserializer::from_str(text);
    let feed: Object<'_> = serde::Deserialize::deserialize(&mut json)
        .map_err(|error| NotAFeed::Unreadable(format!("bad JSON: {error}")))?;
    let is_versioned = word(&feed, "version").is_some_and(|version| version.contains("jsonfeed.org"));
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
    let title = word(&feed, "title").and_then(|title| plain::line(&title));
    Ok(Some(Draft { title, interval_s: None, skip: Skip::default(), entries, links: links(&feed, base) }))
}

/// The addresses that a feed names. Of its hubs the first of WebSub's kind.
fn links(feed: &Object<'_>, base: &Url) -> FeedLinks {
    let address = |text: Option<String>| text.and_then(|text| web_address(&text, base));
    let hubs: Vec<Object<'_>> =
        feed.get("hubs").and_then(|hubs| serde_json::from_str(hubs.get()).ok()).unwrap_or_default();
    let is_websub = |hub: &&Object<'_>| word(hub, "type").is_some_and(|kind| kind.eq_ignore_ascii_case("websub"));
    FeedLinks {
        own: address(word(feed, "feed_url")),
        hub: address(hubs.iter().find(is_websub).and_then(|hub| word(hub, "url"))),
        next: address(word(feed, "next_url")),
        parts: Vec::new(),
    }
}

fn read_entry(entry: &Object<'_>, base: &Url) -> Found {
    let mut found = Found::default();
    let say = |name| word(entry, name).unwrap_or_default();
    let id = say("id");
    found.id(0, &id);
    found.title(0, plain::line(&plain::unescape(&say("title"))));
    found.link(LinkFrom::Article, &say("url"), base);
    found.link(LinkFrom::OtherFormat, &say("external_url"), base);
    if id.starts_with("http") {
        found.link(LinkFrom::Guid, &id, base);
    }
    found.published(DateFrom::Own, &say("date_published"));
    found.updated(DateFrom::Own, &say("date_modified"));
    for name in ["summary", "content_text", "content_html"] {
        found.text(&say(name));
    }
    found
}

/// The text of a field: a string, or a number as it is written.
fn word(object: &Object<'_>, name: &str) -> Option<String> {
    let json = object.get(name)?.get();
    let is_number = json.starts_with(|c: char| c.is_ascii_digit() || c == '-');
    if is_number { Some(json.to_owned()) } else { serde_json::from_str(json).ok() }
}
