//! Reads feeds: turns the bytes that publishers send into entries, and computes the one address that identifies an
//! article.
//!
//! bytes → `text` → `lex` → `nest` → `xml` (or `json`) → `draft`, reduced to plain Atom → `parse` (feed-rs) → entries.
//! Publishers' XML is repaired and reduced before feed-rs sees it: on its own, feed-rs refuses one in eight of the
//! files that other readers accept, and panics on some.
//!
//! Pure. No input makes it panic, and limits bound its work.

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

/// Size limit of a feed, in bytes. Ordinary ones have 5 to 500 KB.
pub const MAX_FEED_BYTES: usize = 8 << 20;

/// Limit of entries taken from a feed; the newest ones are kept.
pub const MAX_ENTRIES: usize = 1_000;

/// Reads a feed in any format. `base` is the address that answered; relative links are resolved against it.
///
/// # Errors
/// [`NotAFeed`] describes the bytes; for an HTML page it holds the feeds that the page links to. A panic inside feed-rs
/// or in our own code is returned as an error.
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
        Some(draft) => parse::parse_draft(&draft)?,
        None => sitemap::read(text, base).ok_or_else(|| refusal::describe(text, base))?,
    };
    keep_newest(&mut feed.entries);
    Ok(feed)
}

/// Keeps the newest [`MAX_ENTRIES`], in the feed's order. Most feeds begin with the newest, some end with it.
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
