//! A draft: one change of the state in memory. It collects rows to put and remove, and texts to
//! delete.

use std::collections::BTreeMap;

use super::error::Fault;
use super::format::{Record, TextRef};
use super::spill;
use super::state::{Row, State, Tree};

/// A change that is not written yet. Its reads see its own writes.
#[derive(Debug)]
pub(super) struct Draft<'a> {
    state: &'a State,
    rows: BTreeMap<(Tree, Vec<u8>), Option<Vec<u8>>>,
    dropped: Vec<TextRef>,
}

impl<'a> Draft<'a> {
    /// An empty change.
    pub(super) fn new(state: &'a State) -> Self {
        Self { state, rows: BTreeMap::new(), dropped: Vec::new() }
    }

    /// The state without this change, for scans, which do not see the draft's rows.
    pub(super) fn before(&self) -> &'a State {
        self.state
    }

    /// Reads a record, this change included.
    pub(super) fn get<R: Record>(&self, tree: Tree, key: &[u8]) -> Result<Option<R>, Fault> {
        match self.rows.get(&(tree, key.to_vec())) {
            Some(Some(bytes)) => Ok(Some(R::unpack(bytes)?)),
            Some(None) => Ok(None),
            None => self.state.get(tree, key),
        }
    }

    /// Whether a row exists, this change included.
    pub(super) fn has(&self, tree: Tree, key: &[u8]) -> Result<bool, Fault> {
        match self.rows.get(&(tree, key.to_vec())) {
            Some(value) => Ok(value.is_some()),
            None => Ok(self.state.raw(tree, key)?.is_some()),
        }
    }

    /// Puts a record.
    pub(super) fn put<R: Record>(&mut self, tree: Tree, key: Vec<u8>, record: &R) {
        self.rows.insert((tree, key), Some(record.pack()));
    }

    /// Puts a row without a record: only a key, or a bare number as its value.
    pub(super) fn mark(&mut self, tree: Tree, key: Vec<u8>, value: &[u8]) {
        self.rows.insert((tree, key), Some(value.to_vec()));
    }

    /// Removes a row.
    pub(super) fn remove(&mut self, tree: Tree, key: Vec<u8>) {
        self.rows.insert((tree, key), None);
    }

    /// Deletes a text once this change is durable.
    pub(super) fn forget(&mut self, text: TextRef) {
        self.dropped.push(text);
    }

    /// Returns the rows that differ from the stored ones, ready for one transaction, and the texts
    /// to delete afterwards.
    pub(super) fn finish(self) -> Result<(Vec<Row>, Vec<TextRef>), Fault> {
        let mut rows = Vec::new();
        for ((tree, key), new) in self.rows {
            let old = self.state.raw(tree, &key)?;
            rows.extend(spill::replace(tree, key, old.as_deref(), new));
        }
        Ok((rows, self.dropped))
    }
}
