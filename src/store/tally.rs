//! How much the store holds. Counted once at the start and kept up to date, because sled counts a tree by walking it.

use std::sync::atomic::{AtomicI64, Ordering};

use super::error::Fault;
use super::format::LookRecord;
use super::state::{State, Tree};

/// How much the store holds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Articles known.
    pub articles: u64,
    /// Articles that are still looked at.
    pub watched: u64,
    /// Versions kept.
    pub versions: u64,
    /// Edits published.
    pub edits: u64,
    /// Size of the files, in bytes.
    pub bytes: u64,
}

/// What one change adds and takes away.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Change {
    pub(super) articles: i64,
    pub(super) watched: i64,
    pub(super) versions: i64,
    pub(super) edits: i64,
}

/// The running totals.
#[derive(Debug, Default)]
pub(super) struct Tally {
    articles: AtomicI64,
    watched: AtomicI64,
    versions: AtomicI64,
    edits: AtomicI64,
}

impl Tally {
    /// Counts what is there.
    pub(super) fn count(state: &State) -> Result<Self, Fault> {
        let mut watched = 0;
        for row in state.scan(Tree::Looks, &[]) {
            let look: Option<LookRecord> = state.record(Tree::Looks, &row?)?;
            watched += i64::from(look.is_some_and(|look| look.due().is_some()));
        }
        let rows = |tree| state.scan(tree, &[]).try_fold(0, |count, row| row.map(|_| count + 1));
        Ok(Self {
            articles: AtomicI64::new(rows(Tree::Articles)?),
            watched: AtomicI64::new(watched),
            versions: AtomicI64::new(rows(Tree::Versions)?),
            edits: AtomicI64::new(rows(Tree::Edits)?),
        })
    }

    /// Adds a change that was written.
    pub(super) fn add(&self, change: Change) {
        self.articles.fetch_add(change.articles, Ordering::Relaxed);
        self.watched.fetch_add(change.watched, Ordering::Relaxed);
        self.versions.fetch_add(change.versions, Ordering::Relaxed);
        self.edits.fetch_add(change.edits, Ordering::Relaxed);
    }

    /// The totals, with the size of the files.
    pub(super) fn counts(&self, bytes: u64) -> Counts {
        let total = |count: &AtomicI64| count.load(Ordering::Relaxed).max(0).unsigned_abs();
        Counts {
            articles: total(&self.articles),
            watched: total(&self.watched),
            versions: total(&self.versions),
            edits: total(&self.edits),
            bytes,
        }
    }
}
