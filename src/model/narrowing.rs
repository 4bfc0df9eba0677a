//! Which of a scope's edits are wanted.

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};

use super::{Class, Disclosure, Edit, EditKind, sought_score};

/// Longest language tag: RFC 5646 needs 35 for any that is in use.
const MAX_LANGUAGE_CHARS: usize = 35;
/// As much of an unknown parameter's name as is repeated, in characters: ours have fewer than ten.
const MAX_NAME_CHARS: usize = 40;

/// Which of a scope's edits a feed tells of; all of them, by default.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Narrowing {
    /// Only those of one of these classes, each once, weightiest first, or of one of [`Narrowing::kinds`]; all where both are empty.
    pub classes: Vec<Class>,
    /// Only those of one of these kinds, each once, or of one of [`Narrowing::classes`]; those of [`EditKind::SOUGHT`] alone.
    pub kinds: Vec<EditKind>,
    /// Only those with at least this score, 0 to 1; two decimals are enough, as they are shown.
    pub min_score: f64,
    /// Only those in which what changed, or the headline, holds all of these words and phrases in quotation marks, one blank
    /// between two; all where empty.
    pub words: String,
    /// Only those of articles in this language or a dialect of it, in lower case; all where empty.
    pub language: String,
    /// Only those of which the publisher says nothing: neither the article, nor, of a removal, the page in its place.
    pub silent: bool,
    /// Only those seen on this day (UTC) or later.
    pub from: Option<Date>,
    /// Only those seen on this day (UTC) or before.
    pub to: Option<Date>,
}

/// Why a query narrows nothing; each says what would.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadNarrowing {
    /// Not one of ours; its first characters.
    #[error("there is no parameter {0:?}; there are {names}", names = Narrowing::NAMES.join(", "))]
    Name(String),
    /// Given twice.
    #[error("{0} may be given once only")]
    Twice(&'static str),
    /// Not a class.
    #[error("class: expected one of these, or several parted by commas: {names}", names = Narrowing::class_names().join(", "))]
    Class,
    /// Not a score.
    #[error("min_score: expected a number from 0 to 1, such as 0.6")]
    Score,
    /// Nothing to look for, or too much.
    #[error("q: expected 1 to {most} characters, words of what changed, letters or digits among them", most = Narrowing::MAX_WORDS_CHARS)]
    Words,
    /// Not a language.
    #[error("lang: expected a language tag, such as en or pt-BR")]
    Language,
    /// Neither.
    #[error("silent: expected 1; leave silent out for all edits")]
    Silent,
    /// Not a day.
    #[error("{0}: expected a day, such as 2026-11-26")]
    Day(&'static str),
    /// Days in the wrong order.
    #[error("from and to: expected a first day that is not after the last")]
    Days,
}

impl Narrowing {
    /// Longest `q`, in characters: a sentence.
    pub const MAX_WORDS_CHARS: usize = 200;

    /// The names of all parameters, in the order in which we write them.
    pub const NAMES: [&str; 7] = ["class", "min_score", "q", "lang", "silent", "from", "to"];

    /// What a query of these names and values narrows to. `class` may be given several times.
    ///
    /// # Errors
    /// When a name is not one of [`Narrowing::NAMES`], or a value does not fit.
    pub fn of<'a>(pairs: impl IntoIterator<Item = (&'a str, &'a str)>) -> Result<Self, BadNarrowing> {
        let (mut narrowing, mut met) = (Self::default(), Vec::new());
        for (name, value) in pairs {
            let known = Self::NAMES.into_iter().find(|known| *known == name);
            let name = known.ok_or_else(|| BadNarrowing::Name(name.chars().take(MAX_NAME_CHARS).collect()))?;
            if name != "class" && met.contains(&name) {
                return Err(BadNarrowing::Twice(name));
            }
            met.push(name);
            narrowing.take(name, value)?;
        }
        narrowing.classes.sort_unstable();
        narrowing.classes.dedup();
        narrowing.kinds.sort_unstable();
        narrowing.kinds.dedup();
        let turned = narrowing.from.zip(narrowing.to).is_some_and(|(from, to)| from > to);
        if turned { Err(BadNarrowing::Days) } else { Ok(narrowing) }
    }

    fn take(&mut self, name: &'static str, value: &str) -> Result<(), BadNarrowing> {
        match name {
            "class" => {
                for name in value.split(',').map(str::trim) {
                    match EditKind::SOUGHT.into_iter().find(|kind| kind.category() == Some(name)) {
                        Some(kind) => self.kinds.push(kind),
                        None => self.classes.push(name.parse().map_err(|_| BadNarrowing::Class)?),
                    }
                }
            }
            "min_score" => self.min_score = score(value)?,
            "q" => self.words = words(value)?,
            "lang" => self.language = language(value)?,
            "from" => self.from = Some(day(name, value)?),
            "to" => self.to = Some(day(name, value)?),
            _ if value == "1" => self.silent = true,
            _ => return Err(BadNarrowing::Silent),
        }
        Ok(())
    }

    /// Names and values that say the same, in one order for ever; nothing for what takes all.
    #[must_use]
    pub fn pairs(&self) -> Vec<(&'static str, String)> {
        let kinds = self.kinds.iter().filter_map(|kind| kind.category());
        let classes: Vec<&str> = self.classes.iter().map(|class| class.name()).chain(kinds).collect();
        let score = if self.min_score > 0.0 { self.min_score.to_string() } else { String::new() };
        let silent = if self.silent { "1" } else { "" };
        let [from, to] = [self.from, self.to].map(|day| day.map(|day| day.to_string()).unwrap_or_default());
        let values = [classes.join(","), score, self.words.clone(), self.language.clone(), silent.to_owned(), from, to];
        Self::NAMES.into_iter().zip(values).filter(|(_, value)| !value.is_empty()).collect()
    }

    /// Whether it takes all.
    #[must_use]
    pub fn is_none(&self) -> bool {
        *self == Self::default()
    }

    /// Whether it takes edits of this kind, these classes and this score.
    #[must_use]
    pub fn takes_kind(&self, kind: EditKind, mut classes: impl Iterator<Item = Class>, score: f64) -> bool {
        let takes_all = self.classes.is_empty() && self.kinds.is_empty();
        let takes = takes_all || self.kinds.contains(&kind) || classes.any(|class| self.classes.contains(&class));
        takes && sought_score(score) >= self.min_score
    }

    /// What `class` may name: the classes, then the kinds that can be asked for.
    #[must_use]
    pub fn class_names() -> Vec<&'static str> {
        let kinds = EditKind::SOUGHT.into_iter().filter_map(EditKind::category);
        Class::ALL.into_iter().map(Class::name).chain(kinds).collect()
    }

    /// Whether it takes `edit`, leaving aside the words.
    #[must_use]
    pub fn takes(&self, edit: &Edit) -> bool {
        (edit.disclosure == Some(Disclosure::Silent) || !self.silent)
            && self.takes_moment(edit.seen)
            && self.takes_language(edit.language.as_deref())
            && self.takes_kind(edit.kind, edit.classes().into_iter(), edit.score)
    }

    /// Whether it takes what was seen at this moment.
    #[must_use]
    pub fn takes_moment(&self, seen: Timestamp) -> bool {
        self.begin().is_none_or(|begin| begin <= seen) && self.end().is_none_or(|end| seen < end)
    }

    /// The first moment of the first day.
    #[must_use]
    pub fn begin(&self) -> Option<Timestamp> {
        self.from.and_then(midnight)
    }

    /// The first moment after the last day.
    #[must_use]
    pub fn end(&self) -> Option<Timestamp> {
        self.to.and_then(|day| midnight(day.checked_add(1.day()).ok()?))
    }

    /// RFC 4647, section 3.3.1: `en` takes `en` and `en-GB`.
    #[must_use]
    pub fn takes_language(&self, language: Option<&str>) -> bool {
        if self.language.is_empty() {
            return true;
        }
        let tag = language.unwrap_or_default().to_ascii_lowercase();
        tag.strip_prefix(&self.language).is_some_and(|rest| rest.is_empty() || rest.starts_with('-'))
    }
}

fn score(text: &str) -> Result<f64, BadNarrowing> {
    let number = text.parse().ok().filter(|number| (0.0..=1.0).contains(number));
    number.ok_or(BadNarrowing::Score)
}

fn words(text: &str) -> Result<String, BadNarrowing> {
    let words = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let fits = words.chars().any(char::is_alphanumeric) && words.chars().count() <= Narrowing::MAX_WORDS_CHARS;
    if fits { Ok(words) } else { Err(BadNarrowing::Words) }
}

/// A day as we write it, so that each has one spelling.
fn day(name: &'static str, text: &str) -> Result<Date, BadNarrowing> {
    let day = text.parse().ok().filter(|day: &Date| day.to_string() == text);
    day.ok_or(BadNarrowing::Day(name))
}

fn midnight(day: Date) -> Option<Timestamp> {
    Some(day.to_zoned(TimeZone::UTC).ok()?.timestamp())
}

fn language(text: &str) -> Result<String, BadNarrowing> {
    let part = |part: &str| (1..=8).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_alphanumeric());
    if text.len() <= MAX_LANGUAGE_CHARS && text.split('-').all(part) {
        Ok(text.to_ascii_lowercase())
    } else {
        Err(BadNarrowing::Language)
    }
}

#[cfg(test)]
mod tests {
    use super::super::shown_score;
    use super::*;

    #[test]
    fn a_query_has_one_spelling() {
        let query = [
            ("to", "2026-11-26"),
            ("silent", "1"),
            ("lang", "pt-BR"),
            ("q", "  the   mayor "),
            ("class", "figure"),
            ("class", "removed-article,headline,figure"),
            ("class", "returned,removed-article"),
            ("min_score", "0.60"),
        ];
        let pairs = Narrowing::of(query).unwrap().pairs();
        let expected = [
            ("class", "headline,figure,returned,removed-article"),
            ("min_score", "0.6"),
            ("q", "the mayor"),
            ("lang", "pt-br"),
            ("silent", "1"),
            ("to", "2026-11-26"),
        ];
        assert_eq!(pairs, expected.map(|(name, value)| (name, value.to_owned())));
        assert!(Narrowing::of([("min_score", "0")]).unwrap().is_none());
    }

    #[test]
    fn what_narrows_nothing_is_refused_with_what_would() {
        let long = "x".repeat(201);
        for (name, value, part) in [
            ("sort", "new", "no parameter \"sort\"; there are class, min_score, q, lang, silent, from, to"),
            ("class", "headlines", "correction, headline"),
            ("class", "retired", "boilerplate, returned, removed-article, restored-article"),
            (&*"n".repeat(99), "1", &*format!("no parameter {:?}; there are class", "n".repeat(40))),
            ("class", "", "correction, headline"),
            ("min_score", "2", "from 0 to 1"),
            ("min_score", "NaN", "from 0 to 1"),
            ("q", " ", "1 to 200"),
            ("q", &long, "1 to 200"),
            ("q", "→ !", "letters or digits"),
            ("from", "yesterday", "from: expected a day"),
            ("to", "2026-11-31", "to: expected a day"),
            ("lang", "english!", "such as en"),
            ("silent", "yes", "expected 1"),
        ] {
            let words = Narrowing::of([(name, value)]).unwrap_err().to_string();
            assert!(words.contains(part), "{name}={value}: {words}");
        }
        assert_eq!(Narrowing::of([("q", "a"), ("q", "b")]), Err(BadNarrowing::Twice("q")));
        assert_eq!(Narrowing::of([("from", "2026-11-27"), ("to", "2026-11-26")]), Err(BadNarrowing::Days));
    }

    #[test]
    fn a_score_is_asked_for_as_it_is_shown() {
        let narrowing = Narrowing::of([("min_score", "0.6")]).unwrap();
        for (score, is_taken) in [(0.594_9, false), (0.595_1, true), (0.6, true), (1.0, true), (0.0, false)] {
            assert_eq!(narrowing.takes_kind(EditKind::Changed, std::iter::empty(), score), is_taken, "{score}");
        }
        let shown = [0.720_000_000_1, 0.1 + 0.2, -0.0, 0.999_6, 0.123_4].map(|score| shown_score(score).to_string());
        assert_eq!(shown, ["0.72", "0.3", "0", "1", "0.12"]);
    }

    #[test]
    fn days_are_whole_and_both_belong_to_it() {
        let narrowing = Narrowing::of([("from", "2026-11-25"), ("to", "2026-11-26")]).unwrap();
        let taken = ["2026-11-24T23:59:59Z", "2026-11-25T00:00:00Z", "2026-11-26T23:59:59Z", "2026-11-27T00:00:00Z"]
            .map(|moment| narrowing.takes_moment(moment.parse().unwrap()));
        assert_eq!(taken, [false, true, true, false]);
    }

    #[test]
    fn a_language_takes_its_dialects() {
        let english = Narrowing { language: "en".to_owned(), ..Narrowing::default() };
        let taken = [Some("en"), Some("EN-gb"), Some("eng"), None].map(|tag| english.takes_language(tag));
        assert_eq!(taken, [true, true, false, false]);
    }
}
