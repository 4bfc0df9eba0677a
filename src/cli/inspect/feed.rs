//! `redraft inspect feed`: prints the entries of feeds.

use std::fmt::Write as _;
use std::process::ExitCode;

use redraft::config::Config;
use redraft::discover::MAX_FEED_BYTES;
use redraft::fetch::{Want, unpack};
use redraft::inspect::{self, FeedInput, FeedReport};
use serde_json::Value;
use url::Url;

use super::super::arguments;
use super::super::failure::Failure;
use super::super::paint::{self, Ink, Paint};
use super::{Question, origin, to_json};

/// Base for relative links in a feed whose address is unknown.
const NOWHERE: &str = "http://example.org/feed/base.xml";

impl Question for FeedInput {
    const SHAPE: &'static str = "{\"path\",\"url\"?}, or a path alone";

    fn name(&self) -> (Option<Value>, Option<String>) {
        (None, Some(self.path.clone()))
    }

    /// A plain list of files is accepted too.
    fn of_plain(line: &str) -> Option<Self> {
        (!line.starts_with('{')).then(|| Self { path: line.to_owned(), url: None })
    }
}

/// Answers one input line.
pub(super) fn answer(input: FeedInput) -> Result<FeedReport, String> {
    let url = input.url.as_deref().unwrap_or(NOWHERE);
    let url = Url::parse(url).map_err(|error| format!("{url:?} is not an address: {error}"))?;
    Ok(match origin::read_file(&input.path) {
        Ok(bytes) => match unpack(bytes, MAX_FEED_BYTES) {
            Ok(bytes) => inspect::feed(input.path, &bytes, None, &url),
            Err(trouble) => inspect::unreadable_feed(input.path, trouble.to_string()),
        },
        Err(error) => inspect::unreadable_feed(input.path, format!("cannot read: {error}")),
    })
}

/// Prints feeds; the exit code is 1 if one of them is not a feed.
pub(super) fn show_feeds(arguments: &arguments::Feed, config: &Config) -> Result<ExitCode, Failure> {
    let mut code = ExitCode::SUCCESS;
    let given = arguments.url.as_deref().unwrap_or(NOWHERE);
    let given = Url::parse(given).map_err(|error| Failure::Usage(format!("--url {given}: not an address: {error}")))?;
    for name in &arguments.feeds {
        let report = match origin::read_argument(name, Want::Feed, config) {
            Ok(found) => {
                let url = found.url.as_ref().unwrap_or(&given);
                let kind = found.content_type.as_deref();
                let read = |bytes: &[u8]| inspect::contained(|| inspect::feed(name.clone(), bytes, kind, url));
                match unpack(found.bytes, MAX_FEED_BYTES) {
                    Ok(bytes) => read(&bytes).map_err(anyhow::Error::msg)?,
                    Err(trouble) => inspect::unreadable_feed(name.clone(), trouble.to_string()),
                }
            }
            Err(why) => inspect::unreadable_feed(name.clone(), format!("{why:#}")),
        };
        let text = if arguments.form.json { to_json(&report) + "\n" } else { format_report(&report, Paint::stdout()) };
        if !paint::print_text(&text) {
            break;
        }
        if !report.ok {
            code = ExitCode::FAILURE;
        }
    }
    Ok(code)
}

/// Formats a report for people.
fn format_report(report: &FeedReport, paint: Paint) -> String {
    let mut out = String::new();
    if let Some(error) = &report.error {
        let _ = writeln!(out, "{}: {}", report.path, paint.in_ink(Ink::Red, error));
        return out;
    }
    let title = report.title.as_deref().unwrap_or("(no title)");
    let _ = writeln!(out, "{}, {}\n", paint.in_ink(Ink::Bold, title), count_entries(report.entries.len()));
    for part in &report.parts {
        let _ = writeln!(out, "  part of it: {}", paint.in_ink(Ink::Blue, part));
    }
    for entry in &report.entries {
        let time = entry.updated.as_deref().or(entry.published.as_deref()).unwrap_or("no date");
        let _ = writeln!(out, "{}", paint.in_ink(Ink::Bold, entry.title.as_deref().unwrap_or("(no title)")));
        let link = entry.link.as_deref().unwrap_or("(no link)");
        let _ = writeln!(out, "  {}  {}", paint.in_ink(Ink::Dim, time), paint.in_ink(Ink::Blue, link));
    }
    out
}

fn count_entries(count: usize) -> String {
    if count == 1 { "1 entry".to_owned() } else { format!("{count} entries") }
}
