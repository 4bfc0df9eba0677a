//! How much changed, in words: `headline and 1 paragraph changed, 1 added, 1 removed, 1 moved`.

use crate::model::{Alteration, BlockKind, How, Locale, What};

use super::labels::{Words, fill, words};

/// How much changed, in this language: `headline and 1 paragraph changed, 1 added`.
pub(crate) fn tally_in(locale: Locale, changes: &[Alteration]) -> String {
    Tally::of(changes, words(locale)).sentence()
}

/// The changes of an entry, counted by what happened.
pub(super) struct Tally {
    words: &'static Words,
    groups: Vec<Group>,
}

#[derive(Default)]
struct Group {
    verb: &'static str,
    fields: Vec<&'static str>,
    notes: u64,
    paragraphs: u64,
}

impl Tally {
    /// Counts `changes`. Any block but an editor's note counts as a paragraph.
    pub(super) fn of<'a>(changes: impl IntoIterator<Item = &'a Alteration>, words: &'static Words) -> Self {
        let verbs = [words.changed, words.added, words.removed, words.moved];
        let mut groups: Vec<Group> = verbs.map(|verb| Group { verb, ..Group::default() }).into();
        for change in changes {
            let group = &mut groups[verb_index(change.how)];
            match change.what {
                What::Headline => group.fields.push(words.headline),
                What::Standfirst => group.fields.push(words.standfirst),
                What::Byline => group.fields.push(words.byline),
                What::Block(BlockKind::Note) => group.notes += 1,
                What::Block(_) => group.paragraphs += 1,
            }
        }
        groups.retain(|group| !group.fields.is_empty() || group.notes + group.paragraphs > 0);
        Self { words, groups }
    }

    /// For a sentence: `headline and 1 paragraph changed, 1 added`.
    pub(super) fn sentence(&self) -> String {
        self.text(|subjects| match subjects {
            [all @ .., last] if !all.is_empty() => format!("{} {} {last}", all.join(", "), self.words.and),
            _ => subjects.join(""),
        })
    }

    /// For a title: `headline, 1 paragraph changed, 1 added`.
    pub(super) fn title(&self) -> String {
        self.text(|subjects| subjects.join(", "))
    }

    fn text(&self, join: impl Fn(&[String]) -> String) -> String {
        if self.groups.is_empty() {
            return self.words.text_changed.to_owned();
        }
        let mut named = false;
        let parts: Vec<String> = self
            .groups
            .iter()
            .map(|group| {
                let subjects = group.subjects(self.words, named);
                named |= group.paragraphs > 0;
                fill(self.words.part, &[("subjects", &join(&subjects)), ("verb", group.verb)])
            })
            .collect();
        parts.join(self.words.part_end)
    }
}

impl Group {
    /// What the verb is said of. Once paragraphs were named, a number alone is enough, if nothing stands before it.
    fn subjects(&self, words: &Words, paragraphs_named: bool) -> Vec<String> {
        let mut subjects: Vec<String> = self.fields.iter().map(|field| (*field).to_owned()).collect();
        match self.notes {
            0 => {}
            1 => subjects.push(words.note.one.to_owned()),
            notes => subjects.push(words.count(notes, words.note)),
        }
        match self.paragraphs {
            0 => {}
            number if paragraphs_named && subjects.is_empty() => subjects.push(number.to_string()),
            number => subjects.push(words.count(number, words.paragraph)),
        }
        subjects
    }
}

fn verb_index(how: How) -> usize {
    match how {
        How::Changed | How::Split | How::Merged | How::MovedAndChanged => 0,
        How::Added => 1,
        How::Removed => 2,
        How::Moved => 3,
    }
}
