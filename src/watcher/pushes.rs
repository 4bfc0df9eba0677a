//! Which sources hubs told of, from the HTTP side to the schedule.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use tokio::sync::Notify;

use jiff::Timestamp;

use crate::model::SourceSlug;

/// Sources that hubs told of and that were not taken yet. One a source, however often it was told of.
#[derive(Debug, Default)]
pub struct Pushes {
    waiting: Mutex<BTreeMap<SourceSlug, Timestamp>>,
    arrived: Notify,
}

impl Pushes {
    /// A hub told of this source, which is to be polled at `due`.
    pub fn put(&self, slug: SourceSlug, due: Timestamp) {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner).insert(slug, due);
        self.arrived.notify_one();
    }

    /// Waits until a hub tells of something. May be dropped at any time without loss.
    pub async fn arrived(&self) {
        self.arrived.notified().await;
    }

    /// All that waits, and when each is to be polled.
    #[must_use]
    pub fn take(&self) -> BTreeMap<SourceSlug, Timestamp> {
        std::mem::take(&mut *self.waiting.lock().unwrap_or_else(PoisonError::into_inner))
    }
}
