//! A hub asks whether we meant it.

use jiff::{SignedDuration, Timestamp};

use crate::model::{Stage, Subscription};

/// Shortest lease taken at its word; a shorter one would be renewed at every poll.
const LEAST_LEASE: SignedDuration = SignedDuration::from_hours(1);
/// Longest lease taken at its word.
const MOST_LEASE: SignedDuration = SignedDuration::from_hours(90 * 24);
/// Longest challenge that is given back, in bytes.
const MAX_CHALLENGE_BYTES: usize = 1_024;

/// What a hub asks, by the names of the standard without `hub.`.
#[derive(Clone, Copy, Debug, Default)]
pub struct Intent<'a> {
    /// `subscribe`, `unsubscribe` or `denied`.
    pub mode: &'a str,
    /// The feed.
    pub topic: &'a str,
    /// What to give back.
    pub challenge: &'a str,
    /// For how long, in seconds.
    pub lease_seconds: &'a str,
}

/// What we answer, and what becomes of the subscription.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answered {
    /// We meant it: give the challenge back and keep this.
    Confirmed(Subscription),
    /// We meant it to end: give the challenge back and forget it.
    Ended,
    /// The hub refuses: keep this.
    Refused(Subscription),
    /// We did not ask for that: 404.
    NotOurs,
}

/// Answers what a hub asks about a subscription at `now`. Only what we asked for and wait for is confirmed.
#[must_use]
pub fn answer(known: &Subscription, intent: &Intent<'_>, now: Timestamp) -> Answered {
    let is_ours = intent.topic == known.topic.as_str() && intent.challenge.len() <= MAX_CHALLENGE_BYTES;
    if !is_ours {
        return Answered::NotOurs;
    }
    let answered = Subscription { pending: false, failures: 0, ..known.clone() };
    match (intent.mode, known.stage) {
        ("subscribe", Stage::Wanted | Stage::Active(_) | Stage::Refused(_)) if known.pending => {
            let stage = Stage::Active(now + lease(intent.lease_seconds));
            Answered::Confirmed(Subscription { stage, asked: Some(now), ..answered })
        }
        ("unsubscribe" | "denied", Stage::Leaving) => Answered::Ended,
        ("denied", _) => Answered::Refused(Subscription { stage: Stage::Refused(now), ..answered }),
        _ => Answered::NotOurs,
    }
}

/// The lease that a hub gives; what we asked for, where it says none.
fn lease(seconds: &str) -> SignedDuration {
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
    fn only_what_was_asked_for_is_confirmed() {
        let confirmed =
            |known: &Subscription, intent: Intent<'_>| matches!(answer(known, &intent, now()), Answered::Confirmed(_));
        assert!(confirmed(&known(Stage::Wanted, true), asks("subscribe", TOPIC, "600")));
        assert!(confirmed(&known(Stage::Active(now()), true), asks("subscribe", TOPIC, "600")));
        assert!(!confirmed(&known(Stage::Wanted, false), asks("subscribe", TOPIC, "600")), "nobody asked");
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
    fn a_lease_is_what_the_hub_gives_within_bounds() {
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
