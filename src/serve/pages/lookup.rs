//! From a publisher's address to our page about it.

use askama::Template;
use url::Url;

use super::filters;
use super::frame::Frame;
use super::phrases::Said;
use super::printed;
use super::words::{Link, headline, web};
use crate::discover::canonical;
use crate::model::{ArticleId, Scope};
use crate::render::{self, address, plain};
use crate::serve::House;
use crate::serve::answer::Answer;
use crate::serve::asked::{Asked, shown};
use crate::serve::feeds::newest;
use crate::serve::problem::Problem;

/// Longest address that is looked up.
const MAX_URL_BYTES: usize = 4096;
/// Edits that are explained.
const MAX_EDITS: usize = 500;

#[derive(Template)]
#[template(path = "lookup.html")]
struct Page {
    frame: Frame,
    headline: String,
    language: String,
    href: String,
    publisher: Link,
}

/// `/lookup?url=ADDRESS`: leads to the article's page.
pub(in crate::serve) fn page(house: &House, asked: &Asked) -> Result<Answer, Problem> {
    let id = watched(house, asked)?;
    found(house, asked, id)
}

/// `/why?url=ADDRESS`: what was decided about the article, and why, as plain text.
pub(in crate::serve) fn why(house: &House, asked: &Asked) -> Result<Answer, Problem> {
    let id = watched(house, asked)?;
    let article = house.store.article(id)?.ok_or_else(Problem::nothing_here)?;
    let mut versions = house.store.versions(id)?;
    versions.retain(|version| house.store.why_hidden(id, Some(version.number)).is_none());
    let mut edits = house.store.edits(&newest(Scope::Article(id), MAX_EDITS))?;
    edits.reverse();
    let text = render::why(&article, &versions, house.store.dropped(id)?.len(), &edits);
    Ok(Answer::new("text/plain; charset=utf-8", text.into_bytes(), "no-store".to_owned()))
}

/// The article that the query asks for by its address.
pub(in crate::serve) fn watched(house: &House, asked: &Asked) -> Result<ArticleId, Problem> {
    let url = parsed(asked.address("url").unwrap_or_default())?;
    let id = house.store.find(&canonical(&url))?.ok_or_else(Problem::no_article)?;
    shown(house, id, None)?;
    Ok(id)
}

fn parsed(text: &str) -> Result<Url, Problem> {
    let bad = || Problem::BadRequest(Said::new("Give the address of an article: ?url=https://…"));
    let url = Url::parse(text).ok().filter(|_| text.len() <= MAX_URL_BYTES).ok_or_else(bad)?;
    if matches!(url.scheme(), "http" | "https") { Ok(url) } else { Err(bad()) }
}

fn found(house: &House, asked: &Asked, id: ArticleId) -> Result<Answer, Problem> {
    let article = house.store.article(id)?.ok_or_else(Problem::nothing_here)?;
    let path = address::article(id);
    let page = Page {
        frame: Frame::of_all(&house.site, Said::new("Found")),
        headline: headline(&article.headline, &article.url),
        language: plain(article.language.as_deref().unwrap_or_default()),
        publisher: web(&article.url),
        href: path.clone(),
    };
    Ok(printed(house, asked, &page)?.leading_to(address::on(&house.site, &path).into()))
}
