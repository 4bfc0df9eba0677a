//! `redraft inspect robots`: prints what a robots.txt allows.

use std::fmt::Write as _;
use std::process::ExitCode;

use anyhow::Context;
use redraft::clock::Clock;
use redraft::config::Config;
use redraft::fetch::{Want, Web};
use redraft::inspect::{self, RobotsReport};
use redraft::model::{Reply, Validators};
use redraft::robots::Robots;
use url::Url;

use super::super::arguments;
use super::super::failure::Failure;
use super::super::paint::{self, Ink, Paint};
use super::{NOWHERE, origin, to_json};

/// Prints a site's rules, or for each given address whether it may be fetched; the exit code is 1 if one may not.
pub(super) fn show_robots(arguments: &arguments::Robots, config: &Config) -> Result<ExitCode, Failure> {
    let name = &arguments.site;
    let site = Url::parse(name).ok().filter(|url| matches!(url.scheme(), "http" | "https"));
    let (robots, note) = match &site {
        Some(site) => fetch_robots(site, config)?,
        None => (Robots::parse(&origin::read_file(name).with_context(|| format!("cannot read {name}"))?), None),
    };
    let base = site.clone().map_or_else(|| Url::parse(NOWHERE), Ok).context(NOWHERE)?;
    let itself = site.filter(|site| !matches!(site.path(), "/" | "/robots.txt"));
    let paths = arguments.paths.iter().map(|path| {
        base.join(path).map_err(|error| Failure::Usage(format!("{path}: not a path or an address: {error}")))
    });
    let asked: Vec<Url> = itself.into_iter().map(Ok).chain(paths).collect::<Result<_, _>>()?;
    let report = inspect::robots(name.clone(), note, &robots, &asked);
    let _ = paint::print_text(&if arguments.json {
        to_json(&report) + "\n"
    } else {
        format_report(&report, Paint::stdout())
    });
    let all = report.asked.iter().all(|asked| asked.allowed);
    Ok(if all { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// The rules of a site, read the way the daemon does, and a note on problems.
fn fetch_robots(site: &Url, config: &Config) -> Result<(Robots, Option<String>), Failure> {
    let url = site.join("/robots.txt").context("not a site")?;
    let web = Web::new(&config.fetch.web).context("cannot set up the HTTP client")?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().context("cannot start")?;
    let answer = runtime.block_on(web.get(&url, &Validators::default(), Want::Robots, Clock::System.now()));
    let why = match &answer.reply {
        Reply::Trouble(trouble) => Some(format!("{url}: {trouble}")),
        Reply::Body { .. } | Reply::NotModified => None,
    };
    Ok(match (Robots::told(&answer.reply), why) {
        (Some(robots), why) => (robots, why.map(|why| format!("{why}; so everything is allowed"))),
        (None, why) => (Robots::nothing(), why.map(|why| format!("{why}; so nothing is allowed until it answers"))),
    })
}

/// Formats a report for people.
fn format_report(report: &RobotsReport, paint: Paint) -> String {
    let mut out = String::new();
    if let Some(note) = &report.note {
        let _ = writeln!(out, "{}", paint.in_ink(Ink::Yellow, note));
    }
    for asked in &report.asked {
        let (ink, word) = if asked.allowed { (Ink::Green, "allowed") } else { (Ink::Red, "forbidden") };
        let by = asked.by.as_ref().map_or("no rule applies".to_owned(), |by| format!("line {}: {}", by.line, by.rule));
        let _ = writeln!(
            out,
            "{:9} {}  {}",
            paint.in_ink(ink, word),
            paint::strip_controls(&asked.url),
            paint.in_ink(Ink::Dim, &by)
        );
    }
    if report.asked.is_empty() {
        let _ = writeln!(out, "{} for {}", paint::count_noun(report.rules.len(), "rule"), report.token);
        for rule in &report.rules {
            let _ = writeln!(
                out,
                "  {} {}",
                paint.in_ink(Ink::Dim, &format!("{:5}", rule.line)),
                paint::strip_controls(&rule.rule)
            );
        }
    }
    if let Some(delay) = report.crawl_delay {
        let _ = writeln!(out, "at least {delay} s between two requests");
    }
    out
}
