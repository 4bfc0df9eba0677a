//! Blocks that a source puts into all its articles: learned from how many articles they were seen in.

use std::collections::HashSet;

use super::committer::Wear;
use super::draft::Draft;
use super::error::Fault;
use super::format::FurnitureRecord;
use super::state::Tree;
use super::tally::Change;
use super::{Store, StoreError, keys};
use crate::model::{ArticleId, SourceSlug};

/// A block seen in so many articles of a source is furniture.
const ARTICLES: usize = 3;
/// Longer keys are not remembered: furniture is short, an article's own paragraphs are not.
const MAX_KEY_BYTES: usize = 400;
/// Blocks of one article that are remembered.
const MAX_KEYS: usize = 200;
/// Every so many articles, a source's blocks that did not come again are forgotten …
const SWEEP_EVERY: u64 = 64;
/// … once so many articles have come since: what is furniture comes again sooner.
const FORGET_AFTER: u64 = 1_000;

impl Store {
    /// The keys (`classify::furniture_key`) of blocks that were seen in three articles of a source, or more.
    ///
    /// # Errors
    /// When a record cannot be read.
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

    /// Notes that an article of a source has blocks with these keys; answers whether one of them is furniture since now.
    /// Lazy: what a crash loses is learned from later articles.
    ///
    /// # Errors
    /// When the disk failed.
    pub fn learn(&self, source: &SourceSlug, article: ArticleId, keys: Vec<String>) -> Result<bool, StoreError> {
        let source = source.clone();
        self.write(Wear::Lazy, Vec::new(), move |draft, _| {
            let mut learned = false;
            for key in keys.into_iter().filter(|key| key.len() <= MAX_KEY_BYTES).take(MAX_KEYS) {
                learned |= note(draft, &source, article, key)?;
            }
            if article.0.is_multiple_of(SWEEP_EVERY) {
                sweep(draft, &source, article)?;
            }
            Ok((Wear::Lazy, Change::default(), learned))
        })
    }
}

/// Notes one block; whether it is furniture since now.
fn note(draft: &mut Draft<'_>, source: &SourceSlug, article: ArticleId, key: String) -> Result<bool, Fault> {
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

/// Forgets blocks of a source that did not come again for long.
fn sweep(draft: &mut Draft<'_>, source: &SourceSlug, now: ArticleId) -> Result<(), Fault> {
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
