//! What this site is, and what it promises.

use askama::Template;

use super::filters;
use super::frame::Frame;
use super::phrases::Said;
use super::printed;
use super::words::Link;
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
    /// How whoever runs this is reached; empty where nobody said.
    contact: Link,
}

/// `/about`
pub(in crate::serve) fn page(house: &House, asked: &Asked) -> Result<Answer, Problem> {
    let counts = house.store.counts()?;
    let page = Page {
        frame: Frame::of_all(&house.site, Said::new("About"))
            .about(Said::new("How edits are found, and what we promise."))
            .at("about"),
        articles: counts.articles,
        watched: counts.watched,
        versions: counts.versions,
        edits: counts.edits,
        base: house.site.base_url.to_string(),
        bookmarklet: bookmarklet(&house.site),
        contact: contact(house.config.fetch.web.contact.as_deref().unwrap_or_default()),
    };
    printed(house, asked, &page)
}

/// Where publishers reach the operator: a web or a mail address, or nothing.
fn contact(address: &str) -> Link {
    let href = match address {
        "" => String::new(),
        web if web.starts_with("http://") || web.starts_with("https://") => web.to_owned(),
        other if other.contains("://") => String::new(),
        mail => format!("mailto:{}", mail.trim_start_matches("mailto:")),
    };
    Link { words: address.to_owned(), href }
}

/// A bookmark that looks up the page its user is on. It runs on that page, never on ours: our policy allows no scripts.
fn bookmarklet(site: &Site) -> String {
    // An address may hold a quote; it would end the string.
    let base = site.base_url.as_str().replace('\'', "%27");
    format!("javascript:location.href='{base}lookup?url='+encodeURIComponent(location.href)")
}
