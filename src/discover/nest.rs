//! Turns tags into well-nested elements, as far as possible. An end tag closes everything up to its match or is
//! ignored, an entry closes the entry before it, and the end of the text closes everything.

use std::borrow::Cow;

use url::Url;

use super::attributes::Attributes;
use super::lex::{Lexer, Token};
use super::space::{Space, Spaces};

/// Deepest nesting that is followed; deeper tags are skipped.
const MAX_DEPTH: usize = 200;

/// Elements that never contain another one of their kind. If one seems to, its end tag is missing.
const NEVER_NESTED: [&str; 2] = ["item", "entry"];

/// The next event in a document.
pub(super) enum Event<'a> {
    /// An element opens.
    Open(Element<'a>),
    /// The element at this depth closes.
    Close(usize),
    /// Text with undecoded character references.
    Text(&'a str),
    /// Text without references.
    Verbatim(&'a str),
}

/// An element with the contents of its start tag.
pub(super) struct Element<'a> {
    /// Depth in the document; 1 for the outermost element.
    pub(super) depth: usize,
    /// The vocabulary of its name.
    pub(super) space: Space,
    /// Its name without prefix, in lower case.
    pub(super) local: String,
    /// Its attributes.
    pub(super) attributes: Attributes<'a>,
}

/// A start tag (name, attributes, closed) that waits until elements before it are closed.
type Waiting<'a> = (&'a str, Attributes<'a>, bool);

/// Iterates over the events of a document.
pub(super) struct Nest<'a> {
    lexer: Lexer<'a>,
    spaces: Spaces<'a>,
    /// (depth, base address), outermost first; never empty.
    bases: Vec<(usize, Url)>,
    open: Vec<&'a str>,
    /// Number of elements that stay open while others are being closed.
    keep: usize,
    waiting: Option<Waiting<'a>>,
}

impl<'a> Nest<'a> {
    /// The events of `text`, a document from `base`.
    pub(super) fn new(text: &'a str, base: &Url) -> Self {
        Self {
            lexer: Lexer::new(text),
            spaces: Spaces::default(),
            bases: vec![(0, base.clone())],
            open: Vec::new(),
            keep: usize::MAX,
            waiting: None,
        }
    }

    /// Address that relative addresses are resolved against at this point.
    pub(super) fn base(&self) -> &Url {
        &self.bases[self.bases.len() - 1].1
    }

    /// Decodes the character references in `text`.
    pub(super) fn decode<'t>(&self, text: &'t str) -> Cow<'t, str> {
        self.lexer.decode(text)
    }

    fn close_one(&mut self) -> Event<'a> {
        let depth = self.open.len();
        self.open.pop();
        self.spaces.leave(depth);
        while self.bases.pop_if(|(at, _)| *at >= depth).is_some() {}
        Event::Close(depth)
    }

    fn open_one(&mut self, (name, attributes, closed): Waiting<'a>) -> Event<'a> {
        self.open.push(name);
        let depth = self.open.len();
        self.spaces.enter(depth, attributes);
        if let Some(base) = attributes.get("xml:base").and_then(|base| self.base().join(&self.decode(base.trim())).ok())
        {
            self.bases.push((depth, base));
        }
        self.keep = if closed { depth - 1 } else { usize::MAX };
        let (space, local) = self.spaces.resolve(name);
        Event::Open(Element { depth, space, local: local.to_ascii_lowercase(), attributes })
    }

    /// Number of elements that stay open when `name` opens. An entry that is nested in an element of another vocabulary
    /// inside an entry stays there.
    fn kept_before(&self, name: &str) -> usize {
        let is_never_nested = NEVER_NESTED.iter().any(|never| local_name(name).eq_ignore_ascii_case(never));
        let outer = self.open.iter().rposition(|open| open.eq_ignore_ascii_case(name));
        match outer.filter(|_| is_never_nested) {
            Some(outer) if !self.open[outer + 1..].iter().any(|between| between.contains(':')) => outer,
            _ => usize::MAX,
        }
    }

    /// Number of elements that stay open after the end tag `name`.
    fn kept_after(&self, name: &str) -> usize {
        let exact = self.open.iter().rposition(|open| open.eq_ignore_ascii_case(name));
        let similar = || self.open.iter().rposition(|open| local_name(open).eq_ignore_ascii_case(local_name(name)));
        exact.or_else(similar).unwrap_or(usize::MAX)
    }
}

impl<'a> Iterator for Nest<'a> {
    type Item = Event<'a>;
    fn next(&mut self) -> Option<Event<'a>> {
        loop {
            if self.open.len() > self.keep {
                return Some(self.close_one());
            }
            if let Some(waiting) = self.waiting.take() {
                return Some(self.open_one(waiting));
            }
            match self.lexer.next() {
                Some(Token::Text(text)) => return Some(Event::Text(text)),
                Some(Token::Verbatim(text)) => return Some(Event::Verbatim(text)),
                Some(Token::Start { name, attributes, closed }) => {
                    self.keep = if closed { usize::MAX } else { self.kept_before(name) };
                    if self.open.len().min(self.keep) < MAX_DEPTH {
                        self.waiting = Some((name, attributes, closed));
                    }
                }
                Some(Token::End { name }) => self.keep = self.kept_after(name),
                None if self.open.is_empty() => return None,
                None => self.keep = 0,
            }
        }
    }
}

fn local_name(name: &str) -> &str {
    name.split_once(':').map_or(name, |(_, local)| local)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn nested(text: &str) -> String {
        let nest = Nest::new(text, &Url::parse("https://example.org/").unwrap());
        let events = nest.map(|event| match event {
            Event::Open(element) => format!("<{}", element.local),
            Event::Close(_) => ">".to_owned(),
            Event::Text(text) | Event::Verbatim(text) => text.to_owned(),
        });
        events.collect::<Vec<_>>().concat()
    }

    #[test]
    fn unclosed_elements_are_closed() {
        assert_eq!(nested("<a><b>x</a>y<c/>"), "<a<bx>>y<c>");
        assert_eq!(nested("<a>x</b>y"), "<axy>");
        assert_eq!(nested("<R><item>1<item>2</R>"), "<r<item1><item2>>");
        assert_eq!(nested("<x:item></item>y"), "<item>y");
    }

    #[test]
    fn depth_is_limited() {
        let deep = "<a>".repeat(MAX_DEPTH + 50);
        assert_eq!(nested(&deep).matches('<').count(), MAX_DEPTH);
    }

    #[test]
    fn bases_apply_within_their_element() {
        let mut nest =
            Nest::new("<a xml:base='/x/'><b xml:base='y/'></b><c/></a>", &Url::parse("https://example.org/").unwrap());
        let mut bases = Vec::new();
        while let Some(event) = nest.next() {
            if matches!(event, Event::Open(_)) {
                bases.push(nest.base().path().to_owned());
            }
        }
        assert_eq!(bases, ["/x/", "/x/y/", "/x/"]);
    }
}
