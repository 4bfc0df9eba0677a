//! Numbers as values: `1,000` = `1000` = `1.000`, `2m` = `2 million`, `two` = `2`, whatever the digits' script.

use crate::compare::normal::digit_value;

use super::lexicon::Language;

/// The value of a number token at N2 (`1,000`, `3.5m`, `13th`), if it is one.
pub(super) fn value(token: &str) -> Option<f64> {
    let end = token.rfind(|c| digit_value(c).is_some()).map(|at| at + 1)?;
    let digits = token.get(..end)?;
    if !digits.starts_with(|c: char| c.is_ascii_digit()) || digits.contains(char::is_alphabetic) {
        return None;
    }
    let scale = match token.get(end..)? {
        "k" => 1e3,
        "m" | "mn" | "mln" | "mio" => 1e6,
        "bn" | "b" | "mrd" => 1e9,
        "tn" => 1e12,
        _ => 1.0,
    };
    plain(digits).map(|number| number * scale)
}

/// Digits with separators. Groups of three digits are groups; another last group is a fraction.
fn plain(digits: &str) -> Option<f64> {
    let parts: Vec<&str> = digits.split(|c: char| !c.is_ascii_digit()).collect();
    let (last, groups) = parts.split_last()?;
    if groups.is_empty() {
        return digits.parse().ok();
    }
    let grouped = parts.iter().skip(1).all(|part| part.len() == 3) && parts[0].len() <= 3;
    if grouped {
        return parts.concat().parse().ok();
    }
    format!("{}.{last}", groups.concat()).parse().ok()
}

/// The value of a word that stands for a number.
pub(super) fn word_value(word: &str, language: &Language) -> Option<f64> {
    language.number.get(word).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn separators_do_not_change_a_value() {
        for same in ["1000", "1,000", "1.000", "1 000", "1k"] {
            assert_eq!(value(same), Some(1000.0), "{same}");
        }
        assert_eq!(value("3.5"), value("3,5"));
        assert_eq!(value("2.5m"), Some(2_500_000.0));
        assert_eq!(value("13th"), Some(13.0));
        assert_eq!(value("x"), None);
    }
}
