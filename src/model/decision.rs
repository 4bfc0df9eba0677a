//! What `decide` is given and what it gives back.

use jiff::Timestamp;

use super::{Article, Comparison, Digest, Edit, Outcome, Page, Version, VersionNumber};

/// A version and the page behind it.
#[derive(Clone, Debug, PartialEq)]
pub struct Kept {
    /// The version.
    pub version: Version,
    /// Its page; kept for the latest version and the announced one.
    pub page: Option<Page>,
}

/// What the store knows of an article when it is looked at.
#[derive(Clone, Debug, PartialEq)]
pub struct History {
    /// The article.
    pub article: Article,
    /// The version that feeds told of last.
    pub announced: Option<Kept>,
    /// The newest version, where it is another one.
    pub latest: Option<Kept>,
    /// The identities of all versions, oldest first.
    pub identities: Vec<(VersionNumber, Digest)>,
    /// The versions that the published edits led from and to, oldest first.
    pub published: Vec<(VersionNumber, VersionNumber)>,
}

/// Everything that one look changes; recorded in one transaction.
#[derive(Clone, Debug, PartialEq)]
pub struct Decision {
    /// What the look came to.
    pub outcome: Outcome,
    /// The article as it is from now on.
    pub article: Article,
    /// A version to keep.
    pub version: Option<Version>,
    /// The page to keep behind the newest version.
    pub page: Option<Page>,
    /// Kept versions whose content was extracted afresh from their pages by a newer extractor; replace them.
    pub rebased: Vec<Version>,
    /// Edits to publish, oldest first, not yet rendered.
    pub edits: Vec<Edit>,
    /// The comparison behind the edit that changed the text, for rendering.
    pub comparison: Option<Comparison>,
    /// Leave the whole host alone until then.
    pub host_rests_until: Option<Timestamp>,
    /// What the page said, where there was one.
    pub identity: Option<Digest>,
    /// Blocks that came or went whole against the announced version, by `classify::furniture_key`.
    pub blocks: Vec<String>,
    /// Whether an edit is held until it was seen again.
    pub held: bool,
    /// Whether others of its host are to be looked at now: only they can tell whether what was seen is the host's doing.
    pub asks_others: bool,
}

impl Decision {
    /// A look that changes nothing but the article's own state.
    #[must_use]
    pub fn quiet(outcome: Outcome, article: Article) -> Self {
        Self {
            outcome,
            article,
            version: None,
            page: None,
            rebased: Vec::new(),
            edits: Vec::new(),
            comparison: None,
            host_rests_until: None,
            identity: None,
            blocks: Vec::new(),
            held: false,
            asks_others: false,
        }
    }

    /// Whether it must be on disk before anyone hears of it. A look that changed nothing may be written lazily: losing it
    /// costs one more look.
    #[must_use]
    pub fn is_change(&self) -> bool {
        self.version.is_some() || !self.edits.is_empty() || !self.rebased.is_empty()
    }
}
