use std::collections::BTreeSet;

use super::*;

/// Metrics with samples of every kind.
fn busy() -> Metrics {
    let metrics = Metrics::new();
    metrics.clone().check(Outcome::Edited);
    metrics.edit(&[Class::Headline, Class::Figure]);
    metrics.poll(true);
    metrics.poll(false);
    metrics.reload(true);
    metrics.reload(false);
    metrics.fetch(SignedDuration::from_millis(120));
    metrics.set_source("echo", SourceGauges { last_good_s: 7, is_quiet: true, ..SourceGauges::default() });
    metrics.outbox("webhook x", "taken");
    metrics.set_outbox("webhook x", 2, 7, true);
    metrics.set_sources(3);
    metrics.set_articles(40);
    metrics.set_versions(50);
    metrics.set_store_bytes(u64::MAX);
    metrics
}

#[test]
fn metrics_are_told_under_their_names_in_both_formats() {
    let metrics = busy();
    for exposition in [Exposition::Plain, Exposition::OpenMetrics] {
        let text = metrics.text(exposition);
        for line in [
            "redraft_sources 3",
            "redraft_source_last_good_seconds{source=\"echo\"} 7",
            "redraft_source_quiet{source=\"echo\"} 1",
            "redraft_source_troubled{source=\"echo\"} 0",
            "redraft_outbox_deliveries_total{to=\"webhook x\",outcome=\"taken\"} 1",
            "redraft_outbox_waiting{to=\"webhook x\"} 2",
            "redraft_outbox_ended{to=\"webhook x\"} 1",
            "redraft_articles 40",
            "redraft_versions 50",
            "redraft_checks_total{outcome=\"edited\"} 1",
            "redraft_edits_total{class=\"headline\"} 1",
            "redraft_polls_total{outcome=\"failed\"} 1",
            "redraft_config_reloads_total{outcome=\"refused\"} 1",
            "redraft_config_refused 1",
            "redraft_fetch_seconds_bucket{le=\"0.25\"} 1",
            &format!("redraft_store_bytes {}", i64::MAX),
            &format!("redraft_build_info{{version=\"{}\"}} 1", env!("CARGO_PKG_VERSION")),
        ] {
            assert!(text.lines().any(|found| found == line), "{line}\n\n{text}");
        }
        assert_eq!(text.ends_with("# EOF\n"), exposition == Exposition::OpenMetrics);
    }
}

/// One metric of a text in Prometheus' format.
#[derive(Debug, Default)]
struct Family<'a> {
    name: &'a str,
    help: &'a str,
    kind: &'a str,
    /// Names and labels.
    samples: Vec<(&'a str, &'a str)>,
}

/// Parses the metrics of a text in Prometheus' format 0.0.4, which contains only these kinds of lines.
fn families(text: &str) -> Vec<Family<'_>> {
    let mut families: Vec<Family<'_>> = Vec::new();
    for line in text.lines() {
        if let Some((name, help)) = line.strip_prefix("# HELP ").map(|rest| rest.split_once(' ').unwrap()) {
            families.push(Family { name, help, ..Family::default() });
        } else if let Some((name, kind)) = line.strip_prefix("# TYPE ").map(|rest| rest.split_once(' ').unwrap()) {
            let last = families.last_mut().unwrap();
            assert_eq!((last.name, last.kind), (name, ""), "{line}");
            last.kind = kind;
        } else {
            let (series, value) = line.rsplit_once(' ').unwrap();
            assert!(value.parse::<f64>().is_ok(), "{line}");
            let (name, labels) = series.split_once('{').map_or((series, ""), |(name, labels)| (name, labels));
            assert!(labels.is_empty() || labels.ends_with('}'), "{line}");
            families.last_mut().unwrap().samples.push((name, labels));
        }
    }
    families
}

/// The objections of `promtool check metrics` (`promlint` of `client_golang`) and of its parser.
fn objections(text: &str) -> Vec<String> {
    const ABBREVIATED: [&str; 14] = ["s", "ms", "us", "ns", "sec", "b", "kb", "mb", "gb", "tb", "pb", "m", "h", "d"];
    const NOT_BASE: [&str; 12] = [
        "minutes",
        "hours",
        "days",
        "weeks",
        "milliseconds",
        "microseconds",
        "nanoseconds",
        "bits",
        "kilobytes",
        "megabytes",
        "gigabytes",
        "kibibytes",
    ];
    const TYPES: [&str; 5] = ["counter", "gauge", "histogram", "summary", "untyped"];
    let (mut objections, mut names) = (Vec::new(), BTreeSet::new());
    for Family { name, help, kind, samples } in families(text) {
        let mut object = |is_wrong: bool, why: &str| {
            if is_wrong {
                objections.push(format!("{name}: {why}"));
            }
        };
        let is_sampled = matches!(kind, "histogram" | "summary");
        let ends = |suffixes: &[&str]| suffixes.iter().any(|suffix| name.ends_with(suffix));
        let words: Vec<&str> = name.split('_').collect();
        object(help.is_empty(), "no help text");
        object(!TYPES.contains(&kind) || kind == "untyped", "no type");
        object(!names.insert(name), "it is there twice");
        object((kind == "counter") != ends(&["_total"]), "counters, and they alone, end with _total");
        object(!is_sampled && ends(&["_count", "_sum", "_bucket"]), "the suffix is that of a histogram's sample");
        object(ends(&["_info"]) && kind != "gauge", "an info is a gauge");
        object(words.iter().any(|word| TYPES.contains(word)), "its type is in its name");
        object(words.iter().any(|word| ABBREVIATED.contains(word)), "a unit is abbreviated");
        object(words.iter().any(|word| NOT_BASE.contains(word)), "not the base unit");
        object(!name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_'), "not snake_case");
        let series: BTreeSet<_> = samples.iter().collect();
        object(series.len() != samples.len(), "a series is there twice");
        for (sample, labels) in &samples {
            let suffix = sample.strip_prefix(name);
            let is_its = suffix == Some("") || is_sampled && matches!(suffix, Some("_count" | "_sum" | "_bucket"));
            object(!is_its, "a sample of another name");
            object(!is_sampled && (labels.contains("le=\"") || labels.contains("quantile=\"")), "a histogram's label");
        }
        let has = |suffix: &str, label: &str| {
            samples.iter().any(|(sample, labels)| sample.strip_prefix(name) == Some(suffix) && labels.contains(label))
        };
        let is_whole = has("_bucket", "le=\"+Inf\"") && has("_sum", "") && has("_count", "");
        object(kind == "histogram" && !is_whole, "a histogram without its sum, count or last bucket");
    }
    objections
}

#[test]
fn prometheus_own_format_passes_the_rules_of_promtool() {
    for metrics in [Metrics::new(), busy()] {
        assert_eq!(objections(&metrics.text(Exposition::Plain)), Vec::<String>::new());
    }
    let names: Vec<_> = busy()
        .text(Exposition::Plain)
        .lines()
        .filter_map(|line| line.strip_prefix("# TYPE ").map(str::to_owned))
        .collect();
    assert!(names.len() > 25 && names.contains(&"redraft_checks_total counter".to_owned()), "{names:?}");
}

#[test]
fn the_rules_of_promtool_find_what_breaks_them() {
    for (text, objection) in [
        ("# HELP a \n# TYPE a gauge\na 1\n", "a: no help text"),
        ("# HELP a A.\n# TYPE a counter\na 1\n", "a: counters, and they alone, end with _total"),
        ("# HELP a_total A.\n# TYPE a_total gauge\na_total 1\n", "a_total: counters, and they alone, end with _total"),
        ("# HELP a A.\n# TYPE a counter\na_total 1\n", "a: a sample of another name"),
        ("# HELP a A.\n# TYPE a info\na 1\n", "a: no type"),
        ("# HELP a_ms A.\n# TYPE a_ms gauge\na_ms 1\n", "a_ms: a unit is abbreviated"),
        ("# HELP a A.\n# TYPE a gauge\na{le=\"1\"} 1\n", "a: a histogram's label"),
        ("# HELP a A.\n# TYPE a gauge\na 1\na 1\n", "a: a series is there twice"),
        (
            "# HELP a A.\n# TYPE a histogram\na_bucket{le=\"1\"} 1\na_sum 1\na_count 1\n",
            "a: a histogram without its sum, count or last bucket",
        ),
    ] {
        assert!(objections(text).contains(&objection.to_owned()), "{text}{:?}", objections(text));
    }
}
