//! Edits → bytes: an entry's words and HTML, Atom, RSS and JSON feeds, times in words, and every address of our site.
//!
//! Entries are written once, when an edit is found ([`entry()`]); a feed only puts stored entries in an envelope ([`atom()`],
//! [`rss()`], [`json_feed()`]). Nothing here asks a clock, so the same edits give the same bytes for ever.

pub mod address;
mod atom;
mod changes;
mod direction;
mod elapsed;
mod entry;
mod excerpt;
mod feed;
mod glance;
mod json_feed;
mod keywords;
mod labels;
mod language;
mod languages;
mod notice;
mod opml;
mod pieces;
mod rss;
mod tally;
mod template;
mod text;
mod tokens;
mod why;
mod words;

pub use address::Format;
pub use atom::atom;
pub(crate) use changes::{Heading, field_headings, heading_in, headings};
pub use direction::{isolated, runs_right_to_left, without_isolate, without_isolates};
pub use elapsed::{elapsed, in_words};
pub(crate) use elapsed::{elapsed_in, moment_in};
pub(crate) use entry::others_in;
pub use entry::{MAX_ENTRY_BYTES, entry};
pub use excerpt::{Side, marked_field, marked_passage};
pub use feed::{MAX_FEED_BYTES, everything, full_title, left, narrowed, of_article, of_source};
pub use glance::{Glance, glance};
pub use json_feed::{entry_json, json_feed};
pub use keywords::{MAX_KEYWORDS, keywords, sought, takes, tells_of};
pub(crate) use labels::{class_in, decimal_in, fill, kind_in, label_in, plural, quotes_in};
pub use notice::Payload;
pub use opml::{Subscription, opml};
pub use rss::rss;
pub(crate) use tally::tally_in;
pub use template::Template;
pub use text::{escape, plain};
pub use why::why;
pub use words::{Stretch, changed, without_tags};

#[cfg(test)]
mod tests;
