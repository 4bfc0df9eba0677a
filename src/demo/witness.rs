//! What redraft made of it, read from its store: the script is not asked.

use std::collections::HashMap;
use std::time::{Duration, Instant};

use crate::model::{Article, ArticleId, CheckNote, Edit, EditNumber, Outcome, Scope};
use crate::store::{ArticleQuery, EditQuery, Store, StoreError};

/// Most edits and articles that are read at a time; the site has eight articles.
const AT_MOST: usize = 100;

/// Something that redraft did.
#[derive(Clone, Debug)]
pub enum Sight {
    /// It published an edit.
    Published(Box<Edit>),
    /// A look came to something that it did not publish.
    Passed {
        /// The article's headline.
        headline: String,
        /// The article.
        article: ArticleId,
        /// What it came to, and why.
        note: CheckNote,
    },
    /// It looked several times and found nothing to tell.
    Quiet {
        /// The article's headline.
        headline: String,
        /// How many times.
        looks: u32,
    },
}

/// An article of which something is expected.
#[derive(Debug)]
struct Expected {
    /// The end of its address.
    path: String,
    since: Instant,
    /// Its looks then, once known.
    looks: Option<u32>,
}

/// Reads the store again and again and tells what is new.
#[derive(Debug)]
pub(super) struct Witness {
    store: Store,
    told: HashMap<ArticleId, EditNumber>,
    noted: HashMap<ArticleId, CheckNote>,
    expected: Vec<Expected>,
    patience: Duration,
    /// How many articles have a version.
    known: usize,
}

impl Witness {
    /// A witness that waits for `patience` before it tells that nothing came of something.
    pub(super) fn new(store: Store, patience: Duration) -> Self {
        Self { store, told: HashMap::new(), noted: HashMap::new(), expected: Vec::new(), patience, known: 0 }
    }

    /// How many articles redraft has read.
    pub(super) fn known(&self) -> usize {
        self.known
    }

    /// Something was done to the article whose address ends so: if redraft says nothing of it, that is told as well.
    pub(super) fn expect(&mut self, path: String) {
        self.expected.push(Expected { path, since: Instant::now(), looks: None });
    }

    /// Whether nothing is expected any more.
    pub(super) fn is_content(&self) -> bool {
        self.expected.is_empty()
    }

    /// What is new since the last time. Blocks: it reads the store.
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

    /// The last look at an article, if it came to something new that was not published.
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
        // An article that is being found missing is still expected to be called removed.
        if matches!(note.outcome, Outcome::Ignored | Outcome::Kept) {
            self.expected.retain(|expected| !article.url.path().ends_with(&expected.path));
        }
        Some(Sight::Passed { headline: article.headline.clone(), article: article.id, note: note.clone() })
    }

    /// That nothing came of what was done to an article, once that has been waited for.
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
