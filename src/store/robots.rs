//! The state of sites' `robots.txt`.

use jiff::Timestamp;
use url::Url;

use super::committer::Wear;
use super::format::RobotsRecord;
use super::record::put_rest;
use super::state::Tree;
use super::tally::Change;
use super::{Store, StoreError, keys};
use crate::model::{Host, RobotsState};

impl Store {
    /// Returns the stored `robots.txt` of the site of this address.
    ///
    /// # Errors
    /// If the row cannot be read.
    pub fn robots(&self, url: &Url) -> Result<Option<RobotsState>, StoreError> {
        self.read(|shared| {
            let record: Option<RobotsRecord> = shared.state.get(Tree::Robots, &keys::site(url))?;
            Ok(record.map(RobotsState::from))
        })
    }

    /// Stores it, together with the time until which its host asked to be left alone, if it did. On disk within five
    /// seconds.
    ///
    /// # Errors
    /// If the disk failed.
    pub fn keep_robots(
        &self,
        url: &Url,
        state: &RobotsState,
        rest: Option<(Host, Timestamp)>,
    ) -> Result<(), StoreError> {
        let (key, record) = (keys::site(url), RobotsRecord::from(state));
        self.write(Wear::Lazy, Vec::new(), move |draft, _| {
            draft.put(Tree::Robots, key, &record);
            if let Some((host, until)) = rest {
                put_rest(draft, &host, until)?;
            }
            Ok((Wear::Lazy, Change::default(), ()))
        })
    }
}
