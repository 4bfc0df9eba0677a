//! Validity of a site's `robots.txt`, and the rules that apply while it cannot be fetched.

use jiff::{SignedDuration, Timestamp};
use url::Url;

use super::Robots;
use crate::model::{Fact, Reply, RobotsState};

/// Validity of a fetched file (RFC 9309, 2.4).
const FRESH: SignedDuration = SignedDuration::from_hours(24);
/// Wait before the next attempt after one that failed.
const AGAIN: SignedDuration = SignedDuration::from_hours(1);
/// A site whose file was unreachable for this long is treated as one without a file (RFC 9309, 2.3.1.4).
const LOST: SignedDuration = SignedDuration::from_hours(30 * 24);

/// Whether the `robots.txt` of a site must be fetched at `now`; always if `state` is `None`.
#[must_use]
pub fn is_due(state: Option<&RobotsState>, now: Timestamp) -> bool {
    state.is_none_or(|state| {
        let holds = if state.lost.is_some() { AGAIN } else { FRESH };
        !(SignedDuration::ZERO..holds).contains(&now.duration_since(state.asked))
    })
}

/// The state after `reply` arrived at `now`. If the file could not be fetched, its last known rules stay in force.
#[must_use]
pub fn keep(before: Option<RobotsState>, reply: &Reply, now: Timestamp) -> RobotsState {
    if let Some(robots) = Robots::told(reply) {
        return RobotsState { text: Some(robots.condensed()), asked: now, lost: None };
    }
    let lost = before.as_ref().and_then(|before| before.lost).or(Some(now));
    RobotsState { text: before.and_then(|before| before.text), asked: now, lost }
}

/// The reason why `url` must not be fetched at `now`. `None` if it may be fetched.
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

/// The pause between two requests that the site asks for (`Crawl-delay`). `None` if it asks for none.
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
    fn a_file_is_valid_for_a_day_and_longer_while_it_is_unreachable() {
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
