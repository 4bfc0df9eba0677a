//! The pages: each a struct of words ready to print and a template in `templates/`. Templates escape; what is HTML already
//! comes from `render` and is marked `safe` there.

pub(super) mod about;
pub(super) mod article;
mod card;
pub(super) mod comparison;
mod condition;
mod edits;
pub(super) mod feed;
pub(super) mod filter;
mod fold;
mod frame;
mod labels;
mod moves;
mod picture;
pub(super) mod latest;
pub(super) mod lookup;
pub(super) mod problem;
pub(super) mod source;
pub(super) mod sources;
mod timeline;
pub(super) mod version;
mod words;

use askama::Template;

use super::answer::Answer;
use super::problem::Problem;

/// A page, printed.
fn printed(template: &impl Template) -> Result<Answer, Problem> {
    template.render().map(Answer::page).map_err(|error| {
        tracing::error!(%error, "a page could not be printed");
        Problem::Busy
    })
}
