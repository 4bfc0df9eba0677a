//! One logical change, put together before it is written: rows to put and to remove, texts to forget.

use std::collections::BTreeMap;

use super::error::Fault;
use super::format::{Record, TextRef};
use super::spill;
use super::state::{Row, State, Tree};

/// A change of the state in the making. It reads what it wrote itself.
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

    /// The state as it is without this change; for scans, which do not see it.
    pub(super) fn before(&self) -> &'a State {
        self.state
    }

    /// A row's record, this change included.
    pub(super) fn get<R: Record>(&self, tree: Tree, key: &[u8]) -> Result<Option<R>, Fault> {
        match self.rows.get(&(tree, key.to_vec())) {
            Some(Some(bytes)) => Ok(Some(R::unpack(bytes)?)),
            Some(None) => Ok(None),
            None => self.state.get(tree, key),
        }
    }

    /// Whether the row is there, this change included.
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

    /// Puts a row that is nothing but its key, or a bare number.
    pub(super) fn mark(&mut self, tree: Tree, key: Vec<u8>, value: &[u8]) {
        self.rows.insert((tree, key), Some(value.to_vec()));
    }

    /// Removes a row.
    pub(super) fn remove(&mut self, tree: Tree, key: Vec<u8>) {
        self.rows.insert((tree, key), None);
    }

    /// Forgets a text, once this change is durable.
    pub(super) fn forget(&mut self, text: TextRef) {
        self.dropped.push(text);
    }

    /// The rows that really differ from what is stored, ready for one transaction, and the texts to forget afterwards.
    pub(super) fn finish(self) -> Result<(Vec<Row>, Vec<TextRef>), Fault> {
        let mut rows = Vec::new();
        for ((tree, key), new) in self.rows {
            let old = self.state.raw(tree, &key)?;
            rows.extend(spill::replace(tree, key, old.as_deref(), new));
        }
        Ok((rows, self.dropped))
    }
}
