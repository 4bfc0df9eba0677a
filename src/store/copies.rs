//! Articles with a version that the Internet Archive is yet to be asked to copy. One row an article: what it copies is the page as it is,
//! so one copy does for all versions before.

use jiff::Timestamp;
use url::Url;

use super::committer::Wear;
use super::format::{ArticleRecord, CopyRecord, DispatchRecord};
use super::state::Tree;
use super::tally::Change;
use super::{Store, StoreError, keys};
use crate::model::{ArticleId, Dispatch};

/// A copy that is wanted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WantedCopy {
    /// Of which article.
    pub article: ArticleId,
    /// When its newest version that was not copied was seen.
    pub since: Timestamp,
    /// Where it is; none where it is not shown (any more).
    pub url: Option<Url>,
}

impl Store {
    /// The copy that has been wanted longest.
    ///
    /// # Errors
    /// When a row cannot be read.
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

    /// How many copies are wanted, up to `limit`.
    ///
    /// # Errors
    /// When a row cannot be read.
    pub fn copies_wanted(&self, limit: usize) -> Result<usize, StoreError> {
        self.read(|shared| {
            shared.state.scan(Tree::Copies, &[]).take(limit).try_fold(0, |count, row| row.map(|_| count + 1))
        })
    }

    /// Keeps what became of asking for a copy. Where that is done with, it is wanted no more, unless the article has a newer version
    /// since. Durable when it returns.
    ///
    /// # Errors
    /// When the disk failed.
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

    /// Forgets all copies that are wanted: nobody is to be asked any more.
    ///
    /// # Errors
    /// When the disk failed.
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
