//! When an article is checked next, given its history and the outcome of the check just made.
//!
//! The schedule is that of News Sniffer: soon after a change, then a little later after each check without a change, up
//! to a maximum interval. An article without a change for a long time is retired. Of all changed articles, 60 % have
//! their last change within 5 hours of publication, 95 % within 3 days and 98 % within 10 days, so early checks find
//! most.

use jiff::{SignedDuration, Timestamp};

use crate::model::{Pulse, Retirement, Watch};

/// The parameters of the schedule. All durations are positive.
#[derive(Clone, Debug, PartialEq)]
pub struct Pace {
    /// Time from a change (or from the first check) to the next check.
    pub first: SignedDuration,
    /// Factor by which the interval grows after each check without a change; at least 1.
    pub factor: f64,
    /// Longest interval between two checks.
    pub ceiling: SignedDuration,
    /// An article is retired after this long without a change. Time in which it was due but not checked does not count.
    pub retire_after: SignedDuration,
    /// Time to the next check after a first failure; doubles with each further failure.
    pub retry_first: SignedDuration,
    /// Time to the next check after a page that looks wrong; doubles with each further one.
    pub suspect_first: SignedDuration,
    /// An article counts as removed once it was missing for this long and for [`Pace::REMOVED_LOOKS`] checks.
    pub removed_after: SignedDuration,
    /// Largest shift of a due time, which spreads checks: a share of the interval, 0 to 1.
    pub jitter: f64,
}

impl Pace {
    /// Consecutive checks that must find an article missing before it counts as removed.
    pub const REMOVED_LOOKS: u32 = 3;
    /// Longest wait after failures.
    pub const RETRY_CEILING: SignedDuration = SignedDuration::from_hours(24);
    /// Shortest pause after a host said that it is busy; doubles each further time in a row.
    pub const REST: SignedDuration = SignedDuration::from_mins(10);
    /// Longest pause that a host can impose on us.
    pub const REST_CEILING: SignedDuration = SignedDuration::from_hours(7 * 24);
}

impl Default for Pace {
    fn default() -> Self {
        Self {
            first: SignedDuration::from_mins(30),
            factor: 1.2,
            ceiling: SignedDuration::from_hours(24),
            retire_after: SignedDuration::from_hours(40 * 24),
            retry_first: SignedDuration::from_mins(10),
            suspect_first: SignedDuration::from_mins(5),
            removed_after: SignedDuration::from_hours(24),
            jitter: 0.1,
        }
    }
}

/// The outcome of a check, as far as the next check depends on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Look {
    /// The article changed, or was seen for the first time.
    Changed,
    /// The article did not change.
    Unchanged,
    /// The page looks wrong; the number of consecutive checks that found it so.
    Suspect(u32),
    /// A change is held back until it was seen again and other articles of the host were checked.
    Held,
    /// The page is missing; the number of consecutive checks that found it so.
    Missing(u32),
    /// The fetch failed; the number of consecutive failures, and the wait that the host asked for.
    Failed(u32, Option<SignedDuration>),
}

/// The article's pulse and its next check, after a check at `now` that had been planned by `watch`. `forever` articles
/// are never retired. `seed` (the article's number) determines the shift, so that the result is reproducible.
#[must_use]
pub fn next(
    (pulse, watch): (&Pulse, Watch),
    look: Look,
    pace: &Pace,
    forever: bool,
    seed: u64,
    now: Timestamp,
) -> (Pulse, Watch) {
    let mut after = *pulse;
    after.missed_s = pulse.missed_s.saturating_add(late_s(watch, now));
    let interval = match look {
        Look::Changed => {
            (after.changed, after.missed_s) = (now, 0);
            record_reached(&mut after, now, pace.first.min(pace.ceiling))
        }
        Look::Unchanged => {
            let longer = SignedDuration::from_secs(i64::from(pulse.interval_s)).mul_f64(pace.factor);
            record_reached(&mut after, now, longer.max(pace.first).min(pace.ceiling))
        }
        Look::Suspect(looks) => back_off(pace.suspect_first, looks).min(pace.ceiling),
        Look::Held => (pace.suspect_first / 5).min(pace.first / 30).min(pace.ceiling),
        Look::Missing(looks) => back_off(pace.removed_after / 8, looks).min(pace.ceiling),
        Look::Failed(failures, asked) => {
            after.failures = failures;
            let least = back_off(pace.retry_first, failures).min(Pace::RETRY_CEILING);
            asked.map_or(least, |asked| asked.clamp(least, Pace::REST_CEILING))
        }
    };
    let watched = now.duration_since(after.changed) - SignedDuration::from_secs(i64::from(after.missed_s));
    if !forever && watched >= pace.retire_after {
        return (after, Watch::Retired { since: now, reason: Retirement::Quiet });
    }
    (after, Watch::Due(now + moved(interval, pace.jitter, seed ^ now.as_second().unsigned_abs())))
}

/// Delay of a check at `now`, in seconds. The article may have changed unnoticed in that time, so it does not count as
/// quiet.
fn late_s(watch: Watch, now: Timestamp) -> u32 {
    let Watch::Due(due) = watch else { return 0 };
    u32::try_from(now.duration_since(due).as_secs().max(0)).unwrap_or(u32::MAX)
}

/// Whether the next check must be an unconditional request. Every eighth is, because some servers answer "not modified"
/// whether or not the page was modified.
#[must_use]
pub fn asks_afresh(pulse: &Pulse) -> bool {
    const ONE_IN: u32 = 8;
    pulse.looks % ONE_IN == ONE_IN - 1
}

/// Records a check that reached the article. Returns the interval to the next one.
fn record_reached(pulse: &mut Pulse, now: Timestamp, interval: SignedDuration) -> SignedDuration {
    pulse.looks = pulse.looks.saturating_add(1);
    pulse.failures = 0;
    pulse.looked = Some(now);
    pulse.interval_s = u32::try_from(interval.as_secs()).unwrap_or(u32::MAX);
    interval
}

/// The pause for a busy host (429, 503) that was busy `before` times in a row already. It is as long as the host asks,
/// up to [`Pace::REST_CEILING`], and at least [`Pace::REST`], doubled for each earlier time up to
/// [`Pace::RETRY_CEILING`].
#[must_use]
pub fn rest(asked: Option<SignedDuration>, before: u32) -> SignedDuration {
    let least = back_off(Pace::REST, before.saturating_add(1)).min(Pace::RETRY_CEILING);
    asked.unwrap_or_default().clamp(least, Pace::REST_CEILING)
}

/// `first` the first time, twice as long each further time.
#[must_use]
pub fn back_off(first: SignedDuration, times: u32) -> SignedDuration {
    const MOST_DOUBLINGS: u32 = 16;
    first * 2_i32.pow(times.saturating_sub(1).min(MOST_DOUBLINGS))
}

/// `interval` shifted by at most the share `jitter`, in a direction and by an amount that `seed` determines.
#[must_use]
pub fn moved(interval: SignedDuration, jitter: f64, seed: u64) -> SignedDuration {
    // The finaliser of SplitMix64 (Steele, Lea and Flood 2014) spreads neighbouring seeds far apart.
    let mut mixed = seed.wrapping_add(0x9e37_79b9_7f4a_7c15);
    mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    let share = ((mixed ^ (mixed >> 31)) >> 11) as f64 / (1_u64 << 53) as f64;
    interval.mul_f64(1.0 + jitter * (2.0 * share - 1.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pace() -> Pace {
        Pace { jitter: 0.0, ..Pace::default() }
    }

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    fn new_pulse(now: Timestamp) -> Pulse {
        Pulse { looks: 0, changes: 0, failures: 0, looked: None, changed: now, interval_s: 0, missed_s: 0 }
    }

    const NEW: Watch = Watch::Due(Timestamp::MAX);

    fn due(watch: Watch) -> i64 {
        match watch {
            Watch::Due(time) => time.as_second(),
            Watch::Retired { .. } => panic!("retired"),
        }
    }

    #[test]
    fn checks_come_later_and_later_until_the_ceiling_and_end_after_forty_days() {
        let mut now = at(1_000_000);
        let (mut pulse, mut watch) = next((&new_pulse(now), NEW), Look::Changed, &pace(), false, 1, now);
        assert_eq!(due(watch) - now.as_second(), 1800);
        let mut intervals = Vec::new();
        while let Watch::Due(time) = watch {
            intervals.push(time.duration_since(now).as_secs());
            now = time;
            (pulse, watch) = next((&pulse, watch), Look::Unchanged, &pace(), false, 1, now);
        }
        assert_eq!(&intervals[..3], [1800, 2160, 2592]);
        assert_eq!(intervals.iter().max(), Some(&86_400));
        assert!(matches!(watch, Watch::Retired { reason: Retirement::Quiet, .. }));
        assert!((40..=41).contains(&(now.duration_since(at(1_000_000)).as_secs() / 86_400)));
    }

    #[test]
    fn a_change_resets_the_interval() {
        let now = at(1_000_000);
        let slow = Pulse { interval_s: 80_000, ..new_pulse(at(0)) };
        let (pulse, watch) = next((&slow, NEW), Look::Changed, &pace(), false, 1, now);
        assert_eq!(due(watch) - now.as_second(), 1800);
        assert_eq!(pulse.changed, now);
    }

    #[test]
    fn failures_double_the_wait_and_a_host_can_ask_for_a_week_at_most() {
        let now = at(1_000_000);
        let wait = |look| due(next((&new_pulse(now), NEW), look, &pace(), false, 1, now).1) - now.as_second();
        assert_eq!(wait(Look::Failed(1, None)), 600);
        assert_eq!(wait(Look::Failed(3, None)), 2400);
        assert_eq!(wait(Look::Failed(40, None)), 86_400);
        assert_eq!(wait(Look::Failed(1, Some(SignedDuration::from_hours(2)))), 7200);
        assert_eq!(wait(Look::Failed(1, Some(SignedDuration::from_hours(9999)))), 7 * 86_400);
    }

    #[test]
    fn a_busy_host_rests_as_long_as_it_asks_up_to_a_week_and_longer_each_time_in_a_row() {
        let rests = |asked: Option<i64>, before| rest(asked.map(SignedDuration::from_secs), before).as_secs();
        assert_eq!(
            [rests(None, 0), rests(Some(20), 0), rests(Some(7200), 0), rests(Some(i64::MAX), 0)],
            [600, 600, 7200, 7 * 86_400]
        );
        assert_eq!([rests(None, 1), rests(None, 3), rests(Some(7200), 5)], [1_200, 4_800, 19_200]);
        assert_eq!([rests(None, 9), rests(None, u32::MAX)], [86_400; 2]);
    }

    #[test]
    fn time_without_checks_does_not_count_as_quiet() {
        let day = |day: i64| at(day * 86_400);
        let (pulse, watch) = next((&new_pulse(day(0)), NEW), Look::Changed, &pace(), false, 1, day(0));
        let (pulse, watch) = next((&pulse, watch), Look::Unchanged, &pace(), false, 1, day(60));
        assert_eq!(pulse.missed_s, 60 * 86_400 - 1_800);
        let late = next((&pulse, watch), Look::Failed(1, None), &pace(), false, 1, day(99));
        assert!(matches!(late.1, Watch::Due(_)), "thirty-nine days late once more: {late:?}");
        assert!(matches!(next((&pulse, NEW), Look::Unchanged, &pace(), false, 1, day(100)).1, Watch::Retired { .. }));
        assert_eq!(next((&late.0, late.1), Look::Changed, &pace(), false, 1, day(100)).0.missed_s, 0);
    }

    #[test]
    fn an_article_watched_forever_is_never_retired() {
        let now = at(100 * 86_400);
        let (_, watch) = next((&new_pulse(at(0)), NEW), Look::Unchanged, &pace(), true, 1, now);
        assert!(matches!(watch, Watch::Due(_)));
    }

    #[test]
    fn jitter_stays_within_its_share_and_differs_between_articles() {
        let hour = SignedDuration::from_hours(1);
        let all: Vec<_> = (0..100).map(|seed| moved(hour, 0.1, seed).as_secs()).collect();
        assert!(all.iter().all(|s| (3240..=3960).contains(s)));
        assert!(all.iter().any(|s| *s < 3400) && all.iter().any(|s| *s > 3800));
    }
}
