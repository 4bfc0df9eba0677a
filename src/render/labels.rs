//! The words that we put into entries and feeds: one table a language, in [`super::languages`].

use jiff::Timestamp;

use super::excerpt::Side;
use super::languages::{english, french, german, polish, spanish, ukrainian};
use crate::model::{BlockKind, Class, EditKind, Locale};

/// A noun with its plurals, after a number.
#[derive(Clone, Copy, Debug)]
pub(super) struct Noun {
    /// For one.
    pub(super) one: &'static str,
    /// For two to four and the like, where a language tells them from the others.
    pub(super) few: &'static str,
    /// For any other number.
    pub(super) many: &'static str,
}

impl Noun {
    /// Of a language with one plural.
    pub(super) const fn two(one: &'static str, many: &'static str) -> Self {
        Self { one, few: many, many }
    }

    /// Of a language with two plurals.
    pub(super) const fn three(one: &'static str, few: &'static str, many: &'static str) -> Self {
        Self { one, few, many }
    }
}

/// Which form of a noun a number takes; the rules are those of CLDR for whole numbers
/// (<https://www.unicode.org/cldr/charts/latest/supplemental/language_plural_rules.html>).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Plural {
    One,
    Few,
    Many,
}

/// 1 is one, all else many: English, German, Spanish.
pub(super) fn plural_one(number: u64) -> Plural {
    if number == 1 { Plural::One } else { Plural::Many }
}

/// 0 and 1 are one: French.
pub(super) fn plural_none_or_one(number: u64) -> Plural {
    if number <= 1 { Plural::One } else { Plural::Many }
}

/// 2 to 4 are few, in each ten but the second: Polish.
pub(super) fn plural_polish(number: u64) -> Plural {
    if number == 1 { Plural::One } else { few_or_many(number) }
}

/// As Polish, but 21, 31 and so on are one: Ukrainian.
pub(super) fn plural_ukrainian(number: u64) -> Plural {
    if number % 10 == 1 && number % 100 != 11 { Plural::One } else { few_or_many(number) }
}

fn few_or_many(number: u64) -> Plural {
    let few = (2..=4).contains(&(number % 10)) && !(12..=14).contains(&(number % 100));
    if few { Plural::Few } else { Plural::Many }
}

/// The words of entries and feeds. `{name}` is filled in by [`fill`].
pub(super) struct Words {
    pub(super) plural: fn(u64) -> Plural,
    /// The name of a class, to begin a line with.
    pub(super) class: fn(Class) -> &'static str,
    /// What happened to the article as a whole, to begin a line with.
    pub(super) kind: fn(EditKind) -> &'static str,
    /// Around words of others.
    pub(super) quotes: (&'static str, &'static str),
    /// What stands before the decimals of a number.
    pub(super) decimal_sign: &'static str,
    /// A moment: `{time} UTC, {day} {month} {year}`.
    pub(super) moment: &'static str,
    /// As they stand in a date.
    pub(super) months: [&'static str; 12],
    pub(super) second: Noun,
    pub(super) minute: Noun,
    pub(super) hour: Noun,
    pub(super) day: Noun,
    pub(super) year: Noun,
    pub(super) paragraph: Noun,
    pub(super) heading: Noun,
    pub(super) list_item: Noun,
    pub(super) quotation: Noun,
    pub(super) table_row: Noun,
    pub(super) caption: Noun,
    pub(super) note: Noun,
    pub(super) headline: &'static str,
    pub(super) standfirst: &'static str,
    pub(super) byline: &'static str,
    pub(super) changed: &'static str,
    pub(super) added: &'static str,
    pub(super) removed: &'static str,
    pub(super) moved: &'static str,
    /// Same words, other capitals, quotation marks or dashes.
    pub(super) restyled: &'static str,
    /// Some of its sentences went to another block, or came from one.
    pub(super) partly_moved: &'static str,
    /// What happened to what, in a list of changes: `{subjects} {verb}`.
    pub(super) part: &'static str,
    /// Between two of these.
    pub(super) part_end: &'static str,
    /// What happened to one block, as a heading: `{block} {verb}`.
    pub(super) heading_line: &'static str,
    pub(super) and: &'static str,
    /// Where a comparison shows nothing to count.
    pub(super) text_changed: &'static str,
    pub(super) was: &'static str,
    pub(super) now: &'static str,
    pub(super) added_line: &'static str,
    pub(super) removed_line: &'static str,
    pub(super) split: &'static str,
    pub(super) merged: &'static str,
    pub(super) moved_up: &'static str,
    pub(super) moved_down: &'static str,
    pub(super) moved_and_changed: &'static str,
    pub(super) more: &'static str,
    pub(super) compare: &'static str,
    /// The link to the last text of an article that is not there.
    pub(super) last_text: &'static str,
    pub(super) entry_changed: &'static str,
    pub(super) entry_returned: &'static str,
    pub(super) entry_removed: &'static str,
    pub(super) entry_restored: &'static str,
    pub(super) entry_retired: &'static str,
    pub(super) last_kept: &'static str,
    pub(super) disclosed: &'static str,
    pub(super) silent: &'static str,
    /// Whether readers are told of a removal or a return.
    pub(super) removed_disclosed: &'static str,
    pub(super) removed_silent: &'static str,
    pub(super) restored_silent: &'static str,
    pub(super) live: &'static str,
    pub(super) title_changed: &'static str,
    pub(super) title_returned: &'static str,
    pub(super) title_removed: &'static str,
    pub(super) title_restored: &'static str,
    pub(super) title_retired: &'static str,
    pub(super) title_disclosed: &'static str,
    pub(super) title_silent: &'static str,
    pub(super) category_disclosed: &'static str,
    pub(super) category_silent: &'static str,
    pub(super) category_live: &'static str,
    pub(super) feed_everything: &'static str,
    pub(super) feed_everything_about: &'static str,
    pub(super) feed_source: &'static str,
    pub(super) feed_source_about: &'static str,
    pub(super) feed_article: &'static str,
    pub(super) feed_article_watched: &'static str,
    pub(super) feed_article_left: &'static str,
    pub(super) feed_article_quiet: &'static str,
    pub(super) feed_article_removed: &'static str,
    pub(super) feed_article_never: &'static str,
}

/// The words in this language.
pub(super) fn words(locale: Locale) -> &'static Words {
    match locale {
        Locale::English => &english::WORDS,
        Locale::German => &german::WORDS,
        Locale::French => &french::WORDS,
        Locale::Spanish => &spanish::WORDS,
        Locale::Polish => &polish::WORDS,
        Locale::Ukrainian => &ukrainian::WORDS,
    }
}

/// The label before a line of a change, in this language: `Was:`. `is_alone` where the change has no other line.
pub(crate) fn label_in(locale: Locale, side: Side, is_alone: bool) -> &'static str {
    let words = words(locale);
    match (side, is_alone) {
        (Side::Was, false) => words.was,
        (Side::Now, false) => words.now,
        (Side::Was, true) => words.removed_line,
        (Side::Now, true) => words.added_line,
    }
}

/// Which form of a phrase a number takes in this language: 0 for one, 1 for few (or for many, where there are two forms only),
/// 2 for many.
pub(crate) fn plural(locale: Locale, number: u64) -> usize {
    match (words(locale).plural)(number) {
        Plural::One => 0,
        Plural::Few => 1,
        Plural::Many => 2,
    }
}

impl Words {
    /// The noun for a block of this kind.
    pub(super) fn noun(&self, kind: BlockKind) -> Noun {
        match kind {
            BlockKind::Paragraph => self.paragraph,
            BlockKind::Heading => self.heading,
            BlockKind::ListItem => self.list_item,
            BlockKind::Quote => self.quotation,
            BlockKind::TableRow => self.table_row,
            BlockKind::Caption => self.caption,
            BlockKind::Note => self.note,
        }
    }

    /// A noun as it stands after this number.
    pub(super) fn form(&self, number: u64, noun: Noun) -> &'static str {
        match (self.plural)(number) {
            Plural::One => noun.one,
            Plural::Few => noun.few,
            Plural::Many => noun.many,
        }
    }

    /// A number with its noun: `1 paragraph`, `2 paragraphs`.
    pub(super) fn count(&self, number: u64, noun: Noun) -> String {
        format!("{number} {}", self.form(number, noun))
    }

    /// A moment: `11:40 UTC, 1 August 2026`.
    pub(super) fn moment(&self, moment: Timestamp) -> String {
        let zoned = moment.to_zoned(jiff::tz::TimeZone::UTC);
        let month =
            self.months.get(usize::try_from(zoned.month() - 1).unwrap_or_default()).copied().unwrap_or_default();
        let (day, year) = (zoned.day().to_string(), zoned.year().to_string());
        let time = zoned.strftime("%H:%M").to_string();
        fill(self.moment, &[("time", &time), ("day", &day), ("month", month), ("year", &year)])
    }
}

/// A number with decimals, as this language writes it: `0.75` is `0,75`.
pub(crate) fn decimal_in(locale: Locale, number: &str) -> String {
    number.replace('.', words(locale).decimal_sign)
}

/// The quotation marks of this language.
pub(crate) fn quotes_in(locale: Locale) -> (&'static str, &'static str) {
    words(locale).quotes
}

/// A class of edits for people, in this language: `Correction note`, `Figure`.
pub(crate) fn class_in(locale: Locale, class: Class) -> &'static str {
    (words(locale).class)(class)
}

/// What happened to an article as a whole, for people, in this language: `Article removed`.
pub(crate) fn kind_in(locale: Locale, kind: EditKind) -> &'static str {
    (words(locale).kind)(kind)
}

/// `template` with each `{name}` replaced by its value, once through: braces in values stay as they are.
pub(crate) fn fill(template: &str, values: &[(&str, &str)]) -> String {
    let mut filled = String::with_capacity(template.len() + 64);
    let mut rest = template;
    while let Some((before, name, after)) = next_name(rest) {
        filled.push_str(before);
        filled.push_str(values.iter().find(|(key, _)| *key == name).map_or("", |(_, value)| value));
        rest = after;
    }
    filled.push_str(rest);
    filled
}

fn next_name(template: &str) -> Option<(&str, &str, &str)> {
    let (before, rest) = template.split_once('{')?;
    let (name, after) = rest.split_once('}')?;
    Some((before, name, after))
}

/// `text` with its first letter in upper case, to begin a heading with.
pub(super) fn capitalised(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}
