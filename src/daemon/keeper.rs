//! Maintenance of the store: measures free disk space, detects a store that hangs, writes backups, and deletes what
//! retention rules no longer keep.

use std::sync::Arc;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use tokio::sync::watch;
use tokio::time::{sleep, timeout};

use crate::clock::Drift;
use crate::model::ArticleId;
use crate::store::{Store, StoreError, Swept, backups, made_at};
use crate::watcher::Watcher;

/// Interval of disk measurements and test reads; a fast line fills 256 MiB in half a minute.
const LOOK_EVERY: Duration = Duration::from_secs(5);
/// A test read that takes longer means that the store hangs; a disk that is only slow responds within a second or two.
const HANGS_AFTER: Duration = Duration::from_secs(30);
/// Interval at which it is checked whether a backup is due.
const BACKUP_LOOK_EVERY: Duration = Duration::from_mins(1);
/// Wait before the next attempt after a backup failed.
const AFTER_A_FAILURE: Duration = Duration::from_hours(1);

/// Delay of the first sweep, so that it does not compete with the work after a start.
const FIRST_SWEEP_AFTER: Duration = Duration::from_mins(10);
/// Interval of sweeps. What they delete is months old, so a few hours do not matter.
const SWEEP_EVERY: Duration = Duration::from_hours(6);
/// If the clock was set by at least this much it may be wrong now, and nothing is deleted. A smaller step deletes
/// nothing that would not be deleted today anyway.
const LEAP: SignedDuration = SignedDuration::from_hours(1);

/// The store no longer responds: the process must be restarted.
#[derive(Debug, thiserror::Error)]
#[error("the store has not answered for {} seconds: redraft exits so that it can be restarted", HANGS_AFTER.as_secs())]
pub struct Hangs;

/// Tests the store every [`LOOK_EVERY`]; returns only when it hangs.
pub(super) async fn watch_store(store: Store) -> Hangs {
    loop {
        let looked = store.clone();
        let look = tokio::task::spawn_blocking(move || test_store(&looked));
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

fn test_store(store: &Store) -> Result<(), StoreError> {
    store.measure()?;
    store.counts().map(drop)
}

/// Writes backups when they are due under the current configuration; never returns.
pub(super) async fn back_up_at_intervals(store: Store, watchers: watch::Receiver<Arc<Watcher>>) {
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
    if !is_backup_due(newest, settings.backup_every, now) || !store.has_room() || store.counts()?.versions == 0 {
        return Ok(());
    }
    match store.back_up(settings.backups, now) {
        Ok(path) => {
            tracing::info!(store.backup = %path.display(), "wrote a backup: {}", path.display());
            Ok(())
        }
        Err(error) => {
            tracing::error!(%error, "cannot write a backup; next attempt in an hour");
            Err(error)
        }
    }
}

/// Sweeps at intervals under the current configuration; never returns. Skips a sweep if the clock was set since the one
/// before, because deleted data does not come back when the clock is corrected.
pub(super) async fn sweep_at_intervals(store: Store, watchers: watch::Receiver<Arc<Watcher>>) {
    let mut drift = Drift::new(watchers.borrow().clock.moment());
    sleep(FIRST_SWEEP_AFTER).await;
    loop {
        let watcher = Arc::clone(&watchers.borrow());
        if let Some(by) = drift.moved(watcher.clock.moment()).filter(|by| by.abs() >= LEAP) {
            tracing::warn!("the clock was set by {by:#}: nothing is deleted until it has been steady for six hours");
        } else if let Err(error) = sweep(&store, &watcher).await {
            tracing::error!(%error, "cannot delete expired data; the next sweep tries again");
        }
        sleep(SWEEP_EVERY).await;
    }
}

/// Deletes what the retention rules no longer keep, in small steps so that other writers get their turn.
///
/// # Errors
/// If the store fails.
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
            "deleted under the retention rules: the texts of {versions} versions, {pages} pages, {articles} articles"
        );
    }
    Ok(all)
}

/// Whether a backup is due. A newest backup dated in the future was written with a wrong clock and does not count.
fn is_backup_due(newest: Option<Timestamp>, every: Option<SignedDuration>, now: Timestamp) -> bool {
    let Some(every) = every else { return false };
    newest.filter(|newest| *newest <= now).is_none_or(|newest| now.duration_since(newest) >= every)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_backup_is_due_if_the_newest_is_old_missing_or_from_the_future() {
        let at = |second| Timestamp::from_second(second).unwrap();
        let every = Some(SignedDuration::from_secs(60));
        for (newest, every, due) in [
            (None, every, true),
            (Some(at(940)), every, true),
            (Some(at(941)), every, false),
            (Some(at(2_000)), every, true),
            (None, None, false),
        ] {
            assert_eq!(is_backup_due(newest, every, at(1_000)), due, "{newest:?} {every:?}");
        }
    }
}
