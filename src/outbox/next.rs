//! Finds what a recipient gets next.

use jiff::Timestamp;
use url::Url;

use super::addressee::Addressee;
use super::archive;
use super::pace::{self, Fate, MAX_AGE};
use crate::config::Archive;
use crate::model::{Dispatch, Edit};
use crate::store::{EditsAfter, StoreError, WantedCopy};
use crate::watcher::Watcher;

/// The content of one delivery.
#[derive(Debug)]
pub(super) enum News {
    /// The edits up to the number `upto`.
    Edits { upto: u64, edits: Vec<Edit> },
    /// A request for a copy of the page at this address.
    Copy(WantedCopy, Url),
}

/// The next step for a recipient.
pub(super) enum Next {
    /// Nothing to do before this time, or before the next signal.
    Wait(Option<Timestamp>),
    /// Edits were skipped or given up; there may be more.
    Passed,
    /// Deliver this.
    Tell(Box<(Dispatch, News)>),
}

/// Finds the next step for a recipient at `now`. Blocks.
pub(super) fn find_next(watcher: &Watcher, to: &Addressee, now: Timestamp) -> Result<Next, StoreError> {
    let Some(dispatch) = watcher.store.dispatch(&to.key())?.filter(|dispatch| dispatch.ended.is_none()) else {
        return Ok(Next::Wait(None));
    };
    if let Some(due) = dispatch.due.filter(|due| *due > now) {
        return Ok(Next::Wait(Some(due)));
    }
    match (to, to.query(dispatch.told)) {
        (Addressee::Archive(archive), _) => next_copy(watcher, archive, to, dispatch, now),
        (_, Some(query)) => next_edits(watcher, &query, to, dispatch, now),
        (_, None) => Ok(Next::Wait(None)),
    }
}

/// Finds the next edits to deliver; skips those that are too old. Blocks.
fn next_edits(
    watcher: &Watcher,
    query: &EditsAfter,
    to: &Addressee,
    dispatch: Dispatch,
    now: Timestamp,
) -> Result<Next, StoreError> {
    let (edits, upto) = watcher.store.edits_after(query)?;
    let edits: Vec<Edit> = edits.into_iter().map(|(_, edit)| edit).collect();
    let old = edits.iter().filter(|edit| now.duration_since(edit.seen) > MAX_AGE).count();
    if old > 0 && old == edits.len() {
        let kept = pace::record_skipped(&dispatch, upto, old as u64);
        tracing::warn!(outbox.to = to.key(), "skipped {old} edits: they could not be delivered for three days");
        watcher.metrics.outbox(&to.key(), Fate::GivenUp.name());
        watcher.store.keep_dispatch(&to.key(), Some(&kept))?;
        return Ok(Next::Passed);
    }
    if edits.is_empty() {
        if upto == dispatch.told {
            return Ok(Next::Wait(None));
        }
        watcher.store.pass_over(&to.key(), &Dispatch { told: upto, ..dispatch })?;
        return Ok(Next::Passed);
    }
    Ok(Next::Tell(Box::new((dispatch, News::Edits { upto, edits }))))
}

/// Finds the next copy to request. Blocks.
fn next_copy(
    watcher: &Watcher,
    archive: &Archive,
    to: &Addressee,
    dispatch: Dispatch,
    now: Timestamp,
) -> Result<Next, StoreError> {
    let Some(copy) = watcher.store.next_copy()? else { return Ok(Next::Wait(None)) };
    let url = copy.url.clone().filter(|url| archive::may_learn(archive, url));
    let is_old = now.duration_since(copy.since) > MAX_AGE;
    if let Some(url) = url.filter(|_| !is_old) {
        return Ok(Next::Tell(Box::new((dispatch, News::Copy(copy, url)))));
    }
    let kept = if is_old { pace::record_skipped(&dispatch, dispatch.told, 1) } else { dispatch };
    watcher.store.settle_copy(&copy, true, &to.key(), &kept)?;
    Ok(Next::Passed)
}
