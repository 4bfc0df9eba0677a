//! The state: all rows except the texts, in one database, so that one transaction covers everything that belongs
//! together. Rows are read here and written through [`super::draft`].

use std::path::Path;

use sled::IVec;
use sled::transaction::{ConflictableTransactionError, TransactionResult, Transactional};

use super::engine::Engine;
use super::error::Fault;
use super::format::Record;
use super::spill;

/// The trees of the state. Their names are part of the format; their order here is not.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Tree {
    /// The store's own records: format, origin, counters.
    Meta,
    /// article → its own record.
    Articles,
    /// article → its last check and next due time. Small, and written often.
    Looks,
    /// article → its recent checks as text.
    Notes,
    /// article ‖ source → the link between them.
    Sources,
    /// source ‖ 0 ‖ article → empty.
    ArticlesOfSource,
    /// hash of an address → article, address.
    Addresses,
    /// article ‖ hash of an address → empty.
    AddressesOfArticle,
    /// article ‖ number → version.
    Versions,
    /// article ‖ number → page behind a version.
    Pages,
    /// sequence → head of an edit.
    Edits,
    /// article ‖ number → sequence of an edit.
    EditsOfArticle,
    /// source ‖ 0 ‖ sequence → empty.
    EditsOfSource,
    /// segment ‖ slot ‖ piece → the edits that contain each keyword.
    Keywords,
    /// sequence → keywords of an edit whose segment is not packed yet.
    FreshKeywords,
    /// source → the state of its polls.
    Polls,
    /// feed → the time its body last changed.
    Stamps,
    /// host → the time until which it wants to be left alone.
    Rests,
    /// site → its `robots.txt`.
    Robots,
    /// source ‖ 0 ‖ hash of a block's key → the articles that contain the block.
    Furniture,
    /// source ‖ 0 ‖ hash of a guid → its article.
    Guids,
    /// source ‖ 0 ‖ hash of an address → the forgotten article and when it was forgotten.
    Forgotten,
    /// source → its subscription at a hub.
    Subscriptions,
    /// article, or article ‖ number → time and reason of the takedown.
    Hidden,
    /// addressee → the last edit delivered to it.
    Dispatches,
    /// article → the time since which a copy of it is wanted.
    Copies,
    /// tree ‖ key ‖ piece → piece of a row larger than [`spill::MAX_VALUE_BYTES`].
    Overflow,
}

impl Tree {
    /// All trees with their names, in the order of the enum.
    const ALL: [(Self, &'static str); 27] = [
        (Self::Meta, "meta"),
        (Self::Articles, "articles"),
        (Self::Looks, "looks"),
        (Self::Notes, "notes"),
        (Self::Sources, "sources"),
        (Self::ArticlesOfSource, "articles_of_source"),
        (Self::Addresses, "addresses"),
        (Self::AddressesOfArticle, "addresses_of_article"),
        (Self::Versions, "versions"),
        (Self::Pages, "pages"),
        (Self::Edits, "edits"),
        (Self::EditsOfArticle, "edits_of_article"),
        (Self::EditsOfSource, "edits_of_source"),
        (Self::Keywords, "keywords"),
        (Self::FreshKeywords, "fresh_keywords"),
        (Self::Polls, "polls"),
        (Self::Stamps, "stamps"),
        (Self::Rests, "rests"),
        (Self::Robots, "robots"),
        (Self::Furniture, "furniture"),
        (Self::Guids, "guids"),
        (Self::Forgotten, "forgotten"),
        (Self::Subscriptions, "subscriptions"),
        (Self::Hidden, "hidden"),
        (Self::Dispatches, "dispatches"),
        (Self::Copies, "copies"),
        (Self::Overflow, "overflow"),
    ];

    /// All trees.
    pub(super) fn every() -> impl Iterator<Item = Self> {
        Self::ALL.into_iter().map(|(tree, _)| tree)
    }

    /// The tree with this name.
    pub(super) fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|(_, own)| *own == name).map(|(tree, _)| tree)
    }

    /// Its name on disk.
    pub(super) fn name(self) -> &'static str {
        Self::ALL[self as usize].1
    }
}

/// One row to write: its tree, its key, and its value; `None` removes the row.
pub(super) type Row = (Tree, Vec<u8>, Option<Vec<u8>>);

/// The state's database.
#[derive(Debug)]
pub(super) struct State {
    engine: Engine,
    trees: Vec<sled::Tree>,
}

impl State {
    /// Opens the state in `dir` with a cache of `cache_bytes`.
    pub(super) fn open(dir: &Path, cache_bytes: u64) -> Result<Self, Fault> {
        let engine = Engine::open(dir, cache_bytes)?;
        let trees = Tree::ALL.into_iter().map(|(_, name)| engine.tree(name)).collect::<Result<_, _>>()?;
        Ok(Self { engine, trees })
    }

    /// The underlying database.
    pub(super) fn engine(&self) -> &Engine {
        &self.engine
    }

    fn tree(&self, tree: Tree) -> &sled::Tree {
        &self.trees[tree as usize]
    }

    /// A row's bytes as stored. A split row gives its stub.
    pub(super) fn raw(&self, tree: Tree, key: &[u8]) -> Result<Option<IVec>, Fault> {
        Ok(self.tree(tree).get(key)?)
    }

    /// A row's bytes, with a split row joined.
    pub(super) fn bytes(&self, tree: Tree, key: &[u8]) -> Result<Option<Vec<u8>>, Fault> {
        self.raw(tree, key)?.map_or(Ok(None), |raw| self.whole(tree, key, &raw))
    }

    /// A row's record.
    pub(super) fn get<R: Record>(&self, tree: Tree, key: &[u8]) -> Result<Option<R>, Fault> {
        self.bytes(tree, key)?.map(|bytes| Ok(R::unpack(&bytes)?)).transpose()
    }

    /// A row's record that must exist because another row refers to it.
    pub(super) fn must<R: Record>(&self, tree: Tree, key: &[u8]) -> Result<R, Fault> {
        self.get(tree, key)?.ok_or_else(|| Fault::Damaged(format!("a row of {} is missing", tree.name())))
    }

    /// Rows whose keys begin with `prefix`, in the order of their keys.
    pub(super) fn scan(
        &self,
        tree: Tree,
        prefix: &[u8],
    ) -> impl DoubleEndedIterator<Item = Result<(IVec, IVec), Fault>> + use<> {
        self.tree(tree).scan_prefix(prefix).map(|row| row.map_err(Fault::from))
    }

    /// Rows with keys from `prefix` up to but without `end`, in the order of their keys.
    pub(super) fn scan_below(
        &self,
        tree: Tree,
        prefix: &[u8],
        end: &[u8],
    ) -> impl DoubleEndedIterator<Item = Result<(IVec, IVec), Fault>> + use<> {
        self.tree(tree).range(prefix..end).map(|row| row.map_err(Fault::from))
    }

    /// The record of a scanned row.
    pub(super) fn record<R: Record>(&self, tree: Tree, row: &(IVec, IVec)) -> Result<Option<R>, Fault> {
        self.whole(tree, &row.0, &row.1)?.map(|bytes| Ok(R::unpack(&bytes)?)).transpose()
    }

    /// Reads every row once, so that damage shows at the start and not in the middle of the night.
    pub(super) fn read_all(&self) -> Result<(), Fault> {
        for tree in &self.trees {
            for row in tree {
                row?;
            }
        }
        Ok(())
    }

    /// Writes all rows or none. Not durable before [`Engine::make_durable`].
    pub(super) fn apply(&self, rows: &[Row]) -> Result<(), Fault> {
        if rows.is_empty() {
            return Ok(());
        }
        let done: TransactionResult<(), ()> = self.trees[..].transaction(|trees| {
            for (tree, key, value) in rows {
                match value {
                    Some(value) => trees[*tree as usize].insert(key.as_slice(), value.as_slice())?,
                    None => trees[*tree as usize].remove(key.as_slice())?,
                };
            }
            Ok::<(), ConflictableTransactionError<()>>(())
        });
        match done {
            Ok(()) => Ok(()),
            Err(sled::transaction::TransactionError::Storage(error)) => Err(error.into()),
            Err(sled::transaction::TransactionError::Abort(())) => {
                Err(Fault::Failed("a transaction was aborted".into()))
            }
        }
    }

    /// Joins a split row. Stub and pieces are read in one transaction, because a writer may be replacing both.
    fn whole(&self, tree: Tree, key: &[u8], raw: &[u8]) -> Result<Option<Vec<u8>>, Fault> {
        if !spill::is_stub(raw) {
            return Ok(Some(raw.to_vec()));
        }
        let pair = [self.tree(tree).clone(), self.tree(Tree::Overflow).clone()];
        let read: TransactionResult<Option<Vec<u8>>, ()> = pair[..].transaction(|trees| {
            let Some(raw) = trees[0].get(key)? else { return Ok(None) };
            let mut whole = Vec::new();
            for piece_key in spill::piece_keys(tree, key, &raw) {
                whole.extend_from_slice(&trees[1].get(piece_key)?.unwrap_or_default());
            }
            Ok(Some(if spill::is_stub(&raw) { whole } else { raw.to_vec() }))
        });
        match read {
            Ok(row) => Ok(row),
            Err(sled::transaction::TransactionError::Storage(error)) => Err(error.into()),
            Err(sled::transaction::TransactionError::Abort(())) => {
                Err(Fault::Failed("a transaction was aborted".into()))
            }
        }
    }
}
