//! One source: fetch → read → record.

mod steps;

use std::collections::HashMap;
use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use url::Url;

use crate::cadence::{Pace, moved, rest};
use crate::discover::{self, NotAFeed, canonical, round};
use crate::fetch::Want;
use crate::model::{
    Answer, ArticleId, Digest, Entry, Habit, PollState, Reply, Round, Source, SourceFeed, SourceKind, Trouble,
    Validators,
};
use crate::store::{Arrival, StoreError};
use crate::watcher::Watcher;

/// What the schedule needs to know of a poll.
#[derive(Clone, Debug, PartialEq)]
pub struct Polled {
    /// When to poll again; never for a single page.
    pub next: Option<Timestamp>,
    /// Articles that were not known before: due at once.
    pub new: Vec<(ArticleId, Url)>,
    /// Leave the host alone until then.
    pub host_rests_until: Option<Timestamp>,
    /// How long the host took to answer.
    pub took: SignedDuration,
}

impl Polled {
    /// Of a source that is not configured any more.
    #[must_use]
    pub fn never_again() -> Self {
        Self { next: None, new: Vec::new(), host_rests_until: None, took: SignedDuration::ZERO }
    }
}

/// Longest time between two polls that a feed may ask for.
const INTERVAL_CEILING: SignedDuration = SignedDuration::from_hours(24);
/// How far a poll may be moved to keep polls apart: a share of the interval.
const JITTER: f64 = 0.1;
/// First wait after a failed poll; doubled at each further one.
const RETRY_FIRST: SignedDuration = SignedDuration::from_mins(10);

/// So many failed polls in a row at a feed that a page pointed to, and the page is asked again.
const FAILURES_UNTIL_BACK: u32 = 5;

/// Polls a source and records its entries. The web's trouble is part of what comes of it; only the store can fail.
///
/// # Errors
/// When the store failed; then nothing was recorded.
pub async fn poll(watcher: &Arc<Watcher>, source: &Source, now: Timestamp) -> Result<Polled, StoreError> {
    let slug = source.slug.clone();
    let before = watcher.blocking(move |watcher| watcher.store.poll_state(&slug)).await?;
    let mut state = before.filter(|state| state.url == source.url).unwrap_or_else(|| unpolled(source, now));
    if source.kind == SourceKind::Page {
        return page(watcher, source, state, now).await;
    }
    if let Some(step) = state.round.steps.first().cloned() {
        return steps::take(watcher, source, state, step, now).await;
    }
    let answer = watcher.web.get(state.address(), &state.validators, Want::Feed, now).await;
    watcher.metrics.fetch(answer.took);
    let rest = rests(&answer).map(|rest| now + rest);
    let source = source.clone();
    let took = answer.took;
    watcher.blocking(move |watcher| {
        let found_before = state.round.found.clone();
        let read = read(&source, &mut state, answer, now);
        watcher.metrics.poll(read.is_ok());
        let (entries, asked) = match read {
            Ok(Read { entries, fresh_for }) => (entries, fresh_for),
            Err(Failure { not_a_feed: Some(NotAFeed::Html(feeds)), .. }) if points_on(&state, &feeds) => {
                let found = feeds.into_iter().next();
                tracing::info!(source.slug = %source.slug, "{} is an HTML page: the feed that it points to is polled from now on: {}", source.url, found.as_ref().map_or("", Url::as_str));
                state.validators = Validators::default();
                state.round.found = found;
                (Vec::new(), None)
            }
            Err(Failure { words, retry_after, .. }) => {
                tracing::warn!(source.slug = %source.slug, source.url = %source.url, "cannot read the source: {words}");
                failed(&mut state, words);
                (Vec::new(), retry_after)
            }
        };
        state.polled = Some(now);
        state.due = next_poll(watcher, &source, &state, asked, now);
        if state.round.found != found_before {
            state.due = now;
        } else if !state.round.steps.is_empty() {
            state.round.resume = Some(std::mem::replace(&mut state.due, now));
        }
        let due = state.due;
        let new = record(watcher, &source, state, &entries, rest, now)?;
        Ok(Polled { next: Some(due), new, host_rests_until: rest, took })
    })
    .await
}

/// What a poll that went well brought.
struct Read {
    entries: Vec<Entry>,
    fresh_for: Option<SignedDuration>,
}

/// Why a poll went wrong, and how long the host asks us to wait.
struct Failure {
    words: String,
    not_a_feed: Option<NotAFeed>,
    retry_after: Option<SignedDuration>,
}

fn unpolled(source: &Source, now: Timestamp) -> PollState {
    PollState {
        slug: source.slug.clone(),
        url: source.url.clone(),
        title: None,
        asked_interval: None,
        validators: Validators::default(),
        due: now,
        polled: None,
        succeeded: None,
        failures: 0,
        trouble: None,
        digest: None,
        round: Round::default(),
        habit: Habit::default(),
    }
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
            };
            state.polled = Some(now);
            state.succeeded = Some(now);
            state.due = Timestamp::MAX;
            let new = record(watcher, &source, state, &[entry], None, now)?;
            Ok(Polled { new, ..Polled::never_again() })
        })
        .await
}

/// Makes entries of the answer and notes what the next poll needs.
fn read(source: &Source, state: &mut PollState, answer: Answer, now: Timestamp) -> Result<Read, Failure> {
    let fresh_for = answer.fresh_for;
    let entries = match answer.reply {
        Reply::NotModified => {
            as_it_was(state);
            Vec::new()
        }
        Reply::Trouble(trouble) => {
            return Err(Failure { words: trouble.to_string(), not_a_feed: None, retry_after: answer.retry_after });
        }
        Reply::Body { bytes, content_type } => {
            let digest = Digest::of(&bytes);
            let entries = if state.digest == Some(digest) {
                as_it_was(state);
                Vec::new()
            } else {
                let feed = discover::read(&bytes, content_type.as_deref(), &answer.url).map_err(|not_a_feed| {
                    Failure { words: not_a_feed.to_string(), not_a_feed: Some(not_a_feed), retry_after: None }
                })?;
                take(source, state, feed, now)
            };
            // Only what was read may be asked for conditionally: else a body that was no feed hides behind a 304.
            state.digest = Some(digest);
            state.validators = answer.validators;
            entries
        }
    };
    state.succeeded = Some(now);
    state.failures = 0;
    state.trouble = None;
    Ok(Read { entries, fresh_for })
}

fn take(source: &Source, state: &mut PollState, mut feed: SourceFeed, now: Timestamp) -> Vec<Entry> {
    round::keep_recent(&mut feed, now);
    let (at, is_new) = (state.address().clone(), state.succeeded.is_none());
    round::begin(&mut state.round, &at, Some(&feed), is_new);
    state.title = feed.title;
    state.asked_interval = feed.interval;
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

fn failed(state: &mut PollState, words: String) {
    state.failures = state.failures.saturating_add(1);
    if state.failures >= FAILURES_UNTIL_BACK && state.round.found.take().is_some() {
        // The page may point to another feed by now.
        state.validators = Validators::default();
    }
    state.trouble = Some(words);
}

/// How long the source's host is left alone: 429 and 503 of a feed speak for all of it.
fn rests(answer: &Answer) -> Option<SignedDuration> {
    let busy = matches!(answer.reply, Reply::Trouble(Trouble::Busy(_)));
    busy.then(|| rest(answer.retry_after))
}

/// The longest of what the operator set, what the feed and its server ask for; after failures, longer and longer.
fn next_poll(
    watcher: &Watcher,
    source: &Source,
    state: &PollState,
    asked: Option<SignedDuration>,
    now: Timestamp,
) -> Timestamp {
    let ours = watcher.config.poll_interval(source);
    if state.failures > 0 {
        const MOST_DOUBLINGS: u32 = 10;
        let back_off = RETRY_FIRST * 2_i32.pow((state.failures - 1).min(MOST_DOUBLINGS));
        let wait = back_off.max(ours).min(INTERVAL_CEILING).max(asked.unwrap_or_default().min(Pace::REST_CEILING));
        return now + moved(wait, JITTER, now.as_second().unsigned_abs());
    }
    let theirs = asked.max(state.asked_interval).unwrap_or_default().min(INTERVAL_CEILING);
    now + moved(ours.max(theirs), JITTER, now.as_second().unsigned_abs())
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
    rest: Option<Timestamp>,
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
