//! Polling policy: when a source is polled next, at which address, and with which validators, so that its publisher
//! does not mind. Pure; the state between polls is in [`PollState`].

use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use url::Url;

use crate::cadence::{back_off, moved};
use crate::model::{Digest, Moving, PollState, Skip, Validators};

/// Longest interval that a feed or its server can ask for. Some ask for a year, most likely by mistake.
const ASKED_CEILING: SignedDuration = SignedDuration::from_hours(24);
/// Wait after a first failed poll; doubles with each further failure, up to [`ASKED_CEILING`].
const RETRY_FIRST: SignedDuration = SignedDuration::from_mins(10);
/// Consecutive failed polls, about two weeks, after which a source is polled once a week only.
const FAILURES_UNTIL_WEEKLY: u32 = 22;
/// Interval of polls of a source that keeps failing. It is never given up, because many sources return after months.
const PROBE: SignedDuration = SignedDuration::from_hours(7 * 24);
/// Largest shift of a poll, which spreads polls: a share of the interval.
const JITTER: f64 = 0.1;
/// A permanent redirect is followed for good once it was answered for this long. A shorter one is more often a mistake,
/// or the network of a hotel, than a move.
const MOVE_AFTER: SignedDuration = SignedDuration::from_hours(7 * 24);
/// Consecutive failed polls after which an address found by a redirect is dropped in favour of the configured one.
const FAILURES_UNTIL_BACK: u32 = 5;
/// A feed that answered only "not modified" for this long is requested once without validators, because some servers
/// give that answer forever.
const WHOLE_AFTER: SignedDuration = SignedDuration::from_hours(8 * 24);
/// Number of hours in a week.
const HOURS_A_WEEK: u8 = 7 * 24;

/// Inputs for the time of the next poll.
#[derive(Clone, Copy, Debug)]
pub struct Asked {
    /// The interval that the operator configured.
    pub ours: SignedDuration,
    /// Shortest interval, unless the operator configured a shorter one.
    pub floor: SignedDuration,
    /// The freshness that the response claims (`max-age`, `Expires`).
    pub fresh_for: Option<SignedDuration>,
    /// The wait that the response asks for (`Retry-After`).
    pub retry_after: Option<SignedDuration>,
    /// Whether this was the source's first poll.
    pub is_first: bool,
}

/// The time of the next poll, after a poll at `now` that left `state`.
///
/// After success it is the longest of the intervals that the operator, the feed and its server ask for, outside the
/// hours that the feed skips. After failures the wait grows up to a week, and is at least as long as the server asks. A
/// source that is gone for good is never polled again.
///
/// Polls are shifted a little, but never to before the time that the publisher asked for. The first interval of a
/// source is shortened to an amount of its own, so that feeds of one host that were added together are not polled
/// together forever.
#[must_use]
pub fn next_poll(state: &PollState, asked: &Asked, now: Timestamp) -> Timestamp {
    if state.terms.closed.is_some() {
        // The server said that the feed is gone for good (410).
        return Timestamp::MAX;
    }
    if state.failures > 0 {
        return now + wait_after_failures(state, asked, now);
    }
    first_unskipped(now + wait_after_success(state, asked, now), state.terms.skip)
}

fn wait_after_success(state: &PollState, asked: &Asked, now: Timestamp) -> SignedDuration {
    let theirs = asked.fresh_for.max(state.asked_interval).max(asked.retry_after).unwrap_or_default();
    let theirs = theirs.min(ASKED_CEILING);
    let interval = asked.ours.max(theirs);
    let least = asked.floor.min(asked.ours).max(theirs);
    let wait = if asked.is_first {
        // The first wait is anywhere between zero and the whole interval.
        moved(interval / 2, 1.0, source_seed(state))
    } else {
        moved(interval, JITTER, poll_seed(state, now))
    };
    wait.max(least)
}

fn wait_after_failures(state: &PollState, asked: &Asked, now: Timestamp) -> SignedDuration {
    let wait = if state.failures > FAILURES_UNTIL_WEEKLY {
        PROBE
    } else {
        back_off(RETRY_FIRST, state.failures).min(ASKED_CEILING)
    };
    let wait = moved(wait.max(asked.ours), JITTER, poll_seed(state, now)).min(PROBE.max(asked.ours));
    wait.max(asked.retry_after.unwrap_or_default().min(PROBE))
}

/// The first time at or after `due` that the feed does not skip.
fn first_unskipped(due: Timestamp, skip: Skip) -> Timestamp {
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

/// A number that depends on the source's name alone.
fn source_seed(state: &PollState) -> u64 {
    let hash = Digest::of(state.slug.as_str().as_bytes());
    hash.0.first_chunk().map_or(0, |bytes| u64::from_le_bytes(*bytes))
}

fn poll_seed(state: &PollState, now: Timestamp) -> u64 {
    source_seed(state) ^ now.as_second().unsigned_abs()
}

/// The validators to send: those of the last feed, or none if the feed did not arrive in full for [`WHOLE_AFTER`].
#[must_use]
pub fn validators(state: &PollState, now: Timestamp) -> Validators {
    let is_stale = state.terms.came_whole.is_some_and(|whole| now.duration_since(whole) >= WHOLE_AFTER);
    if is_stale { Validators::default() } else { state.validators.clone() }
}

/// Records where permanent redirects (301, 308) from `asked` led to a readable feed; `None` if there were none. Returns
/// the new address if the source moves: at once if only http became https, otherwise after the redirect was answered
/// for [`MOVE_AFTER`].
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

/// Whether the only difference between `from` and `to` is https in place of http.
fn is_made_secure(from: &Url, to: &Url) -> bool {
    let rest = |url: &Url| (url.host_str().map(str::to_owned), url.port(), url.path().to_owned());
    from.scheme() == "http" && to.scheme() == "https" && rest(from) == rest(to) && from.query() == to.query()
}

/// Drops an address that the operator did not configure after [`FAILURES_UNTIL_BACK`] failed polls. Returns whether it
/// was dropped.
pub fn turn_back(state: &mut PollState) -> bool {
    state.failures >= FAILURES_UNTIL_BACK && give_up_address(state)
}

/// Drops the address that the feed moved to, or else the one found on its page. Returns whether there was one.
pub fn give_up_address(state: &mut PollState) -> bool {
    state.terms.address.take().is_some() || state.round.found.take().is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOUR: SignedDuration = SignedDuration::from_hours(1);

    /// A Saturday at nine in the morning.
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
    fn the_longest_interval_asked_for_counts_up_to_a_day() {
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
