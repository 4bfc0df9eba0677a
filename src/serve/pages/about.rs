//! What this site is, and what it promises.

use askama::Template;

use super::frame::Frame;
use super::printed;
use crate::model::Site;
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
    bookmarklet: String,
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
        bookmarklet: bookmarklet(&house.site),
    })
}

/// A bookmark that looks up the page its user is on. It runs on that page, never on ours: our policy allows no scripts.
fn bookmarklet(site: &Site) -> String {
    // An address may hold a quote; it would end the string.
    let base = site.base_url.as_str().replace('\'', "%27");
    format!("javascript:location.href='{base}lookup?url='+encodeURIComponent(location.href)")
}
