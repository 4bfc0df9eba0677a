//! Feeds: stored entries in an envelope, with validators that every reader understands.

use std::iter;

use http::header::LINK;
use jiff::{SignedDuration, Timestamp};

use super::House;
use super::answer::Answer;
use super::asked::{Asked, is_person};
use super::pages;
use super::problem::Problem;
use crate::model::{Article, Digest, Feed, Narrowing, Scope, Watch};
use crate::render::{self, Format, Subscription, address};
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

/// A JSON feed.
pub(super) fn json(house: &House, asked: &Asked) -> Result<Answer, Problem> {
    answer(house, asked, Format::Json)
}

/// All our feeds as a list: of everything, and of each source.
#[allow(clippy::unnecessary_wraps)] // It is called as all others are.
pub(super) fn list(house: &House, _: &Asked) -> Result<Answer, Problem> {
    let everything = render::everything(&house.site, Vec::new());
    let sources = house.sources.iter().map(|source| render::of_source(&house.site, source, Vec::new()));
    let subscriptions: Vec<Subscription> =
        iter::once(everything).chain(sources).map(|feed| subscription(house, &feed)).collect();
    let body = render::opml(&house.site.title, &subscriptions).into_bytes();
    let max_age_s = u32::try_from(MANY_MAX_AGE.as_secs()).unwrap_or_default();
    Ok(Answer::new("text/x-opml; charset=utf-8", body, String::new()).kept_for(max_age_s))
}

fn subscription(house: &House, feed: &Feed) -> Subscription {
    Subscription {
        name: render::full_title(&feed.title, &house.site),
        feed: address::on(&house.site, &address::feed(&feed.scope, Format::Atom)).into(),
        page: address::on(&house.site, &address::page(&feed.scope)).into(),
    }
}

fn answer(house: &House, asked: &Asked, format: Format) -> Result<Answer, Problem> {
    let narrowing = asked.narrowing()?;
    let (changes, now) = (house.store.changes(), house.clock.now());
    let (feed, max_age) = feed(house, asked, &narrowing)?;
    if !asked.says_as(&feed.narrowing) {
        let own = address::on(&house.site, &address::narrowed(&feed.scope, format, &feed.narrowing));
        return Ok(Answer::page(String::new()).leading_to(own.into()));
    }
    let max_age_s = u32::try_from(max_age.as_secs()).unwrap_or_default();
    let finished = |answer: Answer| answer.kept_for(max_age_s).differs_for_people();
    if is_person(&asked.headers) {
        return Ok(finished(pages::feed::page(house, asked, &feed, format)?));
    }
    Ok(finished(document(house, &feed, format)?).hot(changes, now))
}

fn document(house: &House, feed: &Feed, format: Format) -> Result<Answer, Problem> {
    let (atom, rss) = (render::atom(feed, &house.site), render::rss(feed, &house.site));
    // One stamp for all formats: a reader of one and a reader of another must not push it up in turns.
    let both = Digest::of(&[atom.as_slice(), rss.as_slice()].concat());
    let modified =
        if feed.narrowing.is_none() { house.store.stamp(&feed.scope, both, changed(feed))? } else { risen(feed) };
    let (content_type, body) = match format {
        Format::Atom => ("application/atom+xml; charset=utf-8", atom),
        Format::Rss => ("application/rss+xml; charset=utf-8", rss),
        Format::Json => ("application/feed+json; charset=utf-8", render::json_feed(feed, &house.site)),
    };
    let answer = Answer::new(content_type, body, String::new()).modified(modified);
    Ok(match feed.hub(&house.site) {
        Some(hub) => {
            let own = address::on(&house.site, &address::feed(&feed.scope, format));
            answer.with(LINK, format!("<{hub}>; rel=\"hub\", <{own}>; rel=\"self\""))
        }
        None => answer,
    })
}

/// When the feed changed by its newest edit, in whole seconds, rounded up; without edits, when it began. Made of nothing that
/// depends on when somebody asks, so that a stamp lost in a crash comes back the same.
fn changed(feed: &Feed) -> Timestamp {
    whole(feed.edits.iter().map(|edit| edit.seen).max().unwrap_or(feed.updated))
}

/// When a narrowed feed changed: at its newest edit, but a second after the edit before at least. Narrowed feeds keep no stamp
/// in the store, since strangers could fill it with queries that nobody asks again.
fn risen(feed: &Feed) -> Timestamp {
    let second = SignedDuration::from_secs(1);
    let mut risen: Option<Timestamp> = None;
    for edit in feed.edits.iter().rev() {
        let least = risen.and_then(|before| before.checked_add(second).ok());
        risen = Some(least.map_or(whole(edit.seen), |least| least.max(whole(edit.seen))));
    }
    risen.unwrap_or_else(|| whole(feed.updated))
}

fn whole(moment: Timestamp) -> Timestamp {
    let second = moment.as_second() + i64::from(moment.subsec_nanosecond() > 0);
    Timestamp::from_second(second).unwrap_or(moment)
}

/// The feed that path and query name, and how long it keeps.
fn feed(house: &House, asked: &Asked, narrowing: &Narrowing) -> Result<(Feed, SignedDuration), Problem> {
    let (feed, max_age) = whole_feed(house, asked, narrowing)?;
    Ok((render::narrowed(feed, narrowing.clone()), max_age))
}

fn whole_feed(house: &House, asked: &Asked, narrowing: &Narrowing) -> Result<(Feed, SignedDuration), Problem> {
    let edits = |scope| house.store.edits(&EditQuery { narrowing: narrowing.clone(), ..newest(scope, house.entries) });
    if asked.names("article") {
        let article = asked.article(house)?;
        let edits = edits(Scope::Article(article.id))?;
        let max_age = until_next_look(&article, house.clock.now());
        let feed = render::of_article(&house.site, &article, edits);
        let is_left = matches!(article.watch, Watch::Due(_)) && !house.watches(&article);
        return Ok((if is_left { render::left(&house.site, feed) } else { feed }, max_age));
    }
    if asked.names("slug") {
        let source = asked.source(house)?;
        let edits = edits(Scope::Source(source.slug.clone()))?;
        return Ok((render::of_source(&house.site, source, edits), MANY_MAX_AGE));
    }
    let edits = edits(Scope::Everything)?;
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
