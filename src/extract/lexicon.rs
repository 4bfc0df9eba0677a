//! Phrases that give furniture away, whatever its markup.

use std::collections::HashMap;
use std::sync::LazyLock;

/// What a phrase announces.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Phrase {
    /// The title of a box of links, teasers or a form.
    Head,
    /// A line of furniture.
    Line,
    /// A button's or counter's text, nothing else.
    Only,
    /// A time of the page's life: "Updated 5 minutes ago".
    Stamp,
}

/// Words of a block that may be a box's title.
const MAX_HEAD_WORDS: usize = 9;
/// Words of a block that may be a line of furniture.
const MAX_LINE_WORDS: usize = 30;
/// Words of a block that may be a counter: "12 comments".
const MAX_COUNTER_WORDS: usize = 10;
/// Words of a block that may be a stamp.
const MAX_STAMP_WORDS: usize = 12;
/// Words that may follow a button's text.
const MAX_WORDS_AFTER_ONLY: usize = 2;

static PHRASES: LazyLock<HashMap<&str, Vec<(&str, Phrase)>>> = LazyLock::new(|| {
    let mut phrases: HashMap<&str, Vec<(&str, Phrase)>> = HashMap::new();
    for line in include_str!("words/furniture.txt").lines().filter(|line| !line.starts_with("# ")) {
        let Some((kind, phrase)) = line.split_once(": ") else { continue };
        let kind = match kind {
            "head" => Phrase::Head,
            "line" => Phrase::Line,
            "only" => Phrase::Only,
            "stamp" => Phrase::Stamp,
            _ => continue,
        };
        phrases.entry(first_word(phrase)).or_default().push((phrase, kind));
    }
    phrases
});

/// What a block's text (plain) announces, if it starts with a phrase of the lexicon.
pub(super) fn phrase(plain: &str, words: usize) -> Option<Phrase> {
    if words > MAX_LINE_WORDS {
        return None;
    }
    let text = numbers_out(plain);
    let text = text.trim_start_matches(|c: char| !c.is_alphanumeric() && !"#@©".contains(c));
    let found = PHRASES.get(first_word(text))?.iter().filter(|(phrase, _)| starts(text, phrase));
    let fits = |kind: Phrase, phrase: &str| match kind {
        Phrase::Head => words <= MAX_HEAD_WORDS,
        Phrase::Line => !phrase.starts_with('#') || words <= MAX_COUNTER_WORDS,
        Phrase::Only => {
            words <= super::text::words(phrase) + phrase.matches('#').count() + MAX_WORDS_AFTER_ONLY && words <= 4
        }
        Phrase::Stamp => words <= MAX_STAMP_WORDS && text.contains('#'),
    };
    let rank = |kind: Phrase| match kind {
        Phrase::Line | Phrase::Stamp => 0,
        Phrase::Head => 1,
        Phrase::Only => 2,
    };
    found.filter(|(phrase, kind)| fits(*kind, phrase)).map(|(_, kind)| *kind).min_by_key(|kind| rank(*kind))
}

/// The text before the first blank, without marks at its end.
fn first_word(text: &str) -> &str {
    text.split(' ').next().unwrap_or_default().trim_end_matches([':', ',', '.'])
}

/// Whether `text` starts with `phrase` and a word ends there.
fn starts(text: &str, phrase: &str) -> bool {
    text.strip_prefix(phrase).is_some_and(|rest| {
        let letter = |c: char| c.is_alphanumeric() && !super::text::is_wide(c);
        !rest.starts_with(letter) || !phrase.ends_with(letter)
    })
}

/// `text` with every number, separators and all, as `#`.
fn numbers_out(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        if !c.is_numeric() {
            out.push(c);
            continue;
        }
        out.push('#');
        while chars.peek().is_some_and(|next| next.is_numeric() || matches!(next, '.' | ',' | ':')) {
            chars.next();
        }
        if chars.peek() == Some(&'k') {
            chars.next();
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Option<Phrase> {
        let plain = super::super::text::plain(text);
        phrase(&plain, super::super::text::words(&plain))
    }

    #[test]
    fn furniture_is_known_by_its_words() {
        assert_eq!(read("READ MORE: Mayor opens bridge"), Some(Phrase::Line));
        assert_eq!(read("Most read"), Some(Phrase::Head));
        assert_eq!(read("1.2K Shares"), Some(Phrase::Line));
        assert_eq!(read("Last updated 14 mins ago"), Some(Phrase::Stamp));
        assert_eq!(read("5m ago"), Some(Phrase::Stamp));
        assert_eq!(read("Share"), Some(Phrase::Only));
    }

    #[test]
    fn prose_that_starts_alike_is_not() {
        assert_eq!(read("Updated rules for builders come into force in spring."), None);
        assert_eq!(read("Share prices fell sharply on Tuesday after the bank spoke."), None);
        assert_eq!(read("Relatedness is a matter of taste."), None);
    }
}
