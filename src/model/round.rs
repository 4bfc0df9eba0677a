//! What is read of a source beside the body at its own address: the sitemaps of an index, older pages of a new feed.

use jiff::Timestamp;
use url::Url;

use super::{Digest, Validators};

/// One round of a source: its own body, and then one further part at a time, each at its turn among all requests.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Round {
    /// What is still to be read, next one first.
    pub steps: Vec<Step>,
    /// When the next round begins; set while there are steps.
    pub resume: Option<Timestamp>,
    /// The sitemaps that the source's index names, as they were read last.
    pub parts: Vec<KnownPart>,
    /// The feed that the head of the source's page pointed to.
    pub found: Option<Url>,
    /// The hub that the feed or its server named last, and what it calls the feed.
    pub hub: Option<Url>,
    /// What the hub calls the feed (`rel=self`).
    pub topic: Option<Url>,
}

/// A further part to read.
#[derive(Clone, Debug, PartialEq)]
pub struct Step {
    /// Where it is.
    pub url: Url,
    /// How many parts lead to it: 1 where the source's own body names it.
    pub depth: u32,
    /// When it changed last, as the index that names it says.
    pub changed: Option<Timestamp>,
}

/// A sitemap that was read before.
#[derive(Clone, Debug, PartialEq)]
pub struct KnownPart {
    /// Where it is.
    pub url: Url,
    /// How many parts lead to it.
    pub depth: u32,
    /// When it had changed last, as its index said then.
    pub changed: Option<Timestamp>,
    /// What makes the next request for it conditional.
    pub validators: Validators,
    /// The `BLAKE3` of its bytes.
    pub digest: Option<Digest>,
}
