//! A snapshot that was kept.

use jiff::Timestamp;

use super::{Content, Digest, Verdict, VersionNumber};

/// One kept state of an article.
#[derive(Clone, Debug, PartialEq)]
pub struct Version {
    /// From 1.
    pub number: VersionNumber,
    /// When we saw it first.
    pub seen: Timestamp,
    /// What it said.
    pub content: Content,
    /// The identity of the content (`compare::identity`).
    pub identity: Digest,
    /// The number of the extractor that made the content.
    pub extractor: u32,
    /// The earlier version whose content came back, if any.
    pub same_as: Option<VersionNumber>,
    /// How it was judged against the version that feeds told of last; none for the first.
    pub verdict: Option<Verdict>,
}
