//! Conditional requests (RFC 9110, section 13): whether the client already has what we would send.

use http::HeaderMap;
use http::header::{IF_MODIFIED_SINCE, IF_NONE_MATCH};
use jiff::Timestamp;

use crate::model::Digest;

/// The entity tag of a body: weak, since the same words leave us plain, gzipped and in brotli.
pub(super) fn etag(body: &[u8]) -> String {
    let digest = Digest::of(body).to_string();
    format!("W/\"{}\"", &digest[..32])
}

/// Whether `headers` name what has this `etag` or was last modified then. `If-None-Match` decides where there is one:
/// compared weakly, in lists, `*` too. Else `If-Modified-Since`: at or after `last_modified`.
pub(super) fn is_fresh(headers: &HeaderMap, etag: &str, last_modified: Option<Timestamp>) -> bool {
    if headers.contains_key(IF_NONE_MATCH) {
        let mut tags = headers.get_all(IF_NONE_MATCH).iter().filter_map(|value| value.to_str().ok());
        return tags.any(|tags| names(tags, opaque(etag)));
    }
    let since = headers.get(IF_MODIFIED_SINCE).and_then(|value| httpdate::parse_http_date(value.to_str().ok()?).ok());
    match (since.and_then(|since| Timestamp::try_from(since).ok()), last_modified) {
        (Some(since), Some(last_modified)) => last_modified.as_second() <= since.as_second(),
        _ => false,
    }
}

/// A moment as `Last-Modified` has it.
pub(super) fn http_date(moment: Timestamp) -> String {
    httpdate::fmt_http_date(moment.into())
}

/// A tag without `W/` and quotation marks.
fn opaque(tag: &str) -> &str {
    let tag = tag.trim();
    tag.strip_prefix("W/").unwrap_or(tag).trim_matches('"')
}

/// Whether a list of tags names `wanted`. Ours hold no commas, so a list may be cut at every one.
fn names(tags: &str, wanted: &str) -> bool {
    tags.split(',').any(|tag| tag.trim() == "*" || opaque(tag) == wanted)
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;

    fn headers(pairs: &[(http::HeaderName, &'static str)]) -> HeaderMap {
        let mut headers = HeaderMap::new();
        for (name, value) in pairs {
            headers.append(name, HeaderValue::from_static(value));
        }
        headers
    }

    #[test]
    fn every_way_to_ask_is_understood() {
        let modified: Timestamp = "2026-08-01T11:40:00.7Z".parse().unwrap();
        let same = "Sat, 01 Aug 2026 11:40:00 GMT";
        let later = "Sat, 01 Aug 2026 11:40:01 GMT";
        let earlier = "Sat, 01 Aug 2026 11:39:59 GMT";
        let table: [(&[(http::HeaderName, &'static str)], bool); 19] = [
            (&[], false),
            (&[(IF_NONE_MATCH, r#"W/"abc""#)], true),
            (&[(IF_NONE_MATCH, r#""abc""#)], true),
            (&[(IF_NONE_MATCH, "abc")], true),
            (&[(IF_NONE_MATCH, r#""x", W/"abc" , "y""#)], true),
            (&[(IF_NONE_MATCH, r#""x""#), (IF_NONE_MATCH, r#""abc""#)], true),
            (&[(IF_NONE_MATCH, "*")], true),
            (&[(IF_NONE_MATCH, r#""x", *"#)], true),
            (&[(IF_NONE_MATCH, r#""ab""#)], false),
            (&[(IF_NONE_MATCH, r#""""#)], false),
            (&[(IF_NONE_MATCH, "")], false),
            (&[(IF_MODIFIED_SINCE, same)], true),
            (&[(IF_MODIFIED_SINCE, later)], true),
            (&[(IF_MODIFIED_SINCE, earlier)], false),
            (&[(IF_MODIFIED_SINCE, "yesterday")], false),
            (&[(IF_NONE_MATCH, r#""x""#), (IF_MODIFIED_SINCE, later)], false),
            (&[(IF_NONE_MATCH, r#""abc""#), (IF_MODIFIED_SINCE, earlier)], true),
            (&[(IF_MODIFIED_SINCE, "Saturday, 01-Aug-26 11:40:00 GMT")], true),
            (&[(IF_MODIFIED_SINCE, "Sat Aug  1 11:40:00 2026")], true),
        ];
        for (pairs, fresh) in table {
            assert_eq!(is_fresh(&headers(pairs), r#"W/"abc""#, Some(modified)), fresh, "{pairs:?}");
        }
        assert!(!is_fresh(&headers(&[(IF_MODIFIED_SINCE, later)]), r#"W/"abc""#, None));
    }

    #[test]
    fn a_tag_is_weak_and_follows_the_body() {
        assert!(etag(b"a").starts_with("W/\"") && etag(b"a").ends_with('"'));
        assert_ne!(etag(b"a"), etag(b"b"));
        assert_eq!(etag(b"a"), etag(b"a"));
    }
}
