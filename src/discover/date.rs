//! Repairs dates that feed-rs would reject: a weekday without a comma, no seconds, no zone, slashes.

use jiff::Timestamp;

/// `date` in a form that feed-rs can read, if it can be repaired.
pub(super) fn repair(date: &str) -> String {
    let date = date.split_whitespace().collect::<Vec<_>>().join(" ");
    let without_weekday = date.trim_start_matches(|c: char| c.is_alphabetic() || matches!(c, '.' | ',' | ' '));
    to_rfc_3339(without_weekday).unwrap_or_else(|| without_weekday.to_owned())
}

/// Parses a date in RFC 3339 or close to it. `None` for other forms.
pub(super) fn parse(date: &str) -> Option<Timestamp> {
    let mended = repair(date);
    mended.parse().ok()
}

/// Converts `2026-3-1 12:05` and similar to RFC 3339, in UTC if there is no zone. `None` for any other form.
fn to_rfc_3339(date: &str) -> Option<String> {
    let (day, time) = date.split_once(['T', 't', ' ']).unwrap_or((date, ""));
    let mut numbers = day.split(['-', '/']).map(|number| number.parse::<u16>().ok().filter(|_| number.len() <= 4));
    let (year, month, day) = (numbers.next()??, numbers.next()??, numbers.next()??);
    if year < 1000 || numbers.next().is_some() {
        return None;
    }
    let time = time.replace(' ', "");
    let (clock, zone) = time.split_at(time.find(['Z', 'z', '+', '-']).unwrap_or(time.len()));
    let clock = match clock.len() {
        0 => "00:00:00".to_owned(),
        5 => format!("{clock}:00"),
        _ => clock.to_owned(),
    };
    Some(format!("{year:04}-{month:02}-{day:02}T{clock}{}", if zone.is_empty() { "Z" } else { zone }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rejected_dates_are_repaired_and_the_others_stay() {
        for (date, mended) in [
            ("Fri 1 Oct 2010 01:30:00 GMT", "1 Oct 2010 01:30:00 GMT"),
            ("mer, 16  nov 2022 00:38:15 +0100", "16 nov 2022 00:38:15 +0100"),
            ("2002-12-31T19:20+01:00", "2002-12-31T19:20:00+01:00"),
            ("2003-09-24T11:36:36", "2003-09-24T11:36:36Z"),
            ("2003-07-01T 01:55:07 -0500", "2003-07-01T01:55:07-0500"),
            ("2020/1/10 14:03:00", "2020-01-10T14:03:00Z"),
            ("2002-12-31", "2002-12-31T00:00:00Z"),
            ("12/31/99", "12/31/99"),
            ("soon", ""),
        ] {
            assert_eq!(repair(date), mended);
        }
    }
}
