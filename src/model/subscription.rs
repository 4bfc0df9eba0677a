//! A subscription at a hub (WebSub): the hub tells when a feed has something new.

use jiff::{SignedDuration, Timestamp};
use url::Url;

/// What a source's hub knows of us. Kept in the store.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Subscription {
    /// The feed, as the hub calls it.
    pub topic: Url,
    /// Where the hub is.
    pub hub: Url,
    /// The end of the address that the hub calls; nobody else knows it.
    pub token: String,
    /// What the hub signs with.
    pub secret: String,
    /// How far it got.
    pub stage: Stage,
    /// Whether the hub was asked and has not called back yet.
    pub pending: bool,
    /// When the hub was asked last.
    pub asked: Option<Timestamp>,
    /// Times in a row that the hub was asked and did not call back.
    pub failures: u32,
    /// When it last told of something new.
    pub pushed: Option<Timestamp>,
}

/// How far a subscription got.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// The hub did not confirm it yet.
    Wanted,
    /// The hub confirmed it until then.
    Active(Timestamp),
    /// The hub refused it at that time.
    Refused(Timestamp),
    /// The source is watched no more: it is to end.
    Leaving,
}

impl Subscription {
    /// A hub that does not call back is asked again after so long, doubled at each further time, up to a day.
    const AGAIN: SignedDuration = SignedDuration::from_hours(1);
    /// A hub that refused is asked again after so long.
    const AFTER_REFUSAL: SignedDuration = SignedDuration::from_hours(7 * 24);
    /// A subscription is renewed when less than this is left of it, or less than a third of what it was given for. A source is
    /// polled at least once a day, and renewing goes with polling.
    const EARLY: SignedDuration = SignedDuration::from_hours(2 * 24);
    /// Most doublings of [`Self::AGAIN`].
    const MOST_DOUBLINGS: u32 = 5;

    /// Whether the hub is to be asked at `now`.
    #[must_use]
    pub fn is_due(&self, now: Timestamp) -> bool {
        let Some(asked) = self.asked else { return true };
        let again =
            (Self::AGAIN * 2_i32.pow(self.failures.min(Self::MOST_DOUBLINGS))).min(SignedDuration::from_hours(24));
        if self.pending && now.duration_since(asked) < again {
            return false;
        }
        match self.stage {
            Stage::Wanted | Stage::Leaving => true,
            Stage::Active(until) => now >= until - Self::EARLY.min(until.duration_since(asked) / 3),
            Stage::Refused(since) => now.duration_since(since) >= Self::AFTER_REFUSAL,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOUR: SignedDuration = SignedDuration::from_hours(1);

    fn at(hour: i32) -> Timestamp {
        Timestamp::UNIX_EPOCH + HOUR * hour
    }

    fn subscription(stage: Stage, pending: bool, failures: u32) -> Subscription {
        let url = Url::parse("https://hub.example/").unwrap();
        let (token, secret) = (String::new(), String::new());
        Subscription {
            topic: url.clone(),
            hub: url,
            token,
            secret,
            stage,
            pending,
            asked: Some(at(0)),
            failures,
            pushed: None,
        }
    }

    #[test]
    fn a_hub_is_asked_again_when_it_is_silent_and_before_its_lease_ends() {
        for (stage, pending, failures, due) in [
            (Stage::Wanted, true, 0, 1),
            (Stage::Wanted, true, 2, 4),
            (Stage::Wanted, true, 99, 24),
            (Stage::Active(at(240)), false, 0, 192),
            (Stage::Active(at(30)), false, 0, 20),
            (Stage::Refused(at(1)), false, 0, 169),
            (Stage::Leaving, true, 1, 2),
        ] {
            let subscription = subscription(stage, pending, failures);
            assert!(!subscription.is_due(at(due - 1)), "{stage:?}");
            assert!(subscription.is_due(at(due)), "{stage:?}");
        }
        assert!(Subscription { asked: None, ..subscription(Stage::Wanted, false, 0) }.is_due(at(-5)));
    }
}
