//! Decides what happens after an attempt to deliver: success, another attempt later, or giving up.

use jiff::{SignedDuration, Timestamp};

use crate::fetch::Unsent;
use crate::model::{Dispatch, Trouble};

/// An edit that could not be delivered for this long is skipped: week-old news is useless, and a receiver that was
/// down over a weekend still gets everything.
pub(super) const MAX_AGE: SignedDuration = SignedDuration::from_hours(3 * 24);
/// Wait before the second attempt; doubles with each further one.
const FIRST_PAUSE: SignedDuration = SignedDuration::from_secs(30);
/// Longest wait between two attempts, unless the receiver asks for more.
const LONGEST_PAUSE: SignedDuration = SignedDuration::from_hours(1);
/// Longest wait that a receiver can ask for.
const MAX_RETRY_AFTER: SignedDuration = SignedDuration::from_hours(24);
/// Attempts after which an edit is skipped if the receiver says that it cannot accept it as it is (400, 413, 422 and
/// similar). They take a quarter of an hour, so that one edit does not hold up all later ones.
const MOST_REJECTIONS: u32 = 6;
/// Limit of doublings of [`FIRST_PAUSE`]; keeps the power within its type.
const MOST_DOUBLINGS: u32 = 10;
/// Status with which a receiver says that it is gone for good.
const GONE_FOR_GOOD: u16 = 410;

/// The outcome of an attempt to deliver.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fate {
    /// The receiver accepted it.
    Taken,
    /// It failed and is repeated later.
    Later,
    /// It failed and is not repeated.
    GivenUp,
    /// The receiver is gone: nothing more is sent to it.
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

/// The delivery record after `count` edits up to number `upto` were sent at `now` with the result `sent`.
pub(super) fn record_outcome(
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
        return (record_skipped(&failed, upto, count), Fate::GivenUp);
    }
    let asked = unsent.retry_after.map_or(SignedDuration::ZERO, |asked| asked.min(MAX_RETRY_AFTER));
    (Dispatch { due: now.checked_add(pause_after(failures).max(asked)).ok(), ..failed }, Fate::Later)
}

/// The delivery record after `count` edits up to number `upto` were skipped. The last error stays in it.
pub(super) fn record_skipped(dispatch: &Dispatch, upto: u64, count: u64) -> Dispatch {
    Dispatch { told: upto, given_up: dispatch.given_up + count, failures: 0, due: None, ..dispatch.clone() }
}

/// Wait before the next attempt after this number of consecutive failures.
fn pause_after(failures: u32) -> SignedDuration {
    let doublings = failures.saturating_sub(1).min(MOST_DOUBLINGS);
    (FIRST_PAUSE * 2_i32.pow(doublings)).min(LONGEST_PAUSE)
}

/// Whether the receiver rejected the content, rather than being in trouble or denying access. 408 and 425 ask for
/// another attempt.
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

    /// Seconds to the next attempt after these failures and one more.
    fn wait(failures: u32, trouble: Trouble, retry_after_s: Option<i64>) -> i64 {
        let retry_after = retry_after_s.map(SignedDuration::from_secs);
        let unsent = Err(Unsent { retry_after, ..Unsent::from(trouble) });
        let (dispatch, fate) = record_outcome(&failing(failures), 8, 1, &unsent, now());
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
    fn rejected_edits_are_skipped_soon_and_other_failures_are_repeated() {
        let settled =
            |trouble: Trouble| record_outcome(&failing(MOST_REJECTIONS - 1), 8, 1, &Err(Unsent::from(trouble)), now());
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
        let (ended, fate) = record_outcome(&failing(0), 8, 1, &Err(Unsent::from(Trouble::Gone(410))), now());
        assert_eq!((fate, ended.ended, ended.told), (Fate::Ended, Some(now()), 7));
        let troubled = Dispatch { trouble: Some("x".to_owned()), due: Some(now()), ..failing(4) };
        let (taken, fate) = record_outcome(&troubled, 8, 1, &Ok(()), now());
        assert_eq!((fate, taken.told, taken.failures, taken.due, taken.trouble), (Fate::Taken, 8, 0, None, None));
        assert_eq!((taken.taken, taken.last), (1, Some(now())));
    }
}
