//! Furniture: blocks that a source repeats in many of its articles, learned by counting the
//! articles that contain them.

use std::collections::HashSet;

use super::committer::Wear;
use super::draft::Draft;
use super::error::Fault;
use super::format::FurnitureRecord;
use super::state::Tree;
use super::tally::Change;
use super::{Store, StoreError, keys};
use crate::model::{ArticleId, SourceSlug};

/// Number of articles of a source that a block must appear in to count as furniture.
const ARTICLES: usize = 3;
/// Longest key in bytes that is stored. Furniture is short; an article's own paragraphs are longer.
const MAX_KEY_BYTES: usize = 400;
/// Most blocks that are stored per article.
const MAX_KEYS: usize = 200;
/// A source's rare blocks are cleaned up once every this many articles …
const SWEEP_EVERY: u64 = 64;
/// … and a block is dropped if this many articles passed since it last appeared. Furniture
/// reappears sooner.
const FORGET_AFTER: u64 = 1_000;

impl Store {
    /// Returns the keys (`classify::furniture_key`) of the blocks that appeared in at least three
    /// articles of a source.
    ///
    /// # Errors
    /// If a record cannot be read.
    pub fn furniture(&self, source: &SourceSlug) -> Result<HashSet<String>, StoreError> {
        self.read(|shared| {
            let mut keys = HashSet::new();
            for row in shared.state.scan(Tree::Furniture, &keys::source(source)) {
                let record: Option<FurnitureRecord> = shared.state.record(Tree::Furniture, &row?)?;
                keys.extend(record.filter(|record| record.articles.len() >= ARTICLES).map(|record| record.key));
            }
            Ok(keys)
        })
    }

    /// Records the block keys of an article of a source. Returns whether one of them became
    /// furniture just now. Lazy: after a crash, the lost counts are learned from later articles.
    ///
    /// # Errors
    /// If the disk failed.
    pub fn learn(&self, source: &SourceSlug, article: ArticleId, keys: Vec<String>) -> Result<bool, StoreError> {
        let source = source.clone();
        self.write(Wear::Lazy, Vec::new(), move |draft, _| {
            let mut learned = false;
            for key in keys.into_iter().filter(|key| key.len() <= MAX_KEY_BYTES).take(MAX_KEYS) {
                learned |= count_block(draft, &source, article, key)?;
            }
            if article.0.is_multiple_of(SWEEP_EVERY) {
                drop_rare_blocks(draft, &source, article)?;
            }
            Ok((Wear::Lazy, Change::default(), learned))
        })
    }
}

/// Records one block. Returns whether it became furniture just now.
fn count_block(draft: &mut Draft<'_>, source: &SourceSlug, article: ArticleId, key: String) -> Result<bool, Fault> {
    let row = keys::furniture(source, &key);
    let mut record: FurnitureRecord =
        draft.get(Tree::Furniture, &row)?.unwrap_or_else(|| FurnitureRecord { key, articles: Vec::new() });
    if record.articles.len() >= ARTICLES || record.articles.contains(&article.0) {
        return Ok(false);
    }
    record.articles.push(article.0);
    draft.put(Tree::Furniture, row, &record);
    Ok(record.articles.len() == ARTICLES)
}

/// Drops the blocks of a source that did not reappear for [`FORGET_AFTER`] articles.
fn drop_rare_blocks(draft: &mut Draft<'_>, source: &SourceSlug, now: ArticleId) -> Result<(), Fault> {
    let state = draft.before();
    for row in state.scan(Tree::Furniture, &keys::source(source)) {
        let row = row?;
        let Some(record) = state.record::<FurnitureRecord>(Tree::Furniture, &row)? else { continue };
        let last = record.articles.last().copied().unwrap_or_default();
        if record.articles.len() < ARTICLES && last.saturating_add(FORGET_AFTER) < now.0 {
            draft.remove(Tree::Furniture, row.0.to_vec());
        }
    }
    Ok(())
}
