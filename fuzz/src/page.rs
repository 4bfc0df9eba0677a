//! Input: a page's bytes; the first line is its content type, or empty.

use redraft::extract::{Hints, MAX_BLOCKS, MAX_TEXT_BYTES, explain, extract};
use redraft::fetch::decode;
use url::Url;

/// Extraction never fails, is deterministic, and has bounded output.
///
/// # Panics
/// If that is violated.
pub fn run(bytes: &[u8]) {
    let (content_type, body) = super::first_line(bytes);
    let content_type = Some(content_type.trim()).filter(|kind| !kind.is_empty());
    let Ok(url) = Url::parse("https://news.example/town/bridge") else { return };
    let Ok(page) = decode(body, content_type, &url) else { return };
    let first = extract(&page, &Hints::default(), None);
    assert!(first.content.blocks.len() <= MAX_BLOCKS);
    assert!(first.content.blocks.iter().map(|block| block.text.len()).sum::<usize>() <= MAX_TEXT_BYTES);
    assert!(first.content.blocks.iter().all(|block| !block.text.trim().is_empty()), "an empty block");
    assert!(first.canonical.as_ref().is_none_or(|url| matches!(url.scheme(), "http" | "https")));
    assert_eq!(first, extract(&page, &Hints::default(), None), "the same page says the same");
    let _ = extract(&page, &Hints::default(), Some((&page, &first.content)));
    let _ = explain(&page, &Hints::default());
}
