//! Our versions as Mementos (RFC 7089), so that tools which travel in time through web archives travel through ours too. The publisher's
//! page is the original; a version's page is a memento of it; a `TimeGate` leads from a time to the version that stood then; a
//! `TimeMap` lists them all.

use http::HeaderName;
use http::header::{LINK, VARY};
use jiff::Timestamp;
use url::Url;

use super::House;
use super::answer::Answer;
use super::asked::{Asked, shown};
use super::conditional::http_date;
use super::pages::phrases::Said;
use super::problem::Problem;
use crate::discover::canonical;
use crate::model::{Article, VersionNumber};
use crate::render::address;

/// When the page that a memento shows was as it shows it.
const MEMENTO_DATETIME: HeaderName = HeaderName::from_static("memento-datetime");
/// The time that a client wants to see.
const ACCEPT_DATETIME: &str = "accept-datetime";
const LINK_FORMAT: &str = "application/link-format";
/// Most versions in a map, the newest: with 120 bytes each that is half a megabyte, and no article was seen with a tenth of them.
const MAX_MEMENTOS: usize = 4_000;

/// A version and when it was seen first.
type Memento = (VersionNumber, Timestamp);

/// Of one article, all that its links are made of.
struct Map<'a> {
    house: &'a House,
    article: &'a Article,
    /// Oldest first; neither hidden nor dropped.
    mementos: Vec<Memento>,
}

/// `/articles/ID/timegate`, `/timegate/ADDRESS`: leads to the version that stood at the time asked for, else to the newest; to the
/// first where the time lies before it.
pub(super) fn gate(house: &House, asked: &Asked) -> Result<Answer, Problem> {
    let article = article(house, asked)?;
    let map = Map::of(house, &article)?;
    let wanted = asked.headers.get(ACCEPT_DATETIME).map(|value| value.to_str().unwrap_or_default());
    let at = match wanted {
        None => Timestamp::MAX,
        Some(text) => {
            httpdate::parse_http_date(text).ok().and_then(|time| Timestamp::try_from(time).ok()).ok_or_else(|| {
                Problem::BadRequest(Said::new(
                    "accept-datetime: expected a date such as Sat, 01 Aug 2026 09:00:00 GMT.",
                ))
            })?
        }
    };
    let number = map.at(at).ok_or_else(Problem::nothing_here)?;
    let links = [map.original(), map.map("timemap")].join(", ");
    let answer = Answer::page(String::new()).leading_to(map.address(number).into());
    Ok(answer.with(VARY, ACCEPT_DATETIME.to_owned()).with(LINK, links))
}

/// `/articles/ID/timemap`, `/timemap/link/ADDRESS`: all versions.
pub(super) fn map(house: &House, asked: &Asked) -> Result<Answer, Problem> {
    let article = article(house, asked)?;
    let map = Map::of(house, &article)?;
    let mut lines = vec![map.original(), map.map("self"), map.gate()];
    lines.extend(map.mementos.iter().map(|memento| map.memento(*memento, "")));
    let body = format!("{}\n", lines.join(",\n"));
    Ok(Answer::new(LINK_FORMAT, body.into_bytes(), String::new()).kept_for(MAX_AGE_S))
}

/// How long a map keeps, in seconds: as long as a feed of many articles.
const MAX_AGE_S: u32 = 300;

/// The page of a version with what makes it a memento.
pub(super) fn memento(
    house: &House,
    article: &Article,
    number: VersionNumber,
    page: Answer,
) -> Result<Answer, Problem> {
    let map = Map::of(house, article)?;
    let Some(place) = map.mementos.iter().position(|(own, _)| *own == number) else { return Ok(page) };
    let mut links = vec![map.original(), map.gate(), map.map("timemap")];
    let (first, last) = (0, map.mementos.len() - 1);
    let mut named: Vec<(usize, String)> = Vec::new();
    for (rel, at) in
        [("first", Some(first)), ("prev", place.checked_sub(1)), ("next", Some(place + 1)), ("last", Some(last))]
    {
        let Some(at) = at.filter(|at| *at <= last) else { continue };
        match named.iter_mut().find(|(known, _)| *known == at) {
            Some((_, rels)) => *rels = format!("{rels}{rel} "),
            None => named.push((at, format!("{rel} "))),
        }
    }
    links.extend(named.into_iter().map(|(at, rels)| map.memento(map.mementos[at], &rels)));
    let seen = http_date(map.mementos[place].1);
    Ok(page.with(MEMENTO_DATETIME, seen).with(LINK, links.join(", ")))
}

/// The article that the path names, by its number here or by its address at its publisher.
fn article(house: &House, asked: &Asked) -> Result<Article, Problem> {
    if asked.names("article") {
        return asked.article(house);
    }
    let bad = || Problem::BadRequest(Said::new("Expected the full address of an article at the end: https://…"));
    let url = asked.original().and_then(|text| Url::parse(&text).ok()).ok_or_else(bad)?;
    let id = house.store.find(&canonical(&url))?.ok_or_else(Problem::no_article)?;
    shown(house, id, None)?;
    house.store.article(id)?.ok_or_else(Problem::no_article)
}

impl<'a> Map<'a> {
    fn of(house: &'a House, article: &'a Article) -> Result<Self, Problem> {
        let mut mementos = house.store.moments(article.id)?;
        mementos.retain(|(number, _)| house.store.why_hidden(article.id, Some(*number)).is_none());
        mementos.drain(..mementos.len().saturating_sub(MAX_MEMENTOS));
        Ok(Self { house, article, mementos })
    }

    /// The version that stood at `at`, to the second; the first where there was none yet.
    fn at(&self, at: Timestamp) -> Option<VersionNumber> {
        let stood = |(_, seen): &&Memento| seen.as_second() <= at.as_second();
        let found = self.mementos.iter().rev().find(stood).or(self.mementos.first());
        found.map(|(number, _)| *number)
    }

    fn on(&self, path: &str) -> Url {
        address::on(&self.house.site, path)
    }

    fn address(&self, number: VersionNumber) -> Url {
        self.on(&address::version(self.article.id, number))
    }

    fn original(&self) -> String {
        format!("<{}>; rel=\"original\"", self.article.url)
    }

    fn gate(&self) -> String {
        format!("<{}>; rel=\"timegate\"", self.on(&address::time_gate(self.article.id)))
    }

    /// The map, as `rel`, with the times that it spans.
    fn map(&self, rel: &str) -> String {
        let time = |memento: Option<&Memento>| memento.map_or_else(String::new, |(_, seen)| http_date(*seen));
        let (from, until) = (time(self.mementos.first()), time(self.mementos.last()));
        let span = if from.is_empty() { from } else { format!("; from=\"{from}\"; until=\"{until}\"") };
        format!("<{}>; rel=\"{rel}\"; type=\"{LINK_FORMAT}\"{span}", self.on(&address::time_map(self.article.id)))
    }

    /// A version; `rels` are what it is besides, each with a blank behind it.
    fn memento(&self, (number, seen): Memento, rels: &str) -> String {
        format!("<{}>; rel=\"{rels}memento\"; datetime=\"{}\"", self.address(number), http_date(seen))
    }
}
