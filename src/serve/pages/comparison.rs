//! Two versions of an article side by side, on narrow screens one above the other.

use askama::Template;

use super::filters;
use super::fold::{Part, Row, fold};
use super::frame::Frame;
use super::moves::{Jump, linked};
use super::phrases::{Elapsed, Said};
use super::printed;
use super::words::{Link, Moment, disclosure, headline, moment, web};
use crate::compare::{compare, identity};
use crate::model::{
    Article, ArticleId, BlockKind, Comparison, Content, Edit, FieldChange, Locale, Passage, Relation, Scope, Version,
    VersionNumber,
};
use crate::render::{
    Heading, Side, address, escape, field_headings, headings, isolated, marked_field, marked_passage, of_article, plain,
};
use crate::serve::House;
use crate::serve::answer::Answer;
use crate::serve::asked::Asked;
use crate::serve::feeds::newest;
use crate::serve::preference::locale;
use crate::serve::problem::Problem;

/// Edits among which those before and after are sought.
const MAX_EDITS: usize = 500;
/// Versions that the form offers: more would be a long list to choose from.
const MAX_CHOICES: u32 = 50;

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
    lead: Said,
    disclosure: &'static str,
    /// Which sentence says that no word differs.
    sameness: Sameness,
    parts: Vec<Part>,
    /// Rows at the end that are too much for the page.
    cut: usize,
    before: String,
    after: String,
    /// The edits that feeds told of before and after these two versions.
    edit_before: String,
    edit_after: String,
    /// Its own path.
    own: String,
    /// Where to ask for two other versions, and those to choose from; none of an article with one version.
    chooser: String,
    choices: Vec<VersionNumber>,
    /// The rest, where there is more than fits one page: its words and its query.
    pager: Vec<(Said, String)>,
}

/// How much two versions say the same.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Sameness {
    /// To the letter, white space and invisible characters aside.
    Same,
    /// The words and paragraphs are the same; capitals, quotation marks or dashes differ.
    Restyled,
    /// The words are the same; they are divided into other paragraphs, and may be written differently, too.
    Divided,
    Differs,
}

fn sameness(rows: &[Row], old: &Content, new: &Content) -> Sameness {
    let has = |fates: &[&str]| rows.iter().any(|row| fates.contains(&row.fate));
    if rows.iter().any(|row| !matches!(row.fate, "same" | "restyled" | "divided")) {
        Sameness::Differs
    } else if identity(old) == identity(new) {
        Sameness::Same
    } else if has(&["restyled"]) {
        Sameness::Restyled
    } else {
        Sameness::Divided
    }
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
    let locale = locale(&asked.headers, house.site.locale);
    let comparison = compare(&old.content, &new.content);
    let mut rows = rows(locale, &comparison, &old.content, &new.content);
    let sameness = sameness(&rows, &old.content, &new.content);
    let all = rows.len();
    let first_row = asked.row(all)?;
    let (parts, cut) = fold(rows.split_off(first_row));
    let edits = house.store.edits(&newest(Scope::Article(article.id), MAX_EDITS))?;
    let (edit_before, edit_after) = edits_around(&edits, article.id, from.min(to), from.max(to));
    let title = headline(&new.content.headline, &article.url);
    let feed_title = of_article(&house.site, &article, Vec::new()).title;
    let pair = |from: VersionNumber, to: VersionNumber| address::comparison(article.id, from, to);
    let window = Said::new("{title}: version {old} and {new}").with("title", isolated(&title));
    let window = window.with("old", from).with("new", to);
    let page = Page {
        frame: Frame::new(&house.site, window, &Scope::Article(article.id), &feed_title)
            .about(Said::new("Two versions of an article side by side."))
            .shared(&house.site, &pair(from, to), edits.iter().find(|edit| edit.from.zip(edit.to) == Some((from, to))))
            .unlisted(),
        headline: title,
        language: plain(new.content.language.as_deref().or(article.language.as_deref()).unwrap_or_default()),
        article: address::article(article.id),
        publisher: web(&article.url),
        lead: Said::new("Version {old} and version {new}, {elapsed} apart.")
            .with("old", from)
            .with("new", to)
            .with_elapsed(Elapsed(old.seen.min(new.seen), new.seen.max(old.seen))),
        disclosure: new
            .verdict
            .as_ref()
            .filter(|_| from < to && sameness == Sameness::Differs)
            .map_or("", |verdict| disclosure(verdict.disclosure)),
        sameness,
        parts,
        cut,
        edit_before,
        edit_after,
        own: pair(from, to),
        chooser: format!("{}/compare", address::article(article.id)),
        choices: choices(&article, from, to),
        pager: pager(first_row, all, cut),
        before: from.0.checked_sub(1).filter(|n| *n > 0).map(|n| pair(VersionNumber(n), from)).unwrap_or_default(),
        after: article.latest.filter(|latest| to < *latest).map(|_| pair(to, to.next())).unwrap_or_default(),
        old: column(&article, &old),
        new: column(&article, &new),
    };
    printed(house, asked, &page)
}

/// `/articles/ID/compare?from=A&to=B`, which the form asks: leads to the two versions.
pub(in crate::serve) fn chosen(house: &House, asked: &Asked) -> Result<Answer, Problem> {
    let article = asked.article(house)?;
    let number = |name: &str| {
        let number = asked.parameter(name).and_then(|text| text.parse().ok()).map(VersionNumber);
        number.ok_or_else(|| Problem::BadRequest(Said::new("Give two versions by number: ?from=1&to=2")))
    };
    let path = address::comparison(article.id, number("from")?, number("to")?);
    Ok(Answer::page(String::new()).leading_to(address::on(&house.site, &path).into()))
}

/// Links to the paragraphs before and after those on a page: `cut` of `all` do not fit behind `first`.
pub(super) fn pager(first: usize, all: usize, cut: usize) -> Vec<(Said, String)> {
    let begin = (first > 0).then(|| (Said::new("From the start"), String::new()));
    let next = all.saturating_sub(cut);
    let rest = (cut > 0 && next > first).then(|| {
        (Said::count("The other paragraph | The other {number} paragraphs", cut as u64), format!("?row={next}"))
    });
    begin.into_iter().chain(rest).collect()
}

/// The comparisons of the last of `edits`, newest first, before version `from` and of the first after version `to`.
fn edits_around(edits: &[Edit], article: ArticleId, from: VersionNumber, to: VersionNumber) -> (String, String) {
    let mut pairs = edits.iter().filter_map(|edit| edit.from.zip(edit.to)).filter(|(from, to)| from != to);
    let path = |pair: Option<(VersionNumber, VersionNumber)>| {
        pair.map(|(from, to)| address::comparison(article, from, to)).unwrap_or_default()
    };
    let before = pairs.clone().find(|pair| pair.1 <= from);
    let after = pairs.rfind(|pair| pair.0 >= to);
    (path(before), path(after))
}

/// The versions that the form offers: the newest, and the two that are shown.
fn choices(article: &Article, from: VersionNumber, to: VersionNumber) -> Vec<VersionNumber> {
    let latest = article.latest.map_or(0, |latest| latest.0);
    let first = latest.saturating_sub(MAX_CHOICES) + 1;
    let shown = [from, to].into_iter().filter(|number| number.0 < first);
    let mut choices: Vec<VersionNumber> = shown.chain((first..=latest).map(VersionNumber)).collect();
    choices.sort_unstable();
    choices.dedup();
    choices
}

fn column(article: &Article, version: &Version) -> Column {
    let href = address::version(article.id, version.number);
    Column { number: version.number, href, seen: moment(version.seen) }
}

/// All rows: the fields, then the text in the new order.
fn rows(locale: Locale, comparison: &Comparison, old: &Content, new: &Content) -> Vec<Row> {
    let text = |text: &Option<String>| text.clone().unwrap_or_default();
    let [headline, standfirst, byline] = field_headings(locale, comparison);
    let fields = [
        // The page's own heading is the headline already.
        field(headline, "headline", comparison.headline.as_ref(), ""),
        field(standfirst, "standfirst", comparison.standfirst.as_ref(), &text(&new.standfirst)),
        field(byline, "byline", comparison.byline.as_ref(), ""),
    ];
    let labels = headings(locale, comparison, old, new);
    let passages = comparison.passages.iter().zip(labels).map(|(passage, label)| row(passage, label, old, new));
    let passages = linked(comparison, passages.collect());
    fields.into_iter().flatten().chain(passages).collect()
}

fn field(heading: Option<Heading>, kind: &'static str, change: Option<&FieldChange>, present: &str) -> Option<Row> {
    let same = || Row { fate: "same", kind, old: escape(present), new: escape(present), ..Row::default() };
    let (Some(change), Some(heading)) = (change, heading) else { return (!present.is_empty()).then(same) };
    let (fate, label) = match heading {
        Heading::Restyled(label) | Heading::Divided(label) | Heading::PartlyMoved(label) => ("restyled", label),
        Heading::Change(label) if change.old.is_empty() => ("added", label),
        Heading::Change(label) if change.new.is_empty() => ("removed", label),
        Heading::Change(label) => ("changed", label),
    };
    let side = |side| marked_field(change, side);
    Some(Row { fate, kind, label, old: side(Side::Was), new: side(Side::Now), jump: Jump::default() })
}

fn row(passage: &Passage, heading: Option<Heading>, old: &Content, new: &Content) -> Row {
    let (fate, label) = match (passage.relation, heading) {
        (Relation::MovedAway, _) => ("trace moved", "Moved from here".to_owned()),
        (_, None) => ("same", String::new()),
        (_, Some(Heading::Restyled(label))) => ("restyled", label),
        (_, Some(Heading::Divided(label))) => ("divided", label),
        (Relation::Added, Some(Heading::Change(label))) => ("added", label),
        (Relation::Removed, Some(Heading::Change(label))) => ("removed", label),
        (Relation::Moved, Some(Heading::Change(label))) => ("moved", label),
        (Relation::MovedEdited, Some(Heading::Change(label))) => ("changed moved", label),
        (_, Some(Heading::Change(label))) if passage.moved => ("changed moved", label),
        (_, Some(Heading::Change(label) | Heading::PartlyMoved(label))) => ("changed", label),
    };
    let kind = kind(&passage.new, new).or_else(|| kind(&passage.old, old)).unwrap_or(BlockKind::Paragraph);
    let side = |side| marked_passage(passage, side);
    Row { fate, kind: kind.name(), label, old: side(Side::Was), new: side(Side::Now), jump: Jump::default() }
}

fn kind(indexes: &[usize], content: &Content) -> Option<BlockKind> {
    content.blocks.get(*indexes.first()?).map(|block| block.kind)
}
