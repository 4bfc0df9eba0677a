//! Tags to well-nested elements, as best they can be: an end tag closes up to its match or is ignored, an entry closes the
//! entry before it, the end of the text closes all.

use std::borrow::Cow;

use url::Url;

use super::attributes::Attributes;
use super::lex::{Lexer, Token};
use super::space::{Space, Spaces};

/// Deepest nesting followed; tags below it are passed over.
const MAX_DEPTH: usize = 200;

/// Elements that never hold another of their kind: where one seems to, its end tag was forgotten.
const NEVER_NESTED: [&str; 2] = ["item", "entry"];

/// What happens next in a document.
pub(super) enum Event<'a> {
    /// An element opens.
    Open(Element<'a>),
    /// The element at this depth closes.
    Close(usize),
    /// Text with its references still in it.
    Text(&'a str),
    /// Text as it stands.
    Verbatim(&'a str),
}

/// An element, by its tag.
pub(super) struct Element<'a> {
    /// 1 for the outermost.
    pub(super) depth: usize,
    /// What its name belongs to.
    pub(super) space: Space,
    /// Its name without prefix, in lower case.
    pub(super) local: String,
    /// Its attributes.
    pub(super) attributes: Attributes<'a>,
}

/// A tag that waits until all before it is closed.
type Waiting<'a> = (&'a str, Attributes<'a>, bool);

/// The events of a document, one after the other.
pub(super) struct Nest<'a> {
    lexer: Lexer<'a>,
    spaces: Spaces<'a>,
    /// (depth, base), outermost first; never empty.
    bases: Vec<(usize, Url)>,
    open: Vec<&'a str>,
    /// How many elements stay open, while others are being closed.
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

    /// What relative addresses count from, here.
    pub(super) fn base(&self) -> &Url {
        &self.bases[self.bases.len() - 1].1
    }

    /// `text` with its references decoded.
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

    /// How many elements stay open when `name` opens. An entry in another vocabulary's element within an entry stays there.
    fn kept_before(&self, name: &str) -> usize {
        let is_never_nested = NEVER_NESTED.iter().any(|never| local(name).eq_ignore_ascii_case(never));
        let outer = self.open.iter().rposition(|open| open.eq_ignore_ascii_case(name));
        match outer.filter(|_| is_never_nested) {
            Some(outer) if !self.open[outer + 1..].iter().any(|between| between.contains(':')) => outer,
            _ => usize::MAX,
        }
    }

    /// How many elements stay open after the end tag `name`.
    fn kept_after(&self, name: &str) -> usize {
        let exact = self.open.iter().rposition(|open| open.eq_ignore_ascii_case(name));
        let similar = || self.open.iter().rposition(|open| local(open).eq_ignore_ascii_case(local(name)));
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

fn local(name: &str) -> &str {
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
    fn what_was_left_open_is_closed() {
        assert_eq!(nested("<a><b>x</a>y<c/>"), "<a<bx>>y<c>");
        assert_eq!(nested("<a>x</b>y"), "<axy>");
        assert_eq!(nested("<R><item>1<item>2</R>"), "<r<item1><item2>>");
        assert_eq!(nested("<x:item></item>y"), "<item>y");
    }

    #[test]
    fn depth_has_an_end() {
        let deep = "<a>".repeat(MAX_DEPTH + 50);
        assert_eq!(nested(&deep).matches('<').count(), MAX_DEPTH);
    }

    #[test]
    fn bases_hold_for_their_element() {
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
