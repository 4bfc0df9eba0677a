//! A comparison → the changes that an entry tells of, in reading order, each with its place in words.

use std::collections::HashMap;

use crate::classify::{is_boilerplate, is_note};
use crate::model::{
    Alteration, Block, BlockKind, Comparison, Content, FieldChange, How, Locale, Passage, Relation, What,
};

use super::labels::{Words, capitalised, fill, words};
use super::pieces::{self, Piece};

/// One change that a reader is told of, with the words that changed.
#[derive(Debug)]
pub(super) struct Change {
    pub(super) alteration: Alteration,
    pub(super) pieces: Vec<Piece>,
}

/// All changes of `comparison` worth telling: paragraphs that were only cut differently are not, nor are counters, stamps
/// and share lines.
pub(super) fn changes(comparison: &Comparison, old: Option<&Content>, new: Option<&Content>) -> Vec<Change> {
    let fields = [
        (What::Headline, comparison.headline.as_ref()),
        (What::Standfirst, comparison.standfirst.as_ref()),
        (What::Byline, comparison.byline.as_ref()),
    ];
    let fields = fields.into_iter().filter_map(|(what, change)| Some(field(what, change?)));
    let (before, after) = (places(old), places(new));
    let told = comparison.passages.iter().filter(|passage| !is_noise(passage, old, new));
    let blocks = told.filter_map(|passage| block(passage, old, &before, &after));
    fields.chain(blocks).collect()
}

/// Whether all that changed there is boilerplate.
fn is_noise(passage: &Passage, old: Option<&Content>, new: Option<&Content>) -> bool {
    let all = |content: Option<&Content>, indexes: &[usize]| {
        let block = |index: &usize| content.and_then(|content| content.blocks.get(*index));
        indexes.iter().all(|index| block(index).is_some_and(is_boilerplate))
    };
    passage.relation != Relation::Same && all(old, &passage.old) && all(new, &passage.new)
}

/// What an entry would call the change of each passage: `Paragraph 9 moved up, to 2`. None where its words and place are the
/// same, or where paragraphs were only cut differently.
pub(crate) fn headings(locale: Locale, comparison: &Comparison, old: &Content, new: &Content) -> Vec<Option<String>> {
    let (before, after) = (places(Some(old)), places(Some(new)));
    let words = words(locale);
    let heading = |passage| block(passage, Some(old), &before, &after).map(|change| heading(words, &change.alteration));
    comparison.passages.iter().map(heading).collect()
}

/// What an entry calls a change, in this language.
pub(crate) fn heading_in(locale: Locale, change: &Alteration) -> String {
    heading(words(locale), change)
}

/// What an entry would call the change of headline, standfirst and byline; none where it did not change.
pub(crate) fn field_headings(locale: Locale, comparison: &Comparison) -> [Option<String>; 3] {
    let heading = |what, change: Option<&FieldChange>| {
        change.map(|change| self::heading(words(locale), &field(what, change).alteration))
    };
    [
        heading(What::Headline, comparison.headline.as_ref()),
        heading(What::Standfirst, comparison.standfirst.as_ref()),
        heading(What::Byline, comparison.byline.as_ref()),
    ]
}

fn field(what: What, change: &FieldChange) -> Change {
    let how = match (change.old.is_empty(), change.new.is_empty()) {
        (true, false) => How::Added,
        (false, true) => How::Removed,
        _ => How::Changed,
    };
    let alteration = Alteration { what, how, old_place: None, new_place: None, parts: 1, is_shown: false };
    Change { alteration, pieces: pieces::of_field(change) }
}

fn block(passage: &Passage, old: Option<&Content>, before: &[Place], after: &[Place]) -> Option<Change> {
    let pieces = pieces::of_passage(passage, old);
    let how = how(passage.relation, pieces.iter().any(Piece::is_visible_change))?;
    let old_place = place(before, &passage.old);
    let new_place = place(after, &passage.new);
    let kind = new_place.or(old_place).map_or(BlockKind::Paragraph, |(kind, _)| kind);
    let alteration = Alteration {
        what: What::Block(kind),
        how,
        old_place: old_place.map(|(_, place)| place),
        new_place: new_place.map(|(_, place)| place),
        parts: passage.old.len().max(passage.new.len()),
        is_shown: false,
    };
    Some(Change { alteration, pieces })
}

/// What happened to a passage, where it is worth telling.
fn how(relation: Relation, words_differ: bool) -> Option<How> {
    match relation {
        Relation::Same => None,
        Relation::Edited => words_differ.then_some(How::Changed),
        Relation::Split => words_differ.then_some(How::Split),
        Relation::Merged => words_differ.then_some(How::Merged),
        Relation::Added => Some(How::Added),
        Relation::Removed => Some(How::Removed),
        Relation::MovedEdited if words_differ => Some(How::MovedAndChanged),
        Relation::Moved | Relation::MovedEdited => Some(How::Moved),
    }
}

/// A block's kind, and its place among the blocks of its kind, from 1.
type Place = (BlockKind, usize);

/// The places of all blocks. What is worded as an editor's note is one, however it was marked up.
fn places(content: Option<&Content>) -> Vec<Place> {
    let mut counts: HashMap<BlockKind, usize> = HashMap::new();
    let mut place = |block: &Block| {
        let kind = if is_note(block) { BlockKind::Note } else { block.kind };
        let count = counts.entry(kind).or_default();
        *count += 1;
        (kind, *count)
    };
    content.map(|content| content.blocks.iter().map(&mut place).collect()).unwrap_or_default()
}

/// The place of the first of these blocks; that of a paragraph where the content is not known.
fn place(places: &[Place], indexes: &[usize]) -> Option<Place> {
    let index = *indexes.first()?;
    Some(places.get(index).copied().unwrap_or((BlockKind::Paragraph, index + 1)))
}

/// The line above a change: `Paragraph 3 changed`, `Paragraph 9 moved up, to 2`.
pub(super) fn heading(words: &Words, change: &Alteration) -> String {
    let name = name(words, change);
    let plain = |verb: &str| fill(words.heading_line, &[("block", &name), ("verb", verb)]);
    match change.how {
        How::Changed => plain(words.changed),
        How::Added => plain(words.added),
        How::Removed => plain(words.removed),
        How::Split => fill(words.split, &[("block", &name), ("count", &change.parts.to_string())]),
        How::Merged => fill(words.merged, &[("block", &name), ("count", &change.parts.to_string())]),
        How::Moved => moved(words, change, &name),
        How::MovedAndChanged => fill(words.moved_and_changed, &[("moved", &moved(words, change, &name))]),
    }
}

fn moved(words: &Words, change: &Alteration, name: &str) -> String {
    let plain = || fill(words.heading_line, &[("block", name), ("verb", words.moved)]);
    let (Some(old), Some(new)) = (change.old_place, change.new_place) else { return plain() };
    match old.cmp(&new) {
        std::cmp::Ordering::Equal => plain(),
        std::cmp::Ordering::Greater => fill(words.moved_up, &[("block", name), ("place", &new.to_string())]),
        std::cmp::Ordering::Less => fill(words.moved_down, &[("block", name), ("place", &new.to_string())]),
    }
}

/// `Headline`, `Paragraph 3`: the place in the new text; in the old one of what was removed or moved.
fn name(words: &Words, change: &Alteration) -> String {
    let kind = match change.what {
        What::Headline => return capitalised(words.headline),
        What::Standfirst => return capitalised(words.standfirst),
        What::Byline => return capitalised(words.byline),
        What::Block(kind) => kind,
    };
    let place = match change.how {
        How::Removed | How::Moved | How::MovedAndChanged => change.old_place.or(change.new_place),
        _ => change.new_place.or(change.old_place),
    };
    let kind = capitalised(words.noun(kind).one);
    place.map_or_else(|| kind.clone(), |place| format!("{kind} {place}"))
}

impl Change {
    /// Whether an entry that cannot show everything shows this before others: fields and editors' notes.
    pub(super) fn comes_first(&self) -> bool {
        !matches!(self.alteration.what, What::Block(kind) if kind != BlockKind::Note)
    }

    /// Whether an entry that cannot show everything leaves this to the last: text that only stands elsewhere, a comma.
    pub(super) fn comes_last(&self) -> bool {
        self.alteration.how == How::Moved || !self.pieces.iter().any(Piece::changes_words)
    }
}
