//! How a source is polled so that its publisher does not mind: when next, at which address, and what to send along. Pure;
//! what polls left behind is kept in [`PollState`].

use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use url::Url;

use crate::cadence::{back_off, moved};
use crate::model::{Digest, Moving, PollState, Skip, Validators};

/// Longest time between two polls that a feed or its server may ask for. Some say a year, and mean that they never thought
/// about it.
const ASKED_CEILING: SignedDuration = SignedDuration::from_hours(24);
/// First wait after a failed poll; doubled at each further one, up to [`ASKED_CEILING`].
const RETRY_FIRST: SignedDuration = SignedDuration::from_mins(10);
/// After so many failed polls in a row, two weeks of nothing else, a poll a week is enough.
const FAILURES_UNTIL_WEEKLY: u32 = 22;
/// Slowest probe of a source that fails. It is never given up: many come back after months.
const PROBE: SignedDuration = SignedDuration::from_hours(7 * 24);
/// How far a poll may be moved to keep polls apart: a share of the interval.
const JITTER: f64 = 0.1;
/// A lasting redirect is believed after so long. For less, it is more often a mistake or a hotel's network than a move.
const MOVE_AFTER: SignedDuration = SignedDuration::from_hours(7 * 24);
/// So many failed polls in a row at an address that we took over ourselves, and the configured one is asked again.
const FAILURES_UNTIL_BACK: u32 = 5;
/// A feed that only ever answered "not modified" for so long is asked once without conditions: some servers say that for
/// ever.
const WHOLE_AFTER: SignedDuration = SignedDuration::from_hours(8 * 24);
/// Hours of a week.
const HOURS_A_WEEK: u8 = 7 * 24;

/// What is known when the next poll is set.
#[derive(Clone, Copy, Debug)]
pub struct Asked {
    /// What the operator set.
    pub ours: SignedDuration,
    /// Never less than this, where the operator did not set less.
    pub floor: SignedDuration,
    /// How long the answer says that it stays fresh (`max-age`, `Expires`).
    pub fresh_for: Option<SignedDuration>,
    /// `Retry-After`.
    pub retry_after: Option<SignedDuration>,
    /// Whether this was the source's first poll.
    pub is_first: bool,
}

/// When a source is polled next, after a poll at `now` that left `state` behind.
///
/// After one that went well: the longest of what the operator, the feed and its server ask for; not in hours that the feed
/// skips. After failures: longer and longer, up to a week, and as late as the server asks. Never, where it is gone for good.
/// Polls are moved a little, never to before what the publisher asked for; the first interval of a source is cut at a place
/// of its own, so that the feeds of one host, added together, do not come together for ever.
#[must_use]
pub fn next_poll(state: &PollState, asked: &Asked, now: Timestamp) -> Timestamp {
    if state.terms.closed.is_some() {
        return Timestamp::MAX;
    }
    if state.failures > 0 {
        return now + after_failures(state, asked, now);
    }
    unskipped(now + after_success(state, asked, now), state.terms.skip)
}

fn after_success(state: &PollState, asked: &Asked, now: Timestamp) -> SignedDuration {
    let theirs = asked.fresh_for.max(state.asked_interval).max(asked.retry_after).unwrap_or_default();
    let theirs = theirs.min(ASKED_CEILING);
    let interval = asked.ours.max(theirs);
    let least = asked.floor.min(asked.ours).max(theirs);
    let wait = if asked.is_first {
        // Anywhere between nothing and the whole of it.
        moved(interval / 2, 1.0, own_seed(state))
    } else {
        moved(interval, JITTER, seed(state, now))
    };
    wait.max(least)
}

fn after_failures(state: &PollState, asked: &Asked, now: Timestamp) -> SignedDuration {
    let wait = if state.failures > FAILURES_UNTIL_WEEKLY {
        PROBE
    } else {
        back_off(RETRY_FIRST, state.failures).min(ASKED_CEILING)
    };
    let wait = moved(wait.max(asked.ours), JITTER, seed(state, now)).min(PROBE.max(asked.ours));
    wait.max(asked.retry_after.unwrap_or_default().min(PROBE))
}

/// The first time from `due` on that the feed does not skip.
fn unskipped(due: Timestamp, skip: Skip) -> Timestamp {
    if skip.is_everything() {
        return due;
    }
    let hours = (0..=HOURS_A_WEEK).map(|hour| due + SignedDuration::from_hours(i64::from(hour)));
    let mut free = hours.filter(|time| {
        let time = time.to_zoned(TimeZone::UTC);
        !skip.covers(time.hour(), time.weekday())
    });
    free.next().unwrap_or(due)
}

/// A number of the source's own.
fn own_seed(state: &PollState) -> u64 {
    let hash = Digest::of(state.slug.as_str().as_bytes());
    hash.0.first_chunk().map_or(0, |bytes| u64::from_le_bytes(*bytes))
}

fn seed(state: &PollState, now: Timestamp) -> u64 {
    own_seed(state) ^ now.as_second().unsigned_abs()
}

/// What to send along: the validators of the last feed, but none once it did not come whole for [`WHOLE_AFTER`].
#[must_use]
pub fn validators(state: &PollState, now: Timestamp) -> Validators {
    let is_stale = state.terms.came_whole.is_some_and(|whole| now.duration_since(whole) >= WHOLE_AFTER);
    if is_stale { Validators::default() } else { state.validators.clone() }
}

/// Takes note of where the lasting redirects (301, 308) from `asked`, if any, led to a feed that could be read. Gives the
/// address that is asked from now on, where that is another one: to https at once, anywhere else when the same was
/// answered for [`MOVE_AFTER`].
pub fn follow(state: &mut PollState, asked: &Url, led_to: Option<&Url>, now: Timestamp) -> Option<Url> {
    let Some(to) = led_to.filter(|to| *to != asked) else {
        state.terms.moving = None;
        return None;
    };
    let since = state.terms.moving.as_ref().filter(|moving| moving.to == *to).map_or(now, |moving| moving.since);
    if now.duration_since(since) < MOVE_AFTER && !is_made_secure(asked, to) {
        state.terms.moving = Some(Moving { to: to.clone(), since });
        return None;
    }
    state.terms.moving = None;
    state.terms.address = Some(to.clone()).filter(|to| *to != state.url);
    Some(to.clone())
}

/// Whether `to` is `from` with https in place of http.
fn is_made_secure(from: &Url, to: &Url) -> bool {
    let rest = |url: &Url| (url.host_str().map(str::to_owned), url.port(), url.path().to_owned());
    from.scheme() == "http" && to.scheme() == "https" && rest(from) == rest(to) && from.query() == to.query()
}

/// Gives up an address that the operator did not set and that has not answered for [`FAILURES_UNTIL_BACK`] polls; says
/// whether it did.
pub fn turn_back(state: &mut PollState) -> bool {
    state.failures >= FAILURES_UNTIL_BACK && give_up_address(state)
}

/// Gives up the address that the feed moved to, or else the one that its page pointed to; says whether there was any.
pub fn give_up_address(state: &mut PollState) -> bool {
    state.terms.address.take().is_some() || state.round.found.take().is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOUR: SignedDuration = SignedDuration::from_hours(1);

    /// A Saturday, nine in the morning.
    fn morning() -> Timestamp {
        "2026-08-01T09:00:00Z".parse().unwrap()
    }

    fn url(text: &str) -> Url {
        text.parse().unwrap()
    }

    fn state() -> PollState {
        PollState::unpolled("news".parse().unwrap(), url("http://news.example/feed"), morning())
    }

    fn asked() -> Asked {
        let minutes = SignedDuration::from_mins;
        Asked { ours: minutes(15), floor: minutes(5), fresh_for: None, retry_after: None, is_first: false }
    }

    fn wait(state: &PollState, asked: &Asked) -> SignedDuration {
        next_poll(state, asked, morning()).duration_since(morning())
    }

    #[test]
    fn the_longest_wish_counts_up_to_a_day_and_is_never_undercut() {
        let ours = wait(&state(), &asked()).as_secs();
        assert!((810..=990).contains(&ours), "{ours}");
        for (fresh, interval, retry, least) in [(2, 1, 0, 2), (1, 3, 0, 3), (0, 1, 5, 5), (9_999, 0, 0, 24)] {
            let state = PollState { asked_interval: Some(HOUR * interval), ..state() };
            let asked = Asked { fresh_for: Some(HOUR * fresh), retry_after: Some(HOUR * retry), ..asked() };
            let wait = wait(&state, &asked);
            assert!(wait >= HOUR * least && wait <= HOUR * least + HOUR * least / 10, "{wait}");
        }
        let slow = Asked { ours: HOUR * 48, ..asked() };
        assert!(wait(&state(), &slow) > HOUR * 43, "what the operator set may be longer than a day");
    }

    #[test]
    fn polls_are_moved_by_a_tenth_never_below_the_floor_and_differently_for_every_source() {
        let at_floor = Asked { ours: SignedDuration::from_mins(5), ..asked() };
        let waits: Vec<_> = (0..200)
            .map(|number| {
                let state = PollState { slug: format!("news-{number}").parse().unwrap(), ..state() };
                assert!(wait(&state, &at_floor).as_secs() >= 300);
                wait(&state, &asked()).as_secs()
            })
            .collect();
        assert!(waits.iter().all(|wait| (810..=990).contains(wait)));
        assert!(waits.iter().any(|wait| *wait < 840) && waits.iter().any(|wait| *wait > 960));
    }

    #[test]
    fn the_first_intervals_of_sources_are_spread_over_the_whole_of_it() {
        let first = Asked { is_first: true, ..asked() };
        let waits: Vec<_> = (0..200)
            .map(|number| {
                let state = PollState { slug: format!("news-{number}").parse().unwrap(), ..state() };
                wait(&state, &first).as_secs()
            })
            .collect();
        assert!(waits.iter().all(|wait| (300..=900).contains(wait)));
        let late = waits.iter().filter(|wait| **wait > 600).count();
        assert!((40..=100).contains(&late), "a third of all in the last third: {late}");
    }

    #[test]
    fn hours_and_days_that_the_feed_skips_pass_without_a_poll() {
        let mut skipping = state();
        skipping.terms.skip.add_day(jiff::civil::Weekday::Saturday);
        skipping.terms.skip.add_hour(24);
        let next = next_poll(&skipping, &asked(), morning()).to_zoned(TimeZone::UTC);
        assert_eq!((next.day(), next.hour()), (2, 1), "neither Saturday nor the first hour of Sunday");
        (0..24).for_each(|hour| skipping.terms.skip.add_hour(hour));
        assert!(wait(&skipping, &asked()) < HOUR, "to skip every hour cannot be meant");
    }

    #[test]
    fn failures_double_the_wait_from_ten_minutes_to_a_day_and_end_at_a_probe_a_week() {
        let after = |failures| wait(&PollState { failures, ..state() }, &asked()).as_secs();
        assert!((810..=990).contains(&after(1)), "never sooner than without the failure");
        assert!((2_160..=2_640).contains(&after(3)));
        assert!((77_760..=95_040).contains(&after(9)) && (77_760..=95_040).contains(&after(22)));
        for failures in [23, 1_000, u32::MAX] {
            assert!((544_000..=604_800).contains(&after(failures)), "{failures}");
        }
        let asked = |hours| Asked { retry_after: Some(HOUR * hours), ..asked() };
        let failed = PollState { failures: 1, ..state() };
        assert_eq!(wait(&failed, &asked(100)), HOUR * 100);
        assert_eq!(wait(&failed, &asked(9_999)), HOUR * 168);
    }

    #[test]
    fn a_move_to_https_is_made_at_once_any_other_after_a_week_of_the_same_answer() {
        let day = HOUR * 24;
        let asked = url("http://news.example/feed");
        let secure = url("https://news.example/feed");
        let mut state = state();
        assert_eq!(follow(&mut state, &asked, Some(&secure), morning()), Some(secure.clone()));
        assert_eq!(state.address(), &secure);

        let other = url("https://elsewhere.example/feed");
        assert_eq!(follow(&mut state, &secure, Some(&other), morning()), None);
        assert_eq!(follow(&mut state, &secure, Some(&other), morning() + day * 6), None);
        assert_eq!(follow(&mut state, &secure, None, morning() + day * 6), None, "once it was not so");
        assert_eq!(follow(&mut state, &secure, Some(&other), morning() + day * 7), None);
        assert_eq!(follow(&mut state, &secure, Some(&other), morning() + day * 14), Some(other.clone()));
        assert_eq!(state.address(), &other);

        assert_eq!(follow(&mut state, &other, Some(&asked), morning() + day * 15), None);
        assert_eq!(follow(&mut state, &other, Some(&asked), morning() + day * 22), Some(asked.clone()), "and back");
        assert_eq!(state.terms.address, None);
    }

    #[test]
    fn an_address_taken_over_that_fails_is_given_up() {
        let mut state = PollState { failures: 4, ..state() };
        state.terms.address = Some(url("https://elsewhere.example/"));
        state.round.found = Some(url("http://news.example/found"));
        assert!(!turn_back(&mut state));
        state.failures = 5;
        assert!(turn_back(&mut state) && state.address().path() == "/found");
        assert!(turn_back(&mut state) && !turn_back(&mut state));
    }
}
