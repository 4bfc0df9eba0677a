//! How long a `robots.txt` holds, and what holds while it cannot be had.

use jiff::{SignedDuration, Timestamp};
use url::Url;

use super::Robots;
use crate::model::{Fact, Reply, RobotsState};

/// How long an answer holds (RFC 9309, 2.4).
const FRESH: SignedDuration = SignedDuration::from_hours(24);
/// How soon one that cannot be reached is asked for again.
const AGAIN: SignedDuration = SignedDuration::from_hours(1);
/// Unreachable for so long counts as none there (RFC 9309, 2.3.1.4).
const LOST: SignedDuration = SignedDuration::from_hours(30 * 24);

/// Whether a site's `robots.txt` is to be asked for (again) at `now`.
#[must_use]
pub fn is_due(state: Option<&RobotsState>, now: Timestamp) -> bool {
    state.is_none_or(|state| {
        let holds = if state.lost.is_some() { AGAIN } else { FRESH };
        !(SignedDuration::ZERO..holds).contains(&now.duration_since(state.asked))
    })
}

/// What is kept after an answer at `now`. Where it cannot be reached, what it said before holds on.
#[must_use]
pub fn keep(before: Option<RobotsState>, reply: &Reply, now: Timestamp) -> RobotsState {
    if let Some(robots) = Robots::told(reply) {
        return RobotsState { text: Some(robots.condensed()), asked: now, lost: None };
    }
    let lost = before.as_ref().and_then(|before| before.lost).or(Some(now));
    RobotsState { text: before.and_then(|before| before.text), asked: now, lost }
}

/// Why an address must not be asked at `now`; none where it may.
#[must_use]
pub fn objection(state: &RobotsState, url: &Url, now: Timestamp) -> Option<Fact> {
    if state.lost.is_some_and(|since| now.duration_since(since) >= LOST) {
        return None;
    }
    let Some(text) = &state.text else {
        return Some(Fact::new("robots.txt of its site cannot be reached, which forbids everything until it can"));
    };
    let robots = Robots::parse(text.as_bytes());
    let rule = robots.permission(url).rule.filter(|rule| !rule.allows)?;
    Some(Fact::new("robots.txt of its site forbids it ({rule})").with(rule.text()))
}

/// How long the site asks to wait between two requests.
#[must_use]
pub fn pause(state: &RobotsState) -> Option<SignedDuration> {
    let robots = Robots::parse(state.text.as_ref()?.as_bytes());
    robots.delay().and_then(|delay| SignedDuration::try_from(delay).ok())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Trouble;

    #[test]
    fn what_was_said_holds_a_day_and_on_while_it_cannot_be_reached() {
        let url = Url::parse("https://news.example/x").unwrap();
        let now: Timestamp = "2026-08-01T09:00:00Z".parse().unwrap();
        let broken = Reply::Trouble(Trouble::ServerError(500));
        let lost = keep(None, &broken, now);
        assert!(objection(&lost, &url, now).is_some_and(|why| why.to_string().contains("cannot be reached")));
        assert_eq!(objection(&keep(Some(lost), &broken, now + LOST), &url, now + LOST), None);
        let bytes = b"user-agent: *\ndisallow: /x\ncrawl-delay: 7".to_vec();
        let said = keep(None, &Reply::Body { bytes, content_type: None }, now);
        assert_eq!(pause(&said), Some(SignedDuration::from_secs(7)));
        assert!(
            !is_due(Some(&said), now + AGAIN) && is_due(Some(&said), now + FRESH) && is_due(Some(&said), now - AGAIN)
        );
        let later = keep(Some(said), &broken, now + FRESH);
        let why = objection(&later, &url, now + FRESH).unwrap();
        assert_eq!(why.to_string(), "robots.txt of its site forbids it (Disallow: /x)");
        assert!(is_due(Some(&later), now + FRESH + AGAIN) && is_due(None, now));
    }
}
