//! What a client likes better: lists with weights (RFC 9110, section 12.4.2).

use http::header::{ACCEPT_ENCODING, ACCEPT_LANGUAGE};
use http::{HeaderMap, HeaderName};

use crate::model::Locale;

/// Most members of a list that are read; browsers send a handful.
const MAX_MEMBERS: usize = 32;

/// How welcome this content coding is to a client, 0 to 1; one that says nothing is sent none.
pub(super) fn weight_of_coding(headers: &HeaderMap, coding: &str) -> f32 {
    let find = |named: &str| {
        members(headers, ACCEPT_ENCODING).find(|(name, _)| name.eq_ignore_ascii_case(named)).map(|(_, weight)| weight)
    };
    find(coding).or_else(|| find("*")).unwrap_or(0.0)
}

/// The language of ours that a client likes best, the first named where it likes several as much; `otherwise` where it names none of
/// ours.
pub(super) fn locale(headers: &HeaderMap, otherwise: Locale) -> Locale {
    let mut best = (otherwise, 0.0);
    for (tag, weight) in members(headers, ACCEPT_LANGUAGE) {
        let known = if tag == "*" { Ok(otherwise) } else { tag.parse() };
        if let Ok(locale) = known
            && weight > best.1
        {
            best = (locale, weight);
        }
    }
    best.0
}

/// The members of all lists in headers of this name, each with its weight: 1 where none is given, 0 where it is none.
fn members(headers: &HeaderMap, name: HeaderName) -> impl Iterator<Item = (&str, f32)> {
    let lists = headers.get_all(name).into_iter().filter_map(|value| value.to_str().ok());
    lists.flat_map(|list| list.split(',')).take(MAX_MEMBERS).map(|member| {
        let mut parts = member.split(';').map(str::trim);
        let name = parts.next().unwrap_or_default();
        let weight = parts.find_map(|part| part.strip_prefix("q=").or_else(|| part.strip_prefix("Q=")));
        (name, weight.map_or(1.0, |weight| weight.parse().unwrap_or(0.0)))
    })
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;

    fn headers(name: HeaderName, list: &'static str) -> HeaderMap {
        HeaderMap::from_iter([(name, HeaderValue::from_static(list))])
    }

    #[test]
    fn a_coding_is_sent_to_those_who_take_it() {
        for (list, gzip) in [
            ("gzip", true),
            ("br, GZIP;q=0.5", true),
            ("deflate, *", true),
            ("gzip;q=0, *", false),
            ("gzip; q=0.0", false),
            ("br", false),
            ("identity", false),
            ("gzip;q=x", false),
        ] {
            assert_eq!(weight_of_coding(&headers(ACCEPT_ENCODING, list), "gzip") > 0.0, gzip, "{list}");
        }
        assert!(weight_of_coding(&HeaderMap::new(), "gzip") <= 0.0);
    }

    #[test]
    fn a_reader_is_spoken_to_in_the_language_that_they_like_best() {
        for (list, expected) in [
            ("de-AT,de;q=0.9,en;q=0.8", Locale::German),
            ("en;q=0.5, uk", Locale::Ukrainian),
            ("nl, fr;q=0.4, en;q=0.3", Locale::French),
            ("nl", Locale::Polish),
            ("*, de;q=0.5", Locale::Polish),
            ("de;q=0", Locale::Polish),
            ("", Locale::Polish),
        ] {
            assert_eq!(locale(&headers(ACCEPT_LANGUAGE, list), Locale::Polish), expected, "{list}");
        }
        assert_eq!(locale(&HeaderMap::new(), Locale::Spanish), Locale::Spanish);
    }
}
