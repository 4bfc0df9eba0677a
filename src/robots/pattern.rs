//! A rule's path: a prefix in which `*` stands for anything and a `$` at the end for the end.

use std::fmt::Write as _;

/// Bytes of a pattern; a longer one fits no address that we fetch.
const MAX_PATTERN_BYTES: usize = 4_096;

/// A path of a rule, as it is compared.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Pattern {
    /// Between stars; without the `$`.
    pieces: Vec<String>,
    /// Whether the address must end where it does.
    whole: bool,
    text: String,
}

impl Pattern {
    /// None where `value` is empty (which forbids nothing), too long, or no path.
    pub(super) fn new(value: &str) -> Option<Self> {
        if value.len() > MAX_PATTERN_BYTES || !value.starts_with(['/', '*']) {
            return None;
        }
        let text = normal(value);
        let (path, whole) = text.strip_suffix('$').map_or((text.as_str(), false), |path| (path, true));
        let pieces = path.split('*').map(str::to_owned).collect();
        Some(Self { pieces, whole, text })
    }

    /// As it is written.
    pub(super) fn text(&self) -> &str {
        &self.text
    }

    /// Bytes: how particular it is.
    pub(super) fn len(&self) -> usize {
        self.text.len()
    }

    /// Whether an address (path and query, [`normal`]) fits. Every piece is taken where it first occurs after the one before, which
    /// is enough since only the last has a fixed place; so each byte is looked at about once.
    pub(super) fn fits(&self, address: &str) -> bool {
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

/// `path` with percent-encoding in one form (RFC 9309, 2.2.2): what need not be encoded is not, everything outside of ASCII is, in
/// capital letters. `*` and `$` stay as they are, and their encoded forms too, which stand for themselves.
pub(super) fn normal(path: &str) -> String {
    let bytes = path.as_bytes();
    let mut out = String::with_capacity(bytes.len());
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        let code = encoded(bytes.get(at + 1..at + 3)).filter(|_| byte == b'%');
        match code {
            Some(code) if code.is_ascii_alphanumeric() || b"-._~".contains(&code) => out.push(char::from(code)),
            Some(code) => encode(code, &mut out),
            None if byte.is_ascii_graphic() => out.push(char::from(byte)),
            None => encode(byte, &mut out),
        }
        at += if code.is_some() { 3 } else { 1 };
    }
    out
}

/// The byte that two hexadecimal digits stand for.
fn encoded(digits: Option<&[u8]>) -> Option<u8> {
    let digits = digits.filter(|digits| digits.iter().all(u8::is_ascii_hexdigit))?;
    u8::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok()
}

fn encode(byte: u8, out: &mut String) {
    let _ = write!(out, "%{byte:02X}");
}
