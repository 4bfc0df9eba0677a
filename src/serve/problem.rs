//! Why a request gets no answer.

use http::StatusCode;

use super::pages::phrases::Said;
use crate::model::{BadNarrowing, Narrowing, SourceSlug};
use crate::render::isolated;

use crate::store::StoreError;

/// Longest name of an unknown parameter that is repeated, in bytes: a name that somebody mistyped or knows from elsewhere.
const MAX_NAME_BYTES: usize = 24;

/// Why a request gets no answer, in words for whoever asked.
#[derive(Debug)]
pub(super) enum Problem {
    /// There is no such thing. What.
    NotFound(Said),
    /// It was taken down. Why, in the operator's words.
    Gone(String),
    /// The source is not configured any more; its last title and its slug.
    Unwatched {
        /// Its title.
        name: String,
        /// Its name in addresses, by which its edits can still be searched.
        slug: SourceSlug,
    },
    /// It was kept once. What is no longer.
    Dropped(Said),
    /// The question makes no sense. Why.
    BadRequest(Said),
    /// Only GET and HEAD.
    MethodNotAllowed,
    /// The store failed. What happened is for the log, not for strangers.
    Store(StoreError),
    /// Our own thread failed, or took too long.
    Busy,
}

impl From<StoreError> for Problem {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

impl From<BadNarrowing> for Problem {
    fn from(bad: BadNarrowing) -> Self {
        let said = match bad {
            BadNarrowing::Name(name) => return Self::no_parameter(&name, &Narrowing::NAMES),
            BadNarrowing::Twice(name) => Said::new("{name} may be given once only.").with("name", name),
            BadNarrowing::Class => Said::new("class: expected one of these, or several parted by commas: {names}.")
                .with("names", Narrowing::class_names().join(", ")),
            BadNarrowing::Score => Said::new("min_score: expected a number from 0 to 1, such as 0.6."),
            BadNarrowing::Words => {
                Said::new("q: expected 1 to {most} characters, words of what changed, letters or digits among them.")
                    .with("most", Narrowing::MAX_WORDS_CHARS)
            }
            BadNarrowing::Language => Said::new("lang: expected a language tag, such as en or pt-BR."),
            BadNarrowing::Silent => Said::new("silent: expected 1; leave silent out for all edits."),
            BadNarrowing::Day(name) => Said::new("{name}: expected a day, such as 2026-11-26.").with("name", name),
            BadNarrowing::Days => Said::new("from and to: expected a first day that is not after the last."),
        };
        Self::BadRequest(said)
    }
}

impl Problem {
    /// Its status.
    pub(super) fn status(&self) -> StatusCode {
        match self {
            Self::NotFound(_) => StatusCode::NOT_FOUND,
            Self::Gone(_) | Self::Dropped(_) | Self::Unwatched { .. } => StatusCode::GONE,
            Self::BadRequest(_) => StatusCode::BAD_REQUEST,
            Self::MethodNotAllowed => StatusCode::METHOD_NOT_ALLOWED,
            Self::Store(_) | Self::Busy => StatusCode::SERVICE_UNAVAILABLE,
        }
    }

    /// Nothing is at this address.
    pub(super) fn nothing_here() -> Self {
        Self::NotFound(Said::new("There is nothing at this address."))
    }

    /// The query has a parameter that the address does not take; it takes `names`.
    pub(super) fn no_parameter(name: &str, names: &[&str]) -> Self {
        let is_name = |c: char| c.is_ascii_lowercase() || c == '_';
        // Nothing else of a request is repeated in its answer: no words of a stranger's choice stand on our pages.
        let is_shown = name.len() <= MAX_NAME_BYTES && !name.is_empty() && name.chars().all(is_name);
        let said = match (is_shown, names.is_empty()) {
            (true, true) => Said::new("There is no parameter “{name}” here; this address takes none."),
            (true, false) => Said::new("There is no parameter “{name}” here; there are {names}."),
            (false, true) => Said::new("This address takes no parameters."),
            (false, false) => Said::new("There is no such parameter here; there are {names}."),
        };
        Self::BadRequest(said.with("name", name).with("names", names.join(", ")))
    }

    /// A parameter of the query that is a number says something else.
    pub(super) fn no_number(name: &'static str) -> Self {
        Self::BadRequest(Said::new("{name} must be a number.").with("name", name))
    }

    /// No source has the slug that was asked for.
    pub(super) fn no_source() -> Self {
        Self::NotFound(Said::new("No source of this name is watched."))
    }

    /// No article has the address that was asked for.
    pub(super) fn no_article() -> Self {
        Self::NotFound(Said::new("No article at this address is watched."))
    }

    /// What it is, in a sentence.
    pub(super) fn said(&self) -> Said {
        match self {
            Self::NotFound(said) | Self::Dropped(said) | Self::BadRequest(said) => said.clone(),
            Self::Gone(_) => Said::new("This was taken down:"),
            Self::Unwatched { name, .. } => Said::new(
                "{name} is no longer watched: it was taken out of the configuration. What was seen before that is still here.",
            )
            .with("name", isolated(name)),
            Self::MethodNotAllowed => Said::new("This site is read-only: use GET or HEAD."),
            Self::Store(_) => Said::new("The store cannot be read at present; try again in a few minutes."),
            Self::Busy => Said::new("This took too long; try again in a few minutes."),
        }
    }
}
