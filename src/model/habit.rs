//! How often a source brings something new, so that one which falls silent is noticed.

use jiff::{SignedDuration, Timestamp};

/// When a source brought articles that were not known before.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Habit {
    /// The last time.
    pub last: Option<Timestamp>,
    /// How many times.
    pub times: u32,
    /// Its longest silence between two times, in seconds; every further time makes it a twentieth shorter, so that a holiday is
    /// forgotten.
    pub silence_s: u64,
}

impl Habit {
    /// Before it brought something so many times, it has no habit yet.
    pub const TIMES: u32 = 10;
    /// It is quiet when it was silent for so many times its longest silence …
    pub const FACTOR: u32 = 2;
    /// … and at least for so long: a long weekend is no sign of anything.
    pub const LEAST: SignedDuration = SignedDuration::from_hours(4 * 24);

    /// It brought something new at `now`.
    pub fn note(&mut self, now: Timestamp) {
        if let Some(last) = self.last {
            let silence = u64::try_from(now.duration_since(last).as_secs()).unwrap_or_default();
            self.silence_s = silence.max(self.silence_s - self.silence_s / 20);
        }
        self.last = Some(now);
        self.times = self.times.saturating_add(1);
    }

    /// Since when it has been silent, where that is against its habit.
    #[must_use]
    pub fn quiet_since(&self, now: Timestamp) -> Option<Timestamp> {
        let last = self.last.filter(|_| self.times >= Self::TIMES)?;
        let usual = SignedDuration::from_secs(i64::try_from(self.silence_s).unwrap_or(i64::MAX));
        let most = usual.saturating_mul(Self::FACTOR.cast_signed()).max(Self::LEAST);
        (now.duration_since(last) > most).then_some(last)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOUR: SignedDuration = SignedDuration::from_hours(1);

    fn at(hour: i64) -> Timestamp {
        Timestamp::UNIX_EPOCH + HOUR * i32::try_from(hour).unwrap()
    }

    #[test]
    fn a_source_is_quiet_after_twice_its_longest_silence_and_four_days() {
        let mut habit = Habit::default();
        (0..9).for_each(|hour| habit.note(at(hour)));
        assert_eq!(habit.quiet_since(at(9_999)), None, "no habit yet");
        habit.note(at(9));
        assert_eq!(habit.quiet_since(at(9 + 96)), None);
        assert_eq!(habit.quiet_since(at(9 + 97)), Some(at(9)));
        habit.note(at(9 + 200));
        assert_eq!(habit.quiet_since(at(209 + 400)), None, "it is not so regular");
        assert_eq!(habit.quiet_since(at(209 + 401)), Some(at(209)));
        (0..100).for_each(|hour| habit.note(at(209 + hour)));
        assert_eq!(habit.quiet_since(at(308 + 97)), Some(at(308)), "the one long silence is forgotten");
    }

    #[test]
    fn a_clock_that_went_back_does_no_harm() {
        let mut habit = Habit { last: Some(at(10)), times: 20, silence_s: u64::MAX };
        habit.note(at(5));
        assert_eq!(habit.last, Some(at(5)));
        assert_eq!(habit.quiet_since(at(2)), None);
    }
}
