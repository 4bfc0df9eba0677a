//! Articles whose newest version still has to be saved at the Internet Archive. There is one row
//! per article: the archive saves the page as it is now, so one request covers all earlier
//! versions.

use jiff::Timestamp;
use url::Url;

use super::committer::Wear;
use super::format::{ArticleRecord, CopyRecord, DispatchRecord};
use super::state::Tree;
use super::tally::Change;
use super::{Store, StoreError, keys};
use crate::model::{ArticleId, Dispatch};

/// A request for a copy at the Internet Archive.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WantedCopy {
    /// The article.
    pub article: ArticleId,
    /// Time at which its newest uncopied version was seen.
    pub since: Timestamp,
    /// Address to copy; `None` if the article is hidden or gone.
    pub url: Option<Url>,
}

impl Store {
    /// Returns the copy that has been wanted longest.
    ///
    /// # Errors
    /// If a row cannot be read.
    pub fn next_copy(&self) -> Result<Option<WantedCopy>, StoreError> {
        self.read(|shared| {
            let mut next: Option<(Timestamp, u64)> = None;
            for row in shared.state.scan(Tree::Copies, &[]) {
                let row = row?;
                let Some(record) = shared.state.record::<CopyRecord>(Tree::Copies, &row)? else { continue };
                let wanted = (record.since.0, keys::first_u64(&row.0).unwrap_or_default());
                next = Some(next.map_or(wanted, |known| known.min(wanted)));
            }
            let Some((since, id)) = next else { return Ok(None) };
            let article = ArticleId(id);
            let record: Option<ArticleRecord> = shared.state.get(Tree::Articles, &keys::article(article))?;
            let shown = record.filter(|_| shared.why_hidden(article, None).is_none());
            Ok(Some(WantedCopy { article, since, url: shown.map(|record| record.url.0) }))
        })
    }

    /// Counts the wanted copies, up to `limit`.
    ///
    /// # Errors
    /// If a row cannot be read.
    pub fn copies_wanted(&self, limit: usize) -> Result<usize, StoreError> {
        self.read(|shared| {
            shared.state.scan(Tree::Copies, &[]).take(limit).try_fold(0, |count, row| row.map(|_| count + 1))
        })
    }

    /// Records the outcome of a request for a copy. If `done`, the copy is no longer wanted, unless
    /// the article has a newer version by now. Durable when this returns.
    ///
    /// # Errors
    /// If the disk failed.
    pub fn settle_copy(
        &self,
        copy: &WantedCopy,
        done: bool,
        addressee: &str,
        kept: &Dispatch,
    ) -> Result<(), StoreError> {
        let (key, since) = (keys::article(copy.article), copy.since);
        let (addressee, kept) = (addressee.as_bytes().to_vec(), DispatchRecord::from(kept));
        self.write(Wear::Durable, Vec::new(), move |draft, _| {
            draft.put(Tree::Dispatches, addressee, &kept);
            let wanted: Option<CopyRecord> = draft.get(Tree::Copies, &key)?;
            if done && wanted.is_some_and(|wanted| wanted.since.0 <= since) {
                draft.remove(Tree::Copies, key);
            }
            Ok((Wear::Durable, Change::default(), ()))
        })
    }

    /// Removes all wanted copies, for when copying is switched off.
    ///
    /// # Errors
    /// If the disk failed.
    pub fn forget_copies(&self) -> Result<(), StoreError> {
        if self.copies_wanted(1)? == 0 {
            return Ok(());
        }
        self.write(Wear::Durable, Vec::new(), |draft, _| {
            for row in draft.before().scan(Tree::Copies, &[]) {
                draft.remove(Tree::Copies, row?.0.to_vec());
            }
            Ok((Wear::Durable, Change::default(), ()))
        })
    }
}
