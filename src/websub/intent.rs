//! Verification of intent: the hub asks whether a subscription was really requested (WebSub, section 5.3).

use jiff::{SignedDuration, Timestamp};

use crate::model::{Stage, Subscription};

/// Shortest accepted lease; a shorter one would have to be renewed at every poll.
const LEAST_LEASE: SignedDuration = SignedDuration::from_hours(1);
/// Longest accepted lease.
const MOST_LEASE: SignedDuration = SignedDuration::from_hours(90 * 24);
/// Size limit of a challenge that is echoed, in bytes.
const MAX_CHALLENGE_BYTES: usize = 1_024;

/// The parameters of the hub's request, named as in the standard without `hub.`.
#[derive(Clone, Copy, Debug, Default)]
pub struct Intent<'a> {
    /// `subscribe`, `unsubscribe` or `denied`.
    pub mode: &'a str,
    /// Address of the feed.
    pub topic: &'a str,
    /// Text that the response must echo.
    pub challenge: &'a str,
    /// Duration of the lease, in seconds.
    pub lease_seconds: &'a str,
}

/// The response to the hub, and what happens to the subscription.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answered {
    /// Requested by us: echo the challenge and store this subscription.
    Confirmed(Subscription),
    /// Its end was requested by us: echo the challenge and delete the subscription.
    Ended,
    /// The hub refuses: store this subscription.
    Refused(Subscription),
    /// Not requested by us: respond with 404.
    NotOurs,
}

/// Decides the response to a hub's request about a subscription at `now`. Confirms only what was requested and is
/// pending.
#[must_use]
pub fn answer(known: &Subscription, intent: &Intent<'_>, now: Timestamp) -> Answered {
    let is_ours = intent.topic == known.topic.as_str() && intent.challenge.len() <= MAX_CHALLENGE_BYTES;
    if !is_ours {
        return Answered::NotOurs;
    }
    let answered = Subscription { pending: false, failures: 0, ..known.clone() };
    match (intent.mode, known.stage) {
        ("subscribe", Stage::Wanted | Stage::Active(_) | Stage::Refused(_)) if known.pending => {
            let stage = Stage::Active(now + clamp_lease(intent.lease_seconds));
            Answered::Confirmed(Subscription { stage, asked: Some(now), ..answered })
        }
        ("unsubscribe" | "denied", Stage::Leaving) => Answered::Ended,
        ("denied", _) => Answered::Refused(Subscription { stage: Stage::Refused(now), ..answered }),
        _ => Answered::NotOurs,
    }
}

/// The lease that the hub grants, within our limits; the one we asked for if it names none.
fn clamp_lease(seconds: &str) -> SignedDuration {
    let seconds = seconds.parse().map_or(super::LEASE, SignedDuration::from_secs);
    seconds.clamp(LEAST_LEASE, MOST_LEASE)
}

#[cfg(test)]
mod tests {
    use super::*;

    const TOPIC: &str = "https://news.example/feed";

    fn now() -> Timestamp {
        "2026-08-01T09:00:00Z".parse().unwrap()
    }

    fn known(stage: Stage, pending: bool) -> Subscription {
        let url = TOPIC.parse().unwrap();
        let hub = "https://hub.example/".parse().unwrap();
        let (token, secret, asked) = ("t".to_owned(), "s".to_owned(), Some(now()));
        Subscription { topic: url, hub, token, secret, stage, pending, asked, failures: 3, pushed: None }
    }

    fn asks<'a>(mode: &'a str, topic: &'a str, lease_seconds: &'a str) -> Intent<'a> {
        Intent { mode, topic, challenge: "c", lease_seconds }
    }

    #[test]
    fn only_a_requested_subscription_is_confirmed() {
        let confirmed =
            |known: &Subscription, intent: Intent<'_>| matches!(answer(known, &intent, now()), Answered::Confirmed(_));
        assert!(confirmed(&known(Stage::Wanted, true), asks("subscribe", TOPIC, "600")));
        assert!(confirmed(&known(Stage::Active(now()), true), asks("subscribe", TOPIC, "600")));
        assert!(!confirmed(&known(Stage::Wanted, false), asks("subscribe", TOPIC, "600")), "not requested");
        assert!(!confirmed(&known(Stage::Wanted, true), asks("subscribe", "https://other.example/", "600")));
        assert!(!confirmed(&known(Stage::Leaving, true), asks("subscribe", TOPIC, "600")));
        let endless = "c".repeat(MAX_CHALLENGE_BYTES + 1);
        assert!(!confirmed(
            &known(Stage::Wanted, true),
            Intent { challenge: &endless, ..asks("subscribe", TOPIC, "") }
        ));
        assert_eq!(
            answer(&known(Stage::Active(now()), false), &asks("unsubscribe", TOPIC, ""), now()),
            Answered::NotOurs
        );
        assert_eq!(answer(&known(Stage::Leaving, true), &asks("unsubscribe", TOPIC, ""), now()), Answered::Ended);
        let refused = answer(&known(Stage::Wanted, true), &asks("denied", TOPIC, ""), now());
        assert!(matches!(refused, Answered::Refused(kept) if kept.stage == Stage::Refused(now())));
    }

    #[test]
    fn the_hub_sets_the_lease_within_limits() {
        for (given, hours) in [("864000", 240), ("5", 1), ("999999999999", 2_160), ("", 240), ("-5", 1), ("soon", 240)]
        {
            let Answered::Confirmed(kept) =
                answer(&known(Stage::Wanted, true), &asks("subscribe", TOPIC, given), now())
            else {
                panic!("{given}")
            };
            assert_eq!(kept.stage, Stage::Active(now() + SignedDuration::from_hours(hours)), "{given}");
            assert_eq!((kept.pending, kept.failures), (false, 0));
        }
    }
}
