//! What pages say, in the language of whoever reads them: one table, `phrases.txt`, by the English phrase.
//!
//! A phrase begins with `= ` and the English words; a line for each other language follows, its tag before it. `{name}` stands for
//! a value, ` | ` parts the forms that a number takes, one before few before many.

use std::collections::HashMap;
use std::fmt::{self, Display};
use std::sync::LazyLock;

use jiff::{SignedDuration, Timestamp};

use crate::model::{Alteration, Class, EditKind, Locale};
use crate::render::{class_in, decimal_in, elapsed_in, fill, kind_in, moment_in, plain, plural, tally_in};

const TABLE: &str = include_str!("phrases.txt");
/// A phrase of words that are not ours.
const AS_IS: &str = "{words}";
/// Between the forms of a phrase.
const FORMS: &str = " | ";

/// English to another language's words.
type Table = HashMap<(&'static str, &'static str), &'static str>;

static PHRASES: LazyLock<Table> = LazyLock::new(|| read(TABLE));

fn read(table: &'static str) -> Table {
    let (mut phrases, mut english) = (HashMap::new(), "");
    for line in table.lines() {
        if let Some(phrase) = line.strip_prefix("= ") {
            english = phrase;
        } else if let Some((tag, words)) = line.split_once(' ') {
            phrases.insert((english, tag), words);
        }
    }
    phrases
}

/// The phrases in one language.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Phrases(pub(super) Locale);

/// A phrase with the values for its places.
#[derive(Clone, Debug, Default)]
pub(in crate::serve) struct Said {
    english: &'static str,
    values: Vec<(&'static str, Value)>,
    /// What it is about so many of; the value of `{number}`.
    number: Option<u64>,
}

/// What stands in a place of a phrase.
#[derive(Clone, Debug)]
enum Value {
    /// As it is in every language.
    Words(String),
    /// A number as programs write it.
    Decimal(String),
    Moment(Timestamp),
    Elapsed(Elapsed),
    /// How much changed.
    Changes(Vec<Alteration>),
}

/// The time from one moment to another.
#[derive(Clone, Copy, Debug)]
pub(in crate::serve) struct Elapsed(pub(in crate::serve) Timestamp, pub(in crate::serve) Timestamp);

/// How much something matters, 0 to 1; two decimals, behind the sign that the language has before them.
#[derive(Clone, Copy, Debug)]
pub(super) struct Score(pub(super) f64);

/// What can be said in any of our languages.
pub(super) trait Speak {
    /// Its words in the language of `phrases`.
    fn speak(&self, phrases: Phrases) -> String;
}

impl Phrases {
    /// This phrase; as it is where the table has none.
    pub(super) fn find(self, english: &str) -> &str {
        PHRASES.get(&(english, self.0.tag())).copied().unwrap_or(english)
    }

    /// Whether the table has this phrase.
    pub(super) fn has(self, english: &str) -> bool {
        PHRASES.contains_key(&(english, self.0.tag()))
    }

    /// What stands before and after the only place of a phrase.
    pub(super) fn around(self, english: &str) -> (&str, &str) {
        let phrase = self.find(english);
        let place = phrase.split_once('{').and_then(|(before, rest)| Some((before, rest.split_once('}')?.1)));
        place.unwrap_or((phrase, ""))
    }

    /// A phrase about so many, in the form that the number takes.
    pub(super) fn count(self, english: &str, number: u64) -> String {
        fill(self.form(english, number), &[("number", &number.to_string())])
    }

    /// The form of a phrase that a number takes.
    pub(super) fn form(self, english: &str, number: u64) -> &str {
        let forms: Vec<&str> = self.find(english).split(FORMS).collect();
        forms.get(plural(self.0, number)).or(forms.last()).copied().unwrap_or_default()
    }
}

impl Said {
    /// A phrase of the table.
    pub(in crate::serve) fn new(english: &'static str) -> Self {
        Self { english, ..Self::default() }
    }

    /// A phrase about so many, with the forms that a number takes.
    pub(in crate::serve) fn count(english: &'static str, number: u64) -> Self {
        Self { number: Some(number), ..Self::new(english) }
    }

    /// Words of others, as they are.
    pub(in crate::serve) fn words(words: &str) -> Self {
        Self::new(AS_IS).with("words", plain(words))
    }

    /// With this value in the place of this name, the same in every language.
    pub(in crate::serve) fn with(self, name: &'static str, value: impl Display) -> Self {
        self.and(name, Value::Words(value.to_string()))
    }

    /// With this time in the place `{elapsed}`.
    pub(in crate::serve) fn with_elapsed(self, elapsed: Elapsed) -> Self {
        self.and("elapsed", Value::Elapsed(elapsed))
    }

    /// With this time in the place `{elapsed}`.
    pub(in crate::serve) fn with_span(self, span: SignedDuration) -> Self {
        // A part of a second is told as a whole one.
        let span = span.max(SignedDuration::from_secs(1));
        self.with_elapsed(Elapsed(Timestamp::UNIX_EPOCH, Timestamp::UNIX_EPOCH + span))
    }

    /// With this moment in the place of this name.
    pub(in crate::serve) fn with_moment(self, name: &'static str, moment: Timestamp) -> Self {
        self.and(name, Value::Moment(moment))
    }

    /// With this score in the place of this name.
    pub(super) fn with_score(self, name: &'static str, score: f64) -> Self {
        self.and(name, Value::Decimal(format!("{score:.2}")))
    }

    /// With these changes, counted, in the place `{changes}`.
    pub(super) fn with_changes(self, changes: Vec<Alteration>) -> Self {
        self.and("changes", Value::Changes(changes))
    }

    fn and(mut self, name: &'static str, value: Value) -> Self {
        self.values.push((name, value));
        self
    }

    /// Whether there is nothing to say.
    pub(in crate::serve) fn is_empty(&self) -> bool {
        self.english.is_empty()
    }
}

/// In English, for logs and programs.
impl Display for Said {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.speak(Phrases::default()))
    }
}

impl Speak for Said {
    fn speak(&self, phrases: Phrases) -> String {
        let phrase =
            self.number.map_or_else(|| phrases.find(self.english), |number| phrases.form(self.english, number));
        let number = self.number.map(|number| ("number", number.to_string()));
        let values = self.values.iter().map(|(name, value)| (*name, value.speak(phrases)));
        let values: Vec<(&str, String)> = values.chain(number).collect();
        fill(phrase, &values.iter().map(|(name, value)| (*name, value.as_str())).collect::<Vec<_>>())
    }
}

impl Speak for Value {
    fn speak(&self, phrases: Phrases) -> String {
        match self {
            Self::Words(words) => words.clone(),
            Self::Decimal(number) => decimal_in(phrases.0, number),
            Self::Moment(moment) => moment.speak(phrases),
            Self::Elapsed(elapsed) => elapsed.speak(phrases),
            Self::Changes(changes) => tally_in(phrases.0, changes),
        }
    }
}

impl Speak for Score {
    fn speak(&self, phrases: Phrases) -> String {
        decimal_in(phrases.0, &format!("{:.2}", self.0))
    }
}

impl Speak for str {
    fn speak(&self, phrases: Phrases) -> String {
        phrases.find(self).to_owned()
    }
}

impl Speak for String {
    fn speak(&self, phrases: Phrases) -> String {
        self.as_str().speak(phrases)
    }
}

impl Speak for Timestamp {
    fn speak(&self, phrases: Phrases) -> String {
        moment_in(phrases.0, *self)
    }
}

impl Speak for Elapsed {
    fn speak(&self, phrases: Phrases) -> String {
        elapsed_in(phrases.0, self.0, self.1)
    }
}

impl Speak for Class {
    fn speak(&self, phrases: Phrases) -> String {
        class_in(phrases.0, *self).to_owned()
    }
}

impl Speak for EditKind {
    fn speak(&self, phrases: Phrases) -> String {
        kind_in(phrases.0, *self).to_owned()
    }
}

impl<T: Speak + ?Sized> Speak for &T {
    fn speak(&self, phrases: Phrases) -> String {
        (**self).speak(phrases)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn english() -> Vec<&'static str> {
        TABLE.lines().filter_map(|line| line.strip_prefix("= ")).collect()
    }

    fn places(phrase: &str) -> Vec<&str> {
        let mut places: Vec<&str> = phrase.split('{').skip(1).filter_map(|part| part.split('}').next()).collect();
        places.sort_unstable();
        places.dedup();
        places
    }

    #[test]
    fn every_phrase_is_there_in_every_language_with_the_same_places() {
        let all = english();
        for (at, phrase) in all.iter().enumerate() {
            assert!(!all[..at].contains(phrase), "{phrase:?} is there twice");
            for locale in Locale::ALL.into_iter().filter(|locale| *locale != Locale::English) {
                let words = PHRASES.get(&(*phrase, locale.tag())).copied();
                let words = words.unwrap_or_else(|| panic!("{phrase:?} is not there in {locale}"));
                assert_eq!(places(phrase), places(words), "{locale}: {words}");
                let forms = phrase.matches(FORMS).count();
                let more = usize::from(forms == 1 && matches!(locale, Locale::Polish | Locale::Ukrainian));
                assert_eq!(words.matches(FORMS).count(), forms + more, "{locale}: {words}");
            }
        }
        assert_eq!(TABLE.lines().filter(|line| !line.is_empty()).count(), all.len() * Locale::ALL.len());
    }

    #[test]
    fn numbers_and_values_find_their_places() {
        let polish = Phrases(Locale::Polish);
        let edits = |number| polish.count("1 edit | {number} edits", number);
        assert_eq!([1, 3, 5].map(edits), ["1 zmiana", "3 zmiany", "5 zmian"]);
        assert_eq!(Phrases(Locale::English).count("1 edit | {number} edits", 1), "1 edit");
        let version = Said::new("Version {version}").with("version", 7);
        assert_eq!(version.speak(Phrases(Locale::German)), "Fassung 7");
        assert_eq!(version.speak(Phrases(Locale::English)), "Version 7");
        assert_eq!(Phrases(Locale::German).around("Article at {host}"), ("Artikel bei ", ""));
        assert_eq!("no such phrase".speak(Phrases(Locale::German)), "no such phrase");
        let scores = [Locale::English, Locale::Polish].map(|locale| Score(0.75).speak(Phrases(locale)));
        assert_eq!(scores, ["0.75", "0,75"]);
    }

    /// Where phrases stand in templates: before these.
    const IN_TEMPLATES: [&str; 3] = ["\"|say", "\"|count(", "\"|around("];
    /// And in source: behind these.
    const IN_SOURCE: [&str; 8] = [
        "Said::new(\"",
        "Said::count(\"",
        "Fact::new(\"",
        "fact(\"",
        "elapsed(\"",
        "of_text(\"",
        "amount(\"",
        "Timeout(\"",
    ];
    /// Kinds of trouble, which are phrases in a place of another: behind these in single files.
    const KINDS: [(&str, &str); 8] = [
        ("src/model/article.rs", ": &str = \""),
        ("src/fetch/failure.rs", "=> \""),
        ("src/fetch/failure.rs", ": &str = \""),
        ("src/model/answer.rs", ": &'static str = \""),
        ("src/discover/refusal.rs", "=> \""),
        ("src/extract/wall.rs", "=> \""),
        ("src/extract/wall.rs", "then(|| (\""),
        ("src/extract/mod.rs", "NotAnArticle { kind: \""),
    ];

    /// Templates and source, each with its place.
    fn sources() -> Vec<(String, String)> {
        let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
        let (mut sources, mut files) = (Vec::new(), vec![root.join("templates"), root.join("src")]);
        while let Some(path) = files.pop() {
            if path.is_dir() {
                files.extend(std::fs::read_dir(&path).unwrap().map(|file| file.unwrap().path()));
            } else {
                let text = joined(&std::fs::read_to_string(&path).unwrap());
                sources.push((path.strip_prefix(root).unwrap().display().to_string(), text));
            }
        }
        sources
    }

    /// What they say to whoever reads pages, each with its place.
    fn said() -> Vec<(String, String)> {
        let mut said = Vec::new();
        for (place, text) in sources() {
            let phrase = |at: usize, mark: &str| {
                let after = || text[at + mark.len()..].split('"').next();
                if mark.ends_with('"') { after() } else { text[..at].rsplit('"').next() }
            };
            let own = KINDS.iter().filter(|(file, _)| *file == place).map(|(_, mark)| *mark);
            let is_source = place.starts_with("src/");
            let marks = if is_source { IN_SOURCE.into_iter().chain(own).collect() } else { IN_TEMPLATES.to_vec() };
            for mark in marks {
                said.extend(
                    text.match_indices(mark).map(|(at, _)| (place.clone(), phrase(at, mark).unwrap().to_owned())),
                );
            }
        }
        said
    }

    /// Whether what stands in a file is said to nobody: tests, and names for programs.
    fn is_unsaid(place: &str) -> bool {
        ["src/serve/pages/phrases.rs", "src/cli/", "src/config/", "src/inspect/", "src/demo/"]
            .iter()
            .any(|unsaid| place.starts_with(unsaid))
            || place.contains("tests")
    }

    /// Source text but for its tests, with what stands in brackets beginning on their own line.
    fn joined(text: &str) -> String {
        let text = text.split("#[cfg(test)]\nmod tests {").next().unwrap();
        let lines: Vec<&str> = text.lines().map(str::trim).collect();
        lines.join("\n").replace("(\n\"", "(\"")
    }

    #[test]
    fn no_phrase_of_the_table_is_said_by_nobody() {
        let sources = sources();
        for phrase in english() {
            let quoted = format!("\"{phrase}\"");
            assert!(sources.iter().any(|(_, text)| text.contains(&quoted)), "nobody says {phrase:?}");
        }
    }

    #[test]
    fn whatever_a_page_says_is_in_the_table() {
        let (said, all) = (said(), english());
        assert!(said.len() > 300, "phrases are found: {}", said.len());
        let has_words =
            |phrase: &str| phrase.split(['{', '}']).step_by(2).any(|ours| ours.contains(char::is_alphabetic));
        let missing: Vec<_> = said
            .into_iter()
            .filter(|(place, phrase)| !is_unsaid(place) && has_words(phrase) && !all.contains(&phrase.as_str()))
            .collect();
        assert!(missing.is_empty(), "phrases.txt does not have {missing:#?}");
    }
}
