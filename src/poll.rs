//! One source: fetch → read → record. How its publisher wants it to be asked is for `manners`.

mod steps;

use std::collections::HashMap;
use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use url::Url;

use crate::cadence::rest;
use crate::config::FEED_INTERVAL_FLOOR;
use crate::discover::{self, NotAFeed, canonical, round};
use crate::fetch::Want;
use crate::manners::{self, Asked};
use crate::model::{
    Answer, ArticleId, Digest, Entry, Fact, Host, PollState, Reply, Source, SourceFeed, SourceKind, Trouble,
};
use crate::store::{Arrival, StoreError};
use crate::watcher::Watcher;
use crate::websub;

/// What the schedule needs to know of a poll.
#[derive(Clone, Debug, PartialEq)]
pub struct Polled {
    /// Whom to poll again, and when; never for a single page.
    pub next: Option<(Host, Timestamp)>,
    /// Articles that were not known before: due at once.
    pub new: Vec<(ArticleId, Url)>,
    /// A host to leave alone, and until when.
    pub rest: Option<(Host, Timestamp)>,
    /// How long the host took to answer.
    pub took: SignedDuration,
}

impl Polled {
    /// Of a source that is not configured any more.
    #[must_use]
    pub fn never_again() -> Self {
        Self { next: None, new: Vec::new(), rest: None, took: SignedDuration::ZERO }
    }
}

/// Status of a feed that is gone for good.
const GONE_FOR_GOOD: u16 = 410;

/// Polls a source and records its entries. The web's trouble is part of what comes of it; only the store can fail.
///
/// # Errors
/// When the store failed; then nothing was recorded.
pub async fn poll(watcher: &Arc<Watcher>, source: &Source, now: Timestamp) -> Result<Polled, StoreError> {
    let polled = look(watcher, source, now).await?;
    if watcher.config.websub.enabled && source.kind == SourceKind::Feed {
        let slug = source.slug.clone();
        if let Some(state) = watcher.blocking(move |watcher| watcher.store.poll_state(&slug)).await? {
            websub::keep(watcher, source, &state, now).await?;
        }
    }
    Ok(polled)
}

/// Asks the source for what is new and records it.
async fn look(watcher: &Arc<Watcher>, source: &Source, now: Timestamp) -> Result<Polled, StoreError> {
    let asked = source.clone();
    let state = watcher.blocking(move |watcher| begin(watcher, &asked, now)).await?;
    if source.kind == SourceKind::Page {
        return page(watcher, source, state, now).await;
    }
    if let Some(step) = state.round.steps.first().cloned() {
        return steps::take(watcher, source, state, step, now).await;
    }
    let validators = manners::validators(&state, now);
    let answer = watcher.web.get(state.address(), &validators, Want::Feed, now).await;
    watcher.metrics.fetch(answer.took);
    let source = source.clone();
    watcher.parsing(move |watcher| settle(watcher, &source, state, answer, now)).await
}

/// What earlier polls left behind. A source whose address the operator changed starts afresh, unless it is the one that the
/// feed had moved to already.
fn begin(watcher: &Watcher, source: &Source, now: Timestamp) -> Result<PollState, StoreError> {
    let mut state = watcher
        .store
        .poll_state(&source.slug)?
        .filter(|state| state.url == source.url || state.address() == &source.url)
        .unwrap_or_else(|| PollState::unpolled(source.slug.clone(), source.url.clone(), now));
    state.name = source.given_name().map(str::to_owned);
    if state.url != source.url {
        state.url = source.url.clone();
        (state.terms.address, state.round.found) = (None, None);
    }
    Ok(state)
}

/// Reads and records, on a thread that may block.
fn settle(
    watcher: &Watcher,
    source: &Source,
    mut state: PollState,
    answer: Answer,
    now: Timestamp,
) -> Result<Polled, StoreError> {
    let asked = Asked {
        ours: watcher.config.poll_interval(source),
        floor: FEED_INTERVAL_FLOOR,
        fresh_for: answer.fresh_for,
        retry_after: answer.retry_after,
        is_first: state.polled.is_none(),
    };
    let took = answer.took;
    let rest = rests(watcher, &answer, now)?;
    let found_before = state.round.found.clone();
    let (asked_at, led_to) = (state.address().clone(), answer.moved.clone());
    let read = read(source, &mut state, answer, now);
    watcher.metrics.poll(read.is_ok());
    let entries = match read {
        Ok(entries) => {
            if let Some(new) = manners::follow(&mut state, &asked_at, led_to.as_ref(), now) {
                tracing::info!(source.slug = %source.slug, "{} moved for good: it is asked at {new} from now on", source.url);
            }
            entries
        }
        Err(Failure { not_a_feed: Some(NotAFeed::Html(feeds)), .. }) if points_on(&state, &feeds) => {
            let found = feeds.into_iter().next();
            tracing::info!(source.slug = %source.slug, "{} is an HTML page: the feed that it points to is polled from now on: {}", source.url, found.as_ref().map_or("", Url::as_str));
            state.round.found = found;
            Vec::new()
        }
        Err(Failure { why, .. }) => {
            tracing::warn!(source.slug = %source.slug, source.url = %asked_at, "cannot read the source: {why}");
            state.trouble = Some(why);
            state.failures = state.failures.saturating_add(1);
            if manners::turn_back(&mut state) {
                tracing::warn!(source.slug = %source.slug, "{asked_at} fails: {} is asked again", state.address());
            }
            Vec::new()
        }
    };
    state.polled = Some(now);
    state.due = manners::next_poll(&state, &asked, now);
    if state.round.found != found_before && state.failures == 0 {
        state.due = now;
    } else if !state.round.steps.is_empty() {
        state.round.resume = Some(std::mem::replace(&mut state.due, now));
    }
    let next = next(&state);
    let new = record(watcher, source, state, &entries, rest.clone(), now)?;
    Ok(Polled { next, new, rest, took })
}

/// Whom to ask next, and when; nobody where the source is not polled any more.
fn next(state: &PollState) -> Option<(Host, Timestamp)> {
    let address = state.round.steps.first().map_or_else(|| state.address(), |step| &step.url);
    (state.due < Timestamp::MAX).then(|| (Host::of(address), state.due))
}

/// The host that is to be left alone, and until when: 429 and 503 of a feed speak for all of it.
fn rests(watcher: &Watcher, answer: &Answer, now: Timestamp) -> Result<Option<(Host, Timestamp)>, StoreError> {
    if !matches!(answer.reply, Reply::Trouble(Trouble::Busy(_))) {
        return Ok(None);
    }
    let host = Host::of(&answer.url);
    let before = watcher.store.busy_times(&host)?;
    Ok(Some((host, now + rest(answer.retry_after, before))))
}

/// Why a poll went wrong.
struct Failure {
    why: Fact,
    not_a_feed: Option<NotAFeed>,
}

/// A single page is its source's only article, and is never polled.
async fn page(
    watcher: &Arc<Watcher>,
    source: &Source,
    mut state: PollState,
    now: Timestamp,
) -> Result<Polled, StoreError> {
    let source = source.clone();
    watcher
        .blocking(move |watcher| {
            let entry = Entry {
                id: source.url.to_string(),
                link: Some(source.url.clone()),
                title: Some(source.name.clone()),
                published: None,
                updated: None,
                text: None,
            };
            state.polled = Some(now);
            state.succeeded = Some(now);
            state.due = Timestamp::MAX;
            let new = record(watcher, &source, state, &[entry], None, now)?;
            Ok(Polled { new, ..Polled::never_again() })
        })
        .await
}

/// Makes entries of the answer and notes what the next poll needs. Whatever fails leaves the last good state as it is.
fn read(source: &Source, state: &mut PollState, answer: Answer, now: Timestamp) -> Result<Vec<Entry>, Failure> {
    let (hub, own) = (answer.hub, answer.own);
    let entries = match answer.reply {
        Reply::NotModified => {
            as_it_was(state);
            state.validators = answer.validators;
            state.terms.came_whole.get_or_insert(now);
            Vec::new()
        }
        Reply::Trouble(trouble) => return Err(Failure { why: failed(state, &trouble, now), not_a_feed: None }),
        Reply::Body { bytes, content_type } => {
            let digest = Digest::of(&bytes);
            let entries = if state.digest == Some(digest) {
                as_it_was(state);
                Vec::new()
            } else {
                let feed = discover::read(&bytes, content_type.as_deref(), &answer.url).map_err(|not_a_feed| {
                    // Where a redirect leads to no feed, nothing moved.
                    state.terms.moving = None;
                    Failure { why: not_a_feed.fact(), not_a_feed: Some(not_a_feed) }
                })?;
                take(source, state, feed, now)
            };
            // Only what was read may be asked for conditionally: else a body that was no feed hides behind a 304.
            state.digest = Some(digest);
            state.validators = answer.validators;
            state.terms.came_whole = Some(now);
            entries
        }
    };
    if hub.is_some() {
        // What the server says goes before what the feed says.
        (state.round.hub, state.round.topic) = (hub, own);
    }
    state.succeeded = Some(now);
    state.failures = 0;
    state.trouble = None;
    state.terms.closed = None;
    Ok(entries)
}

/// What trouble means for the polls to come.
fn failed(state: &mut PollState, trouble: &Trouble, now: Timestamp) -> Fact {
    // An address that the operator did not set is given up first.
    if *trouble == Trouble::Gone(GONE_FOR_GOOD) && !manners::give_up_address(state) {
        state.terms.closed = Some(now);
        let phrase = "{trouble}: gone for good, not polled any more; its articles are still watched";
        return Fact::new(phrase).with(trouble.fact());
    }
    trouble.fact()
}

fn take(source: &Source, state: &mut PollState, mut feed: SourceFeed, now: Timestamp) -> Vec<Entry> {
    round::keep_recent(&mut feed, now);
    let (at, is_new) = (state.address().clone(), state.succeeded.is_none());
    round::begin(&mut state.round, &at, Some(&feed), is_new);
    (state.round.hub, state.round.topic) = (feed.links.hub, feed.links.own);
    state.title = feed.title;
    state.asked_interval = feed.interval;
    state.terms.skip = feed.skip;
    wanted(source, feed.entries)
}

/// The source's own document is as it was.
fn as_it_was(state: &mut PollState) {
    let at = state.address().clone();
    round::begin(&mut state.round, &at, None, false);
}

/// The entries that the operator wants.
fn wanted(source: &Source, entries: Vec<Entry>) -> Vec<Entry> {
    let wanted = |entry: &Entry| {
        entry.link.as_ref().is_some_and(|link| source.wants(link, entry.title.as_deref().unwrap_or_default()))
    };
    entries.into_iter().filter(wanted).collect()
}

/// Whether a page that came in a feed's place leads on: once, from the configured address to the first feed of its head.
fn points_on(state: &PollState, feeds: &[Url]) -> bool {
    state.round.found.is_none() && feeds.first().is_some_and(|feed| *feed != state.url)
}

/// Whether an entry's id says more than its address does.
fn is_guid(id: &str, entry: &Entry) -> bool {
    entry.link.as_ref().is_none_or(|link| link.as_str() != id)
}

/// Records the poll and the articles that its entries lead to; gives those not known before.
fn record(
    watcher: &Watcher,
    source: &Source,
    state: PollState,
    entries: &[Entry],
    rest: Option<(Host, Timestamp)>,
    now: Timestamp,
) -> Result<Vec<(ArticleId, Url)>, StoreError> {
    let mut uses: HashMap<&str, u32> = HashMap::new();
    for entry in entries {
        *uses.entry(&entry.id).or_default() += 1;
    }
    let arrivals: Vec<_> = entries
        .iter()
        .filter_map(|entry| {
            Some(Arrival {
                url: canonical(entry.link.as_ref()?),
                source: source.slug.clone(),
                guid: Some(entry.id.clone()).filter(|id| is_guid(id, entry) && uses.get(id.as_str()) == Some(&1)),
                title: entry.title.clone().unwrap_or_default(),
                published: entry.published,
                updated: entry.updated,
                text: entry.text,
                due: now,
                now,
            })
        })
        .collect();
    let urls: Vec<_> = arrivals.iter().map(|arrival| arrival.url.clone()).collect();
    let known = watcher.store.record_poll(state, arrivals, rest)?;
    let new: Vec<_> =
        known.into_iter().zip(urls).filter(|((_, new), _)| *new).map(|((id, _), url)| (id, url)).collect();
    if !new.is_empty() {
        tracing::debug!(source.slug = %source.slug, source.new_articles = new.len(), "{} new articles", new.len());
    }
    Ok(new)
}
