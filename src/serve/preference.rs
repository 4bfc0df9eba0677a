//! What a client likes better: lists with weights (RFC 9110, section 12.4.2).

use http::header::{ACCEPT, ACCEPT_ENCODING, ACCEPT_LANGUAGE};
use http::{HeaderMap, HeaderName};

use crate::model::Locale;
use crate::telemetry::Exposition;

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

/// How metrics are written for a client: as `OpenMetrics` where it asks for that with a higher weight than for plain text, which every
/// tool reads.
pub(super) fn exposition(headers: &HeaderMap) -> Exposition {
    let weight = |exposition: Exposition| weight_of_type(headers, exposition.content_type());
    let prefers_open_metrics = weight(Exposition::OpenMetrics) > weight(Exposition::Plain);
    if prefers_open_metrics { Exposition::OpenMetrics } else { Exposition::Plain }
}

/// How welcome a content type is to a client, 0 to 1, as the most specific range says that it is in. Of its parameters only the version
/// sets a type apart from others; a client that says nothing takes all.
fn weight_of_type(headers: &HeaderMap, content_type: &str) -> f32 {
    if !headers.contains_key(ACCEPT) {
        return 1.0;
    }
    let (name, version) = (essence(content_type), parameter(content_type, "version"));
    let family = name.split('/').next().unwrap_or_default();
    let specificity = |range: &str| match (essence(range), parameter(range, "version")) {
        ("*/*", _) => Some(0),
        (range, _) if range.strip_suffix("/*").is_some_and(|range| range.eq_ignore_ascii_case(family)) => Some(1),
        (range, None) if range.eq_ignore_ascii_case(name) => Some(2),
        (range, asked) if range.eq_ignore_ascii_case(name) && asked == version => Some(3),
        _ => None,
    };
    let ranges = whole_members(headers, ACCEPT).filter_map(|(range, weight)| Some((specificity(range)?, weight)));
    let best = ranges.max_by(|(a, weight_a), (b, weight_b)| a.cmp(b).then(weight_a.total_cmp(weight_b)));
    best.map_or(0.0, |(_, weight)| weight)
}

/// A type or range without its parameters.
fn essence(content_type: &str) -> &str {
    content_type.split(';').next().unwrap_or_default().trim()
}

/// A parameter of a type or range, without the quotation marks that it may stand in.
fn parameter<'a>(content_type: &'a str, name: &str) -> Option<&'a str> {
    content_type.split(';').skip(1).find_map(|part| {
        let (known, value) = part.split_once('=')?;
        known.trim().eq_ignore_ascii_case(name).then(|| value.trim().trim_matches('"'))
    })
}

/// The members of all lists in headers of this name without their parameters, each with its weight.
fn members(headers: &HeaderMap, name: HeaderName) -> impl Iterator<Item = (&str, f32)> {
    whole_members(headers, name).map(|(member, weight)| (essence(member), weight))
}

/// The members of all lists in headers of this name, each with its weight: 1 where none is given, 0 where it is not a number.
fn whole_members(headers: &HeaderMap, name: HeaderName) -> impl Iterator<Item = (&str, f32)> {
    let lists = headers.get_all(name).into_iter().filter_map(|value| value.to_str().ok());
    lists.flat_map(|list| list.split(',')).take(MAX_MEMBERS).map(|member| {
        let weight = parameter(member, "q").map_or(1.0, |weight| weight.parse().unwrap_or(0.0));
        (member, weight)
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
    fn metrics_are_open_metrics_where_these_are_asked_for_with_a_higher_weight() {
        // What Prometheus 2.42, 2.55 and 3.4 send.
        const PROMETHEUS: [&str; 3] = [
            "application/openmetrics-text;version=1.0.0,application/openmetrics-text;version=0.0.1;q=0.75,\
             text/plain;version=0.0.4;q=0.5,*/*;q=0.1",
            "application/openmetrics-text;version=1.0.0;q=0.5,application/openmetrics-text;version=0.0.1;q=0.4,\
             text/plain;version=0.0.4;q=0.3,*/*;q=0.2",
            "application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.5,\
             application/openmetrics-text;version=0.0.1;q=0.4,text/plain;version=1.0.0;escaping=allow-utf-8;q=0.3,\
             text/plain;version=0.0.4;q=0.2,*/*;q=0.1",
        ];
        for list in PROMETHEUS.into_iter().chain([
            "application/openmetrics-text",
            "Application/OpenMetrics-Text; Version=\"1.0.0\"; charset=utf-8",
            "application/openmetrics-text;q=0.2",
            "application/*, text/plain;q=0.5",
            "text/plain;version=1.0.0, application/openmetrics-text;version=1.0.0;q=0.1",
            "text/plain;q=0, */*;q=0.1",
        ]) {
            assert_eq!(exposition(&headers(ACCEPT, list)), Exposition::OpenMetrics, "{list}");
        }
        for list in [
            "*/*",
            "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
            "text/plain",
            "text/plain; version=0.0.4; charset=utf-8",
            "text/plain;version=0.0.4;q=1,*/*;q=0.1",
            "application/openmetrics-text, text/plain",
            "application/openmetrics-text;q=0.5, text/plain;q=0.6",
            "application/openmetrics-text;q=0.5, */*;q=0.5",
            "application/openmetrics-text;version=0.0.1",
            "application/openmetrics-text;version=2.0.0, text/plain;q=0.1",
            "application/openmetrics-text;q=0, */*;q=0.1",
            "application/openmetrics-text;q=x",
            "application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited",
            "text/*;q=0.9, application/*;q=0.1",
            "image/png",
            "",
        ] {
            assert_eq!(exposition(&headers(ACCEPT, list)), Exposition::Plain, "{list}");
        }
        assert_eq!(exposition(&HeaderMap::new()), Exposition::Plain);
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
