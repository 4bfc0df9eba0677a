//! Feeds: stored entries in an envelope, with validators that every reader understands.

use jiff::{SignedDuration, Timestamp};

use super::House;
use super::answer::Answer;
use super::asked::Asked;
use super::pages;
use super::problem::Problem;
use crate::model::{Article, Digest, Feed, Scope, Watch};
use crate::render::{self, Format};
use crate::store::EditQuery;

/// Longest time that a feed keeps while its articles are watched.
const WATCHED_MAX_AGE: SignedDuration = SignedDuration::from_mins(15);
/// Shortest: a look that is due takes its time.
const MIN_MAX_AGE: SignedDuration = SignedDuration::from_mins(1);
/// For feeds of many articles: some article is always about to be looked at.
const MANY_MAX_AGE: SignedDuration = SignedDuration::from_mins(5);
/// For the feed of an article that is not watched any more.
const RETIRED_MAX_AGE: SignedDuration = SignedDuration::from_hours(24);

/// An Atom feed.
pub(super) fn atom(house: &House, asked: &Asked) -> Result<Answer, Problem> {
    answer(house, asked, Format::Atom)
}

/// An RSS feed.
pub(super) fn rss(house: &House, asked: &Asked) -> Result<Answer, Problem> {
    answer(house, asked, Format::Rss)
}

fn answer(house: &House, asked: &Asked, format: Format) -> Result<Answer, Problem> {
    if asked.parameters().next().is_some() {
        return Err(Problem::BadRequest("feeds take no parameters yet".to_owned()));
    }
    let (feed, max_age) = feed(house, asked)?;
    let max_age_s = u32::try_from(max_age.as_secs()).unwrap_or_default();
    let answer =
        if asked.is_person() { pages::feed::page(house, &feed, format)? } else { document(house, &feed, format)? };
    Ok(answer.kept_for(max_age_s).differs_for_people())
}

fn document(house: &House, feed: &Feed, format: Format) -> Result<Answer, Problem> {
    let (atom, rss) = (render::atom(feed, &house.site), render::rss(feed, &house.site));
    // One stamp for all formats: a reader of one and a reader of another must not push it up in turns.
    let both = Digest::of(&[atom.as_slice(), rss.as_slice()].concat());
    let modified = house.store.stamp(&feed.scope, both, changed(feed))?;
    let (content_type, body) = match format {
        Format::Atom => ("application/atom+xml; charset=utf-8", atom),
        Format::Rss => ("application/rss+xml; charset=utf-8", rss),
    };
    Ok(Answer::new(content_type, body, String::new()).modified(modified))
}

/// When the feed changed by its newest edit, in whole seconds, rounded up; without edits, when it began. Made of nothing that
/// depends on when somebody asks, so that a stamp lost in a crash comes back the same.
fn changed(feed: &Feed) -> Timestamp {
    let newest = feed.edits.iter().map(|edit| edit.seen).max().unwrap_or(feed.updated);
    let whole = newest.as_second() + i64::from(newest.subsec_nanosecond() > 0);
    Timestamp::from_second(whole).unwrap_or(newest)
}

/// The feed that the path names, and how long it keeps.
fn feed(house: &House, asked: &Asked) -> Result<(Feed, SignedDuration), Problem> {
    if asked.names("article") {
        let article = asked.article(house)?;
        let edits = house.store.edits(&newest(Scope::Article(article.id), house.entries))?;
        let max_age = until_next_look(&article, house.clock.now());
        return Ok((render::of_article(&article, edits), max_age));
    }
    if asked.names("slug") {
        let source = asked.source(house)?;
        let edits = house.store.edits(&newest(Scope::Source(source.slug.clone()), house.entries))?;
        return Ok((render::of_source(&house.site, source, edits), MANY_MAX_AGE));
    }
    let edits = house.store.edits(&newest(Scope::Everything, house.entries))?;
    Ok((render::everything(&house.site, edits), MANY_MAX_AGE))
}

/// Asks for the newest edits of `scope`.
pub(super) fn newest(scope: Scope, limit: usize) -> EditQuery {
    EditQuery::newest(scope, limit)
}

/// Until then nothing can change.
fn until_next_look(article: &Article, now: Timestamp) -> SignedDuration {
    match article.watch {
        Watch::Due(due) => due.duration_since(now).clamp(MIN_MAX_AGE, WATCHED_MAX_AGE),
        Watch::Retired { .. } => RETIRED_MAX_AGE,
    }
}
