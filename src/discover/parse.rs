//! feed-rs, kept within bounds: its faults stay in here.

use std::panic::{AssertUnwindSafe, catch_unwind};

use feed_rs::model;
use feed_rs::parser::Builder;
use jiff::{SignedDuration, Timestamp};
use url::Url;

use super::{NotAFeed, plain};
use crate::model::{Entry, SourceFeed};

/// Longest address of an entry, in bytes; longer ones are dropped.
const MAX_LINK_BYTES: usize = 4_096;

/// Longest id kept, in characters.
const MAX_ID_CHARS: usize = 1_024;

/// Reads a feed that came from `base`.
///
/// # Errors
/// [`NotAFeed::Unreadable`] with feed-rs's reason. A panic within it is one, too.
pub(super) fn parse(feed: &str, base: &Url) -> Result<SourceFeed, NotAFeed> {
    let parser = Builder::new()
        .base_uri(Some(base.as_str()))
        .sanitize_content(false)
        .id_generator(|links, title, _| made_id(links, title.as_ref()))
        .build();
    let read = catch_unwind(AssertUnwindSafe(|| parser.parse(feed.as_bytes())));
    match read {
        Ok(Ok(feed)) => Ok(source_feed(feed, base)),
        Ok(Err(error)) => Err(NotAFeed::Unreadable(error.to_string())),
        Err(_) => Err(NotAFeed::Unreadable("the parser broke on it".to_owned())),
    }
}

/// An id for an entry without one: its link, else its title. Never both, so that an edited headline makes no new article of
/// an old one.
fn made_id(links: &[model::Link], title: Option<&model::Text>) -> String {
    let link = links.first().map(|link| link.href.clone());
    link.or_else(|| title.map(|title| title.content.clone())).unwrap_or_default()
}

fn source_feed(feed: model::Feed, base: &Url) -> SourceFeed {
    SourceFeed {
        title: feed.title.and_then(|title| plain::title(&title.content)),
        interval: feed.ttl.filter(|minutes| *minutes > 0).map(|minutes| SignedDuration::from_mins(minutes.into())),
        entries: feed.entries.into_iter().map(|item| entry(item, base)).collect(),
    }
}

fn entry(item: model::Entry, base: &Url) -> Entry {
    Entry {
        id: item.id.trim().chars().take(MAX_ID_CHARS).collect(),
        link: article(&item.links, base),
        title: item.title.and_then(|title| plain::title(&title.content)),
        published: item.published.and_then(timestamp),
        updated: item.updated.and_then(timestamp),
    }
}

/// The link that leads to the article: the first without a relation or as an alternate.
fn article(links: &[model::Link], base: &Url) -> Option<Url> {
    let is_article =
        |link: &&model::Link| link.target.is_none() && matches!(link.rel.as_deref(), None | Some("alternate"));
    let href = &links.iter().find(is_article)?.href;
    let url = base.join(href.trim()).ok().filter(|url| matches!(url.scheme(), "http" | "https"));
    url.filter(|url| url.as_str().len() <= MAX_LINK_BYTES)
}

fn timestamp(time: chrono::DateTime<chrono::Utc>) -> Option<Timestamp> {
    Timestamp::from_second(time.timestamp()).ok()
}
