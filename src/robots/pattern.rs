//! The path pattern of a rule: a prefix in which `*` matches anything and a final `$` matches the end.

use std::fmt::Write as _;

/// Size limit of a pattern, in bytes; a longer one cannot match any address that we fetch.
const MAX_PATTERN_BYTES: usize = 4_096;

/// A rule's path, prepared for matching.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Pattern {
    /// The text between the stars, without the final `$`.
    pieces: Vec<String>,
    /// Whether the match must reach the end of the address.
    whole: bool,
    text: String,
}

impl Pattern {
    /// Parses a pattern. `None` if `value` is empty (which forbids nothing), too long, or not a path.
    pub(super) fn new(value: &str) -> Option<Self> {
        if value.len() > MAX_PATTERN_BYTES || !value.starts_with(['/', '*']) {
            return None;
        }
        let text = normalise(value);
        let (path, whole) = text.strip_suffix('$').map_or((text.as_str(), false), |path| (path, true));
        let pieces = path.split('*').map(str::to_owned).collect();
        Some(Self { pieces, whole, text })
    }

    /// The pattern's text, with its encoding normalised.
    pub(super) fn text(&self) -> &str {
        &self.text
    }

    /// Length in bytes; the longest matching rule decides.
    pub(super) fn len(&self) -> usize {
        self.text.len()
    }

    /// Whether an address (path and query, see [`normalise`]) matches. Each piece is matched at its first occurrence after
    /// the piece before. That suffices, because only the last piece has a fixed position, and it keeps the search
    /// linear.
    pub(super) fn matches(&self, address: &str) -> bool {
        let Some((first, rest)) = self.pieces.split_first() else { return false };
        let Some(mut left) = address.strip_prefix(first.as_str()) else { return false };
        let Some((last, middle)) = rest.split_last() else { return !self.whole || left.is_empty() };
        for piece in middle {
            let Some(at) = left.find(piece.as_str()) else { return false };
            left = &left[at + piece.len()..];
        }
        if self.whole { left.ends_with(last.as_str()) } else { left.contains(last.as_str()) }
    }
}

/// Normalises the percent-encoding of `path` (RFC 9309, 2.2.2): characters that need no encoding are decoded, all
/// others outside ASCII are encoded in capital letters. `*` and `$` stay unchanged, and so do their encoded forms,
/// which match the literal characters.
pub(super) fn normalise(path: &str) -> String {
    let bytes = path.as_bytes();
    let mut out = String::with_capacity(bytes.len());
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        let code = decode_hex(bytes.get(at + 1..at + 3)).filter(|_| byte == b'%');
        match code {
            Some(code) if code.is_ascii_alphanumeric() || b"-._~".contains(&code) => out.push(char::from(code)),
            Some(code) => push_encoded(code, &mut out),
            None if byte.is_ascii_graphic() => out.push(char::from(byte)),
            None => push_encoded(byte, &mut out),
        }
        at += if code.is_some() { 3 } else { 1 };
    }
    out
}

/// The byte encoded by two hexadecimal digits. `None` if they are not digits.
fn decode_hex(digits: Option<&[u8]>) -> Option<u8> {
    let digits = digits.filter(|digits| digits.iter().all(u8::is_ascii_hexdigit))?;
    u8::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok()
}

fn push_encoded(byte: u8, out: &mut String) {
    let _ = write!(out, "%{byte:02X}");
}
