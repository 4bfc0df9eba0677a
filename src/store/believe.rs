//! Accepting a host: the operator confirms that its current pages are true.

use jiff::Timestamp;

use super::committer::Wear;
use super::format::LookRecord;
use super::state::Tree;
use super::tally::Change;
use super::{Store, StoreError, keys};
use crate::model::Host;

impl Store {
    /// Makes every watched article of `host` due at `now` and marks it so that its next check is
    /// accepted without waiting for confirmation. Returns the number of articles. Durable when this
    /// returns.
    ///
    /// # Errors
    /// If a row cannot be read or the disk failed.
    pub fn believe(&self, host: &Host, now: Timestamp) -> Result<usize, StoreError> {
        let watches = self.watches()?;
        let articles: Vec<_> = watches.into_iter().filter(|(_, url, _)| Host::of(url) == *host).collect();
        self.write(Wear::Durable, Vec::new(), move |draft, _| {
            let mut count = 0;
            for (id, _, _) in &articles {
                let look: Option<LookRecord> = draft.get(Tree::Looks, &keys::article(*id))?;
                if let Some(look) = look.and_then(|look| look.due_by(now)) {
                    draft.put(Tree::Looks, keys::article(*id), &look.with_acceptance());
                    count += 1;
                }
            }
            Ok((Wear::Durable, Change::default(), count))
        })
    }
}
