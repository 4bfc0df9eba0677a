//! Text that runs from right to left, among words of ours, which run from left to right.
//!
//! Feed readers drop attributes such as `dir`, and many show entries as plain text. So what runs the other way stands between
//! the characters that Unicode has for this (U+2067 RIGHT-TO-LEFT ISOLATE, U+2069 POP DIRECTIONAL ISOLATE; Unicode Standard Annex
//! 9): its full stop stands at its own end, and our words around it keep their direction.

/// Begins a text that runs from right to left, whatever stands around it.
const OPEN: char = '\u{2067}';
/// Ends it.
const CLOSE: char = '\u{2069}';

/// Most isolates within each other that text of strangers may have; a quotation in a quotation needs two.
const MAX_DEPTH: i32 = 4;

/// Whether most letters of `text` are of a script that is written from right to left.
#[must_use]
pub fn runs_right_to_left(text: &str) -> bool {
    let letters = || text.chars().filter(|letter| letter.is_alphabetic());
    let (turned, all) = (letters().filter(|letter| is_right_to_left(*letter)).count(), letters().count());
    turned > all - turned
}

/// `text` so that it keeps its direction among words of ours; as it is where it runs as they do.
#[must_use]
pub fn isolated(text: &str) -> String {
    if runs_right_to_left(text) { format!("{OPEN}{text}{CLOSE}") } else { text.to_owned() }
}

/// `html` of a line between the characters that keep its direction, where its `text` needs them.
pub(super) fn isolated_html(html: &str, text: &str) -> String {
    if runs_right_to_left(text) { format!("{OPEN}{html}{CLOSE}") } else { html.to_owned() }
}

/// What [`isolated`] was given.
#[must_use]
pub fn without_isolate(text: &str) -> &str {
    text.strip_prefix(OPEN).and_then(|rest| rest.strip_suffix(CLOSE)).unwrap_or(text)
}

/// `text` without any isolate, for logs, which would write them as numbers.
#[must_use]
pub fn without_isolates(text: &str) -> String {
    text.chars().filter(|letter| !is_isolate(*letter)).collect()
}

/// Whether a character begins or ends an isolate.
pub(super) fn is_isolate(letter: char) -> bool {
    matches!(letter, '\u{2066}'..='\u{2069}')
}

/// Whether each isolate in `text` ends in it, and none ends that did not begin: then nothing behind it is turned.
pub(super) fn is_balanced(text: &str) -> bool {
    let mut depth = 0_i32;
    for letter in text.chars().filter(|letter| is_isolate(*letter)) {
        depth = if letter == CLOSE { depth - 1 } else { depth + 1 };
        if !(0..=MAX_DEPTH).contains(&depth) {
            return false;
        }
    }
    depth == 0
}

/// Hebrew, Arabic, Syriac, Thaana, `NKo` and the like: the blocks that Unicode keeps for letters of such scripts.
fn is_right_to_left(letter: char) -> bool {
    matches!(letter, '\u{590}'..='\u{8FF}' | '\u{FB1D}'..='\u{FDFF}' | '\u{FE70}'..='\u{FEFE}' | '\u{10800}'..='\u{10FFF}' | '\u{1E800}'..='\u{1EFFF}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_runs_the_other_way_stands_between_isolates() {
        for text in ["قالت WHO إن العدد ارتفع.", "שלום עולם.", "١٢ שנה"] {
            assert_eq!(isolated(text), format!("\u{2067}{text}\u{2069}"));
            assert_eq!(without_isolate(&isolated(text)), text);
            assert_eq!(without_isolates(&format!("{}: changed", isolated(text))), format!("{text}: changed"));
        }
        for text in ["", "12.", "The word סלאם was added.", "Спокій", "日本"] {
            assert_eq!(isolated(text), text);
        }
    }

    #[test]
    fn only_isolates_that_end_are_kept() {
        assert!(is_balanced("a \u{2067}b \u{2068}c\u{2069}\u{2069} d"));
        for open in ["\u{2067}", "a\u{2069}", "\u{2069}\u{2067}", &"\u{2068}".repeat(5)] {
            assert!(!is_balanced(open), "{open:?}");
        }
        assert!(!is_balanced(&format!("{}{}", "\u{2068}".repeat(5), "\u{2069}".repeat(5))));
    }
}
