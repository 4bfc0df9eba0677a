//! One source: how it is, its latest edits, its articles.

use askama::Template;

use super::card::{Card, cards};
use super::frame::Frame;
use super::latest::{before, listed};
use super::printed;
use super::sources::{Row, row};
use super::words::{Moment, headline, moment};
use crate::model::{Article, ArticleId, Scope};
use crate::render::{address, of_source};
use crate::serve::House;
use crate::serve::answer::Answer;
use crate::serve::asked::Asked;
use crate::serve::problem::Problem;
use crate::store::ArticleQuery;

/// Articles listed on one page.
const ARTICLES: usize = 30;

#[derive(Template)]
#[template(path = "source.html")]
struct Page {
    frame: Frame,
    source: Row,
    cards: Vec<Card>,
    older: String,
    articles: Vec<Line>,
    older_articles: String,
}

/// An article in a list.
struct Line {
    headline: String,
    href: String,
    first_seen: Moment,
    edits: u32,
}

/// `/sources/SLUG`, with `?before=SEQUENCE` for older edits and `?articles_before=ID` for older articles.
pub(in crate::serve) fn page(house: &House, asked: &Asked) -> Result<Answer, Problem> {
    let source = asked.source(house)?;
    let scope = Scope::Source(source.slug.clone());
    let (edits, older) = listed(house, scope.clone(), before(asked)?)?;
    let query =
        ArticleQuery { source: Some(source.slug.clone()), before: articles_before(asked)?, limit: ARTICLES + 1 };
    let mut articles = house.store.articles(&query)?;
    let more_articles = articles.len() > ARTICLES;
    articles.truncate(ARTICLES);
    let older_articles = articles.last().filter(|_| more_articles);
    let feed_title = of_source(&house.site, source, Vec::new()).title;
    printed(&Page {
        frame: Frame::new(&house.site, &source.name, &scope, &feed_title)
            .about(&format!("What changed in the articles of {}.", source.name)),
        source: row(house, source)?,
        older,
        cards: cards(house, &edits),
        older_articles: older_articles.map(|last| format!("?articles_before={}", last.id)).unwrap_or_default(),
        articles: articles.iter().map(line).collect(),
    })
}

fn articles_before(asked: &Asked) -> Result<Option<ArticleId>, Problem> {
    let parse = |text: &str| {
        let bad = |_| Problem::BadRequest("articles_before must be a number".to_owned());
        text.parse().map_err(bad)
    };
    asked.parameter("articles_before").map(parse).transpose()
}

fn line(article: &Article) -> Line {
    Line {
        headline: headline(&article.headline, &article.url),
        href: address::article(article.id),
        first_seen: moment(article.first_seen),
        edits: article.last_edit.map_or(0, |edit| edit.0),
    }
}
