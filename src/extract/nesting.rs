//! Stands between the tokenizer and the tree builder and keeps the tree shallow: the builder's time is quadratic in the
//! depth of the tree, and half-closed formatting tags are built anew in every paragraph.

use std::cell::RefCell;
use std::collections::HashMap;

use html5ever::LocalName;
use html5ever::tokenizer::{Tag, TagKind, Token, TokenSink, TokenSinkResult};

/// Elements inside one another; further start tags are dropped, their text stays.
pub(super) const MAX_DEPTH: usize = 512;
/// Formatting elements (`<b>`, `<font>` …) open at once: the builder repeats them in every block.
const MAX_FORMATTING: usize = 16;
/// Tags in a page; the rest of the page is not read. The largest of 1,885 news pages has under 40,000.
const MAX_TAGS: usize = 100_000;
/// `<html>` and `<body>` tags, whose attributes the builder merges.
const MAX_ROOTS: usize = 4;

/// Passes tokens on to `inner` as long as they keep the tree within its limits.
pub(super) struct Nesting<S> {
    /// The tree builder.
    pub(super) inner: S,
    state: RefCell<State>,
}

#[derive(Default)]
struct State {
    open: Vec<LocalName>,
    count: HashMap<LocalName, usize>,
    dropped: HashMap<LocalName, usize>,
    formatting: usize,
    tags: usize,
    roots: usize,
}

impl<S> Nesting<S> {
    pub(super) fn new(inner: S) -> Self {
        Self { inner, state: RefCell::default() }
    }
}

impl<S: TokenSink> TokenSink for Nesting<S> {
    type Handle = S::Handle;

    fn process_token(&self, token: Token, line: u64) -> TokenSinkResult<S::Handle> {
        let pass = match &token {
            Token::TagToken(tag) => self.state.borrow_mut().admits(tag),
            Token::CommentToken(_) | Token::ParseError(_) => false,
            Token::EOFToken => true,
            _ => self.state.borrow().tags <= MAX_TAGS,
        };
        if pass { self.inner.process_token(token, line) } else { TokenSinkResult::Continue }
    }

    fn end(&self) {
        self.inner.end();
    }

    fn adjusted_current_node_present_but_not_in_html_namespace(&self) -> bool {
        self.inner.adjusted_current_node_present_but_not_in_html_namespace()
    }
}

impl State {
    fn admits(&mut self, tag: &Tag) -> bool {
        self.tags += 1;
        if self.tags > MAX_TAGS {
            return false;
        }
        match tag.kind {
            TagKind::StartTag => self.starts(tag),
            TagKind::EndTag => self.ends(&tag.name),
        }
    }

    fn starts(&mut self, tag: &Tag) -> bool {
        let name: &str = &tag.name;
        if matches!(name, "html" | "body") {
            self.roots += 1;
            return self.roots <= MAX_ROOTS;
        }
        if is_void(name) || is_raw(name) {
            return true;
        }
        self.close_implied(&tag.name);
        let crowded = is_formatting(name) && self.formatting >= MAX_FORMATTING;
        if crowded || self.open.len() >= MAX_DEPTH {
            *self.dropped.entry(tag.name.clone()).or_default() += 1;
            return false;
        }
        self.formatting += usize::from(is_formatting(name));
        *self.count.entry(tag.name.clone()).or_default() += 1;
        self.open.push(tag.name.clone());
        true
    }

    fn ends(&mut self, name: &LocalName) -> bool {
        if let Some(dropped) = self.dropped.get_mut(name).filter(|dropped| **dropped > 0) {
            *dropped -= 1;
            return false;
        }
        if self.count.get(name).is_some_and(|count| *count > 0) {
            if is_formatting(name) {
                self.remove_last(name);
            } else {
                self.pop_to(name);
            }
        }
        true
    }

    /// Closes what a start tag closes by itself, where that is certain: a paragraph at any block, an item at its like.
    fn close_implied(&mut self, name: &LocalName) {
        let Some(top) = self.open.last() else { return };
        let alike =
            top == name && matches!(&**name, "p" | "li" | "dt" | "dd" | "tr" | "td" | "th" | "option" | "a" | "button");
        if alike || (&**top == "p" && is_block(name)) || (&**top == "td" && &**name == "tr") {
            self.pop();
        }
        if &**name == "li" || &**name == "a" {
            self.close_like(name);
        }
    }

    /// An `<li>` after an unclosed paragraph, an `<a>` in an `<a>`.
    fn close_like(&mut self, name: &LocalName) {
        let near = self.open.iter().rev().take(3).position(|open| open == name);
        let barred =
            self.open.iter().rev().take(3).any(|open| matches!(&**open, "ul" | "ol" | "table" | "td" | "th" | "div"));
        if near.is_some() && !barred {
            if is_formatting(name) { self.remove_last(name) } else { self.pop_to(name) }
        }
    }

    /// Pops down to `name`, unless an element between them forbids it, as tables do in the tree builder.
    fn pop_to(&mut self, name: &LocalName) {
        let barrier = |open: &LocalName| {
            matches!(
                &**open,
                "table" | "td" | "th" | "caption" | "template" | "select" | "svg" | "math" | "object" | "marquee"
            )
        };
        let is_own =
            matches!(&**name, "table" | "template" | "select" | "svg" | "math" | "tr" | "tbody" | "thead" | "tfoot");
        let Some(at) = self.open.iter().rposition(|open| open == name) else { return };
        if is_own || !self.open[at + 1..].iter().any(barrier) {
            while self.open.len() > at {
                self.pop();
            }
        }
    }

    fn pop(&mut self) {
        if let Some(name) = self.open.pop() {
            self.forget(&name);
        }
    }

    fn remove_last(&mut self, name: &LocalName) {
        if let Some(at) = self.open.iter().rposition(|open| open == name) {
            self.open.remove(at);
            self.forget(name);
        }
    }

    fn forget(&mut self, name: &LocalName) {
        if let Some(count) = self.count.get_mut(name) {
            *count = count.saturating_sub(1);
        }
        self.formatting = self.formatting.saturating_sub(usize::from(is_formatting(name)));
    }
}

fn is_void(name: &str) -> bool {
    matches!(
        name,
        "area"
            | "base"
            | "br"
            | "col"
            | "embed"
            | "hr"
            | "img"
            | "input"
            | "link"
            | "meta"
            | "param"
            | "source"
            | "track"
            | "wbr"
            | "head"
    )
}

/// Elements that switch the tokenizer to raw text: dropping their start would spill their inside as markup.
fn is_raw(name: &str) -> bool {
    matches!(name, "script" | "style" | "textarea" | "title" | "xmp" | "iframe" | "noembed" | "noframes" | "plaintext")
}

fn is_formatting(name: &str) -> bool {
    matches!(
        name,
        "a" | "b" | "big" | "code" | "em" | "font" | "i" | "nobr" | "s" | "small" | "strike" | "strong" | "tt" | "u"
    )
}

fn is_block(name: &str) -> bool {
    super::tags::is_block(name)
}
