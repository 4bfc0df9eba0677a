//! Who is told of edits without asking: webhooks, and the hub that our feeds name; and the Internet Archive, which is asked for copies.
//! What each was told of is a number in the store, and what it is to be told of next are the edits behind that number: no list of what
//! is to be sent exists that could be lost. Which copies are wanted is written with the versions themselves. An addressee that is slow
//! or gone holds up itself alone, and never the publishing.
//!
//! Delivery is at least once and in order: what was taken is noted on disk before the next is sent, so only a crash between the
//! two sends an edit again, under the same id.

mod addressee;
mod archive;
mod hub;
mod next;
mod pace;
mod report;
mod sample;
mod webhook;

use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::Duration;

use futures_util::FutureExt;
use futures_util::future::{join_all, pending};
use jiff::Timestamp;
use tokio::sync::watch;
use tokio::time::sleep;

pub use report::{DispatchReport, reports};
pub use sample::try_out;

use crate::config::Config;
use crate::model::Dispatch;
use crate::store::{Store, StoreError};
use crate::watcher::Watcher;
use addressee::{Addressee, addressees};
use next::{News, Next, next};
use pace::Fate;

/// How often each addressee's turn comes without news: a clock that was set, or a signal that was lost with an old configuration,
/// costs no more than this.
const LOOK_AT_LEAST: Duration = Duration::from_mins(1);
/// A fault of ours, or of the disk, is tried again after so long.
const AFTER_A_FAULT: Duration = Duration::from_mins(10);

/// What one turn came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Turn {
    /// Something was sent; whether there is more.
    Sent { more: bool },
    /// Nothing was sent; there may be more.
    Passed,
    /// Nothing to do before then, or before there is news.
    Wait(Option<Timestamp>),
}

/// Notes from where on each addressee of `config` is told: a new one from now on, one that is there no more leaves no trace. Blocks.
///
/// # Errors
/// When the store failed.
pub fn begin(store: &Store, config: &Config) -> Result<(), StoreError> {
    let addressees = addressees(config);
    for known in store.addressees()? {
        if !addressees.iter().any(|to| to.key() == known) {
            store.keep_dispatch(&known, None)?;
        }
    }
    if !config.archive.save {
        store.forget_copies()?;
    }
    for to in addressees {
        let known = store.dispatch(&to.key())?;
        let begun = match known.clone() {
            Some(dispatch) => dispatch.begun_at(to.address()),
            None => Dispatch::new(to.address(), store.newest_edit()?),
        };
        if known.as_ref() != Some(&begun) {
            store.keep_dispatch(&to.key(), Some(&begun))?;
        }
    }
    Ok(())
}

/// Tells all addressees of the latest of `watchers` of what is published; ends once there can be no later one. May be
/// dropped at any time: what was under way is sent again.
pub async fn run(mut watchers: watch::Receiver<Arc<Watcher>>) {
    loop {
        let watcher = Arc::clone(&watchers.borrow_and_update());
        let telling = async {
            join_all(addressees(&watcher.config).into_iter().map(|to| tell(&watcher, to))).await;
            pending::<()>().await;
        };
        tokio::select! {
            () = telling => {}
            changed = watchers.changed() => {
                if changed.is_err() {
                    return;
                }
            }
        }
    }
}

/// Tells all addressees of what they are due at present.
///
/// # Errors
/// When the store failed.
pub async fn once(watcher: &Arc<Watcher>) -> Result<(), StoreError> {
    let told = addressees(&watcher.config).into_iter().map(|to| async move {
        loop {
            match take_turn(watcher, &to).await? {
                Turn::Passed => {}
                Turn::Sent { more: true } => sleep(to.spacing(&watcher.config)).await,
                Turn::Sent { more: false } | Turn::Wait(_) => return Ok(()),
            }
        }
    });
    join_all(told).await.into_iter().collect()
}

/// Tells one addressee for ever.
async fn tell(watcher: &Arc<Watcher>, to: Addressee) {
    let mut news = watcher.news.subscribe();
    loop {
        news.borrow_and_update();
        let turn = AssertUnwindSafe(take_turn(watcher, &to)).catch_unwind().await;
        match turn {
            Ok(Ok(Turn::Passed)) => {}
            Ok(Ok(Turn::Sent { .. })) => sleep(to.spacing(&watcher.config)).await,
            Ok(Ok(Turn::Wait(Some(due)))) => sleep(until(due, watcher.now())).await,
            Ok(Ok(Turn::Wait(None))) => {
                tokio::select! {
                    _ = news.changed() => {}
                    () = sleep(LOOK_AT_LEAST) => {}
                }
            }
            Ok(Err(error)) => {
                tracing::error!(outbox.to = to.key(), %error, "edits cannot be sent");
                sleep(AFTER_A_FAULT).await;
            }
            // The panic was told when it happened.
            Err(_) => sleep(AFTER_A_FAULT).await,
        }
    }
}

/// How long to sleep until `due`; no longer than [`LOOK_AT_LEAST`].
fn until(due: Timestamp, now: Timestamp) -> Duration {
    Duration::try_from(due.duration_since(now)).unwrap_or_default().min(LOOK_AT_LEAST)
}

/// Sends what is next, if something is, and notes what came of it.
async fn take_turn(watcher: &Arc<Watcher>, to: &Addressee) -> Result<Turn, StoreError> {
    let (asked, now) = (to.clone(), watcher.now());
    let (dispatch, news) = match watcher.blocking(move |watcher| next(watcher, &asked, now)).await? {
        Next::Wait(due) => return Ok(Turn::Wait(due)),
        Next::Passed => return Ok(Turn::Passed),
        Next::Tell(told) => *told,
    };
    let sent = to.send(watcher, &news, now).await;
    let (upto, count) = match &news {
        News::Edits { upto, edits } => (*upto, edits.len() as u64),
        News::Copy(..) => (dispatch.told, 1),
    };
    let (kept, fate) = pace::settle(&dispatch, upto, count, &sent, watcher.now());
    watcher.metrics.outbox(&to.key(), fate.name());
    say(to, &kept, fate);
    let (key, due) = (to.key(), kept.due);
    let keep = move |watcher: &Watcher| {
        if let News::Copy(copy, _) = news {
            let done = matches!(fate, Fate::Taken | Fate::GivenUp);
            watcher.store.settle_copy(&copy, done, &key, &kept)?;
            return Ok(watcher.store.copies_wanted(1)? > 0);
        }
        watcher.store.keep_dispatch(&key, Some(&kept))?;
        Ok(watcher.store.newest_edit()? > kept.told)
    };
    let more = watcher.blocking(keep).await?;
    Ok(match fate {
        Fate::Taken | Fate::GivenUp => Turn::Sent { more },
        Fate::Later | Fate::Ended => Turn::Wait(due),
    })
}

/// Tells the log what came of it, without the address.
fn say(to: &Addressee, kept: &Dispatch, fate: Fate) {
    let (to, trouble) = (to.key(), kept.trouble.as_deref().unwrap_or_default());
    match fate {
        Fate::Taken => tracing::debug!(outbox.to = to, outbox.told = kept.told, "an edit was taken"),
        Fate::Later => {
            tracing::warn!(
                outbox.to = to,
                outbox.failures = kept.failures,
                "{to} takes no edits at present: {trouble}"
            );
        }
        Fate::GivenUp => tracing::warn!(outbox.to = to, "{to} does not take an edit, which is given up: {trouble}"),
        Fate::Ended => tracing::warn!(
            outbox.to = to,
            "{to} says that it is gone for good (HTTP 410): nothing is sent to it until redraft starts or reads its \
             configuration again"
        ),
    }
}
