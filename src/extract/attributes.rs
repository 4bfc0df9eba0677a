//! A look at the raw text before the tokenizer, which compares every attribute of a tag with all others: a tag with too
//! many is closed early. Ordinary pages come out as they went in.

use std::borrow::Cow;

/// Attributes that a tag may have; what follows them becomes text.
pub(super) const MAX_ATTRIBUTES: usize = 512;

/// Elements whose inside is no markup.
const RAW: [&str; 6] = ["script", "style", "textarea", "title", "xmp", "iframe"];

/// `html` with every tag closed after [`MAX_ATTRIBUTES`] attributes.
pub(super) fn capped(html: &str) -> Cow<'_, str> {
    let cuts = cuts(html.as_bytes());
    if cuts.is_empty() {
        return Cow::Borrowed(html);
    }
    let mut out = String::with_capacity(html.len() + cuts.len());
    let mut done = 0;
    for cut in cuts {
        out.push_str(&html[done..cut]);
        out.push('>');
        done = cut;
    }
    out.push_str(&html[done..]);
    Cow::Owned(out)
}

/// Where tags must be closed: offsets of ASCII white space.
fn cuts(bytes: &[u8]) -> Vec<usize> {
    let mut cuts = Vec::new();
    let mut unclosed = [false; RAW.len()];
    let mut at = 0;
    while let Some(found) = find(bytes, at, b'<') {
        at = found + 1;
        if bytes[at..].starts_with(b"!--") {
            at = find_text(bytes, at + 3, b"-->").unwrap_or(bytes.len());
        } else if bytes.get(at).is_some_and(|b| b.is_ascii_alphabetic() || *b == b'/') {
            let name = name(bytes, at);
            at = tag(bytes, at, &mut cuts);
            let raw = RAW.iter().position(|raw| name.eq_ignore_ascii_case(raw.as_bytes()));
            if let Some(raw) = raw.filter(|raw| !unclosed[*raw]) {
                let end = raw_end(bytes, at, name);
                unclosed[raw] = end.is_none();
                at = end.unwrap_or(at);
            }
        }
    }
    cuts
}

/// Walks over a tag from just after its `<` to after its `>`, noting where to cut it.
fn tag(bytes: &[u8], start: usize, cuts: &mut Vec<usize>) -> usize {
    let (mut at, mut attributes) = (start, 0);
    while let Some(&byte) = bytes.get(at) {
        match byte {
            b'>' => return at + 1,
            b'=' => at = value(bytes, at + 1),
            b if b.is_ascii_whitespace() || b == b'/' => {
                attributes += usize::from(
                    bytes.get(at + 1).is_some_and(|next| !b"/>=".contains(next) && !next.is_ascii_whitespace()),
                );
                if attributes > MAX_ATTRIBUTES && b != b'/' {
                    cuts.push(at);
                    return at;
                }
                at += 1;
            }
            _ => at += 1,
        }
    }
    at
}

/// The end of an attribute's value: after the closing quote, or where an unquoted one begins.
fn value(bytes: &[u8], from: usize) -> usize {
    let mut at = from;
    while bytes.get(at).is_some_and(u8::is_ascii_whitespace) {
        at += 1;
    }
    match bytes.get(at) {
        Some(&quote @ (b'"' | b'\'')) => find(bytes, at + 1, quote).map_or(bytes.len(), |end| end + 1),
        _ => at,
    }
}

/// The tag's name, from just after its `<`.
fn name(bytes: &[u8], start: usize) -> &[u8] {
    let rest = &bytes[start..];
    &rest[..rest.iter().position(|b| !b.is_ascii_alphanumeric()).unwrap_or(rest.len())]
}

/// The offset of the end tag of a raw element.
fn raw_end(bytes: &[u8], from: usize, name: &[u8]) -> Option<usize> {
    let mut at = from;
    while let Some(found) = find_text(bytes, at, b"</") {
        let rest = &bytes[found + 2..];
        if rest.len() >= name.len() && rest[..name.len()].eq_ignore_ascii_case(name) {
            return Some(found);
        }
        at = found + 2;
    }
    None
}

fn find(bytes: &[u8], from: usize, wanted: u8) -> Option<usize> {
    bytes.get(from..)?.iter().position(|b| *b == wanted).map(|at| from + at)
}

fn find_text(bytes: &[u8], from: usize, wanted: &[u8]) -> Option<usize> {
    let first = *wanted.first()?;
    let mut at = from;
    while let Some(found) = find(bytes, at, first) {
        if bytes[found..].starts_with(wanted) {
            return Some(found);
        }
        at = found + 1;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_ordinary_page_is_left_alone() {
        let html = "<p class='a b' data-x=\"1 > 2\">text<script>if (a<b && c) {'</p>'}</script><!-- <a b c> --><br/>";
        assert!(matches!(capped(html), Cow::Borrowed(same) if same == html));
    }

    #[test]
    fn a_tag_with_too_many_attributes_is_closed() {
        use std::fmt::Write as _;
        let html = (0..2000).fold("<p>first</p><p".to_owned(), |mut html, n| {
            let _ = write!(html, " a{n}");
            html
        }) + ">second</p>";
        let cut = capped(&html);
        assert_eq!(cut.len(), html.len() + 1);
        let tag = cut.split('>').nth(4).unwrap_or_default();
        assert!(tag.split(' ').count() <= MAX_ATTRIBUTES + 2, "{}", tag.len());
    }
}
