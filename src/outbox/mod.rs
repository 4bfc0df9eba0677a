//! Pushes published edits to webhooks and to the hub that our feeds name. Also asks the Internet Archive for copies of
//! the articles' pages.
//!
//! For each recipient the store has the number of the last edit that was delivered; the next ones are the edits after
//! that number. There is no list of pending deliveries that could be lost. Wanted copies are stored together with the
//! versions. A recipient that is slow or down delays only itself, never publishing.
//!
//! Edits are delivered in order and at least once. A delivery is recorded on disk before the next one starts, so only a
//! crash between the two sends an edit twice, and then with the same id.

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
use addressee::{Addressee, all_recipients};
use next::{News, Next, find_next};
use pace::Fate;

/// Longest wait of a recipient without a signal. After a clock change, or a signal lost in a configuration change,
/// nothing is delayed for longer than this.
const LOOK_AT_LEAST: Duration = Duration::from_mins(1);
/// Wait before the next attempt after a fault in redraft or on the disk.
const AFTER_A_FAULT: Duration = Duration::from_mins(10);

/// The outcome of one turn of a recipient.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Turn {
    /// Something was sent; `more` says whether something else is waiting.
    Sent { more: bool },
    /// Nothing was sent, but something else may be waiting.
    Passed,
    /// Nothing to do before this time, or before the next signal.
    Wait(Option<Timestamp>),
}

/// Creates a delivery record for each new recipient in `config`, starting with the next edit, and deletes those of
/// recipients that are no longer configured. Blocks.
///
/// # Errors
/// If the store fails.
pub fn begin(store: &Store, config: &Config) -> Result<(), StoreError> {
    let recipients = all_recipients(config);
    for known in store.addressees()? {
        if !recipients.iter().any(|to| to.key() == known) {
            store.keep_dispatch(&known, None)?;
        }
    }
    if !config.archive.save {
        // Copies wanted before would be outdated when archiving is turned on again.
        store.forget_copies()?;
    }
    for to in recipients {
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

/// Delivers to all recipients of the latest of `watchers`; ends when their sender is dropped. Safe to cancel: a
/// delivery that was under way is repeated.
pub async fn run(mut watchers: watch::Receiver<Arc<Watcher>>) {
    loop {
        let watcher = Arc::clone(&watchers.borrow_and_update());
        let delivering = async {
            join_all(all_recipients(&watcher.config).into_iter().map(|to| deliver_forever(&watcher, to))).await;
            pending::<()>().await;
        };
        tokio::select! {
            () = delivering => {}
            changed = watchers.changed() => {
                if changed.is_err() {
                    return;
                }
            }
        }
    }
}

/// Delivers to all recipients what is due now, then returns.
///
/// # Errors
/// If the store fails.
pub async fn once(watcher: &Arc<Watcher>) -> Result<(), StoreError> {
    let deliveries = all_recipients(&watcher.config).into_iter().map(|to| async move {
        loop {
            match take_turn(watcher, &to).await? {
                Turn::Passed => {}
                Turn::Sent { more: true } => sleep(to.spacing(&watcher.config)).await,
                Turn::Sent { more: false } | Turn::Wait(_) => return Ok(()),
            }
        }
    });
    join_all(deliveries).await.into_iter().collect()
}

/// Delivers to one recipient; never returns.
async fn deliver_forever(watcher: &Arc<Watcher>, to: Addressee) {
    let mut news = watcher.news.subscribe();
    loop {
        news.borrow_and_update();
        let turn = AssertUnwindSafe(take_turn(watcher, &to)).catch_unwind().await;
        match turn {
            Ok(Ok(Turn::Passed)) => {}
            Ok(Ok(Turn::Sent { .. })) => sleep(to.spacing(&watcher.config)).await,
            Ok(Ok(Turn::Wait(Some(due)))) => sleep(sleep_time(due, watcher.now())).await,
            Ok(Ok(Turn::Wait(None))) => {
                tokio::select! {
                    _ = news.changed() => {}
                    () = sleep(LOOK_AT_LEAST) => {}
                }
            }
            Ok(Err(error)) => {
                tracing::error!(outbox.to = to.key(), %error, "cannot deliver edits");
                sleep(AFTER_A_FAULT).await;
            }
            // The panic hook has logged it already.
            Err(_) => sleep(AFTER_A_FAULT).await,
        }
    }
}

/// Time to sleep until `due`, at most [`LOOK_AT_LEAST`].
fn sleep_time(due: Timestamp, now: Timestamp) -> Duration {
    Duration::try_from(due.duration_since(now)).unwrap_or_default().min(LOOK_AT_LEAST)
}

/// Sends the next edits or copy request, if there is one, and records the outcome.
async fn take_turn(watcher: &Arc<Watcher>, to: &Addressee) -> Result<Turn, StoreError> {
    let (asked, now) = (to.clone(), watcher.now());
    let (dispatch, news) = match watcher.blocking(move |watcher| find_next(watcher, &asked, now)).await? {
        Next::Wait(due) => return Ok(Turn::Wait(due)),
        Next::Passed => return Ok(Turn::Passed),
        Next::Tell(delivery) => *delivery,
    };
    let sent = to.send(watcher, &news, now).await;
    let (upto, count) = match &news {
        News::Edits { upto, edits } => (*upto, edits.len() as u64),
        News::Copy(..) => (dispatch.told, 1),
    };
    let (kept, fate) = pace::record_outcome(&dispatch, upto, count, &sent, watcher.now());
    watcher.metrics.outbox(&to.key(), fate.name());
    log_outcome(to, &kept, fate);
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

/// Logs the outcome, without the recipient's address.
fn log_outcome(to: &Addressee, kept: &Dispatch, fate: Fate) {
    let (to, trouble) = (to.key(), kept.trouble.as_deref().unwrap_or_default());
    match fate {
        Fate::Taken => tracing::debug!(outbox.to = to, outbox.told = kept.told, "delivered an edit"),
        Fate::Later => {
            tracing::warn!(
                outbox.to = to,
                outbox.failures = kept.failures,
                "delivery to {to} failed, it is repeated later: {trouble}"
            );
        }
        Fate::GivenUp => {
            tracing::warn!(outbox.to = to, "{to} keeps rejecting an edit, which is now skipped: {trouble}");
        }
        Fate::Ended => tracing::warn!(
            outbox.to = to,
            "{to} is gone for good (HTTP 410): nothing is sent to it until redraft restarts or reads its \
             configuration again"
        ),
    }
}
