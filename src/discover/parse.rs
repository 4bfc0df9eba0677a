//! Parses drafts with feed-rs, which gets small, well-formed Atom that we wrote ourselves and reads dates in all their
//! forms.

use feed_rs::model;
use feed_rs::parser::Builder;
use jiff::{SignedDuration, Timestamp};
use url::Url;

use super::NotAFeed;
use super::draft::Draft;
use crate::model::{Entry, SourceFeed};

/// Length limit of an id, in characters; longer ones are cut.
const MAX_ID_CHARS: usize = 1_024;

/// Turns a draft into a feed: interprets its dates, keeps everything else as it is.
///
/// # Errors
/// [`NotAFeed::Unreadable`] with the reason of feed-rs.
pub(super) fn parse_draft(draft: &Draft) -> Result<SourceFeed, NotAFeed> {
    let atom = draft.to_atom();
    let made_id = |_: &[model::Link], _: &Option<model::Text>, _: Option<&str>| String::new();
    let parser = Builder::new().sanitize_content(false).id_generator(made_id).build();
    match parser.parse(atom.as_bytes()) {
        Ok(feed) => Ok(to_source_feed(feed, draft)),
        Err(error) => Err(NotAFeed::Unreadable(error.to_string())),
    }
}

fn to_source_feed(feed: model::Feed, draft: &Draft) -> SourceFeed {
    let interval = draft.interval_s.filter(|seconds| *seconds > 0);
    SourceFeed {
        title: feed.title.map(|title| title.content),
        interval: interval.map(|seconds| SignedDuration::from_secs(seconds.try_into().unwrap_or(i64::MAX))),
        skip: draft.skip,
        entries: feed.entries.into_iter().map(to_entry).collect(),
        is_sitemap: false,
        links: draft.links.clone(),
    }
}

fn to_entry(item: model::Entry) -> Entry {
    Entry {
        id: item.id.chars().take(MAX_ID_CHARS).collect(),
        link: item.links.first().and_then(|link| Url::parse(&link.href).ok()),
        title: item.title.map(|title| title.content),
        published: item.published.and_then(to_timestamp),
        updated: item.updated.and_then(to_timestamp),
        text: item.summary.and_then(|hash| u64::from_str_radix(&hash.content, 16).ok()),
    }
}

fn to_timestamp(time: chrono::DateTime<chrono::Utc>) -> Option<Timestamp> {
    Timestamp::from_second(time.timestamp()).ok()
}
