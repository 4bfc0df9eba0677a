//! Records of a version. It is stored in two places: a small [`VersionRecord`] in the state, and a [`VersionText`] in
//! the texts.

use jiff::Timestamp;
use minicbor::{Decode, Encode};

use super::codes::Coded;
use super::fact::Kept;
use super::{Hash, Record, TextRef, Time};
use crate::model::{Block, BlockKind, Class, Content, Digest, Disclosure, Reason, Verdict, Version, VersionNumber};

/// The data to find and recognise a version.
#[derive(Clone, Debug, PartialEq, Encode, Decode)]
#[cbor(map)]
pub(in crate::store) struct VersionRecord {
    #[n(0)]
    seen: Time,
    #[n(1)]
    identity: Hash,
    #[n(2)]
    extractor: u32,
    #[n(3)]
    same_as: Option<u32>,
    /// Place of its [`VersionText`].
    #[n(4)]
    pub(in crate::store) text: TextRef,
}

/// Content and verdict of a version.
#[derive(Clone, Debug, PartialEq, Encode, Decode)]
#[cbor(map)]
pub(in crate::store) struct VersionText {
    #[n(0)]
    content: ContentRecord,
    #[n(1)]
    verdict: Option<VerdictRecord>,
}

#[derive(Clone, Debug, PartialEq, Encode, Decode)]
#[cbor(map)]
struct ContentRecord {
    #[n(0)]
    headline: String,
    #[n(1)]
    standfirst: Option<String>,
    #[n(2)]
    byline: Option<String>,
    #[n(3)]
    published: Option<Time>,
    #[n(4)]
    modified: Option<Time>,
    #[n(5)]
    language: Option<String>,
    #[n(6)]
    blocks: Vec<BlockRecord>,
    #[n(7)]
    section: Option<String>,
    /// Only written if true.
    #[n(8)]
    live: Option<bool>,
}

#[derive(Clone, Debug, PartialEq, Encode, Decode)]
#[cbor(map)]
struct BlockRecord {
    #[n(0)]
    kind: Coded<BlockKind>,
    #[n(1)]
    text: String,
}

#[derive(Clone, Debug, PartialEq, Encode, Decode)]
#[cbor(map)]
struct VerdictRecord {
    #[n(0)]
    reasons: Vec<ReasonRecord>,
    #[n(1)]
    score: f64,
    #[n(2)]
    substantive: bool,
    #[n(3)]
    disclosure: Coded<Disclosure>,
}

/// One [`Reason`].
#[derive(Clone, Debug, PartialEq, Encode, Decode)]
#[cbor(map)]
pub(super) struct ReasonRecord {
    #[n(0)]
    class: Coded<Class>,
    #[n(1)]
    score: f64,
    #[n(2)]
    text: String,
    /// `None` in records older than this field; `text` says the same in English.
    #[n(3)]
    fact: Option<Kept>,
}

impl Record for VersionRecord {
    const KIND: &'static str = "version";
}
impl Record for VersionText {
    const KIND: &'static str = "version-text";
}

impl VersionRecord {
    /// Builds the row of `version`, whose text is at `text`.
    pub(in crate::store) fn new(version: &Version, text: TextRef) -> Self {
        Self {
            seen: Time(version.seen),
            identity: Hash(version.identity),
            extractor: version.extractor,
            same_as: version.same_as.map(|number| number.0),
            text,
        }
    }

    /// The row after its text was dropped. It still shows when the version was seen and whether it came back.
    pub(in crate::store) fn dropped(self) -> Self {
        Self { text: TextRef { first: 0, chunks: 0 }, ..self }
    }

    /// Whether its text was dropped.
    pub(in crate::store) fn is_dropped(&self) -> bool {
        self.text.chunks == 0
    }

    /// When it was first seen.
    pub(in crate::store) fn seen(&self) -> Timestamp {
        self.seen.0
    }

    /// Identity of its content.
    pub(in crate::store) fn identity(&self) -> Digest {
        self.identity.0
    }

    /// Builds the version that this row and its text describe.
    pub(in crate::store) fn version(self, number: VersionNumber, text: VersionText) -> Version {
        Version {
            number,
            seen: self.seen.0,
            content: text.content.into(),
            identity: self.identity.0,
            extractor: self.extractor,
            same_as: self.same_as.map(VersionNumber),
            verdict: text.verdict.map(Into::into),
        }
    }
}

impl From<&Version> for VersionText {
    fn from(version: &Version) -> Self {
        Self { content: (&version.content).into(), verdict: version.verdict.as_ref().map(Into::into) }
    }
}

impl From<&Content> for ContentRecord {
    fn from(content: &Content) -> Self {
        Self {
            headline: content.headline.clone(),
            standfirst: content.standfirst.clone(),
            byline: content.byline.clone(),
            published: content.published.map(Time),
            modified: content.modified.map(Time),
            language: content.language.clone(),
            section: content.section.clone(),
            live: content.live.then_some(true),
            blocks: content
                .blocks
                .iter()
                .map(|block| BlockRecord { kind: Coded(block.kind), text: block.text.clone() })
                .collect(),
        }
    }
}

impl From<ContentRecord> for Content {
    fn from(record: ContentRecord) -> Self {
        Self {
            headline: record.headline,
            standfirst: record.standfirst,
            byline: record.byline,
            published: record.published.map(|time| time.0),
            modified: record.modified.map(|time| time.0),
            language: record.language,
            section: record.section,
            live: record.live.unwrap_or_default(),
            blocks: record.blocks.into_iter().map(|block| Block { kind: block.kind.0, text: block.text }).collect(),
        }
    }
}

impl From<&Verdict> for VerdictRecord {
    fn from(verdict: &Verdict) -> Self {
        Self {
            reasons: verdict.reasons.iter().map(Into::into).collect(),
            score: verdict.score,
            substantive: verdict.substantive,
            disclosure: Coded(verdict.disclosure),
        }
    }
}

impl From<VerdictRecord> for Verdict {
    fn from(record: VerdictRecord) -> Self {
        Self {
            reasons: record.reasons.into_iter().map(Into::into).collect(),
            score: record.score,
            substantive: record.substantive,
            disclosure: record.disclosure.0,
        }
    }
}

impl From<&Reason> for ReasonRecord {
    fn from(reason: &Reason) -> Self {
        Self {
            class: Coded(reason.class),
            score: reason.score,
            text: reason.fact.to_string(),
            fact: Kept::of(&reason.fact),
        }
    }
}

impl From<ReasonRecord> for Reason {
    fn from(record: ReasonRecord) -> Self {
        Self { class: record.class.0, score: record.score, fact: Kept::or_words(record.fact, record.text) }
    }
}
