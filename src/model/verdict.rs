//! What a comparison means.

use super::Fact;
use std::fmt;
use std::str::FromStr;

/// Kinds of change, from the weightiest to the lightest. Their names are part of what we publish and never change.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Class {
    /// A correction, clarification or editor's note added, changed or removed.
    Correction,
    /// The headline.
    Headline,
    /// The sentence under the headline.
    Standfirst,
    /// A figure: amount, count, share, score.
    Figure,
    /// A date or a time in the text.
    Date,
    /// A "not", "never", "no" came or went.
    Negation,
    /// Words inside quotation marks.
    Quote,
    /// A person, place or organisation.
    Name,
    /// "allegedly", "reportedly" and the like.
    Hedge,
    /// Weight or direction of a statement: said → admitted, rose → fell.
    Wording,
    /// A paragraph or sentence added.
    Added,
    /// A paragraph or sentence removed.
    Removed,
    /// Other words of content.
    Content,
    /// Who wrote it.
    Byline,
    /// Text that stands elsewhere now.
    Moved,
    /// Same statement in other words.
    Style,
    /// Spelling, inflection, function words.
    Spelling,
    /// Punctuation, quotation marks, dashes, case, white space, number format.
    Typography,
    /// Counters, stamps, teasers, share lines.
    Boilerplate,
}

impl Class {
    /// All classes, weightiest first.
    pub const ALL: [Self; 19] = [
        Self::Correction,
        Self::Headline,
        Self::Standfirst,
        Self::Figure,
        Self::Date,
        Self::Negation,
        Self::Quote,
        Self::Name,
        Self::Hedge,
        Self::Wording,
        Self::Added,
        Self::Removed,
        Self::Content,
        Self::Byline,
        Self::Moved,
        Self::Style,
        Self::Spelling,
        Self::Typography,
        Self::Boilerplate,
    ];

    /// Its name in feeds, JSON, queries and configuration.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Correction => "correction",
            Self::Headline => "headline",
            Self::Standfirst => "standfirst",
            Self::Figure => "figure",
            Self::Date => "date",
            Self::Negation => "negation",
            Self::Quote => "quote",
            Self::Name => "name",
            Self::Hedge => "hedge",
            Self::Wording => "wording",
            Self::Added => "added",
            Self::Removed => "removed",
            Self::Content => "content",
            Self::Byline => "byline",
            Self::Moved => "moved",
            Self::Style => "style",
            Self::Spelling => "spelling",
            Self::Typography => "typography",
            Self::Boilerplate => "boilerplate",
        }
    }
}

impl fmt::Display for Class {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// A name that is no [`Class`]; the message lists those that are.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is not a class of edits; there are {names}", names = Class::ALL.map(Class::name).join(", "))]
pub struct NotAClass(pub String);

impl FromStr for Class {
    type Err = NotAClass;
    fn from_str(text: &str) -> Result<Self, NotAClass> {
        Self::ALL.into_iter().find(|class| class.name() == text).ok_or_else(|| NotAClass(text.to_owned()))
    }
}

/// A score as it is shown and asked for: two decimals, since the third is nobody's. Never a negative zero.
#[must_use]
pub fn shown_score(score: f64) -> f64 {
    (score * 100.0).round() / 100.0 + 0.0
}

/// A score as queries compare it: at least its shown value, so that an edit is found by the score that pages show.
#[must_use]
pub fn sought_score(score: f64) -> f64 {
    score.max(shown_score(score))
}

/// One thing that changed.
#[derive(Clone, Debug, PartialEq)]
pub struct Reason {
    /// Its kind.
    pub class: Class,
    /// How much it matters, 0 to 1.
    pub score: f64,
    /// The fact, short: `figure 12 → 21`, `“allegedly” removed`.
    pub fact: Fact,
}

impl Reason {
    /// The classes of some reasons, each once, in the reasons' order.
    #[must_use]
    pub fn classes(reasons: &[Self]) -> Vec<Class> {
        let mut classes = Vec::new();
        for reason in reasons {
            if !classes.contains(&reason.class) {
                classes.push(reason.class);
            }
        }
        classes
    }
}

/// Whether the publisher told readers of the change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Disclosure {
    /// A note was added, or the stated time of the last update moved.
    Disclosed,
    /// Nothing says that the text is not what it was.
    Silent,
}

/// What a comparison means.
#[derive(Clone, Debug, PartialEq)]
pub struct Verdict {
    /// Why, weightiest first.
    pub reasons: Vec<Reason>,
    /// All reasons taken together, 0 to 1.
    pub score: f64,
    /// Whether feeds should tell.
    pub substantive: bool,
    /// Whether the publisher did.
    pub disclosure: Disclosure,
}

impl Verdict {
    /// The classes of its reasons, each once, weightiest reason first.
    #[must_use]
    pub fn classes(&self) -> Vec<Class> {
        Reason::classes(&self.reasons)
    }
}
