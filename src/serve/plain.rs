//! Answers that are no pages: the stylesheet, the icon, health, metrics.

use http::StatusCode;

use super::House;
use super::answer::Answer;
use super::asked::Asked;
use super::preference::exposition;
use super::problem::Problem;
use super::standing::standing;
use crate::outbox;
use crate::store::ArticleQuery;

/// The stylesheet of all pages.
pub(super) const STYLE: &str = include_str!("../../templates/style.css");
const ICON: &str = include_str!("../../templates/icon.svg");

/// How long browsers keep the stylesheet and the icon, in seconds; pages name the stylesheet by its digest.
const ASSET_MAX_AGE_S: u32 = 7 * 24 * 3600;

#[expect(clippy::unnecessary_wraps, reason = "every address is answered by a function of one shape")]
pub(super) fn style(_: &House, _: &Asked) -> Result<Answer, Problem> {
    Ok(asset("text/css; charset=utf-8", STYLE))
}

#[expect(clippy::unnecessary_wraps, reason = "every address is answered by a function of one shape")]
pub(super) fn icon(_: &House, _: &Asked) -> Result<Answer, Problem> {
    Ok(asset("image/svg+xml", ICON))
}

fn asset(content_type: &'static str, text: &str) -> Answer {
    Answer::new(content_type, text.as_bytes().to_vec(), String::new()).kept_for(ASSET_MAX_AGE_S)
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
    Answer::new("text/plain; charset=utf-8", words.into_bytes(), "no-store".to_owned())
}
