//! Small measures of text: blanks, words, letters that nobody sees.

pub(super) use crate::corrections::is_wide;

/// `text` with white space of every kind as single blanks, none at the ends.
pub(super) fn tidy(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for word in text.split_whitespace() {
        if !out.is_empty() {
            out.push(' ');
        }
        out.push_str(word);
    }
    out
}

/// Whether `c` is there without being seen: soft hyphen, zero-width and direction marks.
pub(super) fn is_unseen(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2064}' | '\u{feff}' | '\u{fe00}'..='\u{fe0f}')
}

/// `text` as rules read it: tidy, small letters, straight quotes and dashes, nothing unseen.
pub(super) fn plain(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut blank = false;
    for c in text.chars().filter(|c| !is_unseen(*c)) {
        if c.is_whitespace() {
            blank = !out.is_empty();
            continue;
        }
        if blank {
            out.push(' ');
            blank = false;
        }
        match c {
            '’' | '‘' | '‚' | '‛' | '`' | '´' | '′' => out.push('\''),
            '“' | '”' | '„' | '‟' | '«' | '»' | '″' => out.push('"'),
            '–' | '—' | '―' | '‒' | '−' | '‐' | '‑' => out.push('-'),
            '…' => out.push_str("..."),
            c if c.is_ascii() => out.push(c.to_ascii_lowercase()),
            c => out.extend(c.to_lowercase()),
        }
    }
    out
}

/// How many words `text` has; of scripts without blanks two characters are a word.
#[must_use]
pub fn words(text: &str) -> usize {
    let (mut words, mut wide, mut inside) = (0, 0, false);
    for c in text.chars() {
        if is_wide(c) {
            wide += 1;
            inside = false;
        } else if c.is_alphanumeric() {
            words += usize::from(!inside);
            inside = true;
        } else if c.is_whitespace() || !(c == '\'' || c == '’' || c == '-' || c == '.' || c == ',' || is_unseen(c)) {
            inside = false;
        }
    }
    words + usize::div_ceil(wide, 2)
}

/// Whether the last character but closing quotes and brackets ends a sentence.
#[must_use]
pub fn ends_sentence(text: &str) -> bool {
    let last = text
        .trim_end_matches(|c: char| c.is_whitespace() || is_unseen(c) || "\"'”’»)]".contains(c))
        .chars()
        .next_back();
    last.is_some_and(|c| ".!?…。！？।؟۔".contains(c))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_counted_in_scripts_with_and_without_blanks() {
        assert_eq!(words("The mayor's 1,000 well-known words."), 5);
        assert_eq!(words("市长周二宣布"), 3);
        assert_eq!(words(" … — "), 0);
    }

    #[test]
    fn rules_read_folded_text() {
        assert_eq!(plain(" “Don’t\u{a0}stop”\u{200b} — Now…"), "\"don't stop\" - now...");
    }

    #[test]
    fn a_sentence_may_end_inside_quotes() {
        assert!(ends_sentence("He said: “No.”") && ends_sentence("彼は言った。") && !ends_sentence("Read more"));
    }
}
