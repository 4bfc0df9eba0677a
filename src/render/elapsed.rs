//! Times in words.

use jiff::Timestamp;

use super::labels::{Noun, Words, words};
use crate::model::Locale;

/// The time from one moment to another in words: `40 seconds`, `35 minutes`, `1 hour 20 minutes`, `2 days`. Whole units,
/// rounded down, the largest that fits; where there is just one of it, the next smaller one too. `0 seconds` where `to`
/// is not later. In English.
#[must_use]
pub fn elapsed(from: Timestamp, to: Timestamp) -> String {
    elapsed_in(Locale::English, from, to)
}

/// As [`elapsed`], in this language.
pub(crate) fn elapsed_in(locale: Locale, from: Timestamp, to: Timestamp) -> String {
    let words = words(locale);
    let seconds = u64::try_from(to.duration_since(from).as_secs()).unwrap_or(0);
    let units = units(words);
    let large = units.iter().position(|(length, _)| seconds >= *length).unwrap_or(units.len() - 1);
    let (length, noun) = units[large];
    let told = words.count(seconds / length, noun);
    match units.get(large + 1) {
        Some((smaller, noun)) if seconds / length == 1 && seconds % length >= *smaller && length > MINUTE => {
            format!("{told} {}", words.count(seconds % length / smaller, *noun))
        }
        _ => told,
    }
}

const MINUTE: u64 = 60;

/// Seconds and names, largest first.
fn units(words: &Words) -> [(u64, Noun); 5] {
    [
        (365 * 24 * 3600, words.year),
        (24 * 3600, words.day),
        (3600, words.hour),
        (MINUTE, words.minute),
        (1, words.second),
    ]
}

/// A moment for people, in English: `11:40 UTC, 1 August 2026`.
#[must_use]
pub fn in_words(moment: Timestamp) -> String {
    moment_in(Locale::English, moment)
}

/// As [`in_words`], in this language.
pub(crate) fn moment_in(locale: Locale, moment: Timestamp) -> String {
    words(locale).moment(moment)
}
