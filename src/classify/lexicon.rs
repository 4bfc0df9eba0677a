//! The words that judging knows, by language: data files under `lexicons/`, one a language, compiled in. A file is made of
//! sections, `[name]` on a line of its own; `#` starts a comment. Everything is compared at N2, so case, quotes and the
//! composition of accents do not matter. `docs/what-counts.md` tells how to extend them.

use std::collections::HashMap;
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
    /// Names of months and weekdays, "yesterday", "tomorrow".
    pub(super) date: Words,
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
    /// Letters that hardly another language writes.
    letters: String,
}

/// Phrases that tell a block's role, of all languages together.
#[derive(Debug, Default)]
pub(super) struct Phrases {
    pub(super) boilerplate: Vec<String>,
    pub(super) stamp: Vec<String>,
    pub(super) counter: Vec<String>,
    pub(super) byline: Vec<String>,
    pub(super) correction: Vec<String>,
}

/// All that is known.
#[derive(Debug, Default)]
pub(super) struct Lexicons {
    languages: Vec<Language>,
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
                match line.strip_prefix('[').and_then(|line| line.strip_suffix(']')) {
                    Some(name) => section = name,
                    None if !line.is_empty() && !language.read_line(section, line) => {
                        all.phrases.read_line(section, line);
                    }
                    None => {}
                }
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
        let score = |language: &Language| {
            let bonus = usize::from(declared.as_deref() == Some(language.tag)) * (1 + sample.len() / 4);
            sample.iter().map(|word| language.affinity(word)).sum::<usize>() + bonus
        };
        self.languages.iter().rev().max_by_key(|language| score(language)).unwrap_or(&self.languages[0])
    }
}

impl Language {
    /// How much a word (at N2) speaks for this language.
    fn affinity(&self, word: &str) -> usize {
        let written = !self.letters.is_empty() && word.chars().any(|c| self.letters.contains(c));
        2 * usize::from(self.function.has(word)) + usize::from(written)
    }

    /// Whether a word is one of those whose coming or going is a fact of its own.
    pub(super) fn is_marked(&self, word: &str) -> bool {
        [&self.negation, &self.hedge, &self.charge, &self.date].iter().any(|words| words.has(word))
            || self.scale.contains_key(word)
    }

    /// Takes a line of a section that belongs to a language; whether it did.
    fn read_line(&mut self, section: &str, line: &str) -> bool {
        match section {
            "function" => self.function.add_all(line),
            "negation" => self.negation.add_all(line),
            "hedge" => self.hedge.add_all(line),
            "charge" => self.charge.add_all(line),
            "date" => self.date.add_all(line),
            "opposite" => self.opposite.add(line),
            "number" => self.number.extend(values(line)),
            "scale" => self.scale.extend(values(line)),
            "style" => self.add_synonyms(line),
            "letters" => line.split_whitespace().for_each(|letters| self.add_letters(letters)),
            "traits" => {
                self.capital_nouns |= line == "capital nouns";
                self.capital_dates |= line == "capital dates";
            }
            _ => return false,
        }
        true
    }

    fn add_synonyms(&mut self, line: &str) {
        let group = self.style.values().flatten().max().map_or(0, |last| last + 1);
        for word in line.split_whitespace() {
            self.style.entry(comparison_form(&word.replace('_', " "))).or_default().push(group);
        }
    }

    /// Adds letters, or all from one to another: `α-ω`.
    fn add_letters(&mut self, letters: &str) {
        let chars: Vec<char> = letters.chars().collect();
        match chars.as_slice() {
            [first, '-', last] => self.letters.extend(*first..=*last),
            _ => self.letters.push_str(letters),
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
            "boilerplate" => self.boilerplate.push(comparison_form(line)),
            "stamp" => self.stamp.push(comparison_form(line)),
            "counter" => {
                self.counter.extend(line.split_whitespace().map(|noun| comparison_form(&noun.replace('_', " "))));
            }
            "byline" => self.byline.push(comparison_form(line)),
            "correction" => self.correction.push(comparison_form(line)),
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECTIONS: [&str; 16] = [
        "function",
        "negation",
        "hedge",
        "charge",
        "opposite",
        "date",
        "number",
        "scale",
        "style",
        "traits",
        "letters",
        "boilerplate",
        "stamp",
        "counter",
        "byline",
        "correction",
    ];

    #[test]
    fn every_file_has_known_sections_and_the_necessary_ones() {
        for (tag, file) in FILES {
            let sections: Vec<&str> = file
                .lines()
                .filter_map(|line| line.strip_prefix('[').and_then(|line| line.strip_suffix(']')))
                .collect();
            assert!(sections.iter().all(|section| SECTIONS.contains(section)), "{tag}: {sections:?}");
            for necessary in
                ["function", "negation", "hedge", "charge", "date", "number", "boilerplate", "stamp", "correction"]
            {
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
