//! Sets of words, as lexicons write them.

use std::collections::HashSet;

use crate::compare::normal::comparison_form;
use crate::compare::token::is_continuous_script;

/// Words of one kind. `word`, `start*`, `*part*`, `several_words`; words of scripts without blanks are found anywhere.
#[derive(Debug, Default)]
pub(super) struct Words {
    whole: HashSet<String>,
    starts: Vec<String>,
    parts: Vec<String>,
    phrases: Vec<String>,
}

impl Words {
    /// Adds the words of a line.
    pub(super) fn add_all(&mut self, line: &str) {
        line.split_whitespace().for_each(|word| self.add(word));
    }

    fn add(&mut self, entry: &str) {
        let form = comparison_form(entry);
        let bare = form.trim_matches('*').to_owned();
        if bare.contains('_') {
            self.phrases.push(format!(" {} ", bare.replace('_', " ")));
        } else if form.starts_with('*') || bare.chars().all(is_continuous_script) {
            self.parts.push(bare);
        } else if form.ends_with('*') {
            self.starts.push(bare);
        } else {
            self.whole.insert(bare);
        }
    }

    /// Whether a word (at N2) is one of them.
    pub(super) fn has(&self, word: &str) -> bool {
        self.whole.contains(word)
            || self.starts.iter().any(|start| word.starts_with(start.as_str()))
            || self.parts.iter().any(|part| word.contains(part.as_str()) && !part.chars().all(is_continuous_script))
            || self.parts.iter().any(|part| word == part)
    }

    /// The phrases, and the words of scripts without blanks, that occur in a text (at N2).
    pub(super) fn within<'a>(&'a self, text: &'a str) -> impl Iterator<Item = &'a str> {
        let padded = format!(" {text} ");
        let phrases = self.phrases.iter().filter(move |phrase| padded.contains(phrase.as_str()));
        let parts = self.parts.iter().filter(|part| part.chars().all(is_continuous_script));
        parts.filter(move |part| text.contains(part.as_str())).chain(phrases).map(|found| found.trim())
    }

    /// Whether any of some words, or their text, is one of them.
    pub(super) fn any<'a>(&self, mut words: impl Iterator<Item = &'a str>, text: &str) -> bool {
        words.any(|word| self.has(word)) || self.within(text).next().is_some()
    }
}

/// Pairs of words that say the opposite: `rose rises | fell falls`, a pair a line.
#[derive(Debug, Default)]
pub(super) struct Opposites(Vec<[Words; 2]>);

impl Opposites {
    /// Adds a line.
    pub(super) fn add(&mut self, line: &str) {
        if let Some((one, other)) = line.split_once('|') {
            let mut pair = [Words::default(), Words::default()];
            pair[0].add_all(one);
            pair[1].add_all(other);
            self.0.push(pair);
        }
    }

    /// Whether one text has one side of a pair and the other text the other. Each text is given as its words and whole.
    pub(super) fn turn(&self, old: (&[&str], &str), new: (&[&str], &str)) -> bool {
        let has = |words: &Words, text: (&[&str], &str)| words.any(text.0.iter().copied(), text.1);
        self.0
            .iter()
            .any(|[a, b]| has(a, old) && has(b, new) && !has(a, new) || has(b, old) && has(a, new) && !has(b, new))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_match_whole_by_start_by_part_and_as_phrases() {
        let mut words = Words::default();
        words.add_all("alleged tammikuu* *혐의* sin_embargo 可能");
        assert!(words.has("alleged") && words.has("tammikuussa") && words.has("살인혐의로"));
        assert!(!words.has("allegedly") && !words.has("embargo"));
        assert_eq!(words.within("pero sin embargo no").collect::<Vec<_>>(), ["sin embargo"]);
        assert_eq!(words.within("他可能来").collect::<Vec<_>>(), ["可能"]);
    }

    #[test]
    fn opposites_turn_either_way() {
        let mut pairs = Opposites::default();
        pairs.add("rose up | fell down");
        assert!(pairs.turn((&["rose"], "rose"), (&["fell"], "fell")));
        assert!(pairs.turn((&["down"], "down"), (&["up"], "up")));
        assert!(!pairs.turn((&["rose"], "rose"), (&["up"], "up")));
    }
}
