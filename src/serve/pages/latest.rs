//! The front page: the latest edits; and the page to search them all on. Both are narrowed by the same form.

use super::card::cards;
use super::edits::{Page, listed};
use super::filter::{Filter, form};
use super::frame::Frame;
use super::phrases::Said;
use super::printed;
use crate::render::{address, everything, narrowed};
use crate::serve::House;
use crate::serve::answer::Answer;
use crate::serve::asked::Asked;
use crate::serve::problem::Problem;

/// `/`, narrowed by its query; `?before=SEQUENCE` for older edits.
pub(in crate::serve) fn page(house: &House, asked: &Asked) -> Result<Answer, Problem> {
    let filter = Filter::of(house, asked)?;
    let title = if filter.before.is_none() { Said::new("Latest edits") } else { Said::new("Older edits") };
    let about = Said::new("What news sites changed in their articles after publishing them.");
    edits(house, asked, &filter, "", title, about)
}

/// `/search`, with the same query.
pub(in crate::serve) fn search(house: &House, asked: &Asked) -> Result<Answer, Problem> {
    let filter = Filter::of(house, asked)?;
    let about = Said::new(
        "Search the words that news sites put in, took out or changed in their articles after publishing them.",
    );
    edits(house, asked, &filter, address::SEARCH, Said::new("Search"), about)
}

/// The page at `path` that lists what `filter` takes; of the page to search on nothing where nothing was asked.
fn edits(
    house: &House,
    asked: &Asked,
    filter: &Filter,
    path: &'static str,
    title: Said,
    about: Said,
) -> Result<Answer, Problem> {
    if !filter.is_as_asked(asked) {
        let own = address::on(&house.site, &format!("{path}{}", filter.spelled()));
        return Ok(Answer::page(String::new()).leading_to(own.into()));
    }
    let is_search = path == address::SEARCH;
    let is_asked = !is_search || !filter.is_none();
    let (edits, older) = if is_asked { listed(house, filter)? } else { Default::default() };
    let feed = narrowed(everything(&house.site, Vec::new()), filter.lasting());
    let frame =
        Frame::of_feed(&house.site, title.clone(), &filter.scope(), &feed.narrowing, &feed.title).about(about.clone());
    printed(
        house,
        asked,
        &Page {
            frame: frame.at(if is_search { address::SEARCH } else { "/" }),
            title,
            about,
            is_asked,
            is_first: filter.before.is_none(),
            sources: house.sources.len() as u64,
            cards: cards(house, &edits, &filter.narrowing.words),
            form: form(house, filter, path, is_search),
            json: format!("{}.json{}", address::SEARCH, filter.spelled()),
            older,
        },
    )
}
