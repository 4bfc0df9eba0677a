//! The list of sources.

use askama::Template;

use super::condition::{Condition, condition};
use super::filters;
use super::frame::Frame;
use super::phrases::Said;
use super::printed;
use super::words::{Link, web};
use crate::model::Source;
use crate::render::{address, plain};
use crate::serve::House;
use crate::serve::answer::Answer;
use crate::serve::asked::Asked;
use crate::serve::problem::Problem;
use crate::serve::standing::kind;

#[derive(Template)]
#[template(path = "sources.html")]
struct Sources {
    frame: Frame,
    sources: Vec<Row>,
}

/// A source and how it is.
pub(super) struct Row {
    pub(super) name: String,
    pub(super) href: String,
    pub(super) kind: &'static str,
    pub(super) publisher: Link,
    pub(super) condition: Condition,
}

/// `/sources`
pub(in crate::serve) fn page(house: &House, asked: &Asked) -> Result<Answer, Problem> {
    let sources = house.sources.iter().map(|source| row(house, source)).collect::<Result<_, _>>()?;
    let frame =
        Frame::of_all(&house.site, Said::new("Sources")).about(Said::new("The feeds and pages that are watched."));
    printed(house, asked, &Sources { frame: frame.at("sources"), sources })
}

/// How a source is.
pub(super) fn row(house: &House, source: &Source) -> Result<Row, Problem> {
    Ok(Row {
        name: plain(&source.name),
        href: address::source(&source.slug),
        kind: kind(source),
        publisher: web(&source.url),
        condition: condition(house, source)?,
    })
}
