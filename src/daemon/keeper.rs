//! What the daemon does for its store: watches the room on its disk and whether it can still be read, writes backups, and drops what
//! need not be kept.

use std::sync::Arc;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use tokio::sync::watch;
use tokio::time::{sleep, timeout};

use crate::clock::Drift;
use crate::model::ArticleId;
use crate::store::{Store, StoreError, Swept, backups, made_at};
use crate::watcher::Watcher;

/// How often the disk is measured and the store read: a fast line fills 256 MiB in half a minute.
const LOOK_EVERY: Duration = Duration::from_secs(5);
/// A reading that takes longer hangs: a disk that is only slow answers in a second or two.
const HANGS_AFTER: Duration = Duration::from_secs(30);
/// How often it is seen whether a backup is due.
const BACKUP_LOOK_EVERY: Duration = Duration::from_mins(1);
/// A backup that failed is tried again after so long.
const AFTER_A_FAILURE: Duration = Duration::from_hours(1);

/// When the first sweep begins: the start's own work is done by then.
const FIRST_SWEEP_AFTER: Duration = Duration::from_mins(10);
/// How often what need not be kept is dropped: it waits for months, and may wait for hours.
const SWEEP_EVERY: Duration = Duration::from_hours(6);
/// A clock that is set by so much may be wrong now; by less, nothing is dropped that would not be dropped today.
const LEAP: SignedDuration = SignedDuration::from_hours(1);

/// The store cannot be read any more: the process must start afresh.
#[derive(Debug, thiserror::Error)]
#[error("the store has not answered for {} seconds: redraft ends, so that it is started afresh", HANGS_AFTER.as_secs())]
pub struct Hangs;

/// Looks after the store; ends only when it hangs.
pub(super) async fn watch(store: Store) -> Hangs {
    loop {
        let looked = store.clone();
        let look = tokio::task::spawn_blocking(move || look(&looked));
        match timeout(HANGS_AFTER, look).await {
            Ok(Ok(Ok(()))) => {}
            Ok(Ok(Err(error))) => tracing::warn!(%error, "the store cannot be read"),
            Ok(Err(fault)) => tracing::error!(%fault, "a fault in redraft, please report it"),
            Err(_) => {
                tracing::error!("{Hangs}");
                return Hangs;
            }
        }
        sleep(LOOK_EVERY).await;
    }
}

fn look(store: &Store) -> Result<(), StoreError> {
    store.measure()?;
    store.counts().map(drop)
}

/// Writes backups when they are due, as the configuration in force says; never ends.
pub(super) async fn back_up(store: Store, watchers: watch::Receiver<Arc<Watcher>>) {
    loop {
        sleep(BACKUP_LOOK_EVERY).await;
        let watcher = Arc::clone(&watchers.borrow());
        let store = store.clone();
        let done = tokio::task::spawn_blocking(move || back_up_if_due(&store, &watcher, watcher.now())).await;
        if !matches!(done, Ok(Ok(()))) {
            sleep(AFTER_A_FAILURE).await;
        }
    }
}

fn back_up_if_due(store: &Store, watcher: &Watcher, now: Timestamp) -> Result<(), StoreError> {
    let settings = &watcher.config.store;
    let newest = backups(&settings.path).first().and_then(|path| made_at(path));
    if !is_due(newest, settings.backup_every, now) || !store.has_room() || store.counts()?.versions == 0 {
        return Ok(());
    }
    match store.back_up(settings.backups, now) {
        Ok(path) => {
            tracing::info!(store.backup = %path.display(), "a backup was written: {}", path.display());
            Ok(())
        }
        Err(error) => {
            tracing::error!(%error, "no backup could be written; it is tried again in an hour");
            Err(error)
        }
    }
}

/// Drops what need not be kept, now and then, as the configuration in force says; never ends. Nothing is dropped by a clock that
/// was set since the sweep before: what is dropped does not come back when the clock does.
pub(super) async fn sweep_now_and_then(store: Store, watchers: watch::Receiver<Arc<Watcher>>) {
    let mut drift = Drift::new(watchers.borrow().clock.moment());
    sleep(FIRST_SWEEP_AFTER).await;
    loop {
        let watcher = Arc::clone(&watchers.borrow());
        if let Some(by) = drift.moved(watcher.clock.moment()).filter(|by| by.abs() >= LEAP) {
            tracing::warn!("the clock was set by {by:#}: nothing is dropped until it has been right for six hours");
        } else if let Err(error) = sweep(&store, &watcher).await {
            tracing::error!(%error, "what need not be kept could not be dropped; it is tried again later");
        }
        sleep(SWEEP_EVERY).await;
    }
}

/// Drops what need not be kept; step by step, so that others write in between.
///
/// # Errors
/// When the store failed.
pub(super) async fn sweep(store: &Store, watcher: &Arc<Watcher>) -> anyhow::Result<Swept> {
    let mut all = Swept::default();
    let mut next = Some(ArticleId(0)).filter(|_| watcher.retention.drops());
    while let Some(from) = next {
        let (store, watcher) = (store.clone(), Arc::clone(watcher));
        let step = tokio::task::spawn_blocking(move || store.sweep(from, &watcher.retention, watcher.now())).await??;
        (all, next) = (all.and(step), step.next);
    }
    if all != Swept::default() {
        let Swept { versions, pages, articles, .. } = all;
        tracing::info!(
            versions,
            pages,
            articles,
            "no longer kept: the texts of {versions} versions, {pages} pages, {articles} articles"
        );
    }
    Ok(all)
}

/// Whether a backup is due. One from the future, by a clock that was wrong, counts as none.
fn is_due(newest: Option<Timestamp>, every: Option<SignedDuration>, now: Timestamp) -> bool {
    let Some(every) = every else { return false };
    newest.filter(|newest| *newest <= now).is_none_or(|newest| now.duration_since(newest) >= every)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_backup_is_due_when_the_newest_is_old_missing_or_of_the_future() {
        let at = |second| Timestamp::from_second(second).unwrap();
        let every = Some(SignedDuration::from_secs(60));
        for (newest, every, due) in [
            (None, every, true),
            (Some(at(940)), every, true),
            (Some(at(941)), every, false),
            (Some(at(2_000)), every, true),
            (None, None, false),
        ] {
            assert_eq!(is_due(newest, every, at(1_000)), due, "{newest:?} {every:?}");
        }
    }
}
