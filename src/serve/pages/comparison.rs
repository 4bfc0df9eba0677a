//! Two versions of an article side by side, on narrow screens one above the other.

use askama::Template;

use super::fold::{Part, Row, fold};
use super::frame::Frame;
use super::printed;
use super::words::{Link, Moment, disclosure, headline, moment, web};
use crate::compare::compare;
use crate::model::{
    Article, BlockKind, Comparison, Content, FieldChange, Passage, Relation, Scope, Version, VersionNumber,
};
use crate::render::{Side, address, elapsed, escape, headings, marked_field, marked_passage, of_article, plain};
use crate::serve::House;
use crate::serve::answer::Answer;
use crate::serve::asked::Asked;
use crate::serve::problem::Problem;

#[derive(Template)]
#[template(path = "comparison.html")]
struct Page {
    frame: Frame,
    headline: String,
    language: String,
    article: String,
    publisher: Link,
    old: Column,
    new: Column,
    elapsed: String,
    disclosure: &'static str,
    is_same: bool,
    parts: Vec<Part>,
    /// Rows at the end that are too much for the page.
    cut: usize,
    before: String,
    after: String,
}

/// A version, as the head of its column.
struct Column {
    number: VersionNumber,
    href: String,
    seen: Moment,
}

/// `/articles/ID/compare/FROM/TO`
pub(in crate::serve) fn page(house: &House, asked: &Asked) -> Result<Answer, Problem> {
    let article = asked.article(house)?;
    let (old, new) = (asked.version(house, &article, "from")?, asked.version(house, &article, "to")?);
    let (from, to) = (old.number, new.number);
    let comparison = compare(&old.content, &new.content);
    let (parts, cut) = fold(rows(&comparison, &old.content, &new.content));
    let title = headline(&new.content.headline, &article.url);
    let feed_title = of_article(&house.site, &article, Vec::new()).title;
    let pair = |from: VersionNumber, to: VersionNumber| address::comparison(article.id, from, to);
    printed(&Page {
        frame: Frame::new(
            &house.site,
            &format!("{title}: version {from} and {to}"),
            &Scope::Article(article.id),
            &feed_title,
        )
        .about("Two versions of an article side by side.")
        .unlisted(),
        headline: title,
        language: plain(new.content.language.as_deref().or(article.language.as_deref()).unwrap_or_default()),
        article: address::article(article.id),
        publisher: web(&article.url),
        elapsed: elapsed(old.seen.min(new.seen), new.seen.max(old.seen)),
        disclosure: new.verdict.as_ref().filter(|_| from < to).map_or("", |verdict| disclosure(verdict.disclosure)),
        is_same: comparison.is_empty(),
        parts,
        cut,
        before: from.0.checked_sub(1).filter(|n| *n > 0).map(|n| pair(VersionNumber(n), from)).unwrap_or_default(),
        after: article.latest.filter(|latest| to < *latest).map(|_| pair(to, to.next())).unwrap_or_default(),
        old: column(&article, &old),
        new: column(&article, &new),
    })
}

fn column(article: &Article, version: &Version) -> Column {
    let href = address::version(article.id, version.number);
    Column { number: version.number, href, seen: moment(version.seen) }
}

/// All rows: the fields, then the text in the new order.
fn rows(comparison: &Comparison, old: &Content, new: &Content) -> Vec<Row> {
    let text = |text: &Option<String>| text.clone().unwrap_or_default();
    let fields = [
        // The page's own heading is the headline already.
        field("Headline", "headline", comparison.headline.as_ref(), ""),
        field("Standfirst", "standfirst", comparison.standfirst.as_ref(), &text(&new.standfirst)),
        field("Byline", "byline", comparison.byline.as_ref(), ""),
    ];
    let labels = headings(comparison, old, new);
    let passages = comparison.passages.iter().zip(labels).map(|(passage, label)| row(passage, label, old, new));
    fields.into_iter().flatten().chain(passages).collect()
}

fn field(name: &str, kind: &'static str, change: Option<&FieldChange>, present: &str) -> Option<Row> {
    let same = || Row { fate: "same", kind, label: String::new(), old: escape(present), new: escape(present) };
    match change {
        None => (!present.is_empty()).then(same),
        Some(change) => {
            let (fate, verb) = match (change.old.is_empty(), change.new.is_empty()) {
                (true, _) => ("added", "added"),
                (_, true) => ("removed", "removed"),
                _ => ("changed", "changed"),
            };
            let side = |side| marked_field(change, side);
            Some(Row { fate, kind, label: format!("{name} {verb}"), old: side(Side::Was), new: side(Side::Now) })
        }
    }
}

fn row(passage: &Passage, label: Option<String>, old: &Content, new: &Content) -> Row {
    let label = label.unwrap_or_default();
    let fate = match passage.relation {
        _ if label.is_empty() => "same",
        Relation::Added => "added",
        Relation::Removed => "removed",
        Relation::Moved => "moved",
        Relation::MovedEdited => "changed moved",
        Relation::Same | Relation::Edited | Relation::Split | Relation::Merged => "changed",
    };
    let kind = kind(&passage.new, new).or_else(|| kind(&passage.old, old)).unwrap_or(BlockKind::Paragraph);
    let side = |side| marked_passage(passage, old, side);
    Row { fate, kind: kind.name(), label, old: side(Side::Was), new: side(Side::Now) }
}

fn kind(indexes: &[usize], content: &Content) -> Option<BlockKind> {
    content.blocks.get(*indexes.first()?).map(|block| block.kind)
}
