//! What feeds publish.

use jiff::Timestamp;
use url::Url;

use super::{Alteration, ArticleId, Class, Disclosure, EditNumber, Locale, Reason, SourceSlug, VersionNumber};

/// What happened to the article.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum EditKind {
    /// Its text changed.
    Changed,
    /// Its text went back to what an earlier version said.
    Returned,
    /// It is not there any more.
    Removed,
    /// It is there again.
    Restored,
    /// We look no more. Told in the article's own feed only.
    Retired,
}

impl EditKind {
    /// Its name in JSON and logs.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Changed => "changed",
            Self::Returned => "returned",
            Self::Removed => "removed",
            Self::Restored => "restored",
            Self::Retired => "retired",
        }
    }

    /// Its name in categories and in `class` of a query, apart from the names of all classes; `None` for a change of text, which
    /// has classes.
    #[must_use]
    pub fn category(self) -> Option<&'static str> {
        match self {
            Self::Changed => None,
            Self::Returned => Some("returned"),
            Self::Removed => Some("removed-article"),
            Self::Restored => Some("restored-article"),
            Self::Retired => Some("retired"),
        }
    }

    /// What a query can ask for by its category: not [`Self::Retired`], which feeds of many articles leave out.
    pub const SOUGHT: [Self; 3] = [Self::Returned, Self::Removed, Self::Restored];
}

/// The words in which an edit is published; rendered once, never again.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct EntryText {
    /// Plain text, good on its own.
    pub title: String,
    /// One plain sentence.
    pub summary: String,
    /// HTML of `p h4 b ins del` only; the links are added when a feed is served, from the base address of the day.
    pub html: String,
    /// The words that went or came and that `html` has no room for, a line for each run; for searching, never shown.
    pub unshown: String,
    /// Each change in reading order, without its words, so that pages can tell of it in other languages. None of an entry that was
    /// written before there was this, or that has too many.
    pub told: Option<Vec<Alteration>>,
    /// The language of its words, where it is known.
    pub locale: Option<Locale>,
}

/// A substantive change between two versions. Immutable once published.
#[derive(Clone, Debug, PartialEq)]
pub struct Edit {
    /// Whose.
    pub article: ArticleId,
    /// Which.
    pub number: EditNumber,
    /// What happened.
    pub kind: EditKind,
    /// The version before; none where no text is concerned.
    pub from: Option<VersionNumber>,
    /// The version after.
    pub to: Option<VersionNumber>,
    /// When we saw it; later than the article's edit before, always.
    pub seen: Timestamp,
    /// When the state before was first seen: the edit lies between the two.
    pub since: Timestamp,
    /// The headline as it is now.
    pub headline: String,
    /// The article.
    pub url: Url,
    /// The sources that lead to it, at this time.
    pub sources: Vec<SourceSlug>,
    /// The name of the publication, as it was at this time; `None` in edits of earlier releases.
    pub publication: Option<String>,
    /// The article's language, BCP 47.
    pub language: Option<String>,
    /// Why it counts, weightiest first.
    pub reasons: Vec<Reason>,
    /// 0 to 1.
    pub score: f64,
    /// Whether the publisher told readers; `None` where nothing was there to judge it by.
    pub disclosure: Option<Disclosure>,
    /// What the page says of the removal, word for word; only of a [`EditKind::Removed`].
    pub notice: Option<String>,
    /// The version that came back, of a [`EditKind::Returned`].
    pub returned_to: Option<VersionNumber>,
    /// Whether it tells all that came of a live page since its last edit, after a day that had its fill of them.
    pub live: bool,
    /// How it is told; empty until `render` wrote it.
    pub entry: EntryText,
}

impl Edit {
    /// The classes of its reasons, each once, weightiest first.
    #[must_use]
    pub fn classes(&self) -> Vec<Class> {
        Reason::classes(&self.reasons)
    }
}
