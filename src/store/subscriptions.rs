//! WebSub subscriptions of sources at their hubs.

use jiff::Timestamp;

use super::committer::Wear;
use super::format::{PollRecord, SubscriptionRecord};
use super::state::Tree;
use super::tally::Change;
use super::{Store, StoreError};
use crate::model::{SourceSlug, Subscription};

impl Store {
    /// Returns the subscription of a source, if it has one.
    ///
    /// # Errors
    /// If the record cannot be read.
    pub fn subscription(&self, slug: &SourceSlug) -> Result<Option<Subscription>, StoreError> {
        self.read(|shared| {
            let record: Option<SubscriptionRecord> = shared.state.get(Tree::Subscriptions, slug.as_str().as_bytes())?;
            Ok(record.map(Subscription::from))
        })
    }

    /// Lists the sources that have a subscription, whether they are still configured or not.
    ///
    /// # Errors
    /// If a row cannot be read.
    pub fn subscribed(&self) -> Result<Vec<SourceSlug>, StoreError> {
        self.read(|shared| {
            let mut slugs = Vec::new();
            for row in shared.state.scan(Tree::Subscriptions, &[]) {
                slugs.extend(String::from_utf8_lossy(&row?.0).parse());
            }
            Ok(slugs)
        })
    }

    /// Stores the subscription of a source, or removes it. Durable when this returns, because the hub may call back
    /// at once.
    ///
    /// # Errors
    /// If the disk failed.
    pub fn keep_subscription(&self, slug: &SourceSlug, kept: Option<&Subscription>) -> Result<(), StoreError> {
        let key = slug.as_str().as_bytes().to_vec();
        let record = kept.map(SubscriptionRecord::from);
        self.write(Wear::Durable, Vec::new(), move |draft, _| {
            match &record {
                Some(record) => draft.put(Tree::Subscriptions, key, record),
                None => draft.remove(Tree::Subscriptions, key),
            }
            Ok((Wear::Durable, Change::default(), ()))
        })
    }

    /// Makes a source due at `due`, unless it is due earlier.
    ///
    /// # Errors
    /// If the disk failed.
    pub fn hasten_poll(&self, slug: &SourceSlug, due: Timestamp) -> Result<(), StoreError> {
        let slug = slug.clone();
        self.write(Wear::Lazy, Vec::new(), move |draft, _| {
            let key = slug.as_str().as_bytes().to_vec();
            if let Some(record) = draft.get::<PollRecord>(Tree::Polls, &key)? {
                let mut state = record.state(slug);
                state.due = state.due.min(due);
                draft.put(Tree::Polls, key, &PollRecord::from(&state));
            }
            Ok((Wear::Lazy, Change::default(), ()))
        })
    }
}
