//! A text as sentences, with the terms that each has.

use super::form::{form, is_wide};
use super::words::{Hit, Kind, Languages, Vocabulary};

/// A text in its form, with the terms in it.
pub(super) struct Passage {
    pub(super) text: String,
    pub(super) hits: Vec<Hit>,
    /// Where it begins, brackets, bullets and the like aside.
    pub(super) start: usize,
    /// Whether its first word is written in capitals: "CORRECTED-".
    pub(super) is_shouted: bool,
}

impl Passage {
    pub(super) fn of(text: &str) -> Self {
        let first = text.trim_start_matches(|c: char| !c.is_alphanumeric());
        let word = || first.chars().take_while(|c| c.is_alphabetic());
        let is_shouted = word().count() > 1 && word().all(char::is_uppercase);
        let text = form(text);
        let start = text.find(char::is_alphanumeric).unwrap_or(text.len());
        let hits = Vocabulary::get().hits(&text);
        Self { text, hits, start, is_shouted }
    }

    /// Whether it begins with a bracket.
    pub(super) fn is_bracketed(&self) -> bool {
        self.text[..self.start].contains(['(', '[', '<'])
    }

    /// Whether it begins with a quotation mark, and so quotes somebody.
    pub(super) fn is_quoted(&self) -> bool {
        self.text[..self.start].contains('"')
    }

    /// The terms of a kind.
    pub(super) fn of_kind(&self, kind: Kind) -> impl Iterator<Item = &Hit> {
        self.hits.iter().filter(move |hit| hit.kind == kind)
    }

    /// The languages that have a term of one of these kinds here.
    pub(super) fn languages(&self, kinds: &[Kind]) -> Languages {
        self.hits.iter().filter(|hit| kinds.contains(&hit.kind)).fold(0, |all, hit| all | hit.languages)
    }

    /// The terms of a kind that begin the text.
    pub(super) fn at_start(&self, kind: Kind) -> impl Iterator<Item = &Hit> {
        self.of_kind(kind).filter(|hit| hit.at == self.start)
    }

    /// The languages that have a term of one of `kinds` within the first characters.
    pub(super) fn early(&self, kinds: &[Kind], chars: usize) -> Languages {
        let near = |hit: &&Hit| kinds.contains(&hit.kind) && self.distance(self.start, hit.at) <= chars;
        self.hits.iter().filter(near).fold(0, |all, hit| all | hit.languages)
    }

    /// The languages that have a term of `one` and another of `other` with at most so many characters between them.
    pub(super) fn near(&self, one: &[Kind], other: &[Kind], chars: usize) -> Languages {
        let mut found = 0;
        for a in self.hits.iter().filter(|hit| one.contains(&hit.kind)) {
            for b in self.hits.iter().filter(|hit| other.contains(&hit.kind)) {
                let shared = a.languages & b.languages & !found;
                if shared != 0 && self.gap(a, b) <= chars {
                    found |= shared;
                }
            }
        }
        found
    }

    /// The characters between two terms; none between those that touch or overlap.
    fn gap(&self, a: &Hit, b: &Hit) -> usize {
        let (first, last) = if a.at <= b.at { (a, b) } else { (b, a) };
        self.distance(first.end, last.at)
    }

    /// The characters from one place to another; none if that is before it.
    pub(super) fn distance(&self, from: usize, to: usize) -> usize {
        self.text.get(from..to).map_or(0, |between| between.chars().count())
    }

    /// What follows a term.
    pub(super) fn behind(&self, hit: &Hit) -> &str {
        &self.text[hit.end..]
    }
}

/// Marks that end a sentence.
const STOPS: [char; 9] = ['.', '!', '?', '。', '！', '？', '।', '؟', '۔'];
/// A capitalised word of so many letters before a full stop is an abbreviation: "Mr.", "Aug.".
const MAX_ABBREVIATION_CHARS: usize = 3;

/// Where the sentences of `text` end, the last one aside.
fn ends(text: &str) -> impl Iterator<Item = usize> + '_ {
    text.char_indices().filter(|(_, c)| STOPS.contains(c)).filter_map(|(at, c)| {
        let rest = text[at + c.len_utf8()..].trim_start_matches(['"', '”', '’', '\'', ')', ']', '）', '」']);
        let next = rest.trim_start().trim_start_matches(['(', '[', '"', '“', '„', '«', '¿', '¡']).chars().next()?;
        let end = text.len() - rest.len();
        if c != '.' {
            return Some(end);
        }
        let begins = rest.starts_with(' ') && !next.is_lowercase() && !next.is_ascii_digit() || is_wide(next);
        (begins && !is_abbreviation(&text[..at])).then_some(end)
    })
}

/// Whether a text ends with a short word or number whose full stop is not a sentence's: "Mr", "Aug", "am 4".
fn is_abbreviation(text: &str) -> bool {
    let word = text.rsplit(|c: char| !c.is_alphanumeric()).next().unwrap_or_default();
    let chars = word.chars().count();
    let is_day = chars <= 2 && word.chars().all(|c| c.is_ascii_digit());
    let is_short = chars <= MAX_ABBREVIATION_CHARS && word.starts_with(char::is_uppercase);
    chars <= 1 || is_day || is_short
}

/// The first sentence of a text.
pub(super) fn first(text: &str) -> &str {
    &text[..ends(text).next().unwrap_or(text.len())]
}

/// Whether a text begins with something in brackets and goes on behind them.
pub(super) fn is_behind_brackets(text: &str) -> bool {
    let close = text.starts_with(['(', '[', '（', '【']).then(|| text.find([')', ']', '）', '】'])).flatten();
    close.is_some_and(|at| text[at..].contains(char::is_alphanumeric))
}

/// The sentences of a text, and what stands in brackets at the beginning of one.
pub(super) fn parts(text: &str) -> Vec<&str> {
    let mut parts = Vec::new();
    let mut start = 0;
    for end in ends(text).chain([text.len()]) {
        let sentence = text.get(start..end).unwrap_or_default().trim();
        parts.push(sentence);
        let close =
            sentence.starts_with(['(', '[', '（', '【']).then(|| sentence.find([')', ']', '）', '】'])).flatten();
        parts.extend(close.map(|at| &sentence[..at]));
        start = end;
    }
    parts.retain(|part| !part.is_empty());
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_cut_into_sentences_and_brackets() {
        let text = "(Corrects age) The council met on Aug. 4, then closed. (This story was corrected.)";
        let whole = "(Corrects age) The council met on Aug. 4, then closed.";
        assert_eq!(parts(text), [whole, "(Corrects age", "(This story was corrected.)", "(This story was corrected."]);
        assert_eq!(parts("一。二。"), ["一。", "二。"]);
        assert_eq!(parts("Mr. Lund left. Am 4. August kam er."), ["Mr. Lund left.", "Am 4. August kam er."]);
        assert_eq!(first("This is old. It is fixed."), "This is old.");
    }
}
