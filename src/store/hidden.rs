//! Takedowns: hidden articles and versions stay in the store, but are neither shown nor published.

use std::collections::HashMap;

use jiff::Timestamp;

use super::committer::Wear;
use super::error::Fault;
use super::format::{EditHead, HiddenRecord, Time};
use super::state::{State, Tree};
use super::tally::Change;
use super::{Shared, Store, StoreError, keys};
use crate::model::{ArticleId, VersionNumber};

/// A takedown of an article or of one of its versions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hidden {
    /// The article.
    pub article: ArticleId,
    /// The version; the whole article if `None`.
    pub version: Option<VersionNumber>,
    /// Time of the takedown.
    pub since: Timestamp,
    /// The reason, shown to visitors who ask for the page.
    pub reason: String,
}

/// Reasons by article id and version number.
pub(super) type Reasons = HashMap<(u64, Option<u32>), String>;

impl Store {
    /// Hides an article or one version. A new reason replaces an earlier one. Durable when this
    /// returns.
    ///
    /// # Errors
    /// [`StoreError::Refused`] if the article or version does not exist; otherwise if the disk
    /// failed.
    pub fn hide(&self, hidden: Hidden) -> Result<(), StoreError> {
        self.write(Wear::Durable, Vec::new(), move |draft, _| {
            let Hidden { article, version, since, reason } = hidden;
            let known = match version {
                Some(number) => draft.has(Tree::Versions, &keys::version(article, number))?,
                None => draft.has(Tree::Articles, &keys::article(article))?,
            };
            if !known {
                let version = version.map_or_else(String::new, |number| format!("version {number} of "));
                return Err(Fault::Refused(format!("there is no {version}article {article}")));
            }
            draft.put(Tree::Hidden, keys::hidden(article, version), &HiddenRecord { since: Time(since), reason });
            Ok((Wear::Durable, Change::default(), ()))
        })?;
        self.read(Shared::learn_hidden)?;
        self.inner.live.changed();
        Ok(())
    }

    /// Shows again an article or version that [`Store::hide`] hid. Returns whether it was hidden.
    ///
    /// # Errors
    /// If the disk failed.
    pub fn unhide(&self, article: ArticleId, version: Option<VersionNumber>) -> Result<bool, StoreError> {
        let was = self.write(Wear::Durable, Vec::new(), move |draft, _| {
            let key = keys::hidden(article, version);
            let was = draft.has(Tree::Hidden, &key)?;
            draft.remove(Tree::Hidden, key);
            Ok((Wear::Durable, Change::default(), was))
        })?;
        self.read(Shared::learn_hidden)?;
        self.inner.live.changed();
        Ok(was)
    }

    /// Lists all takedowns, by article and version.
    ///
    /// # Errors
    /// If a row cannot be read.
    pub fn hidden(&self) -> Result<Vec<Hidden>, StoreError> {
        self.read(|shared| read_all(&shared.state))
    }

    /// The reason why this version or its article is hidden; `None` if it is shown.
    #[must_use]
    pub fn why_hidden(&self, article: ArticleId, version: Option<VersionNumber>) -> Option<String> {
        self.inner.live.current().ok()?.why_hidden(article, version)
    }
}

/// Reads all takedown rows.
fn read_all(state: &State) -> Result<Vec<Hidden>, Fault> {
    let mut hidden = Vec::new();
    for row in state.scan(Tree::Hidden, &[]) {
        let row = row?;
        let Some(record) = state.record::<HiddenRecord>(Tree::Hidden, &row)? else { continue };
        let article = keys::first_u64(&row.0).unwrap_or_default();
        let version = keys::last_u32(&row.0).filter(|_| row.0.len() > size_of::<u64>());
        hidden.push(Hidden {
            article: ArticleId(article),
            version: version.map(VersionNumber),
            since: record.since.0,
            reason: record.reason,
        });
    }
    Ok(hidden)
}

/// The reasons of all takedowns. They are kept in memory: there are few, and every edit is checked
/// against them.
pub(super) fn read_reasons(state: &State) -> Result<Reasons, Fault> {
    let key = |hidden: &Hidden| (hidden.article.0, hidden.version.map(|number| number.0));
    Ok(read_all(state)?.into_iter().map(|hidden| (key(&hidden), hidden.reason)).collect())
}

impl Shared {
    fn learn_hidden(&self) -> Result<(), Fault> {
        let reasons = read_reasons(&self.state)?;
        *self.hidden.write().unwrap_or_else(std::sync::PoisonError::into_inner) = reasons;
        Ok(())
    }

    pub(super) fn why_hidden(&self, article: ArticleId, version: Option<VersionNumber>) -> Option<String> {
        let reasons = self.hidden.read().unwrap_or_else(std::sync::PoisonError::into_inner);
        let of_version = version.and_then(|number| reasons.get(&(article.0, Some(number.0))));
        of_version.or_else(|| reasons.get(&(article.0, None))).cloned()
    }

    /// Whether an edit belongs to something hidden: its article, or one of its two versions. A removal only links its version, so
    /// it stays visible.
    pub(super) fn is_hidden(&self, head: &EditHead) -> bool {
        let article = ArticleId(head.article);
        let told = head.from.zip(head.to).map(|(from, to)| [from, to]).unwrap_or_default();
        let versions = told.into_iter().filter(|number| *number > 0).map(|number| Some(VersionNumber(number)));
        versions.chain([None]).any(|version| self.why_hidden(article, version).is_some())
    }
}
