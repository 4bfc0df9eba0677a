//! Counts of the store's content. They are counted once at the start and then kept up to date: sled would count a
//! tree by walking it.

use std::collections::{HashMap, HashSet};
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Mutex, PoisonError};

use super::error::Fault;
use super::format::{EditHead, LookRecord, Record};
use super::keys;
use super::state::{Row, State, Tree};
use crate::model::{EditKind, SourceSlug};

/// Counts of the whole store.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Known articles.
    pub articles: u64,
    /// Articles that are still checked.
    pub watched: u64,
    /// Stored versions.
    pub versions: u64,
    /// Published edits.
    pub edits: u64,
    /// Size of the files in bytes.
    pub bytes: u64,
}

/// Counts of one source.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct SourceCounts {
    /// Articles that the source lists.
    pub articles: u64,
    /// Their edits that feeds of many articles show: all except retirements.
    pub edits: u64,
}

/// Differences to the counts made by one change.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Change {
    pub(super) articles: i64,
    pub(super) watched: i64,
    pub(super) versions: i64,
    pub(super) edits: i64,
}

impl Change {
    /// Adds two differences.
    pub(super) fn and(self, other: Self) -> Self {
        Self {
            articles: self.articles + other.articles,
            watched: self.watched + other.watched,
            versions: self.versions + other.versions,
            edits: self.edits + other.edits,
        }
    }
}

/// The running totals.
#[derive(Debug, Default)]
pub(super) struct Tally {
    articles: AtomicI64,
    watched: AtomicI64,
    versions: AtomicI64,
    edits: AtomicI64,
    sources: Mutex<HashMap<String, SourceCounts>>,
}

impl Tally {
    /// Counts all rows.
    pub(super) fn count(state: &State) -> Result<Self, Fault> {
        let mut watched = 0;
        for row in state.scan(Tree::Looks, &[]) {
            let look: Option<LookRecord> = state.record(Tree::Looks, &row?)?;
            watched += i64::from(look.is_some_and(|look| look.due().is_some()));
        }
        let rows = |tree| state.scan(tree, &[]).try_fold(0, |count, row| row.map(|_| count + 1));
        Ok(Self {
            sources: Mutex::new(count_sources(state)?),
            articles: AtomicI64::new(rows(Tree::Articles)?),
            watched: AtomicI64::new(watched),
            versions: AtomicI64::new(rows(Tree::Versions)?),
            edits: AtomicI64::new(rows(Tree::Edits)?),
        })
    }

    /// Adds the differences of a written change.
    pub(super) fn add(&self, change: Change) {
        self.articles.fetch_add(change.articles, Ordering::Relaxed);
        self.watched.fetch_add(change.watched, Ordering::Relaxed);
        self.versions.fetch_add(change.versions, Ordering::Relaxed);
        self.edits.fetch_add(change.edits, Ordering::Relaxed);
    }

    /// Updates the counts per source from written rows. `unshown` is the result of [`unshown_edits`] for these rows.
    pub(super) fn add_rows(&self, rows: &[Row], unshown: &HashSet<u64>) {
        let mut sources = self.sources.lock().unwrap_or_else(PoisonError::into_inner);
        for (tree, key, value) in rows {
            let by = if value.is_some() { 1 } else { -1 };
            count_row(&mut sources, *tree, key, by, unshown);
        }
    }

    /// Counts of a source.
    pub(super) fn of_source(&self, slug: &SourceSlug) -> SourceCounts {
        let sources = self.sources.lock().unwrap_or_else(PoisonError::into_inner);
        sources.get(slug.as_str()).copied().unwrap_or_default()
    }

    /// The totals, with `bytes` as the size of the files.
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

/// Counts articles and edits per source.
fn count_sources(state: &State) -> Result<HashMap<String, SourceCounts>, Fault> {
    let mut unshown = HashSet::new();
    for row in state.scan(Tree::Edits, &[]) {
        let row = row?;
        if is_retirement(&row.1) {
            unshown.extend(keys::last_u64(&row.0));
        }
    }
    let mut sources = HashMap::new();
    for tree in [Tree::ArticlesOfSource, Tree::EditsOfSource] {
        for row in state.scan(tree, &[]) {
            count_row(&mut sources, tree, &row?.0, 1, &unshown);
        }
    }
    Ok(sources)
}

/// The written or removed edits among `rows` that feeds of many articles do not show. Must be called before the rows
/// are written.
pub(super) fn unshown_edits(state: &State, rows: &[Row]) -> Result<HashSet<u64>, Fault> {
    let mut unshown = HashSet::new();
    for (_, key, new) in rows.iter().filter(|(tree, ..)| *tree == Tree::Edits) {
        let old = if new.is_none() { state.bytes(Tree::Edits, key)? } else { None };
        if new.as_ref().or(old.as_ref()).is_some_and(|value| is_retirement(value)) {
            unshown.extend(keys::last_u64(key));
        }
    }
    Ok(unshown)
}

/// Whether the row of an edit is a retirement ("no longer watched").
fn is_retirement(value: &[u8]) -> bool {
    EditHead::unpack(value).is_ok_and(|head| head.kind() == EditKind::Retired)
}

/// Adds `by` to the counts of a source, if the row links an article or an edit to one.
fn count_row(sources: &mut HashMap<String, SourceCounts>, tree: Tree, key: &[u8], by: i64, unshown: &HashSet<u64>) {
    if !matches!(tree, Tree::ArticlesOfSource | Tree::EditsOfSource) {
        return;
    }
    let slug = key.split(|byte| *byte == 0).next().unwrap_or_default();
    let counts = sources.entry(String::from_utf8_lossy(slug).into_owned()).or_default();
    let is_told = || keys::last_u64(key).is_none_or(|sequence| !unshown.contains(&sequence));
    if tree == Tree::ArticlesOfSource {
        counts.articles = counts.articles.saturating_add_signed(by);
    } else if is_told() {
        counts.edits = counts.edits.saturating_add_signed(by);
    }
}
