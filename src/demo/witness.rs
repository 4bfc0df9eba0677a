//! Watches redraft's store and reports what redraft did. It does not know the script.

use std::collections::HashMap;
use std::time::{Duration, Instant};

use crate::model::{Article, ArticleId, CheckNote, Edit, EditNumber, Outcome, Scope};
use crate::store::{ArticleQuery, EditQuery, Store, StoreError};

/// Most edits and articles read at a time; the site has eight articles.
const AT_MOST: usize = 100;

/// Something that redraft did.
#[derive(Clone, Debug)]
pub enum Sight {
    /// It published an edit.
    Published(Box<Edit>),
    /// A check had a result that was not published.
    Passed {
        /// The article's headline.
        headline: String,
        /// The article.
        article: ArticleId,
        /// The result and its reason.
        note: CheckNote,
    },
    /// It checked an article several times and found nothing to publish.
    Quiet {
        /// The article's headline.
        headline: String,
        /// Number of checks.
        looks: u32,
    },
}

/// An article for which a reaction is expected.
#[derive(Debug)]
struct Expected {
    /// The end of its address.
    path: String,
    since: Instant,
    /// Its number of checks at that time, once known.
    looks: Option<u32>,
}

/// Reads the store repeatedly and reports news.
#[derive(Debug)]
pub(super) struct Witness {
    store: Store,
    told: HashMap<ArticleId, EditNumber>,
    noted: HashMap<ArticleId, CheckNote>,
    expected: Vec<Expected>,
    patience: Duration,
    /// Number of articles with a version.
    known: usize,
}

impl Witness {
    /// Creates a witness that waits for `patience` before it reports the lack of a reaction.
    pub(super) fn new(store: Store, patience: Duration) -> Self {
        Self { store, told: HashMap::new(), noted: HashMap::new(), expected: Vec::new(), patience, known: 0 }
    }

    /// Number of articles that redraft has read.
    pub(super) fn known(&self) -> usize {
        self.known
    }

    /// Expects a reaction to a change of the article whose address ends in `path`; the lack of one is reported too.
    pub(super) fn expect(&mut self, path: String) {
        self.expected.push(Expected { path, since: Instant::now(), looks: None });
    }

    /// Whether no reaction is pending.
    pub(super) fn is_content(&self) -> bool {
        self.expected.is_empty()
    }

    /// Returns what is new since the last call. Blocks, because it reads the store.
    pub(super) fn look(&mut self) -> Result<Vec<Sight>, StoreError> {
        let query = ArticleQuery { source: None, before: None, limit: AT_MOST };
        let articles = self.store.articles(&query)?;
        self.known = articles.iter().filter(|article| article.latest.is_some()).count();
        let mut sights = self.edits()?;
        for article in &articles {
            sights.extend(self.note(article));
        }
        for article in &articles {
            sights.extend(self.silence(article));
        }
        Ok(sights)
    }

    /// New edits, oldest first.
    fn edits(&mut self) -> Result<Vec<Sight>, StoreError> {
        let query = EditQuery::newest(Scope::Everything, AT_MOST);
        let mut edits = self.store.edits(&query)?;
        edits.reverse();
        edits.retain(|edit| self.told.get(&edit.article).is_none_or(|told| *told < edit.number));
        for edit in &edits {
            self.told.insert(edit.article, edit.number);
            self.expected.retain(|expected| !edit.url.path().ends_with(&expected.path));
        }
        Ok(edits.into_iter().map(|edit| Sight::Published(Box::new(edit))).collect())
    }

    /// The last check of an article, if it had a new result that was not published.
    fn note(&mut self, article: &Article) -> Option<Sight> {
        let note = article.notes.last()?;
        let same = |known: &CheckNote| known.outcome == note.outcome && known.why == note.why;
        if self.noted.get(&article.id).is_some_and(same) {
            return None;
        }
        self.noted.insert(article.id, note.clone());
        if !matches!(note.outcome, Outcome::Ignored | Outcome::Kept | Outcome::Suspect | Outcome::Trouble) {
            return None;
        }
        // An article that is missing is still expected to be reported as removed.
        if matches!(note.outcome, Outcome::Ignored | Outcome::Kept) {
            self.expected.retain(|expected| !article.url.path().ends_with(&expected.path));
        }
        Some(Sight::Passed { headline: article.headline.clone(), article: article.id, note: note.clone() })
    }

    /// Reports the lack of a reaction to a change, once the wait is over.
    fn silence(&mut self, article: &Article) -> Option<Sight> {
        let at = self.expected.iter().position(|expected| article.url.path().ends_with(&expected.path))?;
        let looks = article.pulse.looks;
        let before = *self.expected[at].looks.get_or_insert(looks);
        if self.expected[at].since.elapsed() < self.patience || looks == before {
            return None;
        }
        self.expected.remove(at);
        Some(Sight::Quiet { headline: article.headline.clone(), looks: looks - before })
    }
}
