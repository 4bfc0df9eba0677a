//! Queries of pages and feeds: lists, newest first, one page at a time. Each is a range of one
//! tree.

use std::sync::atomic::Ordering;

use super::error::Fault;
use super::keys;
use super::state::{State, Tree};
use super::{Shared, Store, StoreError};
use crate::model::{Article, ArticleId, Edit, EditNumber, Narrowing, Scope, SourceSlug};

/// Most edits or articles in one answer.
pub(super) const MAX_ANSWERS: usize = 1_000;

/// Selects edits.
#[derive(Clone, Debug)]
pub struct EditQuery {
    /// Scope of the edits. [`Retired`](crate::model::EditKind::Retired) edits appear only with
    /// [`Scope::Article`].
    pub scope: Scope,
    /// Only edits before this sequence number. All edits of the store share one sequence.
    pub before: Option<u64>,
    /// Most edits to return; values above 1,000 count as 1,000.
    pub limit: usize,
    /// Only edits that this filter accepts.
    pub narrowing: Narrowing,
}

impl EditQuery {
    /// Selects the newest edits of a scope, without a filter.
    #[must_use]
    pub fn newest(scope: Scope, limit: usize) -> Self {
        Self { scope, before: None, limit, narrowing: Narrowing::default() }
    }
}

/// Selects articles.
#[derive(Clone, Debug)]
pub struct ArticleQuery {
    /// Only articles that this source lists.
    pub source: Option<SourceSlug>,
    /// Only articles with a lower id.
    pub before: Option<ArticleId>,
    /// Most articles to return; values above 1,000 count as 1,000.
    pub limit: usize,
}

impl Store {
    /// Returns one edit of an article; `None` if it does not exist, is not published yet or is
    /// hidden.
    ///
    /// # Errors
    /// If its row or its text cannot be read.
    pub fn edit(&self, id: ArticleId, number: EditNumber) -> Result<Option<Edit>, StoreError> {
        self.read(|shared| {
            let Some(sequence) = shared.state.raw(Tree::EditsOfArticle, &keys::edit_of_article(id, number))? else {
                return Ok(None);
            };
            if !shared.is_shown(&sequence) {
                return Ok(None);
            }
            let Some(head) = shared.state.get(Tree::Edits, &sequence)? else { return Ok(None) };
            if shared.is_hidden(&head) { Ok(None) } else { shared.kept_edit(&sequence, &head) }
        })
    }

    /// Returns the sequence number of an edit, for [`EditQuery::before`].
    ///
    /// # Errors
    /// If its row cannot be read.
    pub fn sequence(&self, id: ArticleId, number: EditNumber) -> Result<Option<u64>, StoreError> {
        self.read(|shared| {
            let row = shared.state.raw(Tree::EditsOfArticle, &keys::edit_of_article(id, number))?;
            Ok(row.and_then(|sequence| keys::last_u64(&sequence)))
        })
    }

    /// Returns articles that are not hidden, newest first.
    ///
    /// # Errors
    /// If a row cannot be read.
    pub fn articles(&self, query: &ArticleQuery) -> Result<Vec<Article>, StoreError> {
        self.read(|shared| {
            let end = query.before.map_or(u64::MAX, |before| before.0);
            let mut articles = Vec::new();
            for id in article_ids(&shared.state, query.source.as_ref(), end) {
                if articles.len() >= query.limit.min(MAX_ANSWERS) {
                    break;
                }
                let id = ArticleId(id?);
                if shared.why_hidden(id, None).is_none() {
                    articles.extend(shared.article(id)?);
                }
            }
            Ok(articles)
        })
    }
}

/// The ids below `end` of all articles, or of those of a source, newest first.
fn article_ids(
    state: &State,
    source: Option<&SourceSlug>,
    end: u64,
) -> impl Iterator<Item = Result<u64, Fault>> + use<> {
    let (tree, prefix) = match source {
        Some(source) => (Tree::ArticlesOfSource, keys::source(source)),
        None => (Tree::Articles, Vec::new()),
    };
    let end = [&prefix[..], &keys::sequence(end)].concat();
    state.scan_below(tree, &prefix, &end).rev().map(|row| keys::number(&row?.0))
}

impl Shared {
    fn is_shown(&self, sequence: &[u8]) -> bool {
        keys::last_u64(sequence).is_some_and(|number| number <= self.shown_edit.load(Ordering::Acquire))
    }
}
