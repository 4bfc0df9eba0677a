//! Answers that are not pages: the stylesheet, the icon, what crawlers may ask for, health, metrics.

use std::sync::LazyLock;

use http::StatusCode;

use super::House;
use super::answer::Answer;
use super::asked::Asked;
use super::drawing::ico;
use super::preference::exposition;
use super::problem::Problem;
use super::standing::standing;
use crate::outbox;
use crate::store::ArticleQuery;

/// The stylesheet of all pages.
pub(super) const STYLE: &str = include_str!("../../templates/style.css");
const ICON: &str = include_str!("../../templates/icon.svg");

/// The icon for browsers that ask for one without a page that names it; drawn once.
static FAVICON: LazyLock<Result<Vec<u8>, String>> = LazyLock::new(|| ico(ICON));

/// The type of plain text.
const TEXT: &str = "text/plain; charset=utf-8";

/// How long browsers keep the stylesheet and the icon, in seconds; pages name the stylesheet by its digest.
const ASSET_MAX_AGE_S: u32 = 7 * 24 * 3600;
/// How long crawlers keep what they may ask for, in seconds: no longer than a day (RFC 9309, 2.4).
const ROBOTS_MAX_AGE_S: u32 = 24 * 3600;

/// What crawlers may not ask for, below our base address: searches and comparisons in any combination, which cost most and show nothing
/// that has no page of its own; what leads elsewhere; what is for programs that watch us. All else may be asked for, feeds above all.
const CRAWLERS: [(&str, &str); 16] = [
    ("Allow", "/edits."),
    ("Allow", "/?before="),
    ("Disallow", "/?"),
    ("Disallow", "/search"),
    ("Disallow", "/lookup"),
    ("Disallow", "/why"),
    ("Disallow", "/articles/*/compare?"),
    ("Disallow", "/articles/*/compare/*?"),
    ("Disallow", "/articles/*/timegate"),
    ("Disallow", "/timegate/"),
    ("Disallow", "/timemap/"),
    ("Disallow", "/websub/"),
    ("Disallow", "/outbox.json"),
    ("Disallow", "/metrics"),
    ("Disallow", "/health"),
    ("Disallow", "/ready"),
];

#[expect(clippy::unnecessary_wraps, reason = "every address is answered by a function of one shape")]
pub(super) fn style(_: &House, _: &Asked) -> Result<Answer, Problem> {
    Ok(asset("text/css; charset=utf-8", STYLE.as_bytes()))
}

#[expect(clippy::unnecessary_wraps, reason = "every address is answered by a function of one shape")]
pub(super) fn icon(_: &House, _: &Asked) -> Result<Answer, Problem> {
    Ok(asset("image/svg+xml", ICON.as_bytes()))
}

/// The icon as browsers ask for it that were named none.
pub(super) fn favicon(_: &House, _: &Asked) -> Result<Answer, Problem> {
    match &*FAVICON {
        Ok(file) => Ok(asset("image/x-icon", file)),
        Err(why) => {
            tracing::error!(error = why, "the icon cannot be drawn");
            Err(Problem::nothing_here())
        }
    }
}

/// What crawlers may ask for.
#[expect(clippy::unnecessary_wraps, reason = "every address is answered by a function of one shape")]
pub(super) fn robots(house: &House, _: &Asked) -> Result<Answer, Problem> {
    let below = house.site.base_url.path().trim_end_matches('/');
    let rules = CRAWLERS.iter().map(|(rule, path)| format!("{rule}: {below}{path}\n"));
    let text = format!("User-agent: *\n{}", rules.collect::<String>());
    Ok(Answer::new(TEXT, text.into_bytes(), String::new()).kept_for(ROBOTS_MAX_AGE_S))
}

fn asset(content_type: &'static str, bytes: &[u8]) -> Answer {
    Answer::new(content_type, bytes.to_vec(), String::new()).kept_for(ASSET_MAX_AGE_S)
}

/// Whether the program works: 200 or 503.
#[expect(clippy::unnecessary_wraps, reason = "every address is answered by a function of one shape")]
pub(super) fn health(house: &House, _: &Asked) -> Result<Answer, Problem> {
    Ok(if house.store.healthy() {
        text("ok\n".to_owned())
    } else {
        text("the store failed and is opened again as soon as that is possible; see the log\n".to_owned())
            .with_status(StatusCode::SERVICE_UNAVAILABLE)
    })
}

/// Whether feeds can be answered: the store can be read. A disk that is nearly full is told, and no reason to send readers away.
pub(super) fn ready(house: &House, asked: &Asked) -> Result<Answer, Problem> {
    house.store.articles(&ArticleQuery { source: None, before: None, limit: 1 })?;
    if house.store.healthy() && !house.store.has_room() {
        let words = "ok, but the disk is nearly full: nothing is fetched until it has room; what is kept is served\n";
        return Ok(text(words.to_owned()));
    }
    health(house, asked)
}

/// The metrics, with the sizes of this moment, in the format that the client prefers.
pub(super) fn metrics(house: &House, asked: &Asked) -> Result<Answer, Problem> {
    let counts = house.store.counts()?;
    for source in &house.sources {
        let standing = standing(&house.store, &house.config, source, house.clock.now())?;
        house.metrics.set_source(source.slug.as_str(), standing.gauges());
    }
    for report in outbox::reports(&house.store, &house.config)? {
        let last_taken_s = report.last_taken_s();
        house.metrics.set_outbox(&report.to, report.waiting, last_taken_s, report.ended.is_some());
    }
    house.metrics.set_sources(house.sources.len());
    house.metrics.set_articles(counts.articles);
    house.metrics.set_versions(counts.versions);
    house.metrics.set_store_bytes(counts.bytes);
    house.metrics.set_disk(house.store.measure()?.free, !house.store.has_room());
    let exposition = exposition(&asked.headers);
    let text = house.metrics.text(exposition).into_bytes();
    Ok(Answer::new(exposition.content_type(), text, "no-store".to_owned()).differing_by("Accept-Encoding, Accept"))
}

fn text(words: String) -> Answer {
    Answer::new(TEXT, words.into_bytes(), "no-store".to_owned())
}
