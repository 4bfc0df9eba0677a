//! Reading versions, with or without their texts.

use jiff::Timestamp;

use super::error::Fault;
use super::format::{Record, VersionRecord, VersionText};
use super::state::Tree;
use super::{Shared, Store, StoreError, keys};
use crate::model::{ArticleId, Version, VersionNumber};

impl Store {
    /// Returns one version of an article; `None` if it does not exist or its text was dropped.
    ///
    /// # Errors
    /// If its row or its text cannot be read.
    pub fn version(&self, id: ArticleId, number: VersionNumber) -> Result<Option<Version>, StoreError> {
        self.read(|shared| shared.version(id, number))
    }

    /// Returns the versions of an article that still have their texts, oldest first.
    ///
    /// # Errors
    /// If a row or a text cannot be read.
    pub fn versions(&self, id: ArticleId) -> Result<Vec<Version>, StoreError> {
        self.read(|shared| {
            let rows = shared.version_rows(id)?;
            rows.into_iter().filter_map(|(number, row)| shared.kept_text(id, number, row).transpose()).collect()
        })
    }

    /// Lists the versions of an article whose texts were dropped, with the time each was first seen, oldest first.
    ///
    /// # Errors
    /// If a row cannot be read.
    pub fn dropped(&self, id: ArticleId) -> Result<Vec<(VersionNumber, Timestamp)>, StoreError> {
        self.read(|shared| {
            let rows = shared.version_rows(id)?.into_iter().filter(|(_, row)| row.is_dropped());
            Ok(rows.map(|(number, row)| (number, row.seen())).collect())
        })
    }

    /// Lists the versions of an article that still have their texts, with the time each was first seen, oldest first.
    /// Reads no text.
    ///
    /// # Errors
    /// If a row cannot be read.
    pub fn moments(&self, id: ArticleId) -> Result<Vec<(VersionNumber, Timestamp)>, StoreError> {
        self.read(|shared| {
            let rows = shared.version_rows(id)?.into_iter().filter(|(_, row)| !row.is_dropped());
            Ok(rows.map(|(number, row)| (number, row.seen())).collect())
        })
    }
}

impl Shared {
    pub(super) fn version(&self, id: ArticleId, number: VersionNumber) -> Result<Option<Version>, Fault> {
        let row: Option<VersionRecord> = self.state.get(Tree::Versions, &keys::version(id, number))?;
        row.map_or(Ok(None), |row| self.kept_text(id, number, row))
    }

    /// A version; `None` if its text was dropped, or is being dropped at this moment.
    fn kept_text(&self, id: ArticleId, number: VersionNumber, row: VersionRecord) -> Result<Option<Version>, Fault> {
        if row.is_dropped() {
            return Ok(None);
        }
        match self.whole(number, row) {
            Err(Fault::Damaged(why)) => {
                let now: Option<VersionRecord> = self.state.get(Tree::Versions, &keys::version(id, number))?;
                if now.is_none_or(|row| row.is_dropped()) { Ok(None) } else { Err(Fault::Damaged(why)) }
            }
            whole => whole.map(Some),
        }
    }

    fn whole(&self, number: VersionNumber, row: VersionRecord) -> Result<Version, Fault> {
        let text = VersionText::unpack(&self.texts.read(row.text)?)?;
        Ok(row.version(number, text))
    }

    pub(super) fn version_rows(&self, id: ArticleId) -> Result<Vec<(VersionNumber, VersionRecord)>, Fault> {
        let mut rows = Vec::new();
        for row in self.state.scan(Tree::Versions, &keys::article(id)) {
            let row = row?;
            let number = VersionNumber(keys::last_u32(&row.0).unwrap_or_default());
            if let Some(record) = self.state.record(Tree::Versions, &row)? {
                rows.push((number, record));
            }
        }
        Ok(rows)
    }
}
