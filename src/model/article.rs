//! The watched page, one identity for ever.

use jiff::Timestamp;
use url::Url;

use super::{ArticleId, Digest, EditNumber, Fact, SourceSlug, StatedTimes, Trouble, Validators, VersionNumber};

/// When an article is looked at next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Watch {
    /// At this time, or as soon after as its host's turn comes.
    Due(Timestamp),
    /// Not any more.
    Retired {
        /// Since when.
        since: Timestamp,
        /// Why.
        reason: Retirement,
    },
}

/// Why we look no more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Retirement {
    /// Nothing changed for the configured number of days.
    Quiet,
    /// It was removed, and stayed so.
    Removed,
    /// It never was an article in all the looks we gave it.
    NeverAnArticle,
}

/// Whether the page is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Presence {
    /// It is, as far as we know.
    Present,
    /// Some looks found it gone; not yet certain.
    Missing {
        /// The first of them.
        since: Timestamp,
        /// How many in a row.
        looks: u32,
    },
    /// It is gone, and we said so.
    Removed {
        /// The first look that found it gone.
        since: Timestamp,
    },
}

/// What cadence remembers of an article.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pulse {
    /// Looks that reached the article.
    pub looks: u32,
    /// Versions after the first.
    pub changes: u32,
    /// Looks in a row that failed, since the last that reached it.
    pub failures: u32,
    /// The last look that reached it.
    pub looked: Option<Timestamp>,
    /// The last change (or the first sight).
    pub changed: Timestamp,
    /// Seconds between the last look and the next.
    pub interval_s: u32,
    /// Seconds since the last change in which a look was due and nobody looked: we were not running, or the clock was set.
    pub missed_s: u32,
}

/// A change that further checks must confirm before it is published.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Suspicion {
    /// Since when.
    pub since: Timestamp,
    /// Looks in a row.
    pub looks: u32,
    /// What is being confirmed, in words.
    pub why: Fact,
    /// The identity of the content that is being confirmed.
    pub identity: Digest,
    /// What it is known by at the next look, though it is not the same to the letter.
    pub marks: Vec<u64>,
}

/// What one look came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Outcome {
    /// The first version was kept.
    First,
    /// The server said that nothing is new (304), or sent the same bytes.
    NotModified,
    /// The content is the same.
    Unchanged,
    /// Only noise differs; nothing was kept.
    Ignored,
    /// A version was kept, too slight to publish.
    Kept,
    /// A version was kept and published.
    Edited,
    /// The page changed, is missing, or another page is in its place: further checks confirm it, or it is never the article's.
    Suspect,
    /// The web failed.
    Trouble,
    /// The article is gone; published.
    Removed,
    /// The article is back; published.
    Restored,
}

impl Outcome {
    /// Its name in metrics, JSON and logs.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::First => "first",
            Self::NotModified => "not_modified",
            Self::Unchanged => "unchanged",
            Self::Ignored => "ignored",
            Self::Kept => "kept",
            Self::Edited => "edited",
            Self::Suspect => "suspect",
            Self::Trouble => "trouble",
            Self::Removed => "removed",
            Self::Restored => "restored",
        }
    }
}

/// What one look came to, for people who ask why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CheckNote {
    /// When.
    pub at: Timestamp,
    /// What.
    pub outcome: Outcome,
    /// Why: `only boilerplate changed: “12 comments”`.
    pub why: Fact,
}

/// What is said of a change that further checks must confirm.
const CHANGED: &str = "changed; confirming";
/// The same of a page that is missing.
const MISSING: &str = "missing; confirming";
/// What is said of a page that is never the article's, however often it comes.
const NEVER_ITS_OWN: &str = "not the article; looking again";

impl CheckNote {
    /// What an outcome of [`Outcome::Suspect`] means; a phrase.
    #[must_use]
    pub fn awaits(&self) -> &'static str {
        let kind = self.why.value("kind").map(ToString::to_string);
        match (self.why.phrase(), kind.as_deref()) {
            (Trouble::NOT_THERE, _) | (Trouble::OTHER_PAGE, Some(Trouble::SOFT_404 | Trouble::SENT_HOME)) => MISSING,
            (Trouble::OTHER_PAGE, _) => NEVER_ITS_OWN,
            _ => CHANGED,
        }
    }
}

/// A page that we watch.
#[derive(Clone, Debug, PartialEq)]
pub struct Article {
    /// Its identity.
    pub id: ArticleId,
    /// Its canonical address.
    pub url: Url,
    /// The sources that led to it, first sight first; never empty.
    pub sources: Vec<SourceSlug>,
    /// The headline at the last look; the entry's title before the first.
    pub headline: String,
    /// The language of its text, BCP 47.
    pub language: Option<String>,
    /// The name of the site, as its page gives it.
    pub site: Option<String>,
    /// When an entry led to it first.
    pub first_seen: Timestamp,
    /// When it was published, as the page or the entry says.
    pub published: Option<Timestamp>,
    /// What makes the next request conditional.
    pub validators: Validators,
    /// When it is looked at next.
    pub watch: Watch,
    /// What cadence remembers.
    pub pulse: Pulse,
    /// Whether it is there.
    pub presence: Presence,
    /// The newest version kept.
    pub latest: Option<VersionNumber>,
    /// The newest version that feeds told of (or the first).
    pub announced: Option<VersionNumber>,
    /// The newest edit published.
    pub last_edit: Option<EditNumber>,
    /// When that was.
    pub last_edit_seen: Option<Timestamp>,
    /// The BLAKE3 of the last page's HTML, for a look that finds the same bytes.
    pub page_digest: Option<Digest>,
    /// The change that is being confirmed at present.
    pub suspicion: Option<Suspicion>,
    /// What became of the times that it states as those of its last update.
    pub stated: Option<StatedTimes>,
    /// Whether the operator said that what it shows next is true, whatever it looks like.
    pub is_believed: bool,
    /// The last looks that came to something, newest last; at most [`Article::MAX_NOTES`].
    pub notes: Vec<CheckNote>,
}

impl Article {
    /// An article that no look was made at yet, seen first at `now` and due at once.
    #[must_use]
    pub fn unseen(id: ArticleId, url: Url, headline: String, now: Timestamp) -> Self {
        Self {
            id,
            url,
            sources: Vec::new(),
            headline,
            language: None,
            site: None,
            first_seen: now,
            published: None,
            validators: Validators::default(),
            watch: Watch::Due(now),
            pulse: Pulse { looks: 0, changes: 0, failures: 0, looked: None, changed: now, interval_s: 0, missed_s: 0 },
            presence: Presence::Present,
            latest: None,
            announced: None,
            last_edit: None,
            last_edit_seen: None,
            page_digest: None,
            suspicion: None,
            stated: None,
            is_believed: false,
            notes: Vec::new(),
        }
    }

    /// Adds a note, forgetting the oldest beyond [`Article::MAX_NOTES`]; the same words again move the last note's time.
    pub fn note(&mut self, note: CheckNote) {
        let again = |last: &CheckNote| last.outcome == note.outcome && last.why == note.why;
        if self.notes.last().is_some_and(again) {
            self.notes.pop();
        }
        self.notes.push(note);
        let surplus = self.notes.len().saturating_sub(Self::MAX_NOTES);
        self.notes.drain(..surplus);
    }

    /// How many looks are remembered in words.
    pub const MAX_NOTES: usize = 20;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_note_says_what_is_confirmed_and_what_never_will_be() {
        let page = |kind| Trouble::NotAnArticle { kind, evidence: Fact::new("x") }.fact();
        for (why, words) in [
            (Fact::new("published once {looks} checks in a row show it").with(3_u32), CHANGED),
            (Fact::new("the headline is gone"), CHANGED),
            (Fact::english("kept by a redraft that knew no facts"), CHANGED),
            (Trouble::Gone(404).fact(), MISSING),
            (page(Trouble::SOFT_404), MISSING),
            (page(Trouble::SENT_HOME), MISSING),
            (page("consent wall"), NEVER_ITS_OWN),
            (page(Trouble::CUT_OFF), NEVER_ITS_OWN),
        ] {
            let note = CheckNote { at: Timestamp::UNIX_EPOCH, outcome: Outcome::Suspect, why };
            assert_eq!(note.awaits(), words, "{}", note.why);
        }
    }
}
