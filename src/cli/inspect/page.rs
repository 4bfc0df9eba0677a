//! `redraft inspect page`: prints the article found in pages.

use std::fmt::Write as _;
use std::process::ExitCode;

use anyhow::anyhow;
use redraft::config::Config;
use redraft::fetch::Want;
use redraft::inspect::{self, ExplainedReport, FeatureReport, PageInput, PageReport};
use redraft::model::Page;
use serde_json::Value;
use url::Url;

use super::super::arguments;
use super::super::failure::Failure;
use super::super::paint::{self, Ink, Paint};
use super::{NOWHERE, Question, WIDTH, origin, to_json};

impl Question for PageInput {
    const SHAPE: &'static str = "{\"id\",\"url\",\"html\"} or {\"id\",\"url\",\"path\"}";

    fn name(&self) -> (Option<Value>, Option<String>) {
        (self.id.clone(), self.path.clone())
    }
}

/// Answers one input line. A page that cannot be read is a page with trouble; only a malformed request is an error.
pub(super) fn answer(input: PageInput, explain: bool, config: &Config) -> Result<PageReport, String> {
    let url = input.url.as_deref().unwrap_or(NOWHERE);
    let url = Url::parse(url).map_err(|error| format!("{url:?} is not an address: {error}"))?;
    let page = match (input.html, input.path) {
        (Some(html), _) => {
            let fits = origin::within_limit(html.len(), config);
            fits.map(|()| Page { url, html }).map_err(|trouble| trouble.to_string())
        }
        (None, Some(path)) => origin::read_file(&path)
            .map_err(|error| format!("cannot read {path}: {error}"))
            .and_then(|bytes| origin::decode_page(&bytes, None, &url, config).map_err(|trouble| trouble.to_string())),
        (None, None) => return Err("has neither html nor path".to_owned()),
    };
    Ok(match page {
        Ok(page) => report_page(input.id, &page, explain, config),
        Err(trouble) => inspect::unreadable_page(input.id, trouble),
    })
}

/// Prints pages; the exit code is 1 if one of them cannot be read.
pub(super) fn show_pages(arguments: &arguments::Page, config: &Config) -> Result<ExitCode, Failure> {
    let mut code = ExitCode::SUCCESS;
    let given = arguments.url.as_deref().unwrap_or(NOWHERE);
    let given = Url::parse(given).map_err(|error| Failure::Usage(format!("--url {given}: not an address: {error}")))?;
    for name in &arguments.pages {
        let id = Some(name.as_str().into());
        let report = match read_page(name, &given, config) {
            Ok(page) => {
                inspect::contained(|| report_page(id, &page, arguments.explain, config)).map_err(anyhow::Error::msg)?
            }
            Err(why) => {
                code = ExitCode::FAILURE;
                inspect::unreadable_page(id, format!("{why:#}"))
            }
        };
        let text =
            if arguments.form.json { to_json(&report) + "\n" } else { format_report(name, &report, Paint::stdout()) };
        if !paint::print_text(&text) {
            break;
        }
    }
    Ok(code)
}

/// Reports what was found in a page and, if `explain`, the decision on each block.
fn report_page(id: Option<Value>, page: &Page, explain: bool, config: &Config) -> PageReport {
    let hints = config.hints(&page.url);
    let explained = explain.then(|| inspect::explained(page, &hints));
    PageReport { explained, ..inspect::page(id, page, &hints) }
}

/// Reads a page from a file or an address.
fn read_page(name: &str, given: &Url, config: &Config) -> anyhow::Result<Page> {
    let found = origin::read_argument(name, Want::Page, config)?;
    let url = found.url.as_ref().unwrap_or(given);
    origin::decode_page(&found.bytes, found.content_type.as_deref(), url, config)
        .map_err(|trouble| anyhow!("{trouble}"))
}

/// Formats a report for people.
fn format_report(name: &str, report: &PageReport, paint: Paint) -> String {
    let mut out = String::new();
    if let Some(trouble) = &report.trouble {
        let _ = writeln!(out, "{}", paint.in_ink(Ink::Red, &format!("{name}: not an article: {trouble}")));
    }
    if report.strategy.is_empty() {
        return out;
    }
    let _ = writeln!(out, "{}", paint.in_ink(Ink::Bold, &report.headline));
    if let Some(standfirst) = &report.standfirst {
        let _ = writeln!(out, "{}", paint::strip_controls(standfirst));
    }
    let facts = [
        ("by", &report.byline),
        ("published", &report.published),
        ("modified", &report.modified),
        ("language", &report.language),
        ("section", &report.section),
        ("canonical", &report.canonical),
        ("policy", &report.corrections_policy),
    ];
    for (name, fact) in facts {
        if let Some(fact) = fact {
            let _ = writeln!(out, "{} {}", paint.in_ink(Ink::Dim, &format!("{name:>9}")), paint::strip_controls(fact));
        }
    }
    if let Some(blocks) = &report.explained {
        out.extend(blocks.iter().map(|block| format_block(block, paint)));
        return out;
    }
    let how = format!("{}, {}", paint::count_noun(report.blocks.len(), "block"), report.strategy);
    let _ = writeln!(out, "{} {}\n", paint.in_ink(Ink::Dim, "     text"), paint::strip_controls(&how));
    for block in &report.blocks {
        let _ = writeln!(out, "{}", paint.in_ink(Ink::Dim, block.kind));
        out.push_str(&paint::wrap_text(&paint::strip_controls(&block.text), "  ", WIDTH));
    }
    out
}

/// Formats the decision on one block for people.
fn format_block(block: &ExplainedReport, paint: Paint) -> String {
    let (sign, ink) = if block.chosen { ("+", Ink::Green) } else { ("-", Ink::Red) };
    let mut out = format!("\n{} {}\n", paint.in_ink(ink, sign), paint::strip_controls(&block.why));
    let because = block.because.iter().map(|feature| {
        let FeatureReport { name, value, moved } = feature;
        format!("{name} = {value} ({moved:+.2})")
    });
    let because = because.collect::<Vec<_>>().join(", ");
    for line in [because.as_str(), block.path.as_str()].into_iter().filter(|line| !line.is_empty()) {
        let _ = writeln!(out, "  {}", paint.in_ink(Ink::Dim, line));
    }
    out.push_str(&paint::wrap_text(&paint::strip_controls(&block.text), "  ", WIDTH));
    out
}

#[cfg(test)]
mod tests {
    use redraft::config::Invocation;

    use super::*;

    fn asked(html: Option<&str>, path: Option<&str>) -> PageInput {
        PageInput { id: Some("1".into()), url: None, html: html.map(str::to_owned), path: path.map(str::to_owned) }
    }

    #[test]
    fn a_page_that_cannot_be_read_is_a_page_with_trouble_as_the_daemon_has_it() {
        let flags = vec![("fetch.max_page_bytes".to_owned(), "64 KiB".to_owned(), "--set …".to_owned())];
        let config = Config::load(&Invocation { flags, ..Invocation::default() }).unwrap();
        let folder = tempfile::tempdir().unwrap();
        let file = |name: &str, text: &str| {
            let path = folder.path().join(name).display().to_string();
            std::fs::write(&path, text).unwrap();
            path
        };
        let large = format!("<html><p>{}", "x".repeat(64 << 10));
        let trouble = |input| answer(input, false, &config).unwrap().trouble.unwrap_or_default();
        for input in [asked(Some(&large), None), asked(None, Some(&file("large.html", &large)))] {
            assert!(trouble(input).contains("larger than the limit of 65536 bytes"));
        }
        assert!(!trouble(asked(None, Some(&file("empty.html", "")))).is_empty());
        assert!(!trouble(asked(Some(""), None)).is_empty());
        assert!(trouble(asked(None, Some("no/such.html"))).starts_with("cannot read no/such.html"));
        assert_eq!(answer(asked(None, None), false, &config).unwrap_err(), "has neither html nor path");
    }
}
