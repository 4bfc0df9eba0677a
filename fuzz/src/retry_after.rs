//! Input: the value of a `Retry-After` header.

use jiff::{SignedDuration, Timestamp};
use redraft::fetch::retry_after;

/// The rest is of bounded length, for any value.
///
/// # Panics
/// If that is violated.
pub fn run(bytes: &[u8]) {
    let value = String::from_utf8_lossy(bytes);
    for second in [0, 1_795_176_000, 253_402_200_000] {
        let Ok(now) = Timestamp::from_second(second) else { return };
        let rest = retry_after(&value, now);
        assert!(rest.is_none_or(|rest| (SignedDuration::ZERO..=SignedDuration::from_hours(7 * 24)).contains(&rest)));
    }
}
