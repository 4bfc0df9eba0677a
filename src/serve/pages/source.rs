//! One source: how it is, its latest edits, its articles.

use askama::Template;

use super::card::{Card, cards};
use super::filters;
use super::frame::Frame;
use super::phrases::Said;
use super::printed;
use super::sources::{Row, row};
use super::words::{Moment, headline, moment, searched};
use crate::model::{Article, ArticleId, Scope};
use crate::render::{address, of_source, plain};
use crate::serve::House;
use crate::serve::answer::Answer;
use crate::serve::asked::Asked;
use crate::serve::feeds::newest;
use crate::serve::problem::Problem;
use crate::store::{ArticleQuery, EditQuery};

/// Articles listed on one page.
const ARTICLES: usize = 30;

#[derive(Template)]
#[template(path = "source.html")]
struct Page {
    frame: Frame,
    source: Row,
    cards: Vec<Card>,
    /// The page to search its edits on.
    search: String,
    older: String,
    articles: Vec<Line>,
    older_articles: String,
}

/// An article in a list.
struct Line {
    headline: String,
    language: String,
    href: String,
    first_seen: Moment,
    edits: u64,
}

/// `/sources/SLUG`, with `?before=SEQUENCE` for older edits and `?articles_before=ID` for older articles.
pub(in crate::serve) fn page(house: &House, asked: &Asked) -> Result<Answer, Problem> {
    let source = asked.source(house)?;
    let scope = Scope::Source(source.slug.clone());
    let listing =
        house.store.list(&EditQuery { before: number(asked, "before")?, ..newest(scope.clone(), house.entries) })?;
    let before = number(asked, "articles_before")?.map(ArticleId);
    let query = ArticleQuery { source: Some(source.slug.clone()), before, limit: ARTICLES + 1 };
    let mut articles = house.store.articles(&query)?;
    let more_articles = articles.len() > ARTICLES;
    articles.truncate(ARTICLES);
    let older_articles = articles.last().filter(|_| more_articles);
    let feed_title = of_source(&house.site, source, Vec::new()).title;
    printed(
        house,
        asked,
        &Page {
            frame: Frame::new(&house.site, Said::words(&source.name), &scope, &feed_title)
                .about(Said::new("What changed in the articles of {name}.").with("name", plain(&source.name))),
            source: row(house, source)?,
            search: searched(&source.slug),
            older: listing.older.map(|older| format!("?before={older}")).unwrap_or_default(),
            cards: cards(house, &listing.edits, ""),
            older_articles: older_articles.map(|last| format!("?articles_before={}", last.id)).unwrap_or_default(),
            articles: articles.iter().map(line).collect(),
        },
    )
}

/// The place that a page begins before, in one of its lists.
fn number(asked: &Asked, name: &'static str) -> Result<Option<u64>, Problem> {
    let parse = |text: &str| text.parse().map_err(|_| Problem::no_number(name));
    asked.parameter(name).map(parse).transpose()
}

fn line(article: &Article) -> Line {
    Line {
        headline: headline(&article.headline, &article.url),
        language: plain(article.language.as_deref().unwrap_or_default()),
        href: address::article(article.id),
        first_seen: moment(article.first_seen),
        edits: article.last_edit.map_or(0, |edit| u64::from(edit.0)),
    }
}
