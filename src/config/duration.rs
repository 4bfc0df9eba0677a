//! Parsing and writing of durations and sizes as people write them: `15m`, `1h 30m`, `5 MiB`.

use jiff::SignedDuration;

/// Examples of durations, for messages.
pub(super) const DURATION_EXAMPLES: &str = "a number and a unit: 500ms, 2s, 15m, 6h, 40d, 2w";
/// Examples of sizes, for messages.
pub(super) const SIZE_EXAMPLES: &str = "bytes, or a number and a unit: 512 KiB, 5 MiB";

/// Milliseconds per unit, largest first.
const UNITS: [(&str, i64); 6] =
    [("w", 604_800_000), ("d", 86_400_000), ("h", 3_600_000), ("m", 60_000), ("s", 1_000), ("ms", 1)];

/// Bytes per unit.
const SIZES: [(&str, usize); 4] = [("GiB", 1 << 30), ("MiB", 1 << 20), ("KiB", 1 << 10), ("B", 1)];

/// Parses a duration: one or more whole numbers with units; blanks between them are allowed.
///
/// # Errors
/// The problem, as a fragment that follows the text: `is not a duration`.
pub fn parse_duration(text: &str) -> Result<SignedDuration, String> {
    let mut rest = text.trim();
    let mut total_ms: i64 = 0;
    if rest.is_empty() {
        return Err("is empty".to_owned());
    }
    while !rest.is_empty() {
        let (number, unit, after) = number_and_unit(rest);
        let number: i64 = number.parse().map_err(|_| "is not a duration".to_owned())?;
        if unit.is_empty() {
            return Err("has no unit".to_owned());
        }
        let factor =
            UNITS.iter().find(|(name, _)| *name == unit).ok_or_else(|| format!("has an unknown unit {unit:?}"))?.1;
        total_ms = number
            .checked_mul(factor)
            .and_then(|ms| total_ms.checked_add(ms))
            .ok_or_else(|| "is too long".to_owned())?;
        rest = after;
    }
    Ok(SignedDuration::from_millis(total_ms))
}

/// Splits off the first number and its unit.
fn number_and_unit(text: &str) -> (&str, &str, &str) {
    let digits = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    let (number, rest) = text.split_at(digits);
    let rest = rest.trim_start();
    let letters = rest.find(|c: char| !c.is_alphabetic()).unwrap_or(rest.len());
    let (unit, rest) = rest.split_at(letters);
    (number, unit, rest.trim_start())
}

/// Writes a duration the way [`parse_duration`] reads it, in as few exact units as possible: `1h 30m`.
#[must_use]
pub fn write_duration(duration: SignedDuration) -> String {
    let mut left = i64::try_from(duration.as_millis()).unwrap_or(i64::MAX);
    let mut parts = Vec::new();
    // Weeks can be read but are not written: "40d" is clearer than "5w 5d".
    for (unit, factor) in UNITS.into_iter().skip(1) {
        if left >= factor {
            parts.push(format!("{}{unit}", left / factor));
            left %= factor;
        }
    }
    if parts.is_empty() { "0s".to_owned() } else { parts.join(" ") }
}

/// Parses a size in bytes: a whole number, with an optional unit in powers of 1,024.
///
/// # Errors
/// The problem, as a fragment that follows the text.
pub fn parse_size(text: &str) -> Result<usize, String> {
    let (number, unit, rest) = number_and_unit(text.trim());
    let number: usize = number.parse().map_err(|_| "is not a size".to_owned())?;
    if !rest.is_empty() {
        return Err("is not a size".to_owned());
    }
    let unit = if unit.is_empty() { "B" } else { unit };
    let factor = SIZES.iter().find(|(name, _)| *name == unit).ok_or_else(|| format!("has an unknown unit {unit:?}"))?.1;
    number.checked_mul(factor).ok_or_else(|| "is too large".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_read_and_written_back() {
        for (text, seconds, written) in [
            ("15m", 900, "15m"),
            ("2s", 2, "2s"),
            ("40d", 3_456_000, "40d"),
            ("1h 30m", 5_400, "1h 30m"),
            ("1h30m", 5_400, "1h 30m"),
            ("90m", 5_400, "1h 30m"),
            ("2w", 1_209_600, "14d"),
            (" 5 m ", 300, "5m"),
            ("0s", 0, "0s"),
        ] {
            let duration = parse_duration(text).unwrap();
            assert_eq!(duration, SignedDuration::from_secs(seconds), "{text}");
            assert_eq!(write_duration(duration), written);
        }
        assert_eq!(parse_duration("250ms"), Ok(SignedDuration::from_millis(250)));
    }

    #[test]
    fn what_is_no_duration_is_told_why() {
        for (text, why) in [
            ("", "is empty"),
            ("15", "has no unit"),
            ("m", "is not a duration"),
            ("-5m", "is not a duration"),
            ("1.5h", "has no unit"),
            ("2 apples", "has an unknown unit \"apples\""),
            ("99999999999999999999s", "is not a duration"),
            ("9999999999999999w", "is too long"),
            ("ß", "is not a duration"),
        ] {
            assert_eq!(parse_duration(text), Err(why.to_owned()), "{text}");
        }
    }

    #[test]
    fn sizes_are_read() {
        assert_eq!(parse_size("5 MiB"), Ok(5 * 1024 * 1024));
        assert_eq!(parse_size("512KiB"), Ok(512 * 1024));
        assert_eq!(parse_size("17"), Ok(17));
        assert_eq!(parse_size("5 MB"), Err("has an unknown unit \"MB\"".to_owned()));
        assert_eq!(parse_size("x"), Err("is not a size".to_owned()));
    }
}
