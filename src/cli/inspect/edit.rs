//! `redraft inspect edit`.

use std::fmt::Write as _;
use std::process::ExitCode;

use redraft::config::Config;
use redraft::extract::extract;
use redraft::fetch::{Want, decode};
use redraft::inspect::{self, EditInput, EditReport, Text};
use redraft::model::Content;
use serde_json::Value;
use url::Url;

use super::super::arguments;
use super::super::failure::Failure;
use super::super::paint::{self, Ink, Paint};
use super::{Question, json, origin};

impl Question for EditInput {
    fn name(&self) -> (Option<Value>, Option<String>) {
        (self.id.clone(), None)
    }
}

/// Answers one line.
#[allow(clippy::unnecessary_wraps)] // as the other questions are answered
pub(super) fn answer(input: EditInput, config: &Config) -> Result<EditReport, String> {
    Ok(inspect::edit(input, &config.judge))
}

/// Shows what changed between two versions.
pub(super) fn show(arguments: &arguments::Edit, config: &Config) -> Result<ExitCode, Failure> {
    let (Some(old), Some(new)) = (&arguments.old, &arguments.new) else {
        return Err(Failure::Usage("expected two versions, OLD and NEW".to_owned()));
    };
    let (before, after) = (read(old, arguments, config)?, read(new, arguments, config)?);
    let id = Some(format!("{old} {new}").into());
    let report = inspect::contained(|| inspect::compared(id, &before, &after, &config.judge));
    let report = report.map_err(anyhow::Error::msg)?;
    paint::print(&if arguments.form.json { json(&report) + "\n" } else { words(&report, Paint::stdout()) });
    Ok(ExitCode::SUCCESS)
}

/// A version from a file or an address: HTML, JSON or plain text.
fn read(name: &str, arguments: &arguments::Edit, config: &Config) -> anyhow::Result<Content> {
    let found = origin::read(name, Want::Page, config)?;
    let start: String = String::from_utf8_lossy(&found.bytes[..found.bytes.len().min(64)]).trim_start().to_owned();
    let mut content = match (&found.url, start.chars().next()) {
        (None, Some('{')) => {
            let text: Text =
                serde_json::from_slice(&found.bytes).map_err(|error| anyhow::anyhow!("{name}: {error}"))?;
            text.content(None)
        }
        (None, first) if first != Some('<') => plain(&String::from_utf8_lossy(&found.bytes)).content(None),
        _ => {
            let url = found.url.map_or_else(|| Url::parse("http://example.org/"), Ok)?;
            let page = decode(&found.bytes, found.content_type.as_deref(), &url);
            let page = page.map_err(|trouble| anyhow::anyhow!("{name}: {trouble}"))?;
            extract(&page, &config.hints(&url), None).content
        }
    };
    content.language = arguments.lang.clone().or(content.language);
    Ok(content)
}

/// Plain text: the headline, then a paragraph a line.
fn plain(text: &str) -> Text {
    let mut lines = text.lines().filter(|line| !line.trim().is_empty()).map(str::to_owned);
    Text { title: lines.next(), paras: lines.collect() }
}

/// A report for people: what it means, then the text with its changes marked.
fn words(report: &EditReport, paint: Paint) -> String {
    let mut out = String::new();
    let (ink, meaning) = if report.substantive { (Ink::Green, "an edit") } else { (Ink::Yellow, "not an edit") };
    let _ = writeln!(out, "{}, score {:.2}", paint.in_ink(ink, meaning), report.score);
    for reason in &report.reasons {
        let _ = writeln!(out, "  {:.2} {:<11} {}", reason.score, reason.class, paint::plain(&reason.text));
    }
    out.push('\n');
    for (sign, text) in &report.segs {
        out.push_str(&marked(sign, text, paint));
    }
    out.push('\n');
    out
}

/// A run of text, coloured, or between marks where there are no colours.
fn marked(sign: &str, text: &str, paint: Paint) -> String {
    let (ink, open, close) = match sign {
        "-" => (Ink::Red, "[-", "-]"),
        "+" => (Ink::Green, "{+", "+}"),
        ">" => (Ink::Yellow, "{>", "<}"),
        _ => return paint::plain(text).replace('\n', "\n\n"),
    };
    let text = text.replace('\n', "\n\n");
    if paint.is_on() { paint.in_ink(ink, &text) } else { format!("{open}{}{close}", paint::plain(&text)) }
}
