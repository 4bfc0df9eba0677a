//! When a feed's body last changed: what `Last-Modified` says. It may only rise, or readers miss entries.

use jiff::{SignedDuration, Timestamp};

use super::committer::Wear;
use super::error::Fault;
use super::format::{Hash, StampRecord, Time};
use super::state::Tree;
use super::tally::Change;
use super::{Store, StoreError, keys};
use crate::model::{Digest, Scope};

impl Store {
    /// When the feed of this scope, whose body has this digest, last changed, in whole seconds: the same digest gives the
    /// same time, also after a restart; another one gives `now`, but at least a second more than the last.
    ///
    /// # Errors
    /// When the disk failed.
    pub fn stamp(&self, scope: &Scope, digest: Digest, now: Timestamp) -> Result<Timestamp, StoreError> {
        let key = keys::scope(scope);
        let known: Option<StampRecord> = self.read(|shared| shared.state.get(Tree::Stamps, &key))?;
        if let Some(stamp) = known.filter(|stamp| stamp.digest.0 == digest) {
            return Ok(stamp.at.0);
        }
        self.write(Wear::Lazy, Vec::new(), move |draft, _| {
            let last: Option<StampRecord> = draft.get(Tree::Stamps, &key)?;
            let at = next(last.as_ref(), digest, now)?;
            draft.put(Tree::Stamps, key, &StampRecord { digest: Hash(digest), at: Time(at) });
            Ok((Wear::Lazy, Change::default(), at))
        })
    }
}

fn next(last: Option<&StampRecord>, digest: Digest, now: Timestamp) -> Result<Timestamp, Fault> {
    let now = Timestamp::from_second(now.as_second()).map_err(|error| Fault::Refused(error.to_string()))?;
    Ok(match last {
        Some(last) if last.digest.0 == digest => last.at.0,
        Some(last) => now.max(last.at.0.saturating_add(SignedDuration::from_secs(1)).unwrap_or(now)),
        None => now,
    })
}
