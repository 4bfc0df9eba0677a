//! Dates as feeds write them, mended where feed-rs would not read them: a weekday without its comma, no seconds, no zone,
//! slashes.

use jiff::Timestamp;

/// `date` in a form that feed-rs reads, if there is one.
pub(super) fn mend(date: &str) -> String {
    let date = date.split_whitespace().collect::<Vec<_>>().join(" ");
    let without_weekday = date.trim_start_matches(|c: char| c.is_alphabetic() || matches!(c, '.' | ',' | ' '));
    iso(without_weekday).unwrap_or_else(|| without_weekday.to_owned())
}

/// The time that `date` names, where it is written as RFC 3339 or nearly so.
pub(super) fn read(date: &str) -> Option<Timestamp> {
    let mended = mend(date);
    mended.parse().ok()
}

/// `2026-3-1 12:05` and the like as RFC 3339; UTC where there is no zone. None for any other form.
fn iso(date: &str) -> Option<String> {
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
    fn what_readers_refuse_is_mended_and_the_rest_stays() {
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
            assert_eq!(mend(date), mended);
        }
    }
}
