//! Record of a WebSub subscription.

use minicbor::{Decode, Encode};

use super::{Link, Record, Time};
use crate::model::{Stage, Subscription};

/// A [`Subscription`]; the row's key is its source.
#[derive(Clone, Debug, PartialEq, Encode, Decode)]
#[cbor(map)]
pub(in crate::store) struct SubscriptionRecord {
    #[n(0)]
    topic: Link,
    #[n(1)]
    hub: Link,
    #[n(2)]
    token: String,
    #[n(3)]
    secret: String,
    /// 0 wanted, 1 active, 2 refused, 3 leaving.
    #[n(4)]
    stage: u8,
    /// The end of an active subscription, or the start of a refusal.
    #[n(5)]
    at: Option<Time>,
    #[n(6)]
    pending: bool,
    #[n(7)]
    asked: Option<Time>,
    #[n(8)]
    failures: u32,
    #[n(9)]
    pushed: Option<Time>,
}

impl Record for SubscriptionRecord {
    const KIND: &'static str = "subscription";
}

impl From<&Subscription> for SubscriptionRecord {
    fn from(subscription: &Subscription) -> Self {
        let (stage, at) = match subscription.stage {
            Stage::Wanted => (0, None),
            Stage::Active(until) => (1, Some(Time(until))),
            Stage::Refused(since) => (2, Some(Time(since))),
            Stage::Leaving => (3, None),
        };
        Self {
            topic: Link(subscription.topic.clone()),
            hub: Link(subscription.hub.clone()),
            token: subscription.token.clone(),
            secret: subscription.secret.clone(),
            stage,
            at,
            pending: subscription.pending,
            asked: subscription.asked.map(Time),
            failures: subscription.failures,
            pushed: subscription.pushed.map(Time),
        }
    }
}

impl From<SubscriptionRecord> for Subscription {
    /// An unknown stage counts as wanted, so the hub is asked again.
    fn from(record: SubscriptionRecord) -> Self {
        let stage = match (record.stage, record.at) {
            (1, Some(until)) => Stage::Active(until.0),
            (2, Some(since)) => Stage::Refused(since.0),
            (3, _) => Stage::Leaving,
            _ => Stage::Wanted,
        };
        Self {
            topic: record.topic.0,
            hub: record.hub.0,
            token: record.token,
            secret: record.secret,
            stage,
            pending: record.pending,
            asked: record.asked.map(|time| time.0),
            failures: record.failures,
            pushed: record.pushed.map(|time| time.0),
        }
    }
}
