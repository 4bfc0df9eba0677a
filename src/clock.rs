//! The time of day. Code that decides gets `now` as an argument; only the outer code reads this clock.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use jiff::{SignedDuration, Timestamp};

/// Source of the time of day.
#[derive(Clone, Debug)]
pub enum Clock {
    /// The machine's clock.
    System,
    /// A clock that only moves when it is set (Unix seconds). It serves tests, and looking at a store as of another
    /// day.
    Held(Arc<AtomicI64>),
}

impl Clock {
    /// Creates a held clock set to `now`, in whole seconds.
    #[must_use]
    pub fn held(now: Timestamp) -> Self {
        Self::Held(Arc::new(AtomicI64::new(now.as_second())))
    }

    /// Returns the time of day.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        match self {
            Self::System => Timestamp::now(),
            Self::Held(second) => {
                Timestamp::from_second(second.load(Ordering::SeqCst)).unwrap_or(Timestamp::UNIX_EPOCH)
            }
        }
    }

    /// Returns the time of day, and the time since a fixed moment in the past, which setting the clock does not
    /// change. For a held clock, both follow the time of day.
    #[must_use]
    pub fn moment(&self) -> Moment {
        let day = self.now();
        match self {
            Self::System => Moment { day, since: since_boot() },
            Self::Held(_) => Moment { day, since: day.duration_since(Timestamp::UNIX_EPOCH) },
        }
    }

    /// Sets a held clock to `now`. Has no effect on the machine's clock.
    pub fn set(&self, now: Timestamp) {
        if let Self::Held(second) = self {
            second.store(now.as_second(), Ordering::SeqCst);
        }
    }
}

/// Time since the machine started, including time asleep: after a notebook wakes up, its feeds are due.
fn since_boot() -> SignedDuration {
    let time = rustix::time::clock_gettime(rustix::time::ClockId::Boottime);
    SignedDuration::new(time.tv_sec, i32::try_from(time.tv_nsec).unwrap_or_default())
}

/// One moment, measured by two clocks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Moment {
    /// By the clock that can be set.
    pub day: Timestamp,
    /// By the clock that cannot be set.
    pub since: SignedDuration,
}

/// Smaller jumps are ordinary corrections, such as NTP makes, and do not count as setting the clock.
const SET_BY: SignedDuration = SignedDuration::from_secs(5);

/// Detects that the machine's clock was set.
#[derive(Clone, Copy, Debug)]
pub struct Drift {
    last: Moment,
}

impl Drift {
    /// Starts watching at this moment.
    #[must_use]
    pub fn new(first: Moment) -> Self {
        Self { last: first }
    }

    /// Returns by how much the clock was set since the last call; `None` if by less than a few seconds.
    pub fn moved(&mut self, now: Moment) -> Option<SignedDuration> {
        let by = now.day.duration_since(self.last.day) - (now.since - self.last.since);
        self.last = now;
        (by.abs() > SET_BY).then_some(by)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clock_that_is_set_is_noticed_and_one_that_is_kept_right_is_not() {
        let at =
            |day, since| Moment { day: Timestamp::from_second(day).unwrap(), since: SignedDuration::from_secs(since) };
        let mut drift = Drift::new(at(1_000, 10));
        assert_eq!(drift.moved(at(1_060, 70)), None, "a minute passed");
        assert_eq!(drift.moved(at(1_123, 130)), None, "a minute passed, three seconds were put in");
        assert_eq!(drift.moved(at(87_583, 190)), Some(SignedDuration::from_secs(86_400)), "a day ahead");
        assert_eq!(drift.moved(at(1_243, 250)), Some(SignedDuration::from_secs(-86_400)), "and back");
        assert_eq!(drift.moved(at(1_303, 310)), None);
    }

    #[test]
    fn the_machine_tells_both_times() {
        let (first, second) = (Clock::System.moment(), Clock::System.moment());
        assert!(second.since >= first.since && first.since > SignedDuration::ZERO);
        let held = Clock::held(first.day);
        let mut drift = Drift::new(held.moment());
        held.set(first.day + SignedDuration::from_hours(9));
        assert_eq!(drift.moved(held.moment()), None, "setting a held clock does not count");
    }
}
