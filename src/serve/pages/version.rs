//! The text of one version.

use askama::Template;

use super::comparison::pager;
use super::filters;
use super::frame::Frame;
use super::phrases::Said;
use super::printed;
use super::words::{Link, Moment, archived, headline, moment, web};
use crate::model::{Block, Scope, VersionNumber};
use crate::render::{address, isolated, of_article, plain};
use crate::serve::House;
use crate::serve::answer::Answer;
use crate::serve::asked::Asked;
use crate::serve::memento::memento;
use crate::serve::problem::Problem;

#[derive(Template)]
#[template(path = "version.html")]
struct Page {
    frame: Frame,
    headline: String,
    language: String,
    standfirst: String,
    byline: String,
    article: String,
    publisher: Link,
    archived: String,
    number: VersionNumber,
    seen: Moment,
    modified: Option<Moment>,
    blocks: Vec<Paragraph>,
    /// The rest, where there is more than fits one page: its words and its query.
    pager: Vec<(Said, String)>,
    /// Its own path.
    own: String,
    before: String,
    after: String,
    comparison: String,
}

/// Most text on one page: pages stay below 60 KB.
const MAX_TEXT_BYTES: usize = 44 * 1024;
/// What a paragraph needs besides its text.
const BLOCK_BYTES: usize = 48;

/// A block of the text.
struct Paragraph {
    kind: &'static str,
    text: String,
}

/// `/articles/ID/versions/N`
pub(in crate::serve) fn page(house: &House, asked: &Asked) -> Result<Answer, Problem> {
    let article = asked.article(house)?;
    let version = asked.version(house, &article, "version")?;
    let number = version.number;
    let content = version.content;
    let (blocks, pager) = part(content.blocks.iter().map(paragraph).collect(), asked.row(content.blocks.len())?);
    let before = number.0.checked_sub(1).filter(|n| *n > 0).map(VersionNumber);
    let after = article.latest.filter(|latest| number < *latest).map(|_| number.next());
    let path = |number: Option<VersionNumber>| number.map(|n| address::version(article.id, n)).unwrap_or_default();
    let title = headline(&content.headline, &article.url);
    let feed_title = of_article(&house.site, &article, Vec::new()).title;
    let window = Said::new("{title}: version {number}").with("title", isolated(&title)).with("number", number);
    let page = Page {
        frame: Frame::new(&house.site, window, &Scope::Article(article.id), &feed_title)
            .about(Said::new("The text of an article as it was."))
            .unlisted(),
        headline: title,
        language: plain(content.language.as_deref().or(article.language.as_deref()).unwrap_or_default()),
        standfirst: plain(&content.standfirst.unwrap_or_default()),
        byline: plain(&content.byline.unwrap_or_default()),
        article: address::article(article.id),
        publisher: web(&article.url),
        archived: archived(&article.url, version.seen),
        number,
        seen: moment(version.seen),
        modified: content.modified.map(moment),
        blocks,
        pager,
        own: address::version(article.id, number),
        before: path(before),
        after: path(after),
        comparison: before.map(|before| address::comparison(article.id, before, number)).unwrap_or_default(),
    };
    memento(house, &article, number, printed(house, asked, &page)?)
}

/// The paragraphs from this one on that fit a page, and links to the others.
fn part(mut blocks: Vec<Paragraph>, first: usize) -> (Vec<Paragraph>, Vec<(Said, String)>) {
    let all = blocks.len();
    let mut blocks = blocks.split_off(first);
    let mut room = MAX_TEXT_BYTES;
    let fits = |block: &&Paragraph| {
        let fits = block.text.len() <= room;
        room = room.saturating_sub(block.text.len() + BLOCK_BYTES);
        fits
    };
    let shown = blocks.iter().take_while(fits).count().max(1).min(blocks.len());
    let cut = blocks.len() - shown;
    blocks.truncate(shown);
    (blocks, pager(first, all, cut))
}

fn paragraph(block: &Block) -> Paragraph {
    Paragraph { kind: block.kind.name(), text: plain(&block.text) }
}
