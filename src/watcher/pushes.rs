//! Hands notifications of hubs from the web server to the scheduler.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use tokio::sync::Notify;

use jiff::Timestamp;

use crate::model::SourceSlug;

/// Sources that hubs announced and that are not scheduled yet; each source once, however often it was announced.
#[derive(Debug, Default)]
pub struct Pushes {
    waiting: Mutex<BTreeMap<SourceSlug, Timestamp>>,
    arrived: Notify,
}

impl Pushes {
    /// Records that a hub announced new content of this source. It is to be polled at `due`.
    pub fn put(&self, slug: SourceSlug, due: Timestamp) {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner).insert(slug, due);
        self.arrived.notify_one();
    }

    /// Waits for the next announcement. Safe to cancel: dropping the future loses nothing.
    pub async fn arrived(&self) {
        self.arrived.notified().await;
    }

    /// Removes and returns all waiting sources with the time at which each is to be polled.
    #[must_use]
    pub fn take(&self) -> BTreeMap<SourceSlug, Timestamp> {
        std::mem::take(&mut *self.waiting.lock().unwrap_or_else(PoisonError::into_inner))
    }
}
