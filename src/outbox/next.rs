//! What is next for an addressee.

use jiff::Timestamp;
use url::Url;

use super::addressee::Addressee;
use super::archive;
use super::pace::{self, Fate, MAX_AGE};
use crate::config::Archive;
use crate::model::{Dispatch, Edit};
use crate::store::{EditsAfter, StoreError, WantedCopy};
use crate::watcher::Watcher;

/// What an addressee is told at once.
#[derive(Debug)]
pub(super) enum News {
    /// The edits up to a number.
    Edits { upto: u64, edits: Vec<Edit> },
    /// That a copy of the page at an address is wanted.
    Copy(WantedCopy, Url),
}

/// What is next for an addressee.
pub(super) enum Next {
    /// Nothing before then, or before there is news.
    Wait(Option<Timestamp>),
    /// Edits were passed over or given up; there may be more.
    Passed,
    /// To be told this.
    Tell(Box<(Dispatch, News)>),
}

/// What is next for an addressee at `now`. Blocks.
pub(super) fn next(watcher: &Watcher, to: &Addressee, now: Timestamp) -> Result<Next, StoreError> {
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

/// The edits that are to be told next. Blocks.
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
        let kept = pace::given_up(&dispatch, upto, old as u64);
        tracing::warn!(outbox.to = to.key(), "{old} edits are given up: they were not taken for three days");
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

/// The copy that is to be asked for next. Blocks.
fn next_copy(
    watcher: &Watcher,
    archive: &Archive,
    to: &Addressee,
    dispatch: Dispatch,
    now: Timestamp,
) -> Result<Next, StoreError> {
    let Some(copy) = watcher.store.next_copy()? else { return Ok(Next::Wait(None)) };
    let url = copy.url.clone().filter(|url| archive::may_be_told(archive, url));
    let is_old = now.duration_since(copy.since) > MAX_AGE;
    if let Some(url) = url.filter(|_| !is_old) {
        return Ok(Next::Tell(Box::new((dispatch, News::Copy(copy, url)))));
    }
    let kept = if is_old { pace::given_up(&dispatch, dispatch.told, 1) } else { dispatch };
    watcher.store.settle_copy(&copy, true, &to.key(), &kept)?;
    Ok(Next::Passed)
}
