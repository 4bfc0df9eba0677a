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
    let (edits, older) = listed(house, Scope::Everything, before)?;
    let frame = Frame::of_all(&house.site, "Latest edits")
        .about("What news sites changed in their articles after publishing them.");
    printed(&Latest {
        frame: frame.at("/"),
        is_first: before.is_none(),
        sources: house.sources.len(),
        cards: cards(house, &edits),
        older,
    })
}

/// The place in the list of all edits that a page begins before.
pub(super) fn before(asked: &Asked) -> Result<Option<u64>, Problem> {
    let parse = |text: &str| text.parse().map_err(|_| Problem::BadRequest("before must be a number".to_owned()));
    asked.parameter("before").map(parse).transpose()
}

/// The edits of one page, newest first, and the query of the page after it; that is empty where nothing is older.
pub(super) fn listed(house: &House, scope: Scope, before: Option<u64>) -> Result<(Vec<Edit>, String), Problem> {
    let limit = house.entries.saturating_add(1);
    let mut edits = house.store.edits(&EditQuery { before, ..newest(scope, limit) })?;
    let more = edits.len() > house.entries;
    edits.truncate(house.entries);
    let Some(last) = edits.last().filter(|_| more) else { return Ok((edits, String::new())) };
    let sequence = house.store.sequence(last.article, last.number)?;
    Ok((edits, sequence.map(|sequence| format!("?before={sequence}")).unwrap_or_default()))
}
