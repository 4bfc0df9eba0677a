//! Lists of edits: a page of them, and where the next one begins.

use askama::Template;

use super::card::Card;
use super::filter::{Filter, Form};
use super::filters;
use super::frame::Frame;
use super::phrases::Said;
use crate::model::Edit;
use crate::serve::House;
use crate::serve::problem::Problem;

/// A page of edits, narrowed by the form on it.
#[derive(Template)]
#[template(path = "edits.html")]
pub(super) struct Page {
    pub(super) frame: Frame,
    pub(super) title: Said,
    pub(super) about: Said,
    /// Whether nothing newer was asked to be left out.
    pub(super) is_first: bool,
    /// Whether edits were asked for, rather than the form to ask with.
    pub(super) is_asked: bool,
    /// Sources that are watched.
    pub(super) sources: u64,
    pub(super) cards: Vec<Card>,
    pub(super) form: Form,
    /// The same for programs.
    pub(super) json: String,
    /// The query of the page of older edits; empty where there are none.
    pub(super) older: String,
}

/// The edits of one page, newest first, and the query of the page after it; that is empty where nothing is older.
pub(super) fn listed(house: &House, filter: &Filter) -> Result<(Vec<Edit>, String), Problem> {
    let listing = house.store.list(&filter.query(house.entries))?;
    let older = listing.older.map(|older| filter.before(Some(older)).spelled());
    Ok((listing.edits, older.unwrap_or_default()))
}
