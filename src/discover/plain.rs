//! Turns titles into plain text: decodes entities, removes tags, collapses white space.

use std::borrow::Cow;
use std::sync::LazyLock;

/// The characters that HTML 4 has names for; the file's head describes its format.
const NAMES: &str = include_str!("entities.txt");

/// Length of the longest of these names, in bytes (`thetasym`).
const MAX_NAME_BYTES: usize = 8;

/// Length limit of the name of a declared entity, in bytes.
const MAX_DECLARED_NAME_BYTES: usize = 64;

/// Length limit of a title, in characters; longer ones are cut.
const MAX_TITLE_CHARS: usize = 1_000;

/// [`NAMES`], sorted by name.
static CHARACTERS: LazyLock<Vec<(&str, char)>> = LazyLock::new(|| {
    let entry = |line: &'static str| {
        let (name, code) = line.split_once(' ')?;
        Some((name, char::from_u32(u32::from_str_radix(code, 16).ok()?)?))
    };
    NAMES.lines().filter(|line| !line.starts_with('#')).filter_map(entry).collect()
});

/// Plain text of a title that may contain HTML. `None` if nothing is left.
pub(super) fn title(markup: &str) -> Option<String> {
    line(&unescape(&without_tags(markup)))
}

/// `text` on one line, at most [`MAX_TITLE_CHARS`] long. `None` if nothing is left.
pub(super) fn line(text: &str) -> Option<String> {
    let words = text.split(|c: char| c.is_whitespace() || c.is_control()).filter(|word| !word.is_empty());
    let line: String = words.collect::<Vec<_>>().join(" ").chars().take(MAX_TITLE_CHARS).collect();
    (!line.is_empty()).then_some(line)
}

/// `markup` without tags and comments. A `<` before anything but a letter, `/` or `!` is text.
fn without_tags(markup: &str) -> Cow<'_, str> {
    let mut text = String::new();
    let mut rest = markup;
    while let Some(at) = rest.find('<') {
        let length = tag_length(&rest[at..]);
        text.push_str(&rest[..if length == 0 { at + 1 } else { at }]);
        rest = &rest[at + length.max(1)..];
    }
    if rest.len() == markup.len() {
        return Cow::Borrowed(markup);
    }
    text.push_str(rest);
    Cow::Owned(text)
}

/// Length of the tag at the beginning of `text`, in bytes; 0 if there is no tag.
fn tag_length(text: &str) -> usize {
    if let Some(comment) = text.strip_prefix("<!--") {
        return comment.find("-->").map_or(text.len(), |end| end + "<!---->".len());
    }
    let begins = text[1..].starts_with(|c: char| c.is_ascii_alphabetic() || matches!(c, '/' | '!'));
    // The next `<` ends the search, because a tag contains none, and searching on would take quadratic time.
    match text[1..].find(['<', '>']) {
        Some(end) if begins && text[1 + end..].starts_with('>') => end + 2,
        _ => 0,
    }
}

/// Decodes the character references in `text`, once. Anything else stays unchanged.
pub(super) fn unescape(text: &str) -> Cow<'_, str> {
    unescape_with(text, |_| None)
}

/// Like [`unescape`], with `declared` entities in addition to those of HTML.
pub(super) fn unescape_with<'d>(text: &str, declared: impl Fn(&str) -> Option<&'d str>) -> Cow<'_, str> {
    if !text.contains('&') {
        return Cow::Borrowed(text);
    }
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('&') {
        plain.push_str(&rest[..at]);
        rest = &rest[at..];
        let name = rest[1..rest.floor_char_boundary(MAX_DECLARED_NAME_BYTES)].split_once(';').map(|(name, _)| name);
        if let Some((name, value)) = name.and_then(|name| Some((name, declared(name)?))) {
            plain.push_str(value);
            rest = &rest[name.len() + "&;".len()..];
        } else {
            let (character, length) = read_reference(rest).unwrap_or(('&', 1));
            plain.push(character);
            rest = &rest[length..];
        }
    }
    plain.push_str(rest);
    Cow::Owned(plain)
}

/// The character of the reference at the beginning of `text`, and the length of the reference in bytes.
fn read_reference(text: &str) -> Option<(char, usize)> {
    let inner = text.strip_prefix('&')?;
    match inner.strip_prefix('#') {
        Some(number) => read_number(number).map(|(c, length)| (c, length + 2)),
        None => read_name(inner).map(|(c, length)| (c, length + 1)),
    }
}

fn read_number(number: &str) -> Option<(char, usize)> {
    let hex = number.strip_prefix(['x', 'X']);
    let (digits, radix) = hex.map_or((number, 10), |digits| (digits, 16));
    let length = digits.bytes().take_while(|byte| (*byte as char).is_digit(radix)).count();
    if length == 0 {
        return None;
    }
    let code = u32::from_str_radix(&digits[..length], radix).unwrap_or(u32::MAX);
    let closed = usize::from(digits[length..].starts_with(';'));
    Some((character_of(code), length + usize::from(hex.is_some()) + closed))
}

/// The character of a code as browsers read it: 128 to 159 are taken as Windows-1252.
fn character_of(code: u32) -> char {
    if let 0x80..=0x9F = code {
        let byte = [code as u8];
        return encoding_rs::WINDOWS_1252.decode(&byte).0.chars().next().unwrap_or(char::REPLACEMENT_CHARACTER);
    }
    match char::from_u32(code) {
        Some(c) if !c.is_control() || matches!(c, '\t' | '\n' | '\r') => c,
        _ => char::REPLACEMENT_CHARACTER,
    }
}

/// A character by its name with the semicolon. Names without one stay unchanged: in an address, `&copy=1` does not mean
/// ©.
fn read_name(inner: &str) -> Option<(char, usize)> {
    let length = inner.bytes().take(MAX_NAME_BYTES + 1).position(|byte| byte == b';')?;
    let name = &inner[..length];
    if name == "apos" {
        return Some(('\'', length + 1));
    }
    let at = CHARACTERS.binary_search_by(|(known, _)| (*known).cmp(name)).ok()?;
    Some((CHARACTERS[at].1, length + 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn titles_lose_their_markup_and_keep_their_text() {
        for (markup, text) in [
            ("Caf&eacute; <b>opens</b> again", "Café opens again"),
            ("1 < 2 & 3 > 2", "1 < 2 & 3 > 2"),
            ("AT&amp;T &#8220;quoted&#8221; &#x2014; &apos;so&apos;", "AT&T “quoted” — 'so'"),
            ("&#150; &#146;", "– ’"),
            ("  two\n\t lines ", "two lines"),
            ("&unknown; &copy &#; &", "&unknown; &copy &#; &"),
            ("<!-- gone -->here<br/>", "here"),
            ("I <3 Rust", "I <3 Rust"),
        ] {
            assert_eq!(title(markup).as_deref(), Some(text));
        }
        assert_eq!(title(" <br> &nbsp; "), None);
    }

    #[test]
    fn the_table_of_names_is_sorted_and_whole() {
        assert_eq!(CHARACTERS.len(), 252);
        assert!(CHARACTERS.is_sorted());
        assert!(CHARACTERS.iter().all(|(name, _)| name.len() <= MAX_NAME_BYTES));
    }
}
