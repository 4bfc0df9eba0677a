//! Reads response headers that matter for the next request: validators, freshness, `Retry-After`, and `Link`.

use jiff::{SignedDuration, Timestamp};
use reqwest::header::{self, HeaderMap, HeaderName};

use crate::model::Validators;

/// Size limit of a stored validator, in bytes; longer ones are dropped. Real ones are under 100 bytes, and every later
/// request repeats them.
const MAX_VALIDATOR_BYTES: usize = 1_024;

/// Upper limit of the wait that `Retry-After` can ask for: a week.
const MAX_RETRY_AFTER: SignedDuration = SignedDuration::from_hours(7 * 24);

/// Upper limit of the freshness that a response can claim: a year.
const MAX_FRESH: SignedDuration = SignedDuration::from_hours(365 * 24);

/// Values read from the headers of one response.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Head {
    pub(super) validators: Validators,
    pub(super) fresh_for: Option<SignedDuration>,
    pub(super) retry_after: Option<SignedDuration>,
    /// `Link: <…>; rel="hub"`, as written.
    pub(super) hub: Option<String>,
    /// `Link: <…>; rel="self"`, as written.
    pub(super) own: Option<String>,
}

impl Head {
    /// Reads `headers` received at `now`.
    pub(super) fn read(headers: &HeaderMap, now: Timestamp) -> Self {
        let validators = Validators {
            etag: read_validator(headers, header::ETAG),
            last_modified: read_validator(headers, header::LAST_MODIFIED),
            of: None,
        };
        Self {
            validators,
            fresh_for: fresh_for(headers, now),
            retry_after: header_text(headers, header::RETRY_AFTER).and_then(|value| retry_after(value, now)),
            hub: find_link(headers, "hub"),
            own: find_link(headers, "self"),
        }
    }
}

/// The value of a header, unchanged. `None` if it is missing or not UTF-8.
pub(super) fn header_text(headers: &HeaderMap, name: HeaderName) -> Option<&str> {
    headers.get(name).and_then(|value| std::str::from_utf8(value.as_bytes()).ok())
}

/// Target of the first `Link` header with this relation.
fn find_link(headers: &HeaderMap, relation: &str) -> Option<String> {
    let values = headers.get_all(header::LINK).iter().filter_map(|value| value.to_str().ok());
    let mut links = values.flat_map(|value| value.split('<').skip(1));
    links.find_map(|link| {
        let (address, parameters) = link.split_once('>')?;
        let named =
            parameters.split(';').filter_map(|parameter| parameter.trim().trim_end_matches(',').split_once('='));
        let is_it = |(name, value): (&str, &str)| {
            let value = value.trim();
            let quoted = value.strip_prefix('"').and_then(|rest| rest.split('"').next());
            let mut relations = quoted.unwrap_or_else(|| value.split(',').next().unwrap_or(value)).split_whitespace();
            name.trim().eq_ignore_ascii_case("rel") && relations.any(|word| word.eq_ignore_ascii_case(relation))
        };
        named.into_iter().any(is_it).then(|| address.trim().to_owned())
    })
}

fn read_validator(headers: &HeaderMap, name: HeaderName) -> Option<String> {
    header_text(headers, name)
        .filter(|value| !value.is_empty() && value.len() <= MAX_VALIDATOR_BYTES)
        .map(str::to_owned)
}

/// The wait that a `Retry-After` header of this value asks for at `now`, given in seconds or as a date; a date in the
/// past means no wait. At most a week. `None` if the value is neither.
#[must_use]
pub fn retry_after(value: &str, now: Timestamp) -> Option<SignedDuration> {
    let value = value.trim();
    let rest = parse_seconds(value).or_else(|| Some(parse_date(value)?.duration_since(now)))?;
    Some(rest.clamp(SignedDuration::ZERO, MAX_RETRY_AFTER))
}

/// Remaining freshness: `Cache-Control: max-age` minus `Age`, or else `Expires` minus `Date`.
fn fresh_for(headers: &HeaderMap, now: Timestamp) -> Option<SignedDuration> {
    let fresh = if let Some(max_age) = max_age(headers) {
        max_age - header_text(headers, header::AGE).and_then(|age| parse_seconds(age.trim())).unwrap_or_default()
    } else {
        // Measured from the server's own clock, which may differ from ours.
        let from = header_text(headers, header::DATE).and_then(parse_date).unwrap_or(now);
        parse_date(header_text(headers, header::EXPIRES)?)?.duration_since(from)
    };
    (fresh > SignedDuration::ZERO).then(|| fresh.min(MAX_FRESH))
}

/// The value of `max-age`; zero if the response must not be cached.
fn max_age(headers: &HeaderMap) -> Option<SignedDuration> {
    let mut age = None;
    for value in headers.get_all(header::CACHE_CONTROL) {
        for directive in value.to_str().unwrap_or_default().split(',') {
            let (name, argument) = directive.split_once('=').unwrap_or((directive, ""));
            match name.trim().to_ascii_lowercase().as_str() {
                "no-store" | "no-cache" => return Some(SignedDuration::ZERO),
                "max-age" => age = age.or(parse_seconds(argument.trim().trim_matches('"'))),
                _ => {}
            }
        }
    }
    age
}

/// Parses a whole number of seconds, digits only. A number that is too large becomes the largest one we count.
fn parse_seconds(text: &str) -> Option<SignedDuration> {
    if text.is_empty() || !text.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let count = text.parse::<i64>().unwrap_or(i64::MAX).min(MAX_FRESH.as_secs());
    Some(SignedDuration::from_secs(count))
}

/// Parses a date in any of HTTP's three formats. A date too late for [`Timestamp`] becomes its maximum.
fn parse_date(text: &str) -> Option<Timestamp> {
    let time = httpdate::parse_http_date(text.trim()).ok()?;
    Some(Timestamp::try_from(time).unwrap_or(Timestamp::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: &str = "2026-03-01T12:00:00Z";

    fn head(headers: &[(&'static str, &str)]) -> Head {
        let headers = headers.iter().map(|(name, value)| {
            (HeaderName::from_static(name), reqwest::header::HeaderValue::from_str(value).unwrap())
        });
        Head::read(&headers.collect(), NOW.parse().unwrap())
    }

    fn rest(value: &str) -> Option<i64> {
        head(&[("retry-after", value)]).retry_after.map(|rest| rest.as_secs())
    }

    fn fresh(headers: &[(&'static str, &str)]) -> Option<i64> {
        head(headers).fresh_for.map(|fresh| fresh.as_secs())
    }

    #[test]
    fn retry_after_is_read_in_seconds_and_as_a_date() {
        assert_eq!(rest("120"), Some(120));
        assert_eq!(rest("Sun, 01 Mar 2026 12:05:00 GMT"), Some(300));
        assert_eq!(rest("Sunday, 01-Mar-26 12:05:00 GMT"), Some(300));
        assert_eq!(rest("Sun, 01 Mar 2026 11:00:00 GMT"), Some(0));
        assert_eq!(rest("99999999999999999999"), Some(7 * 86_400));
        assert_eq!(rest("Fri, 31 Dec 9999 23:59:59 GMT"), Some(7 * 86_400));
        for nonsense in ["soon", "-5", "1.5", ""] {
            assert_eq!(rest(nonsense), None, "{nonsense}");
        }
    }

    #[test]
    fn freshness_is_max_age_less_age_or_expires_after_date() {
        assert_eq!(fresh(&[("cache-control", "public, Max-Age=600")]), Some(600));
        assert_eq!(fresh(&[("cache-control", "max-age=600"), ("age", "200")]), Some(400));
        assert_eq!(fresh(&[("cache-control", "max-age=60"), ("age", "200")]), None);
        assert_eq!(fresh(&[("cache-control", "no-cache, max-age=600")]), None);
        assert_eq!(fresh(&[("expires", "Sun, 01 Mar 2026 13:00:00 GMT")]), Some(3_600));
        let shifted = [("expires", "Sun, 01 Mar 2026 13:00:00 GMT"), ("date", "Sun, 01 Mar 2026 12:30:00 GMT")];
        assert_eq!(fresh(&shifted), Some(1_800));
        assert_eq!(fresh(&[("expires", "0")]), None);
        assert_eq!(fresh(&[]), None);
    }

    #[test]
    fn links_are_found_by_their_relation() {
        let links = [(
            "link",
            "</next>; rel=next, <https://hub.example/?a=1,2>; title=\"x\"; rel=\"HUB\", </feed>; rel=\"self alternate\"",
        )];
        assert_eq!(head(&links).hub.as_deref(), Some("https://hub.example/?a=1,2"));
        assert_eq!(head(&links).own.as_deref(), Some("/feed"));
        assert_eq!(head(&[("link", "<https://hub.example/>; rel=\"hubs\", hub")]).hub, None);
    }

    #[test]
    fn validators_are_kept_verbatim_and_endless_ones_dropped() {
        let odd = "W/\"a b\\\"-ü\"";
        assert_eq!(head(&[("etag", odd)]).validators.etag.as_deref(), Some(odd));
        assert_eq!(head(&[("last-modified", "yesterday")]).validators.last_modified.as_deref(), Some("yesterday"));
        assert_eq!(head(&[("etag", &"x".repeat(MAX_VALIDATOR_BYTES + 1))]).validators.etag, None);
    }
}
