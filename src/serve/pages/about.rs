//! What this site is, and what it promises.

use askama::Template;

use super::frame::Frame;
use super::printed;
use crate::serve::House;
use crate::serve::answer::Answer;
use crate::serve::asked::Asked;
use crate::serve::problem::Problem;

#[derive(Template)]
#[template(path = "about.html")]
struct Page {
    frame: Frame,
    articles: u64,
    watched: u64,
    versions: u64,
    edits: u64,
    base: String,
}

/// `/about`
pub(in crate::serve) fn page(house: &House, _: &Asked) -> Result<Answer, Problem> {
    let counts = house.store.counts()?;
    printed(&Page {
        frame: Frame::of_all(&house.site, "About").about("How edits are found, and what we promise.").at("about"),
        articles: counts.articles,
        watched: counts.watched,
        versions: counts.versions,
        edits: counts.edits,
        base: house.site.base_url.to_string(),
    })
}
