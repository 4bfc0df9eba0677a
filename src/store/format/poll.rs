//! Record of the polls of a source.

use minicbor::{Decode, Encode};

use super::fact::Kept;
use super::parts::validators;
use super::round::RoundRecord;
use super::{Hash, Link, Record, Seconds, Time};
use crate::model::{Habit, Moving, PollState, Round, Skip, SourceSlug, Terms};

/// A [`PollState`] without its slug, which is the row's key.
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
    /// `trouble` as a fact; `None` in records older than this field.
    #[n(34)]
    trouble_fact: Option<Kept>,
    #[n(9)]
    digest: Option<Hash>,
    #[n(10)]
    asked_interval: Option<Seconds>,
    #[n(30)]
    round: Option<RoundRecord>,
    /// Time of its last news, how often it had news, and its longest silence in seconds.
    #[n(31)]
    brought: Option<Time>,
    #[n(32)]
    brought_times: Option<u32>,
    #[n(33)]
    silence_s: Option<u64>,
    /// The address that sent the validators.
    #[n(11)]
    validated: Option<Link>,
    #[n(12)]
    skip_hours: Option<u32>,
    #[n(13)]
    skip_days: Option<u8>,
    /// The address that it moved to permanently.
    #[n(14)]
    address: Option<Link>,
    /// The address that it seems to move to, and since when.
    #[n(15)]
    moving_to: Option<Link>,
    #[n(16)]
    moving_since: Option<Time>,
    #[n(17)]
    came_whole: Option<Time>,
    #[n(18)]
    closed: Option<Time>,
    /// The name that the operator gave it last.
    #[n(19)]
    pub(in crate::store) name: Option<String>,
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
            trouble: state.trouble.as_ref().map(ToString::to_string),
            trouble_fact: state.trouble.as_ref().and_then(Kept::of),
            digest: state.digest.map(Hash),
            asked_interval: state.asked_interval.map(Seconds),
            round: Some(&state.round).filter(|round| **round != Round::default()).map(RoundRecord::from),
            brought: state.habit.last.map(Time),
            brought_times: Some(state.habit.times).filter(|times| *times > 0),
            silence_s: Some(state.habit.silence_s).filter(|silence| *silence > 0),
            validated: state.validators.of.clone().map(Link),
            skip_hours: Some(state.terms.skip.hours).filter(|hours| *hours != 0),
            skip_days: Some(state.terms.skip.days).filter(|days| *days != 0),
            address: state.terms.address.clone().map(Link),
            moving_to: state.terms.moving.as_ref().map(|moving| Link(moving.to.clone())),
            moving_since: state.terms.moving.as_ref().map(|moving| Time(moving.since)),
            came_whole: state.terms.came_whole.map(Time),
            closed: state.terms.closed.map(Time),
            name: state.name.clone(),
        }
    }
}

impl PollRecord {
    /// When the source was last polled; `None` if it never was.
    pub(in crate::store) fn polled(&self) -> Option<jiff::Timestamp> {
        self.polled.as_ref().map(|time| time.0)
    }

    /// The same state, of a source that the operator gave this name.
    pub(in crate::store) fn named(self, name: Option<String>) -> Self {
        Self { name, ..self }
    }

    /// Builds the state of the source with this slug.
    pub(in crate::store) fn state(self, slug: SourceSlug) -> PollState {
        PollState {
            slug,
            url: self.url.0,
            title: self.title,
            name: self.name,
            asked_interval: self.asked_interval.map(|interval| interval.0),
            validators: validators(self.etag, self.last_modified, self.validated),
            due: self.due.0,
            polled: self.polled.map(|time| time.0),
            succeeded: self.succeeded.map(|time| time.0),
            failures: self.failures,
            trouble: self.trouble.map(|words| Kept::or_words(self.trouble_fact, words)),
            digest: self.digest.map(|hash| hash.0),
            round: self.round.map(Round::from).unwrap_or_default(),
            habit: Habit {
                last: self.brought.map(|time| time.0),
                times: self.brought_times.unwrap_or_default(),
                silence_s: self.silence_s.unwrap_or_default(),
            },
            terms: Terms {
                skip: Skip { hours: self.skip_hours.unwrap_or_default(), days: self.skip_days.unwrap_or_default() },
                address: self.address.map(|link| link.0),
                moving: self.moving_to.zip(self.moving_since).map(|(to, since)| Moving { to: to.0, since: since.0 }),
                came_whole: self.came_whole.map(|time| time.0),
                closed: self.closed.map(|time| time.0),
            },
        }
    }
}
