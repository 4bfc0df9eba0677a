//! What the polls of a source left behind.

use minicbor::{Decode, Encode};

use super::round::RoundRecord;
use super::{Hash, Link, Record, Seconds, Time};
use crate::model::{Habit, PollState, Round, SourceSlug, Validators};

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
    #[n(10)]
    asked_interval: Option<Seconds>,
    #[n(30)]
    round: Option<RoundRecord>,
    /// When it brought something new last, how often it did, its longest silence in seconds.
    #[n(31)]
    brought: Option<Time>,
    #[n(32)]
    brought_times: Option<u32>,
    #[n(33)]
    silence_s: Option<u64>,
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
            asked_interval: state.asked_interval.map(Seconds),
            round: Some(&state.round).filter(|round| **round != Round::default()).map(RoundRecord::from),
            brought: state.habit.last.map(Time),
            brought_times: Some(state.habit.times).filter(|times| *times > 0),
            silence_s: Some(state.habit.silence_s).filter(|silence| *silence > 0),
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
            asked_interval: self.asked_interval.map(|interval| interval.0),
            validators: Validators { etag: self.etag, last_modified: self.last_modified },
            due: self.due.0,
            polled: self.polled.map(|time| time.0),
            succeeded: self.succeeded.map(|time| time.0),
            failures: self.failures,
            trouble: self.trouble,
            digest: self.digest.map(|hash| hash.0),
            round: self.round.map(Round::from).unwrap_or_default(),
            habit: Habit {
                last: self.brought.map(|time| time.0),
                times: self.brought_times.unwrap_or_default(),
                silence_s: self.silence_s.unwrap_or_default(),
            },
        }
    }
}
