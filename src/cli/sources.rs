//! `redraft sources`: lists the sources and their state.

use std::fmt::Write as _;
use std::process::ExitCode;

use redraft::clock::Clock;
use redraft::config::Config;
use redraft::model::SourceKind;
use redraft::render::{Subscription, opml};
use redraft::serve;
use serde_json::{Value, json};

use super::arguments::{Settings, Sources};
use super::configuration;
use super::failure::Failure;
use super::paint::{self, Ink, Paint};
use super::reports::read_report;

/// Prints the state of each source, from the store or from the redraft that is running on it.
pub(super) fn list_sources(settings: &Settings, asked: Sources) -> Result<ExitCode, Failure> {
    let config = configuration::load_config(settings, Vec::new())?;
    if asked.opml {
        paint::print_text(&format_opml(&config));
        return Ok(ExitCode::SUCCESS);
    }
    let reports = |store: &_| serve::reports(store, &config, &config.sources, Clock::System.now());
    let read = |store: &_| Ok(json!({ "sources": reports(store)? }));
    let told = read_report(&config, "/sources.json", || json!({ "sources": unpolled_reports(&config) }), read)?;
    if asked.json {
        paint::print_line(&format!("{told:#}"));
        return Ok(ExitCode::SUCCESS);
    }
    let sources = told["sources"].as_array().map(Vec::as_slice).unwrap_or_default();
    if sources.is_empty() {
        paint::print_line("no source is configured: add a [[source]] to sources.toml, or redraft import feeds.opml");
    } else {
        paint::print_text(&format_sources(sources, Paint::stdout()));
    }
    Ok(ExitCode::SUCCESS)
}

/// The watched feeds as OPML, for feed readers.
fn format_opml(config: &Config) -> String {
    let feeds = config.sources.iter().filter(|source| source.kind == SourceKind::Feed);
    let feeds = feeds.map(|source| Subscription {
        name: source.name.clone(),
        feed: source.url.to_string(),
        page: String::new(),
    });
    opml("What redraft watches", &feeds.collect::<Vec<_>>())
}

/// Reports of sources that were never polled, for when there is no store yet.
fn unpolled_reports(config: &Config) -> Vec<Value> {
    let source = |source: &redraft::model::Source| {
        json!({
            "slug": source.slug.as_str(), "name": source.name, "url": source.url.as_str(),
                        "articles": 0, "edits": 0, "why": "it was not polled yet",
        })
    };
    config.sources.iter().map(source).collect()
}

/// Heading of the column of slugs.
const HEAD: &str = "SOURCE";

/// Formats a block of lines for each source.
fn format_sources(sources: &[Value], paint: Paint) -> String {
    let word = |source: &Value, key: &str| source[key].as_str().unwrap_or_default().to_owned();
    let time = |source: &Value, key: &str| match source[key].as_str() {
        Some(time) => time.get(..16).unwrap_or(time).replace('T', " "),
        None => "-".to_owned(),
    };
    let width = paint::column_width(sources.iter().filter_map(|source| source["slug"].as_str()), HEAD);
    let mut out = format!(
        "{:width$}  {:16}  {:16}  {:16}  {:>8}  {:>6}\n",
        HEAD, "LAST POLL (UTC)", "LAST GOOD", "NEXT POLL", "ARTICLES", "EDITS"
    );
    for source in sources {
        let number = |key: &str| source[key].as_u64().unwrap_or_default();
        let padded = format!("{:width$}", word(source, "slug"));
        let _ = writeln!(
            out,
            "{}  {:16}  {:16}  {:16}  {:>8}  {:>6}",
            paint.in_ink(Ink::Bold, &padded),
            time(source, "last_look"),
            time(source, "last_good"),
            time(source, "next_look"),
            number("articles"),
            number("edits")
        );
        let _ = writeln!(
            out,
            "    {}  {}",
            paint.in_ink(Ink::Blue, &word(source, "url")),
            paint.in_ink(Ink::Dim, &word(source, "why"))
        );
        if let Some(address) = source["asked_at"].as_str() {
            let _ = writeln!(out, "    polled at {}", paint.in_ink(Ink::Blue, address));
        }
        if source["quiet_since"].is_string() {
            let words = format!("unusually quiet since {}", time(source, "quiet_since"));
            let _ = writeln!(out, "    {}", paint.in_ink(Ink::Yellow, &words));
        }
        if let Some(trouble) = source["trouble"].as_str() {
            let _ = writeln!(out, "    {}", paint.in_ink(Ink::Red, trouble));
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slug_stands_whole_in_its_row() {
        let slug = "the-evening-gazette-of-the-northern-counties";
        let source = |slug: &str| json!({ "slug": slug, "url": "https://news.example/", "why": "polled every 15m" });
        let table = format_sources(&[source("daily"), source(slug)], Paint::plain());
        let rows: Vec<&str> = table.lines().filter(|line| !line.starts_with(' ')).collect();
        assert!(rows[2].starts_with(&format!("{slug}  -")), "{table}");
        assert_eq!(rows[0].find("LAST POLL"), rows[1].find('-').map(|_| slug.len() + 2), "{table}");
    }
}
