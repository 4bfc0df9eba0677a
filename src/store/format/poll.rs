//! What the polls of a source left behind.

use minicbor::{Decode, Encode};

use super::{Hash, Link, Record, Time};
use crate::model::{PollState, SourceSlug, Validators};

/// A [`PollState`] but for its slug, which is the row's key.
#[derive(Clone, Debug, PartialEq, Encode, Decode)]
#[cbor(map)]
pub(in crate::store) struct PollRecord {
    #[n(0)]
    url: Link,
    #[n(1)]
    title: Option<String>,
    #[n(2)]
    etag: Option<String>,
    #[n(3)]
    last_modified: Option<String>,
    #[n(4)]
    due: Time,
    #[n(5)]
    polled: Option<Time>,
    #[n(6)]
    succeeded: Option<Time>,
    #[n(7)]
    failures: u32,
    #[n(8)]
    trouble: Option<String>,
    #[n(9)]
    digest: Option<Hash>,
}

impl Record for PollRecord {
    const KIND: &'static str = "poll";
}

impl From<&PollState> for PollRecord {
    fn from(state: &PollState) -> Self {
        Self {
            url: Link(state.url.clone()),
            title: state.title.clone(),
            etag: state.validators.etag.clone(),
            last_modified: state.validators.last_modified.clone(),
            due: Time(state.due),
            polled: state.polled.map(Time),
            succeeded: state.succeeded.map(Time),
            failures: state.failures,
            trouble: state.trouble.clone(),
            digest: state.digest.map(Hash),
        }
    }
}

impl PollRecord {
    /// The state of the source with this slug.
    pub(in crate::store) fn state(self, slug: SourceSlug) -> PollState {
        PollState {
            slug,
            url: self.url.0,
            title: self.title,
            validators: Validators { etag: self.etag, last_modified: self.last_modified },
            due: self.due.0,
            polled: self.polled.map(|time| time.0),
            succeeded: self.succeeded.map(|time| time.0),
            failures: self.failures,
            trouble: self.trouble,
            digest: self.digest.map(|hash| hash.0),
        }
    }
}
