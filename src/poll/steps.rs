//! The further parts of a source, one a turn: sitemaps of an index, older pages of a new feed.

use std::sync::Arc;

use jiff::Timestamp;

use super::{Polled, next, record, rests, wanted};
use crate::discover::{self, canonical, round};
use crate::fetch::Want;
use crate::model::{Answer, Digest, Entry, Fact, PollState, Reply, Source, SourceFeed, Step};
use crate::store::StoreError;
use crate::watcher::Watcher;

/// Reads the next further part of a source and records its entries.
///
/// # Errors
/// When the store failed; then nothing was recorded.
pub(super) async fn take(
    watcher: &Arc<Watcher>,
    source: &Source,
    state: PollState,
    step: Step,
    now: Timestamp,
) -> Result<Polled, StoreError> {
    let known = state.round.parts.iter().find(|part| part.url == step.url);
    let validators = known.map(|part| part.validators.clone()).unwrap_or_default();
    let answer = watcher.web.get(&step.url, &validators, Want::Feed, now).await;
    watcher.metrics.fetch(answer.took);
    let source = source.clone();
    watcher.parsing(move |watcher| settle(watcher, &source, state, &step, &answer, now)).await
}

/// Reads and records, on a thread that may block.
fn settle(
    watcher: &Watcher,
    source: &Source,
    mut state: PollState,
    step: &Step,
    answer: &Answer,
    now: Timestamp,
) -> Result<Polled, StoreError> {
    state.round.steps.retain(|other| other.url != step.url);
    let took = answer.took;
    let rest = rests(watcher, answer, now)?;
    let read = read(&mut state, step, answer);
    watcher.metrics.poll(read.is_ok());
    let entries = match read {
        Ok(Some(mut feed)) => {
            round::keep_recent(&mut feed, now);
            let brought = brings_more(watcher, &feed.entries)?;
            round::go_on(&mut state.round, step, &feed, brought);
            wanted(source, feed.entries)
        }
        Ok(None) => Vec::new(),
        Err(why) => {
            tracing::warn!(source.slug = %source.slug, source.url = %step.url, "cannot read a part of the source: {why}");
            state.trouble = Some(Fact::new("{address}: {trouble}").with(step.url.as_str()).with(why));
            Vec::new()
        }
    };
    if rest.is_some() {
        // The host wants to be left alone: what is left waits for the next round.
        state.round.steps.clear();
    }
    state.polled = Some(now);
    state.due = match state.round.resume.filter(|_| state.round.steps.is_empty()) {
        Some(resume) => {
            state.round.resume = None;
            resume
        }
        None => now,
    };
    let next = next(&state);
    let new = record(watcher, source, state, &entries, rest.clone(), now)?;
    Ok(Polled { next, new, rest, took })
}

/// What a part says; none where it is as it was.
///
/// # Errors
/// Why it cannot be read.
fn read(state: &mut PollState, step: &Step, answer: &Answer) -> Result<Option<SourceFeed>, Fact> {
    let (bytes, content_type) = match &answer.reply {
        Reply::Trouble(trouble) => return Err(trouble.fact()),
        Reply::NotModified => {
            round::remember(&mut state.round, step, answer, None);
            return Ok(None);
        }
        Reply::Body { bytes, content_type } => (bytes, content_type.as_deref()),
    };
    let digest = Digest::of(bytes);
    let is_same = state.round.parts.iter().any(|part| part.url == step.url && part.digest == Some(digest));
    if is_same {
        round::remember(&mut state.round, step, answer, Some(digest));
        return Ok(None);
    }
    let feed = discover::read(bytes, content_type, &answer.url).map_err(|not_a_feed| not_a_feed.fact())?;
    if feed.is_sitemap {
        round::remember(&mut state.round, step, answer, Some(digest));
    }
    Ok(Some(feed))
}

/// Whether one of the entries leads to an article that is not known.
fn brings_more(watcher: &Watcher, entries: &[Entry]) -> Result<bool, StoreError> {
    for link in entries.iter().filter_map(|entry| entry.link.as_ref()) {
        if watcher.store.find(&canonical(link))?.is_none() {
            return Ok(true);
        }
    }
    Ok(false)
}
