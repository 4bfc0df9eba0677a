//! Decodes bytes into text, although charset labels are often missing or wrong.

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE};

/// Number of bytes that are searched for a charset declared in the document.
const DECLARATION_BYTES: usize = 4_096;

/// Number of bytes from which a charset is guessed. More would take time and change no guess.
const GUESS_BYTES: usize = 256 << 10;

/// The syntax in which a document declares its own charset.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Markup {
    /// `<?xml encoding="…"?>`.
    Xml,
    /// `<meta charset=…>`, `<meta http-equiv … content="…; charset=…">`, or as XML does.
    Html,
}

/// Decodes `bytes`; the result has no byte order mark. The charset is determined by, in this order: the byte order mark
/// (also of UTF-32), the byte pattern of UTF-16 or UTF-32, the HTTP `content_type`, the document's own declaration,
/// validity as UTF-8, and the best guess.
///
/// Two kinds of labels are ignored: `utf-8` on bytes that are not valid UTF-8, and another label on valid UTF-8 with
/// characters outside ASCII. Bytes that cannot be decoded become U+FFFD.
#[must_use]
pub fn decode(bytes: &[u8], content_type: Option<&str>, markup: Markup) -> String {
    if let Some(text) = utf_32(bytes) {
        return text;
    }
    if let Some((encoding, mark)) = Encoding::for_bom(bytes) {
        return decode_lossy(encoding, &bytes[mark..]);
    }
    if let Some(encoding) = utf_16_pattern(bytes) {
        return decode_lossy(encoding, bytes);
    }
    let labels = [content_type.and_then(charset_of), declared_charset(bytes, markup)];
    let labelled = labels.into_iter().flatten().find(|encoding| fits(encoding, bytes));
    if let Ok(utf_8) = std::str::from_utf8(bytes) {
        // Escape-coded Japanese (ISO-2022-JP) is valid ASCII, so only its label identifies it.
        let stateful = labelled.filter(|encoding| !encoding.is_ascii_compatible());
        return stateful.map_or_else(|| utf_8.to_owned(), |encoding| decode_lossy(encoding, bytes));
    }
    decode_lossy(labelled.unwrap_or_else(|| guess_encoding(bytes)), bytes)
}

/// Whether a label can be right for `bytes` that have neither a byte order mark nor the pattern of UTF-16.
fn fits(encoding: &'static Encoding, bytes: &[u8]) -> bool {
    if encoding == UTF_16LE || encoding == UTF_16BE {
        return false;
    }
    encoding != UTF_8 || std::str::from_utf8(bytes).is_ok()
}

fn decode_lossy(encoding: &'static Encoding, bytes: &[u8]) -> String {
    encoding.decode_without_bom_handling(bytes).0.into_owned()
}

/// The `charset` parameter of a content type.
fn charset_of(content_type: &str) -> Option<&'static Encoding> {
    let lower = content_type.to_ascii_lowercase();
    let value = lower.split_once("charset")?.1.trim_start().strip_prefix('=')?;
    encoding_for_label(value.as_bytes())
}

/// The charset that a document declares within its first [`DECLARATION_BYTES`].
fn declared_charset(bytes: &[u8], markup: Markup) -> Option<&'static Encoding> {
    let start = bytes[..bytes.len().min(DECLARATION_BYTES)].to_ascii_lowercase();
    xml_declared(&start).or_else(|| if markup == Markup::Html { meta_declared(&start) } else { None })
}

fn xml_declared(start: &[u8]) -> Option<&'static Encoding> {
    let rest = &start[find(start, b"<?xml")?..];
    let declaration = &rest[..find(rest, b">")?];
    let value = &declaration[find(declaration, b"encoding")? + b"encoding".len()..];
    encoding_for_label(value.trim_ascii_start().strip_prefix(b"=")?)
}

fn meta_declared(start: &[u8]) -> Option<&'static Encoding> {
    let mut rest = start;
    while let Some(at) = find(rest, b"<meta") {
        rest = &rest[at + b"<meta".len()..];
        let tag = &rest[..find(rest, b">").unwrap_or(rest.len())];
        let value = find(tag, b"charset").map(|at| tag[at + b"charset".len()..].trim_ascii_start());
        if let Some(encoding) = value.and_then(|value| value.strip_prefix(b"=")).and_then(encoding_for_label) {
            return Some(encoding);
        }
    }
    None
}

/// The encoding with the label at the beginning of `value`, which may be quoted.
fn encoding_for_label(value: &[u8]) -> Option<&'static Encoding> {
    let value = value.trim_ascii_start();
    let value = value.strip_prefix(b"\"").or(value.strip_prefix(b"'")).unwrap_or(value);
    let end = value.iter().position(|byte| b"\"'; \t\r\n/>?".contains(byte)).unwrap_or(value.len());
    Encoding::for_label(&value[..end])
}

/// Recognises UTF-16 without a byte order mark: every other byte of `<?` or `<r` is zero.
fn utf_16_pattern(bytes: &[u8]) -> Option<&'static Encoding> {
    match bytes {
        [0, b'<', 0, second, ..] if *second != 0 => Some(UTF_16BE),
        [b'<', 0, second, 0, ..] if *second != 0 => Some(UTF_16LE),
        _ => None,
    }
}

/// Decodes UTF-32, recognised by its byte order mark or its pattern.
fn utf_32(bytes: &[u8]) -> Option<String> {
    let big = match bytes {
        [0, 0, 0xFE, 0xFF, ..] | [0, 0, 0, b'<', ..] => true,
        [0xFF, 0xFE, 0, 0, ..] | [b'<', 0, 0, 0, ..] => false,
        _ => return None,
    };
    let character = |unit: &[u8; 4]| {
        let code = if big { u32::from_be_bytes(*unit) } else { u32::from_le_bytes(*unit) };
        char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER)
    };
    let text: String = bytes.as_chunks::<4>().0.iter().map(character).collect();
    Some(text.trim_start_matches('\u{FEFF}').to_owned())
}

/// Guesses the encoding of bytes without a usable label: UTF-8 with a few broken bytes, or an older encoding.
fn guess_encoding(bytes: &[u8]) -> &'static Encoding {
    let bytes = &bytes[..bytes.len().min(GUESS_BYTES)];
    if is_mostly_utf_8(bytes) {
        return UTF_8;
    }
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    detector.feed(bytes, true);
    detector.guess(None, Utf8Detection::Deny)
}

/// Whether at least four in five characters outside ASCII are valid UTF-8. Then the text was UTF-8 before something cut
/// it or pasted bytes into it: text in older encodings is hardly ever valid for more than a character or two.
fn is_mostly_utf_8(bytes: &[u8]) -> bool {
    let (mut good, mut bad) = (0_usize, 0_usize);
    for chunk in bytes.utf8_chunks() {
        good += chunk.valid().chars().filter(|c| !c.is_ascii()).count();
        bad += usize::from(!chunk.invalid().is_empty());
    }
    good >= bad * 4
}

fn find(haystack: &[u8], needle: &[u8]) -> Option<usize> {
    haystack.windows(needle.len()).position(|window| window == needle)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn xml(bytes: &[u8], content_type: Option<&str>) -> String {
        decode(bytes, content_type, Markup::Xml)
    }

    fn wide<const N: usize>(text: &str, unit: impl Fn(u32) -> [u8; N]) -> Vec<u8> {
        text.chars().flat_map(|c| unit(c as u32)).collect()
    }

    #[test]
    fn wide_characters_are_recognised_by_mark_or_pattern() {
        for text in ["<rss>é</rss>", "\u{FEFF}<rss>é</rss>"] {
            for bytes in [
                wide(text, u32::to_be_bytes),
                wide(text, u32::to_le_bytes),
                wide(text, |c| (c as u16).to_be_bytes()),
                wide(text, |c| (c as u16).to_le_bytes()),
            ] {
                assert_eq!(xml(&bytes, Some("text/xml; charset=iso-8859-1")), "<rss>é</rss>");
            }
        }
    }

    #[test]
    fn labels_count_only_if_they_can_be_right() {
        let koi = b"<?xml version='1.0' encoding='koi8-r'?><t>\xC4\xC1</t>";
        assert!(xml(koi, None).ends_with("<t>да</t>"));
        assert!(xml(koi, Some("text/xml; charset=utf-8")).ends_with("<t>да</t>"));
        let wrong = "<?xml version='1.0' encoding='iso-8859-1'?><t>да</t>".as_bytes();
        assert!(xml(wrong, None).ends_with("<t>да</t>"));
        let utf_16 = b"<?xml version='1.0' encoding='utf-16'?><t>a</t>";
        assert!(xml(utf_16, None).ends_with("<t>a</t>"));
    }

    #[test]
    fn one_broken_byte_does_not_change_the_charset_of_the_rest() {
        let bytes = ["<t>Ærø på øen Fünen, ça va où ".as_bytes(), b"\xE9</t>"].concat();
        assert_eq!(xml(&bytes, None), "<t>Ærø på øen Fünen, ça va où \u{FFFD}</t>");
    }

    #[test]
    fn escape_coded_japanese_is_recognised_by_its_label() {
        let bytes = b"<?xml version='1.0' encoding='iso-2022-jp'?><t>\x1b$B$\"\x1b(B</t>";
        assert!(xml(bytes, None).ends_with("<t>あ</t>"));
    }
}
