//! The `Last-Modified` time of a feed. It may only increase, or readers miss entries.

use jiff::{SignedDuration, Timestamp};

use super::committer::Wear;
use super::error::Fault;
use super::format::{Hash, StampRecord, Time};
use super::state::Tree;
use super::tally::Change;
use super::{Store, StoreError, keys};
use crate::model::{Digest, Scope};

impl Store {
    /// Returns when the body of a feed last changed, in whole seconds, from the digest of its body. An unchanged
    /// digest gives the stored time, also after a restart. Another digest gives `now`, but at least one second more
    /// than the stored time.
    ///
    /// # Errors
    /// If the disk failed.
    pub fn stamp(&self, scope: &Scope, digest: Digest, now: Timestamp) -> Result<Timestamp, StoreError> {
        let key = keys::scope(scope);
        let known: Option<StampRecord> = self.read(|shared| shared.state.get(Tree::Stamps, &key))?;
        if let Some(stamp) = known.filter(|stamp| stamp.digest.0 == digest) {
            return Ok(stamp.at.0);
        }
        self.write(Wear::Lazy, Vec::new(), move |draft, _| {
            let last: Option<StampRecord> = draft.get(Tree::Stamps, &key)?;
            let at = next_stamp(last.as_ref(), digest, now)?;
            draft.put(Tree::Stamps, key, &StampRecord { digest: Hash(digest), at: Time(at) });
            Ok((Wear::Lazy, Change::default(), at))
        })
    }
}

fn next_stamp(last: Option<&StampRecord>, digest: Digest, now: Timestamp) -> Result<Timestamp, Fault> {
    let now = Timestamp::from_second(now.as_second()).map_err(|error| Fault::Refused(error.to_string()))?;
    Ok(match last {
        Some(last) if last.digest.0 == digest => last.at.0,
        Some(last) => now.max(last.at.0.saturating_add(SignedDuration::from_secs(1)).unwrap_or(now)),
        None => now,
    })
}
