//! The two text formats of metrics: `OpenMetrics` 1.0, which the registry writes, and Prometheus' own 0.0.4, made from it.

/// How metrics are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exposition {
    /// Prometheus' text format 0.0.4, which every tool reads.
    Plain,
    /// `OpenMetrics` 1.0.
    OpenMetrics,
}

impl Exposition {
    /// Its type in HTTP.
    #[must_use]
    pub fn content_type(self) -> &'static str {
        match self {
            Self::Plain => "text/plain; version=0.0.4; charset=utf-8",
            Self::OpenMetrics => "application/openmetrics-text; version=1.0.0; charset=utf-8",
        }
    }
}

/// The samples' names end so in `OpenMetrics` where the metric's own name does not: by its type.
const SUFFIXES: [(&str, &str); 2] = [("counter", "_total"), ("info", "_info")];
/// The types that Prometheus' format has; others are told as one of these.
const TYPES: [(&str, &str); 7] = [
    ("counter", "counter"),
    ("gauge", "gauge"),
    ("histogram", "histogram"),
    ("summary", "summary"),
    ("info", "gauge"),
    ("stateset", "gauge"),
    ("gaugehistogram", "untyped"),
];

/// `OpenMetrics` text in Prometheus' format 0.0.4: a metric is named as its samples are, an info is a gauge, and there are no units, no
/// times of creation and no end mark. Of exemplars, which it has none of either, we write none.
pub(super) fn plain(open_metrics: &str) -> String {
    let mut text = String::with_capacity(open_metrics.len());
    let mut help = "";
    for line in open_metrics.lines() {
        if let Some(said) = line.strip_prefix("# HELP ") {
            // The name follows from the type, which is on the next line.
            help = said.split_once(' ').map_or("", |(_, words)| words);
        } else if let Some((name, kind)) = line.strip_prefix("# TYPE ").and_then(|typed| typed.split_once(' ')) {
            describe(&mut text, name, kind, help);
        } else if !line.starts_with('#')
            && !line.split(['{', ' ']).next().is_some_and(|name| name.ends_with("_created"))
        {
            text.extend([line, "\n"]);
        }
    }
    text
}

/// Writes what a metric is, under the name of its samples.
fn describe(text: &mut String, name: &str, kind: &str, help: &str) {
    let of_kind =
        |table: &[(&str, &'static str)]| table.iter().find(|(known, _)| *known == kind).map(|(_, told)| *told);
    let suffix = of_kind(&SUFFIXES).unwrap_or_default();
    let told = of_kind(&TYPES).unwrap_or("untyped");
    // Only a line's end and a backslash are escaped here; OpenMetrics escapes quotation marks, too.
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
