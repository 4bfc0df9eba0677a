//! Reads the entities that a DOCTYPE declares: simple internal ones, expanded once. External entities are never read
//! and entities never expand inside each other, so the text cannot grow out of bounds.

use std::borrow::Cow;

use super::plain;

/// Limit of stored entities.
const MAX_ENTITIES: usize = 300;

/// Size limit of an entity's value, in bytes: longer values are documents rather than characters.
const MAX_VALUE_BYTES: usize = 256;

/// The declared entities, by name.
#[derive(Default)]
pub(super) struct Entities<'a> {
    values: Vec<(&'a str, Cow<'a, str>)>,
    declared: bool,
}

impl<'a> Entities<'a> {
    /// Reads the declaration at the beginning of `text`: the first `<!DOCTYPE …>`. Skips any other `<!…>`. Returns its
    /// length in bytes.
    pub(super) fn read_declaration(&mut self, text: &'a str) -> usize {
        let close = text.find('>').map_or(text.len(), |at| at + 1);
        let is_doctype = text.get(..9).is_some_and(|start| start.eq_ignore_ascii_case("<!doctype"));
        if !is_doctype || std::mem::replace(&mut self.declared, true) {
            return close;
        }
        let Some(open) = text[..close].find('[') else { return close };
        let Some(end) = text[open..].find(']').map(|length| open + length) else { return close };
        for declaration in text[open..end].split("<!ENTITY").skip(1) {
            self.store_entity(declaration);
        }
        text[end..].find('>').map_or(text.len(), |at| end + at + 1)
    }

    /// Stores an entity declared as ` name "value">`; skips those that refer to a file, and parameter entities.
    fn store_entity(&mut self, declaration: &'a str) {
        let Some((name, value)) = declaration.trim_start().split_once(char::is_whitespace) else { return };
        let value = value.trim_start();
        let Some(quote @ ('"' | '\'')) = value.chars().next() else { return };
        let Some((value, _)) = value[1..].split_once(quote) else { return };
        if value.len() <= MAX_VALUE_BYTES && self.values.len() < MAX_ENTITIES {
            self.values.push((name, plain::unescape(value)));
        }
    }

    /// Decodes the character references in `text`: these entities, those of HTML, and numbers.
    pub(super) fn decode<'t>(&self, text: &'t str) -> Cow<'t, str> {
        plain::unescape_with(text, |name| {
            self.values.iter().find(|(known, _)| *known == name).map(|(_, value)| value.as_ref())
        })
    }
}
