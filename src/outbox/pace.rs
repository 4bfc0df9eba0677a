//! What becomes of something that was sent: it was taken, it is sent again later, it is given up.

use jiff::{SignedDuration, Timestamp};

use crate::fetch::Unsent;
use crate::model::{Dispatch, Trouble};

/// An edit that was not taken for so long is given up: news of last week helps nobody, and a receiver that was down over a weekend
/// still gets all of it.
pub(super) const MAX_AGE: SignedDuration = SignedDuration::from_hours(3 * 24);
/// Time to the second try, doubled at each further one.
const FIRST_PAUSE: SignedDuration = SignedDuration::from_secs(30);
/// Longest time between two tries, where the receiver does not ask for more.
const LONGEST_PAUSE: SignedDuration = SignedDuration::from_hours(1);
/// Longest time that a receiver is left alone because it asks for it.
const MAX_RETRY_AFTER: SignedDuration = SignedDuration::from_hours(24);
/// Tries after which an edit is given up whose receiver says that it cannot take it as it is (400, 413, 422 and their like): within
/// a quarter of an hour, so that one edit does not hold up all that follow.
const MOST_REJECTIONS: u32 = 6;
/// Most doublings of [`FIRST_PAUSE`] that are counted.
const MOST_DOUBLINGS: u32 = 10;
/// The status that says never to come back.
const GONE_FOR_GOOD: u16 = 410;

/// What became of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fate {
    /// It was taken.
    Taken,
    /// It is sent again later.
    Later,
    /// It is not sent again.
    GivenUp,
    /// Nothing is sent any more.
    Ended,
}

impl Fate {
    /// Its name in metrics.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Taken => "taken",
            Self::Later => "failed",
            Self::GivenUp => "given_up",
            Self::Ended => "ended",
        }
    }
}

/// `dispatch` after `count` edits up to `upto` were sent at `now` and came to this.
pub(super) fn settle(
    dispatch: &Dispatch,
    upto: u64,
    count: u64,
    sent: &Result<(), Unsent>,
    now: Timestamp,
) -> (Dispatch, Fate) {
    let unsent = match sent {
        Ok(()) => {
            let taken =
                Dispatch { told: upto, taken: dispatch.taken + 1, last: Some(now), trouble: None, ..dispatch.clone() };
            return (Dispatch { failures: 0, due: None, ..taken }, Fate::Taken);
        }
        Err(unsent) => unsent,
    };
    let failures = dispatch.failures.saturating_add(1);
    let failed = Dispatch { failures, trouble: Some(unsent.in_words()), ..dispatch.clone() };
    if unsent.trouble == Trouble::Gone(GONE_FOR_GOOD) {
        return (Dispatch { ended: Some(now), due: None, ..failed }, Fate::Ended);
    }
    if is_rejection(&unsent.trouble) && failures >= MOST_REJECTIONS {
        return (given_up(&failed, upto, count), Fate::GivenUp);
    }
    let asked = unsent.retry_after.map_or(SignedDuration::ZERO, |asked| asked.min(MAX_RETRY_AFTER));
    (Dispatch { due: now.checked_add(pause(failures).max(asked)).ok(), ..failed }, Fate::Later)
}

/// `dispatch` after `count` edits up to `upto` were given up; what went wrong stays known.
pub(super) fn given_up(dispatch: &Dispatch, upto: u64, count: u64) -> Dispatch {
    Dispatch { told: upto, given_up: dispatch.given_up + count, failures: 0, due: None, ..dispatch.clone() }
}

/// The time to the next try after so many failures in a row.
fn pause(failures: u32) -> SignedDuration {
    let doublings = failures.saturating_sub(1).min(MOST_DOUBLINGS);
    (FIRST_PAUSE * 2_i32.pow(doublings)).min(LONGEST_PAUSE)
}

/// Whether the receiver says that what was sent is wrong, not that it is in trouble or that we may not: 408 and 425 ask for another
/// try.
fn is_rejection(trouble: &Trouble) -> bool {
    matches!(trouble, Trouble::UnexpectedStatus(status) if (400..500).contains(status) && ![408, 425].contains(status))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Digest;

    fn now() -> Timestamp {
        "2026-08-01T09:00:00Z".parse().unwrap()
    }

    fn failing(failures: u32) -> Dispatch {
        Dispatch { failures, ..Dispatch::new(Digest::of(b""), 7) }
    }

    /// Seconds to the next try after these failures and one more.
    fn wait(failures: u32, trouble: Trouble, retry_after_s: Option<i64>) -> i64 {
        let retry_after = retry_after_s.map(SignedDuration::from_secs);
        let unsent = Err(Unsent { retry_after, ..Unsent::from(trouble) });
        let (dispatch, fate) = settle(&failing(failures), 8, 1, &unsent, now());
        assert_eq!((fate, dispatch.told, dispatch.failures), (Fate::Later, 7, failures + 1));
        dispatch.due.unwrap().duration_since(now()).as_secs()
    }

    #[test]
    fn pauses_double_up_to_an_hour_and_are_never_shorter_than_asked_for() {
        let waits = [0, 1, 2, 6, 7, 99].map(|failures| wait(failures, Trouble::ServerError(500), None));
        assert_eq!(waits, [30, 60, 120, 1_920, 3_600, 3_600]);
        assert_eq!(wait(0, Trouble::Busy(429), Some(90)), 90);
        assert_eq!(wait(3, Trouble::Busy(429), Some(1)), 240);
        assert_eq!(wait(0, Trouble::Busy(503), Some(7 * 86_400)), 86_400);
    }

    #[test]
    fn what_the_receiver_cannot_take_is_given_up_soon_and_what_it_may_take_later_is_not() {
        let settled =
            |trouble: Trouble| settle(&failing(MOST_REJECTIONS - 1), 8, 1, &Err(Unsent::from(trouble)), now());
        for status in [400, 405, 413, 422] {
            let (dispatch, fate) = settled(Trouble::UnexpectedStatus(status));
            assert_eq!(
                (fate, dispatch.told, dispatch.given_up, dispatch.failures),
                (Fate::GivenUp, 8, 1, 0),
                "{status}"
            );
        }
        let patient =
            [Trouble::UnexpectedStatus(408), Trouble::UnexpectedStatus(302), Trouble::Refused(401), Trouble::Gone(404)];
        for trouble in patient {
            assert_eq!(settled(trouble).1, Fate::Later);
        }
    }

    #[test]
    fn gone_for_good_is_the_end_and_success_clears_all_trouble() {
        let (ended, fate) = settle(&failing(0), 8, 1, &Err(Unsent::from(Trouble::Gone(410))), now());
        assert_eq!((fate, ended.ended, ended.told), (Fate::Ended, Some(now()), 7));
        let troubled = Dispatch { trouble: Some("x".to_owned()), due: Some(now()), ..failing(4) };
        let (taken, fate) = settle(&troubled, 8, 1, &Ok(()), now());
        assert_eq!((fate, taken.told, taken.failures, taken.due, taken.trouble), (Fate::Taken, 8, 0, None, None));
        assert_eq!((taken.taken, taken.last), (1, Some(now())));
    }
}
