//! `redraft inspect edit`: compares two versions.

use std::fmt::Write as _;
use std::process::ExitCode;

use anyhow::Context;
use redraft::config::Config;
use redraft::extract::extract;
use redraft::fetch::Want;
use redraft::inspect::{self, EditInput, EditReport, Run, Text, TroubleReport};
use redraft::model::Content;
use serde_json::Value;
use url::Url;

use super::super::arguments;
use super::super::failure::Failure;
use super::super::paint::{self, Ink, Paint};
use super::{NOWHERE, Question, origin, to_json};

impl Question for EditInput {
    const SHAPE: &'static str =
        "{\"id\",\"lang\"?,\"before\":{\"title\",\"paras\":[…]},\"after\":{\"title\",\"paras\":[…]}}";

    fn name(&self) -> (Option<Value>, Option<String>) {
        (self.id.clone(), None)
    }
}

/// Answers one input line.
#[allow(clippy::unnecessary_wraps)] // the same signature as the other questions
pub(super) fn answer(input: EditInput, config: &Config) -> Result<EditReport, String> {
    Ok(inspect::edit(input, &config.judge))
}

/// Prints what changed between two versions.
pub(super) fn show_edit(arguments: &arguments::Edit, config: &Config) -> Result<ExitCode, Failure> {
    let (Some(old), Some(new)) = (&arguments.old, &arguments.new) else {
        return Err(Failure::Usage("expected two versions, OLD and NEW".to_owned()));
    };
    let (before, after) = (read_side(old, arguments, config)?, read_side(new, arguments, config)?);
    let id = Some(format!("{old} {new}").into());
    let report = inspect::contained(|| inspect::compared(id, &before.content, &after.content, &config.judge));
    let mut report = report.map_err(anyhow::Error::msg)?;
    if before.is_page || after.is_page {
        report.trouble = Some(TroubleReport { before: before.trouble, after: after.trouble });
    }
    let _ = paint::print_text(&if arguments.form.json {
        to_json(&report) + "\n"
    } else {
        format_report(&report, Paint::stdout())
    });
    Ok(ExitCode::SUCCESS)
}

/// One of the two versions, as it was read.
struct Side {
    content: Content,
    /// Whether it is a page, which the daemon would check before comparing.
    is_page: bool,
    /// Why the page is not an article.
    trouble: Option<String>,
}

/// Reads a version from a file or an address: HTML, JSON or plain text. An empty file counts as an empty page.
fn read_side(name: &str, arguments: &arguments::Edit, config: &Config) -> anyhow::Result<Side> {
    let found = origin::read_argument(name, Want::Page, config).with_context(|| name.to_owned())?;
    let start: String = String::from_utf8_lossy(&found.bytes[..found.bytes.len().min(64)]).trim_start().to_owned();
    let of_text = |text: &Text| Side { content: text.content(None), is_page: false, trouble: None };
    let mut side = match (&found.url, start.chars().next()) {
        (None, Some('{')) => of_text(&serde_json::from_slice(&found.bytes).with_context(|| name.to_owned())?),
        (None, Some(first)) if first != '<' => of_text(&parse_plain(&String::from_utf8_lossy(&found.bytes))),
        _ => page_side(&found, config)?,
    };
    side.content.language = arguments.lang.clone().or(side.content.language);
    Ok(side)
}

/// Reads a version from a page, the way the daemon does.
fn page_side(found: &origin::Found, config: &Config) -> anyhow::Result<Side> {
    let url = found.url.clone().map_or_else(|| Url::parse(NOWHERE), Ok)?;
    let (content, trouble) = match origin::decode_page(&found.bytes, found.content_type.as_deref(), &url, config) {
        Ok(page) => {
            let extraction = extract(&page, &config.hints(&url), None);
            (extraction.content, extraction.trouble)
        }
        Err(trouble) => (Content::default(), Some(trouble)),
    };
    Ok(Side { content, is_page: true, trouble: trouble.map(|trouble| trouble.to_string()) })
}

/// Parses plain text: the headline on the first line, then one paragraph per line.
fn parse_plain(text: &str) -> Text {
    let mut lines = text.lines().filter(|line| !line.trim().is_empty()).map(str::to_owned);
    Text { title: lines.next(), paras: lines.collect() }
}

/// Formats a report for people: the verdict, then the text with its changes marked.
fn format_report(report: &EditReport, paint: Paint) -> String {
    let mut out = format_troubles(report, paint);
    let (ink, meaning) = if report.substantive { (Ink::Green, "an edit") } else { (Ink::Yellow, "not an edit") };
    let _ = writeln!(out, "{}, score {:.2}", paint.in_ink(ink, meaning), report.score);
    for reason in &report.reasons {
        let _ = writeln!(out, "  {:.2} {:<11} {}", reason.score, reason.class, paint::strip_controls(&reason.text));
    }
    out.push('\n');
    for run in &report.segs {
        out.push_str(&match run {
            Run::Plain(sign, text) => mark_run(sign, text, paint),
            Run::Restyled(sign, old, new) => mark_run(sign, &format!("{old}|{new}"), paint),
        });
    }
    out.push('\n');
    out
}

/// Lists what would keep the daemon from comparing the versions.
fn format_troubles(report: &EditReport, paint: Paint) -> String {
    let mut out = String::new();
    let Some(trouble) = &report.trouble else { return out };
    for (side, why) in [("before", &trouble.before), ("after", &trouble.after)] {
        if let Some(why) = why {
            let _ = writeln!(out, "{}", paint.in_ink(Ink::Red, &format!("{side}: not an article: {why}")));
        }
    }
    if !out.is_empty() {
        out.push_str("redraft would not compare these while watching; here is the comparison all the same:\n");
    }
    out
}

/// Formats a run of text in colour, or between marks if colours are off.
fn mark_run(sign: &str, text: &str, paint: Paint) -> String {
    let (ink, open, close) = match sign {
        "-" => (Ink::Red, "[-", "-]"),
        "+" => (Ink::Green, "{+", "+}"),
        ">" => (Ink::Yellow, "{>", "<}"),
        "~" => (Ink::Dim, "{~", "~}"),
        _ => return paint::strip_controls(text).replace('\n', "\n\n"),
    };
    let text = text.replace('\n', "\n\n");
    if paint.is_on() { paint.in_ink(ink, &text) } else { format!("{open}{}{close}", paint::strip_controls(&text)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn side(text: &str) -> Side {
        let found = origin::Found { bytes: text.as_bytes().to_vec(), content_type: None, url: None };
        page_side(&found, &Config::built_in().unwrap()).unwrap()
    }

    #[test]
    fn what_the_daemon_would_not_compare_is_said_first() {
        let sentence = "<p>The council met on Monday and talked about the bridge for three hours, the clerk said.</p>";
        let article = side(&format!("<html><article><h1>Bridge to close</h1>{}</article>", sentence.repeat(6)));
        assert!(article.is_page && article.trouble.is_none());
        let empty = side("");
        let judging = redraft::model::Judging::default();
        let mut report = inspect::compared(None, &article.content, &empty.content, &judging);
        report.trouble = Some(TroubleReport { before: article.trouble, after: empty.trouble });
        let told = format_report(&report, Paint::stdout());
        assert!(told.starts_with("after: not an article: "), "{told}");
        assert!(told.lines().nth(1).unwrap().starts_with("redraft would not compare these"), "{told}");
        let shape = serde_json::to_value(&report).unwrap();
        assert!(shape["trouble"]["before"].is_null() && shape["trouble"]["after"].is_string());
    }
}
