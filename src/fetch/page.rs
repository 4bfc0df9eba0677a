//! Bytes to a page.

use url::Url;

use crate::discover::text::{self, Markup};
use crate::model::{Page, Trouble};

/// Content types that are pages.
const HTML_TYPES: [&str; 2] = ["text/html", "application/xhtml+xml"];

/// What gives a page away whose type was not declared, within its first [`SNIFFED_BYTES`].
const HTML_MARKS: [&str; 5] = ["<!doctype html", "<html", "<head", "<body", "<title"];

/// How far an undeclared body is searched for [`HTML_MARKS`].
const SNIFFED_BYTES: usize = 1_024;

/// Makes a page of a body: its characters by byte order mark, declared charset, `<meta>` or XML declaration, or what they
/// most likely are. Never fails on bad characters; they become U+FFFD.
///
/// # Errors
/// [`Trouble::NotHtml`] when it is declared as something else, or not declared and does not look like a page.
pub fn decode(bytes: &[u8], content_type: Option<&str>, url: &Url) -> Result<Page, Trouble> {
    check_type(content_type)?;
    if essence(content_type).is_none() && !looks_like_html(bytes) {
        return Err(Trouble::NotHtml("no content type, and nothing in it says HTML".to_owned()));
    }
    Ok(Page { url: url.clone(), html: text::decode(bytes, content_type, Markup::Html) })
}

/// Whether a body declared so can be a page.
pub(super) fn check_type(content_type: Option<&str>) -> Result<(), Trouble> {
    match essence(content_type) {
        Some(kind) if !HTML_TYPES.iter().any(|html| kind.eq_ignore_ascii_case(html)) => {
            Err(Trouble::NotHtml(kind.chars().take(80).collect()))
        }
        _ => Ok(()),
    }
}

/// The type without its parameters.
fn essence(content_type: Option<&str>) -> Option<&str> {
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
