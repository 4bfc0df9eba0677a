//! What the pages and feeds ask for: lists, newest first, a page at a time. Each is a range of one tree.

use std::sync::atomic::Ordering;

use super::error::Fault;
use super::format::{EditHead, EditRecord, Record};
use super::keys;
use super::state::{State, Tree};
use super::{Shared, Store, StoreError};
use crate::model::{Article, ArticleId, Edit, EditKind, EditNumber, Narrowing, Scope, SourceSlug};
use crate::render::takes;

/// Most edits or articles in one answer.
const MAX_ANSWERS: usize = 1_000;
/// Most edits that one query looks through: a filter that hits nothing must not walk the whole store. Their heads are small
/// rows that lie side by side.
const MAX_EDITS_SEEN: usize = 20_000;
/// Most edits whose words one query looks through: each of them has to be unpacked.
const MAX_EDITS_READ: usize = 500;

/// Which edits are wanted.
#[derive(Clone, Debug)]
pub struct EditQuery {
    /// Of what. [`EditKind::Retired`] ones come only with [`Scope::Article`].
    pub scope: Scope,
    /// Only those before this sequence number, which all edits of the store share.
    pub before: Option<u64>,
    /// At most so many; never more than 1,000.
    pub limit: usize,
    /// Only those that it takes.
    pub narrowing: Narrowing,
}

impl EditQuery {
    /// The newest edits of a scope, all of them.
    #[must_use]
    pub fn newest(scope: Scope, limit: usize) -> Self {
        Self { scope, before: None, limit, narrowing: Narrowing::default() }
    }
}

/// Which articles are wanted.
#[derive(Clone, Debug)]
pub struct ArticleQuery {
    /// Only those that this source leads to.
    pub source: Option<SourceSlug>,
    /// Only those with a lower id.
    pub before: Option<ArticleId>,
    /// At most so many; never more than 1,000.
    pub limit: usize,
}

impl Store {
    /// Edits that are published and not hidden, newest first. Looks through the newest 20,000 of the scope; where words are asked for, through
    /// the newest 500 that fit otherwise.
    ///
    /// # Errors
    /// When a row or a text cannot be read.
    pub fn edits(&self, query: &EditQuery) -> Result<Vec<Edit>, StoreError> {
        self.read(|shared| {
            let (mut edits, mut read) = (Vec::new(), 0);
            for sequence in shared.sequences(query).take(MAX_EDITS_SEEN) {
                if edits.len() >= query.limit.min(MAX_ANSWERS) || (read >= MAX_EDITS_READ && edits.len() < read) {
                    break;
                }
                let sequence = keys::sequence(sequence?);
                // Gone between two reads: it was forgotten with its article.
                let Some(head) = shared.state.get::<EditHead>(Tree::Edits, &sequence)? else { continue };
                if wanted(query, &head) && !shared.is_hidden(&head) {
                    read += 1;
                    let edit = shared.kept_edit(&sequence, &head)?;
                    edits.extend(edit.filter(|edit| takes(&query.narrowing, edit)));
                }
            }
            Ok(edits)
        })
    }

    /// One edit of an article.
    ///
    /// # Errors
    /// When its row or its text cannot be read.
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

    /// The place of an edit among all edits of the store, for [`EditQuery::before`].
    ///
    /// # Errors
    /// When its row cannot be read.
    pub fn sequence(&self, id: ArticleId, number: EditNumber) -> Result<Option<u64>, StoreError> {
        self.read(|shared| {
            let row = shared.state.raw(Tree::EditsOfArticle, &keys::edit_of_article(id, number))?;
            Ok(row.and_then(|sequence| keys::last_u64(&sequence)))
        })
    }

    /// Articles that are not hidden, newest first.
    ///
    /// # Errors
    /// When a row cannot be read.
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

/// The ids below `end` of all articles, or of a source's, newest first.
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
    state.scan_below(tree, &prefix, &end).rev().map(|row| number(&row?.0))
}

fn number(bytes: &[u8]) -> Result<u64, Fault> {
    keys::last_u64(bytes).ok_or_else(|| Fault::Damaged("a key is too short".to_owned()))
}

fn wanted(query: &EditQuery, head: &EditHead) -> bool {
    let told_here = matches!(query.scope, Scope::Article(_)) || head.kind() != EditKind::Retired;
    told_here && head.may_be_taken(&query.narrowing)
}

impl Shared {
    /// The sequence numbers of the scope's edits that are on disk and before the query's limit, newest first.
    pub(super) fn sequences(&self, query: &EditQuery) -> Box<dyn Iterator<Item = Result<u64, Fault>>> {
        let shown = self.shown_edit.load(Ordering::Acquire).saturating_add(1);
        let end = query.before.map_or(shown, |before| before.min(shown));
        let below = |prefix: Vec<u8>| [&prefix[..], &keys::sequence(end)].concat();
        match &query.scope {
            Scope::Everything => {
                let rows = self.state.scan_below(Tree::Edits, &[], &below(Vec::new()));
                Box::new(rows.rev().map(|row| number(&row?.0)))
            }
            Scope::Source(source) => {
                let prefix = keys::source(source);
                let rows = self.state.scan_below(Tree::EditsOfSource, &prefix, &below(prefix.clone()));
                Box::new(rows.rev().map(|row| number(&row?.0)))
            }
            Scope::Article(id) => {
                let rows = self.state.scan(Tree::EditsOfArticle, &keys::article(*id)).rev();
                let sequences = rows.map(|row| number(&row?.1));
                Box::new(sequences.skip_while(move |sequence| sequence.as_ref().is_ok_and(|number| *number >= end)))
            }
        }
    }

    fn is_shown(&self, sequence: &[u8]) -> bool {
        keys::last_u64(sequence).is_some_and(|number| number <= self.shown_edit.load(Ordering::Acquire))
    }

    /// An edit, unless it is just being forgotten with its article.
    pub(super) fn kept_edit(&self, sequence: &[u8], head: &EditHead) -> Result<Option<Edit>, Fault> {
        match self.edit(head) {
            Err(Fault::Damaged(_)) if self.state.raw(Tree::Edits, sequence)?.is_none() => Ok(None),
            edit => edit.map(Some),
        }
    }

    fn edit(&self, head: &EditHead) -> Result<Edit, Fault> {
        Ok(EditRecord::unpack(&self.texts.read(head.text)?)?.into())
    }
}
