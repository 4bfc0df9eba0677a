//! Decodes the body of a response into an HTML page.

use url::Url;

use crate::discover::text::{self, Markup};
use crate::model::{Page, Trouble};

/// Content types that are decoded as pages.
const HTML_TYPES: [&str; 2] = ["text/html", "application/xhtml+xml"];

/// Any of these within the first [`SNIFFED_BYTES`] identifies a page that has no content type.
const HTML_MARKS: [&str; 5] = ["<!doctype html", "<html", "<head", "<body", "<title"];

/// Number of bytes that are searched for [`HTML_MARKS`].
const SNIFFED_BYTES: usize = 1_024;

/// Decodes a body into a page. The charset is taken from the byte order mark, the declared charset, `<meta>` or the XML
/// declaration, or else guessed. Invalid bytes become U+FFFD and are never an error.
///
/// # Errors
/// [`Trouble::NotHtml`] if `content_type` is something else, or is missing and the body does not look like HTML.
pub fn decode(bytes: &[u8], content_type: Option<&str>, url: &Url) -> Result<Page, Trouble> {
    check_type(content_type)?;
    if media_type(content_type).is_none() && !looks_like_html(bytes) {
        return Err(Trouble::NotHtml("no content type, and nothing in it says HTML".to_owned()));
    }
    Ok(Page { url: url.clone(), html: text::decode(bytes, content_type, Markup::Html) })
}

/// Fails if `content_type` is declared and not HTML.
pub(super) fn check_type(content_type: Option<&str>) -> Result<(), Trouble> {
    match media_type(content_type) {
        Some(kind) if !HTML_TYPES.iter().any(|html| kind.eq_ignore_ascii_case(html)) => {
            Err(Trouble::NotHtml(kind.chars().take(80).collect()))
        }
        _ => Ok(()),
    }
}

/// The media type without its parameters. `None` if it is missing or empty.
fn media_type(content_type: Option<&str>) -> Option<&str> {
    let kind = content_type?.split([';', ',']).next()?.trim();
    (!kind.is_empty()).then_some(kind)
}

fn looks_like_html(bytes: &[u8]) -> bool {
    let start: Vec<u8> = bytes
        .iter()
        .copied()
        .filter(|byte| *byte != 0)
        .take(SNIFFED_BYTES)
        .map(|byte| byte.to_ascii_lowercase())
        .collect();
    HTML_MARKS.iter().any(|mark| start.windows(mark.len()).any(|window| window == mark.as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn html(bytes: &[u8], content_type: Option<&str>) -> Result<String, Trouble> {
        decode(bytes, content_type, &Url::parse("https://example.org/").unwrap()).map(|page| page.html)
    }

    #[test]
    fn only_pages_are_decoded() {
        for kind in ["text/html", "Text/HTML; charset=utf-8", "application/xhtml+xml"] {
            assert!(html(b"<p>Hello", Some(kind)).is_ok(), "{kind}");
        }
        for kind in ["application/pdf", "text/plain", "image/png", "application/json"] {
            assert_eq!(html(b"<html>", Some(kind)), Err(Trouble::NotHtml(kind.to_owned())));
        }
    }

    #[test]
    fn a_page_without_a_type_is_known_by_its_beginning() {
        for kind in [None, Some(""), Some(" ; charset=utf-8")] {
            assert!(html(b"\n<!DOCTYPE html><p>Hello", kind).is_ok());
            assert!(matches!(html(b"%PDF-1.7", kind), Err(Trouble::NotHtml(_))));
        }
    }

    #[test]
    fn characters_come_from_the_header_then_the_page_then_a_guess() {
        let caf = |charset: &str| [b"<html><meta charset=\"", charset.as_bytes(), b"\">Caf\xE9 \xA4"].concat();
        assert!(html(&caf("iso-8859-15"), Some("text/html")).unwrap().ends_with("Café €"));
        assert!(html(&caf("utf-8"), Some("text/html; charset=\"ISO-8859-15\"")).unwrap().ends_with("Café €"));
        assert!(html("<html>Ærø, Tåsinge".as_bytes(), Some("text/html")).unwrap().ends_with("Ærø, Tåsinge"));
        assert!(html("<html>Café".as_bytes(), Some("text/html; charset=latin1")).unwrap().ends_with("Café"));
    }
}
