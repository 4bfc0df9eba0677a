//! The front page: the latest edits.

use askama::Template;

use super::card::{Card, cards};
use super::frame::Frame;
use super::printed;
use crate::model::{Edit, Scope};
use crate::serve::House;
use crate::serve::answer::Answer;
use crate::serve::asked::Asked;
use crate::serve::feeds::newest;
use crate::serve::problem::Problem;
use crate::store::EditQuery;

#[derive(Template)]
#[template(path = "latest.html")]
struct Latest {
    frame: Frame,
    is_first: bool,
    sources: usize,
    cards: Vec<Card>,
    older: String,
}

/// `/`, and `/?before=SEQUENCE` for older edits.
pub(in crate::serve) fn page(house: &House, asked: &Asked) -> Result<Answer, Problem> {
    let before = before(asked)?;
    let edits = house.store.edits(&EditQuery { before, ..newest(Scope::Everything, house.entries) })?;
    let frame = Frame::of_all(&house.site, "Latest edits")
        .about("What news sites changed in their articles after publishing them.");
    printed(&Latest {
        frame: frame.at("/"),
        is_first: before.is_none(),
        sources: house.sources.len(),
        cards: cards(house, &edits),
        older: older(house, &edits)?,
    })
}

/// The place in the list of all edits that a page begins before.
pub(super) fn before(asked: &Asked) -> Result<Option<u64>, Problem> {
    let parse = |text: &str| {
        text.parse().map_err(|_| Problem::BadRequest(format!("before must be a number, but {text:?} was given")))
    };
    asked.parameter("before").map(parse).transpose()
}

/// The query of the page after one with these edits; empty where that would be empty for sure.
pub(super) fn older(house: &House, edits: &[Edit]) -> Result<String, Problem> {
    let Some(last) = edits.last().filter(|_| edits.len() >= house.entries) else { return Ok(String::new()) };
    let sequence = house.store.sequence(last.article, last.number)?;
    Ok(sequence.map(|sequence| format!("?before={sequence}")).unwrap_or_default())
}
