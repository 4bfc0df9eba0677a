//! The words that judging knows, by language: data files under `lexicons/`, one a language, compiled in. A file is made of
//! sections, `[name]` on a line of its own; `#` starts a comment. Everything is compared at N2, so case, quotes and the
//! composition of accents do not matter. `docs/what-counts.md` tells how to extend them.

use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

use crate::compare::normal::comparison_form;

use super::words::{Opposites, Words};

macro_rules! files {
    ($($tag:literal)*) => { &[$(($tag, include_str!(concat!("lexicons/", $tag, ".txt")))),*] };
}

/// The files, by language tag.
const FILES: &[(&str, &str)] = files!("en" "de" "fr" "es" "pt" "it" "nl" "sv" "no" "da" "fi" "pl" "cs" "sk" "hu" "ro" "hr"
    "el" "ru" "uk" "bg" "tr" "ar" "fa" "he" "hi" "id" "vi" "th" "zh" "ja" "ko");

/// What judging knows of one language.
#[derive(Debug, Default)]
pub(super) struct Language {
    pub(super) tag: &'static str,
    /// Words that carry grammar, not content.
    pub(super) function: Words,
    pub(super) negation: Words,
    pub(super) hedge: Words,
    /// Words that weigh on somebody: admitted, claimed, murdered.
    pub(super) charge: Words,
    /// Words that turn a statement round when one stands for the other.
    pub(super) opposite: Opposites,
    /// Nouns and adjectives that end like a participle or an adverb: meeting, early.
    pub(super) thing: Words,
    /// Names of months and weekdays, "yesterday", "tomorrow".
    pub(super) date: Words,
    /// Those of them that depend on the day of reading: "yesterday".
    pub(super) relative: Words,
    /// Words that stand for a number.
    pub(super) number: HashMap<String, f64>,
    /// Words that multiply a number: thousand, million.
    pub(super) scale: HashMap<String, f64>,
    /// Words and phrases of the same meaning: the groups (lines) that each stands in.
    pub(super) style: HashMap<String, Vec<usize>>,
    /// Whether all nouns are written with a capital.
    pub(super) capital_nouns: bool,
    /// Whether months and weekdays are written with a capital.
    pub(super) capital_dates: bool,
}

/// Phrases that tell a block's role, of all languages together.
#[derive(Debug, Default)]
pub(super) struct Phrases {
    pub(super) boilerplate: Openings,
    pub(super) stamp: Vec<String>,
    pub(super) counter: Vec<String>,
    pub(super) byline: Openings,
    /// Names of days and months.
    pub(super) days: HashSet<String>,
}

/// Phrases that a text may begin with, by their first letter.
#[derive(Debug, Default)]
pub(super) struct Openings(HashMap<char, Vec<String>>);

impl Openings {
    fn add(&mut self, phrase: &str) {
        let form = comparison_form(phrase);
        if let Some(first) = form.chars().next() {
            self.0.entry(first).or_default().push(form);
        }
    }

    /// The phrases that begin like a text (at N2).
    pub(super) fn like<'a>(&'a self, form: &str) -> impl Iterator<Item = &'a String> {
        form.chars().next().and_then(|first| self.0.get(&first)).into_iter().flatten()
    }
}

/// All that is known.
#[derive(Debug, Default)]
pub(super) struct Lexicons {
    languages: Vec<Language>,
    clues: Clues,
    pub(super) phrases: Phrases,
}

static LEXICONS: LazyLock<Lexicons> = LazyLock::new(Lexicons::read);

impl Lexicons {
    /// The compiled-in files, read once.
    pub(super) fn get() -> &'static Self {
        &LEXICONS
    }

    fn read() -> Self {
        let mut all = Self::default();
        for (tag, file) in FILES {
            let mut language = Language { tag, ..Language::default() };
            let mut section = "";
            for line in file.lines().map(|line| line.split('#').next().unwrap_or("").trim()) {
                if let Some(name) = line.strip_prefix('[').and_then(|line| line.strip_suffix(']')) {
                    section = name;
                    continue;
                }
                language.read_line(section, line);
                all.phrases.read_line(section, line);
                all.clues.read_line(all.languages.len(), section, line);
            }
            all.languages.push(language);
        }
        all
    }

    /// The lexicon of a text: the one whose function words and letters are most frequent in a sample of words (at N2); the
    /// declared tag (`de-CH` is `de`) decides where several are close.
    pub(super) fn language(&self, tag: Option<&str>, sample: &[String]) -> &Language {
        let declared = tag.and_then(|tag| tag.split(['-', '_']).next()).map(str::to_lowercase);
        let declared = declared.map(|tag| if matches!(tag.as_str(), "nb" | "nn") { "no".to_owned() } else { tag });
        let mut scores = self.clues.scores(sample, self.languages.len());
        for (score, language) in scores.iter_mut().zip(&self.languages) {
            *score += usize::from(declared.as_deref() == Some(language.tag)) * (1 + sample.len() / 4);
        }
        let best = (0..scores.len()).rev().max_by_key(|&number| scores[number]).unwrap_or(0);
        &self.languages[best]
    }
}

/// What gives a language away: bits by the languages' numbers, for its function words and for letters that hardly another
/// language writes.
#[derive(Debug, Default)]
struct Clues {
    words: HashMap<String, u64>,
    letters: HashMap<char, u64>,
}

impl Clues {
    fn read_line(&mut self, language: usize, section: &str, line: &str) {
        let bit = 1 << language;
        for entry in line.split_whitespace() {
            match section {
                "function" => *self.words.entry(comparison_form(entry)).or_default() |= bit,
                "letters" => letters(entry).into_iter().for_each(|c| *self.letters.entry(c).or_default() |= bit),
                _ => {}
            }
        }
    }

    /// How much a sample of words (at N2) speaks for each language.
    fn scores(&self, sample: &[String], languages: usize) -> Vec<usize> {
        let mut scores = vec![0; languages];
        for word in sample {
            let function = self.words.get(word).copied().unwrap_or(0);
            let written = word.chars().filter(|c| !c.is_ascii()).map(|c| self.letters.get(&c).copied().unwrap_or(0));
            let written = written.fold(0, |all, bits| all | bits);
            for (number, score) in scores.iter_mut().enumerate() {
                *score += 2 * (function >> number & 1) as usize + (written >> number & 1) as usize;
            }
        }
        scores
    }
}

/// Letters, or all from one to another: `α-ω`.
fn letters(entry: &str) -> Vec<char> {
    let chars: Vec<char> = entry.chars().collect();
    match chars.as_slice() {
        [first, '-', last] => (*first..=*last).collect(),
        _ => chars,
    }
}

impl Language {
    /// Whether a word is one of those whose coming or going is a fact of its own.
    pub(super) fn is_marked(&self, word: &str) -> bool {
        [&self.negation, &self.hedge, &self.charge, &self.date].iter().any(|words| words.has(word))
            || self.scale.contains_key(word)
    }

    fn read_line(&mut self, section: &str, line: &str) {
        match section {
            "function" => self.function.add_all(line),
            "negation" => self.negation.add_all(line),
            "hedge" => self.hedge.add_all(line),
            "charge" => self.charge.add_all(line),
            "thing" => self.thing.add_all(line),
            "date" => self.date.add_all(line),
            "relative" => self.relative.add_all(line),
            "opposite" => self.opposite.add(line),
            "number" => self.number.extend(values(line)),
            "scale" => self.scale.extend(values(line)),
            "style" => self.add_synonyms(line),
            "traits" => {
                self.capital_nouns |= line == "capital nouns";
                self.capital_dates |= line == "capital dates";
            }
            _ => {}
        }
    }

    fn add_synonyms(&mut self, line: &str) {
        let group = self.style.values().flatten().max().map_or(0, |last| last + 1);
        for word in line.split_whitespace() {
            self.style.entry(comparison_form(&word.replace('_', " "))).or_default().push(group);
        }
    }
}

/// `word=value` pairs of a line.
fn values(line: &str) -> impl Iterator<Item = (String, f64)> + '_ {
    let pairs = line.split_whitespace().filter_map(|word| word.split_once('='));
    pairs.filter_map(|(word, value)| Some((comparison_form(word.trim_end_matches('*')), value.parse().ok()?)))
}

impl Phrases {
    fn read_line(&mut self, section: &str, line: &str) {
        match section {
            _ if line.is_empty() => {}
            "boilerplate" => self.boilerplate.add(line),
            "stamp" => self.stamp.push(comparison_form(line)),
            "counter" => {
                self.counter.extend(line.split_whitespace().map(|noun| comparison_form(&noun.replace('_', " "))));
            }
            "byline" => self.byline.add(line),
            "date" => self.days.extend(line.split_whitespace().map(comparison_form)),
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECTIONS: [&str; 17] = [
        "function",
        "negation",
        "hedge",
        "charge",
        "thing",
        "opposite",
        "date",
        "relative",
        "number",
        "scale",
        "style",
        "traits",
        "letters",
        "boilerplate",
        "stamp",
        "counter",
        "byline",
    ];

    #[test]
    fn every_file_has_known_sections_and_the_necessary_ones() {
        for (tag, file) in FILES {
            let sections: Vec<&str> = file
                .lines()
                .filter_map(|line| line.strip_prefix('[').and_then(|line| line.strip_suffix(']')))
                .collect();
            assert!(sections.iter().all(|section| SECTIONS.contains(section)), "{tag}: {sections:?}");
            for necessary in ["function", "negation", "hedge", "charge", "date", "number", "boilerplate", "stamp"] {
                assert!(sections.contains(&necessary), "{tag} lacks [{necessary}]");
            }
        }
    }

    #[test]
    fn a_text_is_known_by_its_small_words() {
        for (text, tag) in [
            ("the house is on the hill and it was sold", "en"),
            ("das Haus ist auf dem Hügel und wurde verkauft", "de"),
            ("la maison est sur la colline et elle a été vendue", "fr"),
            ("дом стоит на холме и был продан", "ru"),
            ("будинок стоїть на пагорбі і його продали", "uk"),
        ] {
            let sample: Vec<String> = text.split(' ').map(comparison_form).collect();
            assert_eq!(Lexicons::get().language(None, &sample).tag, tag);
        }
    }
}
