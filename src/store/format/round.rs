//! What is read of a source beside its own body.

use minicbor::{Decode, Encode};

use super::{Hash, Link, Time};
use crate::model::{KnownPart, Round, Step, Validators};

/// A [`Round`], part of a record of polls.
#[derive(Clone, Debug, Default, PartialEq, Encode, Decode)]
#[cbor(map)]
pub(super) struct RoundRecord {
    #[n(0)]
    steps: Vec<StepRecord>,
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

#[derive(Clone, Debug, PartialEq, Encode, Decode)]
#[cbor(map)]
struct StepRecord {
    #[n(0)]
    url: Link,
    #[n(1)]
    depth: u32,
    #[n(2)]
    changed: Option<Time>,
}

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
    /// The address that the validators are of.
    #[n(6)]
    validated: Option<Link>,
}

impl From<&Round> for RoundRecord {
    fn from(round: &Round) -> Self {
        let step = |step: &Step| StepRecord {
            url: Link(step.url.clone()),
            depth: step.depth,
            changed: step.changed.map(Time),
        };
        let part = |part: &KnownPart| PartRecord {
            url: Link(part.url.clone()),
            depth: part.depth,
            changed: part.changed.map(Time),
            etag: part.validators.etag.clone(),
            last_modified: part.validators.last_modified.clone(),
            digest: part.digest.map(Hash),
            validated: part.validators.of.clone().map(Link),
        };
        Self {
            steps: round.steps.iter().map(step).collect(),
            resume: round.resume.map(Time),
            parts: round.parts.iter().map(part).collect(),
            found: round.found.clone().map(Link),
            hub: round.hub.clone().map(Link),
            topic: round.topic.clone().map(Link),
        }
    }
}

impl From<RoundRecord> for Round {
    fn from(record: RoundRecord) -> Self {
        let step =
            |step: StepRecord| Step { url: step.url.0, depth: step.depth, changed: step.changed.map(|time| time.0) };
        let part = |part: PartRecord| KnownPart {
            url: part.url.0,
            depth: part.depth,
            changed: part.changed.map(|time| time.0),
            validators: Validators {
                etag: part.etag,
                last_modified: part.last_modified,
                of: part.validated.map(|link| link.0),
            },
            digest: part.digest.map(|hash| hash.0),
        };
        Self {
            steps: record.steps.into_iter().map(step).collect(),
            resume: record.resume.map(|time| time.0),
            parts: record.parts.into_iter().map(part).collect(),
            found: record.found.map(|link| link.0),
            hub: record.hub.map(|link| link.0),
            topic: record.topic.map(|link| link.0),
        }
    }
}
