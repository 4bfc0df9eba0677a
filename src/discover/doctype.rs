//! The entities that a DOCTYPE declares: simple internal ones, expanded once. Nothing outside is ever read, and no entity
//! expands within another, so text cannot grow out of bounds.

use std::borrow::Cow;

use super::plain;

/// Most entities kept.
const MAX_ENTITIES: usize = 300;

/// Longest value kept, in bytes: longer ones are no characters but documents.
const MAX_VALUE_BYTES: usize = 256;

/// Entities by name.
#[derive(Default)]
pub(super) struct Entities<'a> {
    values: Vec<(&'a str, Cow<'a, str>)>,
    declared: bool,
}

impl<'a> Entities<'a> {
    /// Reads the declaration that `text` begins with: `<!DOCTYPE …>`, the first one, or anything else from `<!` on, which
    /// is passed over. Gives its length in bytes.
    pub(super) fn declare(&mut self, text: &'a str) -> usize {
        let close = text.find('>').map_or(text.len(), |at| at + 1);
        let is_doctype = text.get(..9).is_some_and(|start| start.eq_ignore_ascii_case("<!doctype"));
        if !is_doctype || std::mem::replace(&mut self.declared, true) {
            return close;
        }
        let Some(open) = text[..close].find('[') else { return close };
        let Some(end) = text[open..].find(']').map(|length| open + length) else { return close };
        for declaration in text[open..end].split("<!ENTITY").skip(1) {
            self.keep(declaration);
        }
        text[end..].find('>').map_or(text.len(), |at| end + at + 1)
    }

    /// Keeps ` name "value">`; leaves what names a file or is a parameter.
    fn keep(&mut self, declaration: &'a str) {
        let Some((name, value)) = declaration.trim_start().split_once(char::is_whitespace) else { return };
        let value = value.trim_start();
        let Some(quote @ ('"' | '\'')) = value.chars().next() else { return };
        let Some((value, _)) = value[1..].split_once(quote) else { return };
        if value.len() <= MAX_VALUE_BYTES && self.values.len() < MAX_ENTITIES {
            self.values.push((name, plain::unescape(value)));
        }
    }

    /// `text` with its references decoded: to these entities, to HTML's, and by number.
    pub(super) fn decode<'t>(&self, text: &'t str) -> Cow<'t, str> {
        plain::unescape_with(text, |name| {
            self.values.iter().find(|(known, _)| *known == name).map(|(_, value)| value.as_ref())
        })
    }
}
