//! The list of sources.

use askama::Template;

use super::frame::Frame;
use super::printed;
use super::words::{Link, Moment, moment, web};
use crate::model::{Source, SourceKind};
use crate::render::{address, plain};
use crate::serve::House;
use crate::serve::answer::Answer;
use crate::serve::asked::Asked;
use crate::serve::problem::Problem;

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
    pub(super) polled: Option<Moment>,
    pub(super) trouble: String,
}

/// `/sources`
pub(in crate::serve) fn page(house: &House, _: &Asked) -> Result<Answer, Problem> {
    let sources = house.sources.iter().map(|source| row(house, source)).collect::<Result<_, _>>()?;
    let frame = Frame::of_all(&house.site, "Sources").about("The feeds and pages that are watched.");
    printed(&Sources { frame: frame.at("sources"), sources })
}

/// How a source is.
pub(super) fn row(house: &House, source: &Source) -> Result<Row, Problem> {
    let state = house.store.poll_state(&source.slug)?.filter(|state| state.url == source.url);
    let trouble = state.as_ref().and_then(|state| state.trouble.as_deref()).unwrap_or_default();
    Ok(Row {
        name: plain(&source.name),
        href: address::source(&source.slug),
        kind: match source.kind {
            SourceKind::Feed => "feed",
            SourceKind::Page => "page",
        },
        publisher: web(&source.url),
        trouble: plain(trouble),
        polled: state.and_then(|state| state.polled).map(moment),
    })
}
