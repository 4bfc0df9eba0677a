//! The words that judging knows, by language: data files under `lexicons/`, one a language, compiled in. A file is made of
//! sections, `[name]` on a line of its own; `#` starts a comment. Everything is compared at N2, so case, quotes and accents'
//! composition do not matter. How to extend them is told in `docs/what-counts.md`.

use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

use crate::compare::normal::comparison_form;
use crate::compare::token::is_continuous_script;

/// The files, by language tag.
const FILES: &[(&str, &str)] = &include!("lexicons/list.in");

/// Words of one kind. An entry that ends with `*` stands for all words that start so.
#[derive(Debug, Default)]
pub(super) struct Words {
    whole: HashSet<String>,
    starts: Vec<String>,
    parts: Vec<String>,
}

impl Words {
    fn add(&mut self, entry: &str) {
        let form = comparison_form(entry);
        if let Some(start) = form.strip_suffix('*') {
            self.starts.push(start.to_owned());
        } else if form.chars().all(is_continuous_script) {
            self.parts.push(form);
        } else {
            self.whole.insert(form);
        }
    }

    /// Whether a word (at N2) is one of them.
    pub(super) fn has(&self, word: &str) -> bool {
        self.whole.contains(word) || self.starts.iter().any(|start| word.starts_with(start.as_str()))
    }

    /// The entries of scripts without blanks that occur in a text (at N2).
    pub(super) fn within<'a>(&'a self, text: &'a str) -> impl Iterator<Item = &'a str> {
        self.parts.iter().map(String::as_str).filter(move |part| text.contains(part))
    }

    fn len(&self) -> usize {
        self.whole.len() + self.parts.len()
    }
}

/// What judging knows of one language.
#[derive(Debug, Default)]
pub(super) struct Language {
    pub(super) tag: &'static str,
    /// Words that carry grammar, not content.
    pub(super) function: Words,
    pub(super) negation: Words,
    pub(super) hedge: Words,
    /// Words that weigh on somebody or turn the direction of a statement.
    pub(super) weighty: Words,
    /// Names of months and weekdays, "yesterday", "tomorrow".
    pub(super) date: Words,
    /// Words that stand for a number.
    pub(super) number: HashMap<String, f64>,
    /// Words that multiply a number: thousand, million.
    pub(super) scale: HashMap<String, f64>,
    /// Words of the same meaning, a group a line.
    pub(super) style: HashMap<String, Vec<usize>>,
    /// Whether all nouns are written with a capital.
    pub(super) capital_nouns: bool,
}

/// Phrases that tell a block's role, of all languages together.
#[derive(Debug, Default)]
pub(super) struct Phrases {
    pub(super) boilerplate: Vec<String>,
    pub(super) stamp: Vec<String>,
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
                    None if !line.is_empty() => read_line(&mut language, &mut all.phrases, section, line),
                    None => {}
                }
            }
            all.languages.push(language);
        }
        all
    }

    /// The lexicon of a language tag (`de-CH` is `de`), or of the language that a sample of text looks most like.
    pub(super) fn language(&self, tag: Option<&str>, sample: &[String]) -> &Language {
        let declared = tag.and_then(|tag| tag.split(['-', '_']).next()).map(str::to_lowercase);
        let score = |language: &Language| {
            let hits = sample.iter().filter(|word| language.function.has(word)).count();
            let parts = sample.iter().filter(|word| language.function.within(word).next().is_some()).count();
            (hits + parts) * 2 + usize::from(declared.as_deref() == Some(language.tag)) * (1 + sample.len() / 5)
        };
        let best = self
            .languages
            .iter()
            .rev()
            .filter(|language| language.function.len() > 0)
            .max_by_key(|language| score(language));
        best.unwrap_or(&self.languages[0])
    }
}

fn read_line(language: &mut Language, phrases: &mut Phrases, section: &str, line: &str) {
    let words = || line.split_whitespace();
    match section {
        "function" => words().for_each(|word| language.function.add(word)),
        "negation" => words().for_each(|word| language.negation.add(word)),
        "hedge" => words().for_each(|word| language.hedge.add(word)),
        "weighty" => words().for_each(|word| language.weighty.add(word)),
        "date" => words().for_each(|word| language.date.add(word)),
        "number" | "scale" => {
            let map = if section == "number" { &mut language.number } else { &mut language.scale };
            let pairs = words().filter_map(|word| word.split_once('='));
            map.extend(pairs.filter_map(|(word, value)| Some((comparison_form(word), value.parse().ok()?))));
        }
        "style" => {
            let group = language.style.values().flatten().max().map_or(0, |last| last + 1);
            for word in words() {
                language.style.entry(comparison_form(word)).or_default().push(group);
            }
        }
        "traits" => language.capital_nouns |= line == "capital nouns",
        "boilerplate" => phrases.boilerplate.push(comparison_form(line)),
        "stamp" => phrases.stamp.push(comparison_form(line)),
        "correction" => phrases.correction.push(comparison_form(line)),
        _ => {}
    }
}
