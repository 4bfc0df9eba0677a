//! The two text formats of metrics: `OpenMetrics` 1.0, which the registry writes, and Prometheus' own 0.0.4,
//! converted from it.

/// Text format of metrics.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exposition {
    /// Prometheus' text format 0.0.4, which every tool reads.
    Plain,
    /// `OpenMetrics` 1.0.
    OpenMetrics,
}

impl Exposition {
    /// Content type for HTTP.
    #[must_use]
    pub fn content_type(self) -> &'static str {
        match self {
            Self::Plain => "text/plain; version=0.0.4; charset=utf-8",
            Self::OpenMetrics => "application/openmetrics-text; version=1.0.0; charset=utf-8",
        }
    }
}

/// Suffixes that `OpenMetrics` adds to sample names, by type, if the metric's own name lacks them.
const SUFFIXES: [(&str, &str); 2] = [("counter", "_total"), ("info", "_info")];
/// Types of `OpenMetrics`, and the type in Prometheus' format for each.
const TYPES: [(&str, &str); 7] = [
    ("counter", "counter"),
    ("gauge", "gauge"),
    ("histogram", "histogram"),
    ("summary", "summary"),
    ("info", "gauge"),
    ("stateset", "gauge"),
    ("gaugehistogram", "untyped"),
];

/// Converts `OpenMetrics` text to Prometheus' format 0.0.4: metrics are named like their samples, an info becomes a
/// gauge, and units, creation times and the end mark are dropped. The format has no exemplars either, but we never
/// write any.
pub(super) fn plain(open_metrics: &str) -> String {
    let mut text = String::with_capacity(open_metrics.len());
    let mut help = "";
    for line in open_metrics.lines() {
        if let Some(said) = line.strip_prefix("# HELP ") {
            // The name depends on the type, which is on the next line.
            help = said.split_once(' ').map_or("", |(_, words)| words);
        } else if let Some((name, kind)) = line.strip_prefix("# TYPE ").and_then(|typed| typed.split_once(' ')) {
            describe_metric(&mut text, name, kind, help);
        } else if !line.starts_with('#')
            && !line.split(['{', ' ']).next().is_some_and(|name| name.ends_with("_created"))
        {
            text.extend([line, "\n"]);
        }
    }
    text
}

/// Writes help and type of a metric, under the name of its samples.
fn describe_metric(text: &mut String, name: &str, kind: &str, help: &str) {
    let of_kind =
        |table: &[(&str, &'static str)]| table.iter().find(|(known, _)| *known == kind).map(|(_, told)| *told);
    let suffix = of_kind(&SUFFIXES).unwrap_or_default();
    let told = of_kind(&TYPES).unwrap_or("untyped");
    // Here only line ends and backslashes are escaped; `OpenMetrics` escapes quotation marks as well.
    let help = help.replace("\\\"", "\"");
    text.extend(["# HELP ", name, suffix, " ", &help, "\n# TYPE ", name, suffix, " ", told, "\n"]);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_kind_of_metric_is_told_as_prometheus_has_it() {
        let open_metrics = "\
# HELP a_seconds Time of \\\"a\\\".
# TYPE a_seconds histogram
# UNIT a_seconds seconds
a_seconds_sum 0.5
a_seconds_count 2
a_seconds_bucket{le=\"0.25\"} 1
a_seconds_bucket{le=\"+Inf\"} 2
a_seconds_created 1.0
# HELP b What was done.
# TYPE b counter
b_total{to=\"a # b\",x=\"1\"} 3
b_created{to=\"a\"} 1.0
# HELP c The program.
# TYPE c info
c_info{version=\"1\"} 1
# HELP d How many.
# TYPE d gauge
d -4
# HELP e Odd.
# TYPE e unknown
e NaN
# EOF
";
        let plain_text = "\
# HELP a_seconds Time of \"a\".
# TYPE a_seconds histogram
a_seconds_sum 0.5
a_seconds_count 2
a_seconds_bucket{le=\"0.25\"} 1
a_seconds_bucket{le=\"+Inf\"} 2
# HELP b_total What was done.
# TYPE b_total counter
b_total{to=\"a # b\",x=\"1\"} 3
# HELP c_info The program.
# TYPE c_info gauge
c_info{version=\"1\"} 1
# HELP d How many.
# TYPE d gauge
d -4
# HELP e Odd.
# TYPE e untyped
e NaN
";
        assert_eq!(plain(open_metrics), plain_text);
    }
}
