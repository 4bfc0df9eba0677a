//! Dates as pages write them.

use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;
use jiff::{Timestamp, fmt::rfc2822};

/// Reads an ISO 8601 or RFC 2822 date; one without a zone is taken as UTC, one without a time as its midnight.
pub(super) fn read(text: &str) -> Option<Timestamp> {
    let text = text.trim();
    if text.len() > 64 || !text.is_ascii() {
        return None;
    }
    let zoned = text.parse::<Timestamp>().ok().or_else(|| spaced_zone(text));
    let civil = || {
        text.parse::<DateTime>().ok().and_then(|time| time.to_zoned(TimeZone::UTC).ok()).map(|zoned| zoned.timestamp())
    };
    let date =
        || text.parse::<Date>().ok().and_then(|date| date.to_zoned(TimeZone::UTC).ok()).map(|zoned| zoned.timestamp());
    let mail = || rfc2822::parse(text).ok().map(|zoned| zoned.timestamp());
    let seconds = || {
        text.parse::<i64>()
            .ok()
            .filter(|at| (600_000_000..5_000_000_000).contains(at))
            .and_then(|at| Timestamp::from_second(at).ok())
    };
    zoned.or_else(civil).or_else(date).or_else(mail).or_else(seconds)
}

/// `2024-05-06T07:08:09+0200`, `2024-05-06 07:08:09 +0200`: the colon is missing.
fn spaced_zone(text: &str) -> Option<Timestamp> {
    let (time, zone) = text.split_at_checked(text.len().checked_sub(5)?)?;
    let (hours, minutes) = zone.split_at_checked(3)?;
    let signed = hours.starts_with(['+', '-']) && minutes.bytes().all(|b| b.is_ascii_digit());
    signed.then(|| format!("{}{hours}:{minutes}", time.trim()).parse().ok()).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_usual_spellings_are_read() {
        for text in [
            "2024-05-06T07:08:09Z",
            "2024-05-06T09:08:09+02:00",
            "2024-05-06T09:08:09+0200",
            "2024-05-06 09:08:09 +0200",
            "2024-05-06 07:08:09",
            "Mon, 06 May 2024 07:08:09 GMT",
            "1714979289",
        ] {
            assert_eq!(read(text).map(|at| at.to_string()).as_deref(), Some("2024-05-06T07:08:09Z"), "{text}");
        }
        assert_eq!(read("yesterday"), None);
    }
}
