//! Every word that we put into entries and feeds, in one table: another language is another table.

use crate::model::{BlockKind, Class};

/// A noun with its plural.
#[derive(Clone, Copy, Debug)]
pub(super) struct Noun {
    /// For one.
    pub(super) one: &'static str,
    /// For any other number.
    pub(super) many: &'static str,
}

/// The words of entries and feeds. `{name}` is filled in by [`fill`].
pub(super) struct Words {
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
    pub(super) article: &'static str,
    pub(super) entry_changed: &'static str,
    pub(super) entry_returned: &'static str,
    pub(super) entry_removed: &'static str,
    pub(super) entry_restored: &'static str,
    pub(super) entry_retired: &'static str,
    pub(super) last_kept: &'static str,
    pub(super) disclosed: &'static str,
    pub(super) silent: &'static str,
    pub(super) title_changed: &'static str,
    pub(super) title_returned: &'static str,
    pub(super) title_removed: &'static str,
    pub(super) title_restored: &'static str,
    pub(super) title_retired: &'static str,
    pub(super) title_disclosed: &'static str,
    pub(super) title_silent: &'static str,
    pub(super) feed_everything: &'static str,
    pub(super) feed_everything_about: &'static str,
    pub(super) feed_source: &'static str,
    pub(super) feed_source_about: &'static str,
    pub(super) feed_article: &'static str,
    pub(super) feed_article_watched: &'static str,
    pub(super) feed_article_quiet: &'static str,
    pub(super) feed_article_removed: &'static str,
    pub(super) feed_article_never: &'static str,
    pub(super) author: &'static str,
}

/// The words in English.
pub(super) const WORDS: Words = Words {
    second: Noun { one: "second", many: "seconds" },
    minute: Noun { one: "minute", many: "minutes" },
    hour: Noun { one: "hour", many: "hours" },
    day: Noun { one: "day", many: "days" },
    year: Noun { one: "year", many: "years" },
    paragraph: Noun { one: "paragraph", many: "paragraphs" },
    heading: Noun { one: "heading", many: "headings" },
    list_item: Noun { one: "list item", many: "list items" },
    quotation: Noun { one: "quotation", many: "quotations" },
    table_row: Noun { one: "table row", many: "table rows" },
    caption: Noun { one: "caption", many: "captions" },
    note: Noun { one: "note", many: "notes" },
    headline: "headline",
    standfirst: "standfirst",
    byline: "byline",
    changed: "changed",
    added: "added",
    removed: "removed",
    moved: "moved",
    and: "and",
    text_changed: "text changed",
    was: "Was:",
    now: "Now:",
    added_line: "Added:",
    removed_line: "Removed:",
    split: "{block} split into {count} and changed",
    merged: "{block} merged from {count} and changed",
    moved_up: "{block} moved up, to {place}",
    moved_down: "{block} moved down, to {place}",
    moved_and_changed: "{moved}, and changed",
    more: "… and {count} more {paragraphs}.",
    compare: "Compare in full",
    article: "Article",
    entry_changed: "Version {version}, seen {elapsed} later ({time}): {changes}. {disclosure}",
    entry_returned: "Version {version}, seen {elapsed} later ({time}), went back to version {returned}: {changes}. {disclosure}",
    entry_removed: "Removed: the article is not at its address any more, found at {time}; last seen there {elapsed} before.{last}",
    entry_restored: "Restored: the article is at its address again, found at {time}; first missed {elapsed} before.{last}",
    entry_retired: "No longer watched since {time}: no new version of it was seen for {elapsed}. This feed ends here.",
    last_kept: " The last version we kept is version {version}.",
    disclosed: "Disclosed: the article says that it was changed.",
    silent: "Silent: the article does not say that it was changed.",
    title_changed: "{headline}: {changes} ({disclosure})",
    title_returned: "{headline}: back to version {returned} ({disclosure})",
    title_removed: "Removed: {headline}",
    title_restored: "Restored: {headline}",
    title_retired: "No longer watched: {headline}",
    title_disclosed: "disclosed",
    title_silent: "silent",
    feed_everything: "Edits of all sources",
    feed_everything_about: "What changed in the articles of all sources, one entry an edit.",
    feed_source: "{name}: edits",
    feed_source_about: "What changed in the articles of {name}, one entry an edit.",
    feed_article: "Edits: {headline}",
    feed_article_watched: "What changed in this article, one entry an edit. It is still watched.",
    feed_article_quiet: "What changed in this article, one entry an edit. Nothing changed for long, so it is no longer watched.",
    feed_article_removed: "What changed in this article, one entry an edit. It was removed and is no longer watched.",
    feed_article_never: "This page never showed an article, so it is no longer watched.",
    author: "redraft",
};

/// The noun for a block of this kind.
pub(super) fn noun(kind: BlockKind) -> Noun {
    match kind {
        BlockKind::Paragraph => WORDS.paragraph,
        BlockKind::Heading => WORDS.heading,
        BlockKind::ListItem => WORDS.list_item,
        BlockKind::Quote => WORDS.quotation,
        BlockKind::TableRow => WORDS.table_row,
        BlockKind::Caption => WORDS.caption,
        BlockKind::Note => WORDS.note,
    }
}

/// A class of edits for people: `Correction note`, `Figure`.
#[must_use]
pub fn class_label(class: Class) -> &'static str {
    match class {
        Class::Correction => "Correction note",
        Class::Headline => "Headline",
        Class::Standfirst => "Standfirst",
        Class::Figure => "Figure",
        Class::Date => "Date or time",
        Class::Negation => "Negation",
        Class::Quote => "Quotation",
        Class::Name => "Name",
        Class::Hedge => "Hedge",
        Class::Wording => "Wording",
        Class::Added => "Text added",
        Class::Removed => "Text removed",
        Class::Content => "Content",
        Class::Byline => "Byline",
        Class::Moved => "Text moved",
        Class::Style => "Style",
        Class::Spelling => "Spelling",
        Class::Typography => "Typography",
        Class::Boilerplate => "Boilerplate",
    }
}

/// A number with its noun: `1 paragraph`, `2 paragraphs`.
pub(super) fn count(number: u64, noun: Noun) -> String {
    format!("{number} {}", if number == 1 { noun.one } else { noun.many })
}

/// `template` with each `{name}` replaced by its value, once through: braces in values stay as they are.
pub(super) fn fill(template: &str, values: &[(&str, &str)]) -> String {
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
