//! Feeds in: bytes to entries, whatever publishers write, and the one address that identifies an article.
//!
//! bytes → `text` → `lex` → `nest` → `xml` (or `json`) → `draft`, a few words in plain Atom → `parse` (feed-rs) → entries.
//! Publishers' XML is mended and reduced before feed-rs sees it: alone it refuses one file in eight of those that other
//! readers take, and some make it panic.
//!
//! Pure, and contained: no bytes make it panic, and limits bound its work.

mod address;
mod attributes;
mod best;
mod date;
mod doctype;
mod draft;
mod found;
mod html;
mod json;
mod lex;
mod nest;
mod opml;
mod parse;
mod plain;
mod refusal;
pub mod round;
mod sitemap;
mod space;
mod suffix;
#[cfg(test)]
mod tests;
pub mod text;
mod xml;

pub use address::{canonical, same_site, settle, twin};
pub use opml::{MAX_OPML_BYTES, NotOpml, Outline, opml};
pub use refusal::NotAFeed;

use std::panic::{AssertUnwindSafe, catch_unwind};

use text::Markup;
use url::Url;

use crate::model::{Entry, SourceFeed};

/// Largest feed read, in bytes. Ordinary ones have 5 to 500 KB.
pub const MAX_FEED_BYTES: usize = 8 << 20;

/// Most entries taken from a feed: its newest.
pub const MAX_ENTRIES: usize = 1_000;

/// Reads a feed of any dialect. `base` is the address that answered; relative links count from it.
///
/// # Errors
/// What came instead of a feed. An HTML page names the feeds that it offers. A panic, feed-rs's or our own, is an error.
pub fn read(bytes: &[u8], content_type: Option<&str>, base: &Url) -> Result<SourceFeed, NotAFeed> {
    if bytes.len() > MAX_FEED_BYTES {
        return Err(NotAFeed::TooLarge(MAX_FEED_BYTES));
    }
    let text = text::decode(bytes, content_type, Markup::Xml);
    let broken = |_| Err(NotAFeed::Unreadable("reading it broke off; please report its address".to_owned()));
    catch_unwind(AssertUnwindSafe(|| read_text(text.trim_start(), base))).unwrap_or_else(broken)
}

fn read_text(text: &str, base: &Url) -> Result<SourceFeed, NotAFeed> {
    let draft = match text.chars().next() {
        None => return Err(NotAFeed::Empty),
        Some('{') => json::read(text, base)?,
        Some(_) => xml::read(text, base)?,
    };
    let mut feed = match draft {
        Some(draft) => parse::parse(&draft)?,
        None => sitemap::read(text, base).ok_or_else(|| refusal::what_it_is(text, base))?,
    };
    keep_newest(&mut feed.entries);
    Ok(feed)
}

/// Leaves at most [`MAX_ENTRIES`], in the feed's order. Most feeds begin with the newest, some end with it.
fn keep_newest(entries: &mut Vec<Entry>) {
    if entries.len() <= MAX_ENTRIES {
        return;
    }
    let date = |entry: &Entry| entry.published.max(entry.updated);
    let mut dates: Vec<_> = entries.iter().map(date).collect();
    dates.sort_unstable_by(|one, other| other.cmp(one));
    let oldest = dates[MAX_ENTRIES - 1];
    let mut room = MAX_ENTRIES - dates.iter().filter(|date| **date > oldest).count();
    entries.retain(|entry| {
        let is_newer = date(entry) > oldest;
        let fits = !is_newer && date(entry) == oldest && room > 0;
        room -= usize::from(fits);
        is_newer || fits
    });
}
