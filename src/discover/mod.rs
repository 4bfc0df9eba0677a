//! Feeds in: bytes to entries, whatever publishers write, and the one address that identifies an article.
//!
//! Pure, and contained: no bytes make it panic, and limits bound its work.

mod address;
mod html;
mod parse;
mod plain;
mod refusal;
pub mod text;

pub use address::{canonical, settle};
pub use refusal::NotAFeed;

use text::Markup;
use url::Url;

use crate::model::SourceFeed;

/// Largest feed read, in bytes. Ordinary ones have 5 to 500 KB.
pub const MAX_FEED_BYTES: usize = 8 << 20;

/// Most entries taken from a feed.
pub const MAX_ENTRIES: usize = 1_000;

/// Reads a feed of any dialect. `base` is the address that answered; relative links count from it.
///
/// # Errors
/// What came instead of a feed. An HTML page names the feeds that it offers.
pub fn read(bytes: &[u8], content_type: Option<&str>, base: &Url) -> Result<SourceFeed, NotAFeed> {
    if bytes.len() > MAX_FEED_BYTES {
        return Err(NotAFeed::TooLarge(MAX_FEED_BYTES));
    }
    let text = text::decode(bytes, content_type, Markup::Xml);
    if text.trim().is_empty() {
        return Err(NotAFeed::Empty);
    }
    match parse::parse(&without_declaration(&text), base) {
        Ok(mut feed) => {
            feed.entries.truncate(MAX_ENTRIES);
            Ok(feed)
        }
        Err(_) if html::looks_like_html(&text) => Err(NotAFeed::Html(html::feeds(&text, base))),
        Err(error) => Err(error),
    }
}

/// A declared charset is wrong once the bytes are text.
fn without_declaration(text: &str) -> String {
    let text = text::without_controls(text.trim_start());
    match text.starts_with("<?xml").then(|| text.split_once("?>")).flatten() {
        Some((_, rest)) => rest.to_owned(),
        None => text.into_owned(),
    }
}
