//! The pages: each a struct of words ready to print and a template in `templates/`. Templates escape; what is HTML already
//! comes from `render` and is marked `safe` there.

pub(super) mod about;
pub(super) mod article;
mod card;
mod changes;
pub(super) mod comparison;
mod condition;
mod edits;
mod facts;
pub(super) mod feed;
pub(super) mod filter;
mod filters;
mod fold;
mod frame;
pub(super) mod latest;
pub(super) mod lookup;
mod moves;
pub(super) mod phrases;
mod picture;
pub(super) mod poster;
pub(super) mod problem;
pub(super) mod source;
pub(super) mod sources;
mod timeline;
pub(super) mod version;
mod words;

use askama::Template;

use phrases::Phrases;

use super::House;
use super::answer::Answer;
use super::asked::Asked;
use super::preference::locale;
use super::problem::Problem;

/// A page, printed for whoever asked, in the language that they like best.
fn printed(house: &House, asked: &Asked, template: &impl Template) -> Result<Answer, Problem> {
    let locale = locale(&asked.headers, house.site.locale);
    template.render_with_values(&Phrases(locale)).map(Answer::page).map_err(|error| {
        tracing::error!(%error, "a page could not be printed");
        Problem::Busy
    })
}
