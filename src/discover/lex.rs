//! A lenient lexer for anything that claims to be XML: it returns tags, text and CDATA, skips everything else, and
//! never fails.

use std::borrow::Cow;

use super::attributes::{Attributes, name_length};
use super::doctype::Entities;

/// A token of a document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Token<'a> {
    /// `<name …>`; `closed` for `<name …/>`.
    Start { name: &'a str, attributes: Attributes<'a>, closed: bool },
    /// `</name>`.
    End { name: &'a str },
    /// Text with undecoded character references.
    Text(&'a str),
    /// Contents of a CDATA section, which has no references.
    Verbatim(&'a str),
}

/// Iterates over the tokens of a document. Skips comments, processing instructions and the DOCTYPE, but keeps the
/// entities that it declares.
pub(super) struct Lexer<'a> {
    rest: &'a str,
    entities: Entities<'a>,
    /// Set to false after a search for `-->` failed, so that a text full of `<!--` is not searched repeatedly.
    comments_close: bool,
}

impl<'a> Lexer<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        Self { rest: text, entities: Entities::default(), comments_close: true }
    }

    /// Decodes the character references in `text`, including declared entities.
    pub(super) fn decode<'t>(&self, text: &'t str) -> Cow<'t, str> {
        self.entities.decode(text)
    }

    fn take(&mut self, length: usize) -> &'a str {
        let (taken, rest) = self.rest.split_at(length);
        self.rest = rest;
        taken
    }

    /// Consumes everything up to and including `end`, or all of the rest. Returns the text before `end`.
    fn take_through(&mut self, end: &str) -> &'a str {
        match self.rest.find(end) {
            Some(at) => {
                let inside = self.take(at);
                self.take(end.len());
                inside
            }
            None => self.take(self.rest.len()),
        }
    }

    fn read_text(&mut self) -> Token<'a> {
        // The first byte is text even if it is a `<`: the caller checked that it begins nothing.
        let mut length = 1;
        loop {
            match self.rest.as_bytes()[length..].iter().position(|byte| *byte == b'<') {
                Some(at) if begins_markup(&self.rest[length + at..]) => return Token::Text(self.take(length + at)),
                Some(at) => length += at + 1,
                None => return Token::Text(self.take(self.rest.len())),
            }
        }
    }

    fn read_end_tag(&mut self) -> Token<'a> {
        self.take("</".len());
        let name = self.take(name_length(self.rest));
        // A `<` before the `>` means that the `>` is missing.
        match self.rest.find(['<', '>']) {
            Some(at) if self.rest[at..].starts_with('>') => self.take(at + 1),
            Some(at) => self.take(at),
            None => self.take(self.rest.len()),
        };
        Token::End { name }
    }

    fn read_start_tag(&mut self) -> Token<'a> {
        self.take("<".len());
        let name = self.take(name_length(self.rest));
        let attributes = Attributes::read(self.rest);
        self.take(attributes.length());
        let closed = self.rest.starts_with('/');
        let after = self.rest.trim_start_matches(|c: char| c == '/' || c.is_whitespace());
        if after.starts_with('>') {
            self.take(self.rest.len() - after.len() + 1);
        }
        Token::Start { name, attributes, closed }
    }

    /// Skips a comment, processing instruction or declaration. Returns false if the rest begins with something else.
    fn skip_markup(&mut self) -> bool {
        let rest = self.rest;
        if rest.starts_with("<!--") {
            self.take("<!--".len());
            self.comments_close = self.comments_close && self.rest.contains("-->");
            self.take_through(if self.comments_close { "-->" } else { ">" });
        } else if rest.starts_with("<?") {
            self.take_through(">");
        } else if rest.starts_with("<!") {
            let length = self.entities.read_declaration(rest);
            self.take(length);
        } else {
            return false;
        }
        true
    }
}

impl<'a> Iterator for Lexer<'a> {
    type Item = Token<'a>;
    fn next(&mut self) -> Option<Token<'a>> {
        loop {
            if self.rest.is_empty() {
                return None;
            }
            if !begins_markup(self.rest) {
                return Some(self.read_text());
            }
            if self.rest.starts_with("<![CDATA[") {
                self.take("<![CDATA[".len());
                return Some(Token::Verbatim(self.take_through("]]>")));
            }
            if self.rest.starts_with("</") {
                return Some(self.read_end_tag());
            }
            if !self.skip_markup() {
                return Some(self.read_start_tag());
            }
        }
    }
}

/// Whether `text` begins with a tag, a comment or similar. A `<` before anything else is text.
fn begins_markup(text: &str) -> bool {
    let Some(inside) = text.strip_prefix('<') else { return false };
    let inside = inside.strip_prefix('/').unwrap_or(inside);
    inside.starts_with(|c: char| c.is_alphabetic() || matches!(c, '_' | ':' | '!' | '?'))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tokens(text: &str) -> String {
        let mut lexer = Lexer::new(text);
        let mut out = Vec::new();
        while let Some(token) = lexer.next() {
            out.push(match token {
                Token::Start { name, attributes, closed } => {
                    let attributes: Vec<_> =
                        attributes.iter().map(|(name, value)| format!(" {name}={value}")).collect();
                    format!("[{name}{}{}]", attributes.concat(), if closed { "/" } else { "" })
                }
                Token::End { name } => format!("[/{name}]"),
                Token::Text(text) => lexer.decode(text).into_owned(),
                Token::Verbatim(text) => format!("({text})"),
            });
        }
        out.concat()
    }

    #[track_caller]
    fn reads(text: &str, expected: &str) {
        assert_eq!(tokens(text), expected);
    }

    #[test]
    fn tags_text_and_cdata_come_out_and_the_rest_is_skipped() {
        reads("<?xml version='1.0'?><!-- <a> --><a b=\"1\">x &amp; y<![CDATA[<b>]]></a>", "[a b=1]x & y(<b>)[/a]");
        reads("<a/><b c='d'/><e f/>", "[a/][b c=d/][e f=/]");
    }

    #[test]
    fn attributes_are_read_however_they_are_written() {
        reads("<a b=c d='e>f' g = \"h\" b=2 i>", "[a b=c d=e>f g=h b=2 i=]");
        reads("<a href=http://example.org/b/>x", "[a href=http://example.org/b/]x");
        reads("<a b=\"c><d e=\"f\">", "[a b=c][d e=f]");
        reads("<a\nb=\"1\"c=\"2\">", "[a b=1 c=2]");
    }

    #[test]
    fn stray_characters_are_text() {
        reads("1 < 2 <3 & x > y << z", "1 < 2 <3 & x > y << z");
        reads("<a>AT&T &nbsp;&eacute;&bogus;</a>", "[a]AT&T \u{a0}é&bogus;[/a]");
        reads("<", "<");
    }

    #[test]
    fn truncated_markup_ends_with_the_text() {
        for text in
            ["<a", "<a b", "<a b=", "<a b=\"c", "</a", "<!--", "<!DOCTYPE", "<?xml", "<![CDATA[x", "<a></b<c>", "<!"]
        {
            tokens(text);
        }
        reads("<a></b<c>", "[a][/b][c]");
        reads("<![CDATA[x", "(x)");
    }

    #[test]
    fn declared_entities_expand_once_and_nothing_else_does() {
        let doctype = "<!DOCTYPE rss [<!ENTITY me \"Jane &amp; Co\"><!ENTITY lol '&me;&me;'><!ENTITY x SYSTEM 'file:///etc/passwd'>]>";
        reads(&format!("{doctype}<a>&me; &lol; &x;</a>"), "[a]Jane & Co &me;&me; &x;[/a]");
    }
}
