//! Retention sweep: drops texts of old versions, pages, and whole articles that were retired long ago. It walks all
//! articles in steps. Each step finds what can go while reading only, then removes it on the writing thread in one
//! small change, unless the article changed meanwhile. A text is deleted only once no row on disk refers to it.

use std::collections::HashSet;

use jiff::Timestamp;

use super::committer::Wear;
use super::draft::Draft;
use super::error::Fault;
use super::format::{EditHead, Record, TextRef, VersionRecord};
use super::retention::{Feeds, Retention};
use super::state::{Row, State, Tree};
use super::tally::Change;
use super::{Shared, Store, StoreError, keys};
use crate::model::{Article, ArticleId, Digest, Keeping, VersionNumber};

/// Articles examined in one step: some milliseconds of reading.
const MAX_SEEN: usize = 256;
/// Rows after which a step ends early: the size of an ordinary change.
const MAX_ROWS: usize = 512;
/// Trees with rows of an article, hashed to notice that it changed.
const OF_ARTICLES: [Tree; 7] = [
    Tree::Articles,
    Tree::Looks,
    Tree::Sources,
    Tree::Versions,
    Tree::Pages,
    Tree::EditsOfArticle,
    Tree::AddressesOfArticle,
];

/// Result of one step of a sweep.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Swept {
    /// First article of the next step; `None` at the end.
    pub next: Option<ArticleId>,
    /// Versions whose texts were dropped, except those of forgotten articles.
    pub versions: u64,
    /// Pages that were dropped, except those of forgotten articles.
    pub pages: u64,
    /// Articles that were forgotten.
    pub articles: u64,
}

impl Swept {
    /// Adds two results. `next` of the sum is `None`.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        Self {
            next: None,
            versions: self.versions + other.versions,
            pages: self.pages + other.pages,
            articles: self.articles + other.articles,
        }
    }
}

impl Store {
    /// Runs one step of a sweep over a few hundred articles, starting with `from`. Drops what retention does not keep
    /// at `now`; it is gone from the disk within seconds.
    ///
    /// # Errors
    /// If the disk failed, or rows cannot be read.
    pub fn sweep(&self, from: ArticleId, retention: &Retention, now: Timestamp) -> Result<Swept, StoreError> {
        let (next, found) = self.read(|shared| find_droppable(shared, from, retention, now))?;
        if found.is_empty() {
            return Ok(Swept { next, ..Swept::default() });
        }
        let swept = self.write(Wear::Lazy, Vec::new(), move |draft, _| {
            let (mut change, mut swept) = (Change::default(), Swept::default());
            for dropping in found {
                dropping.put(draft, &mut change, &mut swept)?;
            }
            Ok((Wear::Lazy, change, swept))
        })?;
        Ok(Swept { next, ..swept })
    }
}

/// Finds what can be dropped of the next articles, and the first article of the step after.
fn find_droppable(
    shared: &Shared,
    from: ArticleId,
    retention: &Retention,
    now: Timestamp,
) -> Result<(Option<ArticleId>, Vec<Dropping>), Fault> {
    let mut feeds = Feeds::new(shared, retention);
    let (mut found, mut rows) = (Vec::new(), 0);
    let mut articles =
        shared.state.scan_below(Tree::Articles, &keys::article(from), &keys::article(ArticleId(u64::MAX)));
    for row in articles.by_ref().take(MAX_SEEN) {
        let id = ArticleId(keys::first_u64(&row?.0).unwrap_or_default());
        match droppable_of(&mut feeds, id, now) {
            Ok(None) => {}
            Ok(Some(dropping)) => {
                rows += dropping.rows.len();
                found.push(dropping);
            }
            Err(Fault::Damaged(why)) => {
                tracing::warn!(
                    article.id = id.0,
                    error = why,
                    "keeping everything of a damaged article: run `redraft verify` for details"
                );
            }
            Err(fault) => return Err(fault),
        }
        if rows >= MAX_ROWS {
            return Ok((Some(ArticleId(id.0 + 1)), found));
        }
    }
    let next = articles.next().transpose()?.and_then(|(key, _)| keys::first_u64(&key));
    Ok((next.map(ArticleId), found))
}

/// Finds what can be dropped of an article.
fn droppable_of(feeds: &mut Feeds<'_>, id: ArticleId, now: Timestamp) -> Result<Option<Dropping>, Fault> {
    let shared = feeds.shared;
    let Some(article) = shared.article(id)? else { return Ok(None) };
    let keeping = feeds.retention.of(&article.sources);
    if keeping == Keeping::default() {
        return Ok(None);
    }
    let was = hash_article(&shared.state, id)?;
    let shown = feeds.shown(&article)?;
    if keeping.is_over(&article, now) && shown.is_empty() {
        return Dropping::whole(shared, &article, was, now).map(Some);
    }
    let mut dropping = Dropping::new(id, was);
    dropping.versions(shared, &article, &keeping, &shown)?;
    if !keeping.pages {
        dropping.pages(shared)?;
    }
    Ok(Some(dropping).filter(|dropping| !dropping.rows.is_empty()))
}

/// Hash over all rows of an article, to notice a change.
pub(super) fn hash_article(state: &State, id: ArticleId) -> Result<Digest, Fault> {
    let mut hasher = blake3::Hasher::new();
    for tree in OF_ARTICLES {
        for row in state.scan(tree, &keys::article(id)) {
            let (key, value) = row?;
            hasher.update(&(key.len() as u64).to_be_bytes()).update(&key);
            hasher.update(&(value.len() as u64).to_be_bytes()).update(&value);
        }
    }
    Ok(Digest(*hasher.finalize().as_bytes()))
}

/// The rows and texts of an article to drop, if it is still unchanged.
pub(super) struct Dropping {
    article: ArticleId,
    was: Digest,
    pub(super) rows: Vec<Row>,
    pub(super) texts: Vec<TextRef>,
    pub(super) change: Change,
    swept: Swept,
}

impl Dropping {
    /// Starts with nothing to drop.
    fn new(article: ArticleId, was: Digest) -> Self {
        Self { article, was, rows: Vec::new(), texts: Vec::new(), change: Change::default(), swept: Swept::default() }
    }

    /// Drops the whole article.
    fn whole(shared: &Shared, article: &Article, was: Digest, now: Timestamp) -> Result<Self, Fault> {
        let mut dropping = Self::new(article.id, was);
        dropping.forget(shared, article, now)?;
        dropping.swept = Swept { articles: 1, ..Swept::default() };
        Ok(dropping)
    }

    /// Drops the texts of versions that need not be kept, except texts that kept ones are built on.
    fn versions(
        &mut self,
        shared: &Shared,
        article: &Article,
        keeping: &Keeping,
        shown: &[EditHead],
    ) -> Result<(), Fault> {
        let mut rows = shared.version_rows(article.id)?;
        rows.retain(|(_, row)| !row.is_dropped());
        let kept: Vec<VersionNumber> = rows.iter().map(|(number, _)| *number).collect();
        let compared = shown.iter().flat_map(|head| [head.from, head.to]).flatten().map(VersionNumber);
        let needed: Vec<VersionNumber> = compared.chain(article.latest).chain(article.announced).collect();
        let spare = keeping.spare(&kept, &needed);
        if spare.is_empty() {
            return Ok(());
        }
        let (going, staying): (Vec<_>, Vec<_>) = rows.into_iter().partition(|(number, _)| spare.contains(number));
        let used = text_chains(shared, &staying)?;
        self.texts.extend(text_chains(shared, &going)?.difference(&used));
        self.swept.versions = going.len() as u64;
        self.rows.extend(
            going
                .into_iter()
                .map(|(number, row)| (Tree::Versions, keys::version(article.id, number), Some(row.dropped().pack()))),
        );
        Ok(())
    }

    /// Drops all pages.
    pub(super) fn pages(&mut self, shared: &Shared) -> Result<(), Fault> {
        let pages = shared.kept_pages(self.article)?;
        self.texts.extend(pages.texts());
        for number in pages.versions() {
            self.rows.push((Tree::Pages, keys::version(self.article, number), None));
            self.swept.pages += 1;
        }
        Ok(())
    }

    /// Adds the rows to a change, unless the article changed meanwhile.
    fn put(self, draft: &mut Draft<'_>, change: &mut Change, swept: &mut Swept) -> Result<(), Fault> {
        if hash_article(draft.before(), self.article)? != self.was {
            return Ok(());
        }
        for (tree, key, value) in self.rows {
            match value {
                Some(value) => draft.mark(tree, key, &value),
                None => draft.remove(tree, key),
            }
        }
        self.texts.into_iter().for_each(|text| draft.forget(text));
        *change = change.and(self.change);
        *swept = swept.and(self.swept);
        Ok(())
    }
}

/// The texts of versions, including all texts that they are built on.
pub(super) fn text_chains(
    shared: &Shared,
    versions: &[(VersionNumber, VersionRecord)],
) -> Result<HashSet<TextRef>, Fault> {
    let mut texts = HashSet::new();
    for (_, row) in versions.iter().filter(|(_, row)| !row.is_dropped()) {
        texts.extend(shared.texts.chain(row.text)?);
    }
    Ok(texts)
}
