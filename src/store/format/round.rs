//! Record of the parts of a source that are read besides its own body.

use minicbor::{Decode, Encode};

use super::parts::validators;
use super::{Hash, Link, Time};
use crate::model::{KnownPart, Round, Step};

/// A [`Round`]; it is a field of a poll record.
#[derive(Clone, Debug, Default, PartialEq, Encode, Decode)]
#[cbor(map)]
pub(super) struct RoundRecord {
    #[n(0)]
    steps: Vec<PartRecord>,
    #[n(1)]
    resume: Option<Time>,
    #[n(2)]
    parts: Vec<PartRecord>,
    #[n(3)]
    found: Option<Link>,
    #[n(4)]
    hub: Option<Link>,
    #[n(5)]
    topic: Option<Link>,
}

/// A part that was read or will be read. Fields that are only known after reading are empty before.
#[derive(Clone, Debug, PartialEq, Encode, Decode)]
#[cbor(map)]
struct PartRecord {
    #[n(0)]
    url: Link,
    #[n(1)]
    depth: u32,
    #[n(2)]
    changed: Option<Time>,
    #[n(3)]
    etag: Option<String>,
    #[n(4)]
    last_modified: Option<String>,
    #[n(5)]
    digest: Option<Hash>,
    /// The address that sent the validators.
    #[n(6)]
    validated: Option<Link>,
}

impl From<&Step> for PartRecord {
    fn from(step: &Step) -> Self {
        let (url, changed) = (Link(step.url.clone()), step.changed.map(Time));
        Self { url, depth: step.depth, changed, etag: None, last_modified: None, digest: None, validated: None }
    }
}

impl From<&KnownPart> for PartRecord {
    fn from(part: &KnownPart) -> Self {
        Self {
            url: Link(part.url.clone()),
            depth: part.depth,
            changed: part.changed.map(Time),
            etag: part.validators.etag.clone(),
            last_modified: part.validators.last_modified.clone(),
            digest: part.digest.map(Hash),
            validated: part.validators.of.clone().map(Link),
        }
    }
}

impl From<PartRecord> for Step {
    fn from(part: PartRecord) -> Self {
        Self { url: part.url.0, depth: part.depth, changed: part.changed.map(|time| time.0) }
    }
}

impl From<PartRecord> for KnownPart {
    fn from(part: PartRecord) -> Self {
        Self {
            url: part.url.0,
            depth: part.depth,
            changed: part.changed.map(|time| time.0),
            validators: validators(part.etag, part.last_modified, part.validated),
            digest: part.digest.map(|hash| hash.0),
        }
    }
}

impl From<&Round> for RoundRecord {
    fn from(round: &Round) -> Self {
        Self {
            steps: round.steps.iter().map(PartRecord::from).collect(),
            resume: round.resume.map(Time),
            parts: round.parts.iter().map(PartRecord::from).collect(),
            found: round.found.clone().map(Link),
            hub: round.hub.clone().map(Link),
            topic: round.topic.clone().map(Link),
        }
    }
}

impl From<RoundRecord> for Round {
    fn from(record: RoundRecord) -> Self {
        Self {
            steps: record.steps.into_iter().map(Step::from).collect(),
            resume: record.resume.map(|time| time.0),
            parts: record.parts.into_iter().map(KnownPart::from).collect(),
            found: record.found.map(|link| link.0),
            hub: record.hub.map(|link| link.0),
            topic: record.topic.map(|link| link.0),
        }
    }
}
