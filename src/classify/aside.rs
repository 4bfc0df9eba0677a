//! What frames a sentence and says nothing new: the same once more in brackets, the place of a report.

use crate::compare::token::Kind;
use crate::model::{Class, Reason};

use super::hunk::{Hunk, Side, Word};
use super::rules::{Context, reason};
use super::told::change;

/// An aside has at most so many words.
const MAX_ASIDE_WORDS: usize = 6;
/// Abbreviations have at most so many letters.
const MAX_ABBREVIATION_CHARS: usize = 6;

/// Units and currencies that figures are converted to, at N2.
const UNITS: [&str; 40] = [
    "km",
    "kilometers",
    "kilometres",
    "mi",
    "mile",
    "miles",
    "m",
    "meters",
    "metres",
    "ft",
    "feet",
    "foot",
    "yards",
    "yd",
    "cm",
    "in",
    "inches",
    "kg",
    "lb",
    "lbs",
    "pounds",
    "tons",
    "tonnes",
    "acres",
    "hectares",
    "ha",
    "mph",
    "kph",
    "km/h",
    "dollars",
    "euros",
    "euro",
    "usd",
    "eur",
    "gbp",
    "cad",
    "aud",
    "utc",
    "gmt",
    "uhr",
];
/// Signs of currencies and degrees.
const SIGNS: [char; 7] = ['$', '€', '£', '¥', '₹', '₽', '°'];

/// A conversion or an abbreviation in brackets, or the place of a report before its first sentence, that came or went: .25, for it says nothing new.
pub(super) fn aside(hunk: &Hunk, _: &Context) -> Option<Reason> {
    let side = match (hunk.old.words.is_empty(), hunk.new.words.is_empty()) {
        (true, false) => &hunk.new,
        (false, true) => &hunk.old,
        _ => return None,
    };
    let says_nothing = is_dateline(side) || is_bracketed(side) && (is_conversion(side) || is_abbreviation(side));
    says_nothing.then(|| reason(Class::Style, 0.25, change(&hunk.old.shown, &hunk.new.shown)))
}

fn is_bracketed(side: &Side) -> bool {
    let text = side.shown.trim_end_matches([',', '.', ';']);
    side.words.len() <= MAX_ASIDE_WORDS && text.starts_with('(') && text.ends_with(')')
}

/// `HARBOUR (Agency) -`: at the start of a sentence, capitals, a dash.
fn is_dateline(side: &Side) -> bool {
    let capital = |word: &Word| word.shown.starts_with(|c: char| c.is_uppercase() || c.is_ascii_digit());
    let dashed = side.shown.ends_with(['-', '–', '—']);
    dashed && side.words.len() <= MAX_ASIDE_WORDS && side.words[0].initial && side.words.iter().all(capital)
}

fn is_conversion(side: &Side) -> bool {
    let unit = side.words.iter().any(|word| UNITS.contains(&word.form.as_str()));
    side.words.iter().any(|word| word.kind == Kind::Number) && (unit || side.form.contains(SIGNS))
}

/// `(USGS)`, or what it stands for: nothing but words with capitals and short ones between them.
fn is_abbreviation(side: &Side) -> bool {
    let capital = |word: &str| word.starts_with(char::is_uppercase);
    match side.words.as_slice() {
        [word] => word.shown.chars().count() <= MAX_ABBREVIATION_CHARS && word.shown.chars().all(char::is_uppercase),
        words => words.iter().all(|word| capital(&word.shown) || word.shown.chars().count() <= 3),
    }
}
