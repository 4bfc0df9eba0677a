use super::at;
use crate::render::{elapsed, in_words};

#[test]
fn time_between_two_moments_is_told_in_the_largest_unit_that_fits() {
    let cases = [
        ("2026-08-01T10:00:00Z", "0 seconds"),
        ("2026-08-01T10:00:01.9Z", "1 second"),
        ("2026-08-01T10:00:59Z", "59 seconds"),
        ("2026-08-01T10:01:30Z", "1 minute"),
        ("2026-08-01T10:35:59Z", "35 minutes"),
        ("2026-08-01T11:00:00Z", "1 hour"),
        ("2026-08-01T11:20:00Z", "1 hour 20 minutes"),
        ("2026-08-01T13:59:00Z", "3 hours"),
        ("2026-08-02T11:00:00Z", "1 day 1 hour"),
        ("2026-08-03T12:00:00Z", "2 days"),
        ("2026-09-10T12:00:00Z", "40 days"),
        ("2027-08-05T12:00:00Z", "1 year 4 days"),
        ("2026-08-01T09:00:00Z", "0 seconds"),
    ];
    for (to, words) in cases {
        assert_eq!(elapsed(at("2026-08-01T10:00:00Z"), at(to)), words, "to {to}");
    }
}

#[test]
fn a_moment_is_told_in_utc() {
    assert_eq!(in_words(at("2026-08-01T13:40:00+02:00")), "11:40 UTC, 1 August 2026");
}
