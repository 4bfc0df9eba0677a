//! `redraft inspect page`.

use std::fmt::Write as _;
use std::process::ExitCode;

use anyhow::Context;
use redraft::config::Config;
use redraft::fetch::{Want, decode};
use redraft::inspect::{self, PageInput, PageReport};
use redraft::model::Page;
use serde_json::Value;
use url::Url;

use super::super::arguments;
use super::super::failure::Failure;
use super::super::paint::{self, Ink, Paint};
use super::{Question, WIDTH, json, origin};

/// The address of a page whose address is not known.
const NOWHERE: &str = "http://example.org/";

impl Question for PageInput {
    fn name(&self) -> (Option<Value>, Option<String>) {
        (self.id.clone(), self.path.clone())
    }
}

/// Answers one line.
pub(super) fn answer(input: PageInput, config: &Config) -> Result<PageReport, String> {
    let url = input.url.as_deref().unwrap_or(NOWHERE);
    let url = Url::parse(url).map_err(|error| format!("{url:?} is not an address: {error}"))?;
    let page = match (input.html, input.path) {
        (Some(html), _) => Page { url, html },
        (None, Some(path)) => {
            let bytes = origin::file(&path).map_err(|error| format!("cannot read {path}: {error}"))?;
            decode(&bytes, None, &url).map_err(|trouble| trouble.to_string())?
        }
        (None, None) => return Err("has neither html nor path".to_owned()),
    };
    Ok(inspect::page(input.id, &page, &config.hints(&page.url)))
}

/// Shows pages.
pub(super) fn show(arguments: &arguments::Page, config: &Config) -> Result<ExitCode, Failure> {
    for name in &arguments.pages {
        let page = read(name, arguments.url.as_deref(), config)?;
        let hints = config.hints(&page.url);
        let report = inspect::contained(|| inspect::page(Some(name.as_str().into()), &page, &hints));
        let report = report.map_err(anyhow::Error::msg)?;
        paint::print(&if arguments.form.json { json(&report) + "\n" } else { words(&report, Paint::stdout()) });
    }
    Ok(ExitCode::SUCCESS)
}

/// Reads a page from a file or an address.
pub(super) fn read(name: &str, url: Option<&str>, config: &Config) -> anyhow::Result<Page> {
    let found = origin::read(name, Want::Page, config)?;
    let given = Url::parse(url.unwrap_or(NOWHERE)).with_context(|| format!("--url {}", url.unwrap_or(NOWHERE)))?;
    let url = found.url.unwrap_or(given);
    decode(&found.bytes, found.content_type.as_deref(), &url).map_err(|trouble| anyhow::anyhow!("{name}: {trouble}"))
}

/// A report for people.
fn words(report: &PageReport, paint: Paint) -> String {
    let mut out = String::new();
    if let Some(trouble) = &report.trouble {
        let _ = writeln!(out, "{}", paint.in_ink(Ink::Red, &format!("no article: {trouble}")));
    }
    let _ = writeln!(out, "{}", paint.in_ink(Ink::Bold, &report.headline));
    if let Some(standfirst) = &report.standfirst {
        let _ = writeln!(out, "{}", paint::plain(standfirst));
    }
    let facts = [
        ("by", &report.byline),
        ("published", &report.published),
        ("modified", &report.modified),
        ("language", &report.language),
        ("canonical", &report.canonical),
    ];
    for (name, fact) in facts {
        if let Some(fact) = fact {
            let _ = writeln!(out, "{} {}", paint.in_ink(Ink::Dim, &format!("{name:>9}")), paint::plain(fact));
        }
    }
    let how = format!("{}, {}", paint::counted(report.blocks.len(), "block"), report.strategy);
    let _ = writeln!(out, "{} {}\n", paint.in_ink(Ink::Dim, "     text"), paint::plain(&how));
    for block in &report.blocks {
        let _ = writeln!(out, "{}", paint.in_ink(Ink::Dim, block.kind));
        out.push_str(&paint::wrapped(&paint::plain(&block.text), "  ", WIDTH));
    }
    out
}
