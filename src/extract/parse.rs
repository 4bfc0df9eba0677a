//! HTML to a tree, within limits: whatever comes, parsing ends soon and the tree is shallow.

use dom_query::Document;
use html5ever::TokenizerResult;
use html5ever::buffer_queue::BufferQueue;
use html5ever::tendril::StrTendril;
use html5ever::tokenizer::{Tokenizer, TokenizerOpts};
use html5ever::tree_builder::{TreeBuilder, TreeBuilderOpts, TreeSink};

use super::attributes;
use super::nesting::Nesting;

/// Bytes of HTML that are read; the fetch caps bodies at the same size, so this only bounds other callers.
pub(super) const MAX_PAGE_BYTES: usize = 5 * 1024 * 1024;

/// The tree of `html`.
pub(super) fn parse(html: &str) -> Document {
    let html = attributes::capped(prefix(html, MAX_PAGE_BYTES));
    let builder_options =
        TreeBuilderOpts { scripting_enabled: false, drop_doctype: true, ..TreeBuilderOpts::default() };
    let builder = TreeBuilder::new(Document::default(), builder_options);
    let tokenizer = Tokenizer::new(Nesting::new(builder), TokenizerOpts::default());
    let input = BufferQueue::default();
    input.push_back(StrTendril::from(&*html));
    while !matches!(tokenizer.feed(&input), TokenizerResult::Done) {}
    tokenizer.end();
    tokenizer.sink.inner.sink.finish()
}

/// The longest prefix of at most `max` bytes.
pub(super) fn prefix(text: &str, max: usize) -> &str {
    &text[..text.floor_char_boundary(max.min(text.len()))]
}
