//! Times in words.

use jiff::Timestamp;

use super::labels::{Noun, WORDS, count};

/// The time from one moment to another in words: `40 seconds`, `35 minutes`, `1 hour 20 minutes`, `2 days`. Whole units,
/// rounded down, the largest that fits; where there is just one of it, the next smaller one too. `0 seconds` where `to`
/// is not later.
#[must_use]
pub fn elapsed(from: Timestamp, to: Timestamp) -> String {
    let seconds = u64::try_from(to.duration_since(from).as_secs()).unwrap_or(0);
    let units = units();
    let large = units.iter().position(|(length, _)| seconds >= *length).unwrap_or(units.len() - 1);
    let (length, noun) = units[large];
    let words = count(seconds / length, noun);
    match units.get(large + 1) {
        Some((smaller, noun)) if seconds / length == 1 && seconds % length >= *smaller && length > MINUTE => {
            format!("{words} {}", count(seconds % length / smaller, *noun))
        }
        _ => words,
    }
}

const MINUTE: u64 = 60;

/// Seconds and names, largest first.
fn units() -> [(u64, Noun); 5] {
    [
        (365 * 24 * 3600, WORDS.year),
        (24 * 3600, WORDS.day),
        (3600, WORDS.hour),
        (MINUTE, WORDS.minute),
        (1, WORDS.second),
    ]
}

/// A moment for people: `11:40 UTC, 1 August 2026`.
#[must_use]
pub fn in_words(moment: Timestamp) -> String {
    moment.strftime("%H:%M UTC, %-d %B %Y").to_string()
}
