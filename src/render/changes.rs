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

/// The changes of `comparison` that an entry shows, in reading order. Left out are paragraphs that were only divided
/// differently, counters, stamps and share lines. If no word differs, the changes are those of writing (quotation marks,
/// capitals, dashes), and if nothing is written differently, those of the division into paragraphs.
pub(super) fn changes(comparison: &Comparison, old: Option<&Content>, new: Option<&Content>) -> Vec<Change> {
    let levels = [Level::Words, Level::Writing, Level::Division];
    let changes = levels.into_iter().map(|level| visible_changes(comparison, old, new, level));
    changes.into_iter().find(|changes| !changes.is_empty()).unwrap_or_default()
}

/// The least difference that counts as a change.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd)]
enum Level {
    /// Other words, or another place.
    Words,
    /// The same words, written differently.
    Writing,
    /// The same words in the same writing, divided into other paragraphs.
    Division,
}

fn visible_changes(comparison: &Comparison, old: Option<&Content>, new: Option<&Content>, level: Level) -> Vec<Change> {
    let fields = named_fields(comparison).into_iter();
    let fields = fields.filter_map(|(what, change)| field(what, change?, level));
    let (before, after) = (places(old), places(new));
    let shown = comparison.passages.iter().filter(|passage| !is_noise(passage, old, new));
    let blocks = shown.filter_map(|passage| block(passage, &before, &after, level));
    fields.chain(blocks).collect()
}

fn named_fields(comparison: &Comparison) -> [(What, Option<&FieldChange>); 3] {
    [
        (What::Headline, comparison.headline.as_ref()),
        (What::Standfirst, comparison.standfirst.as_ref()),
        (What::Byline, comparison.byline.as_ref()),
    ]
}

/// Whether all that changed there is boilerplate.
fn is_noise(passage: &Passage, old: Option<&Content>, new: Option<&Content>) -> bool {
    let all = |content: Option<&Content>, indexes: &[usize]| {
        let block = |index: &usize| content.and_then(|content| content.blocks.get(*index));
        indexes.iter().all(|index| block(index).is_some_and(is_boilerplate))
    };
    passage.relation != Relation::Same && all(old, &passage.old) && all(new, &passage.new)
}

/// The line above a passage or field on a comparison page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Heading {
    /// Words or place differ: `Paragraph 9 moved up, to 2`.
    Change(String),
    /// The words are the same and written differently: `Paragraph 9 written differently`.
    Restyled(String),
    /// The words are the same, in other paragraphs: `Paragraph 9 split into 2`.
    Divided(String),
    /// Some of its sentences went to another block, or came from one: `Paragraph 9 partly moved`.
    PartlyMoved(String),
}

/// The heading of each passage; `None` if its words and place are the same, or if paragraphs were only divided differently.
pub(crate) fn headings(locale: Locale, comparison: &Comparison, old: &Content, new: &Content) -> Vec<Option<Heading>> {
    let (before, after) = (places(Some(old)), places(Some(new)));
    let words = words(locale);
    let heading = |passage: &Passage| {
        let change = |level| block(passage, &before, &after, level);
        heading_of(words, change).or_else(|| partly_moved(words, passage, &before, &after))
    };
    comparison.passages.iter().map(heading).collect()
}

/// The headings of headline, standfirst and byline; `None` for one that did not change.
pub(crate) fn field_headings(locale: Locale, comparison: &Comparison) -> [Option<Heading>; 3] {
    let words = words(locale);
    named_fields(comparison).map(|(what, change)| {
        let change = change?;
        heading_of(words, |level| field(what, change, level))
    })
}

/// The heading for the first level at which there is a change.
fn heading_of(words: &Words, change: impl Fn(Level) -> Option<Change>) -> Option<Heading> {
    let of = |change: Change| heading(words, &change.alteration);
    let restyled = |change: Change| with_verb(words, &change.alteration, words.restyled);
    (change(Level::Words).map(|change| Heading::Change(of(change))))
        .or_else(|| change(Level::Writing).map(|change| Heading::Restyled(restyled(change))))
        .or_else(|| change(Level::Division).map(|change| Heading::Divided(of(change))))
}

/// The heading of a passage whose words are the same but for sentences that moved from or to another one.
fn partly_moved(words: &Words, passage: &Passage, before: &[Place], after: &[Place]) -> Option<Heading> {
    let has_moved = pieces::of_passage(passage).iter().any(Piece::is_moved);
    let alteration = || alteration(passage, How::Changed, before, after);
    has_moved.then(|| Heading::PartlyMoved(with_verb(words, &alteration(), words.partly_moved)))
}

fn with_verb(words: &Words, change: &Alteration, verb: &str) -> String {
    fill(words.heading_line, &[("block", &name(words, change)), ("verb", verb)])
}

/// What an entry calls a change, in this language.
pub(crate) fn heading_in(locale: Locale, change: &Alteration) -> String {
    heading(words(locale), change)
}

fn field(what: What, change: &FieldChange, level: Level) -> Option<Change> {
    let how = match (change.old.is_empty(), change.new.is_empty()) {
        (true, false) => How::Added,
        (false, true) => How::Removed,
        _ => How::Changed,
    };
    let pieces = counted(pieces::of_field(change), level);
    let alteration = Alteration { what, how, old_place: None, new_place: None, parts: 1, is_shown: false };
    let is_change = !change.only_restyled || pieces.iter().any(Piece::is_visible_change);
    is_change.then_some(Change { alteration, pieces })
}

fn block(passage: &Passage, before: &[Place], after: &[Place], level: Level) -> Option<Change> {
    let pieces = counted(pieces::of_passage(passage), level);
    let how = match (passage.relation, level) {
        (Relation::Split, Level::Division) => How::Split,
        (Relation::Merged, Level::Division) => How::Merged,
        _ => how(passage, pieces.iter().any(Piece::is_visible_change))?,
    };
    Some(Change { alteration: alteration(passage, how, before, after), pieces })
}

fn alteration(passage: &Passage, how: How, before: &[Place], after: &[Place]) -> Alteration {
    let old_place = place(before, &passage.old);
    let new_place = place(after, &passage.new);
    let kind = new_place.or(old_place).map_or(BlockKind::Paragraph, |(kind, _)| kind);
    Alteration {
        what: What::Block(kind),
        how,
        old_place: old_place.map(|(_, place)| place),
        new_place: new_place.map(|(_, place)| place),
        parts: passage.old.len().max(passage.new.len()),
        is_shown: false,
    }
}

fn counted(pieces: Vec<Piece>, level: Level) -> Vec<Piece> {
    if level == Level::Words {
        return pieces;
    }
    pieces.into_iter().map(Piece::with_writing_as_change).collect()
}

/// What happened to a passage; `None` if a reader need not know.
fn how(passage: &Passage, words_differ: bool) -> Option<How> {
    match passage.relation {
        // The passage that the text moved to says so; what went from it on the way is said here.
        Relation::MovedAway => words_differ.then_some(How::MovedAndChanged),
        Relation::Same | Relation::Edited => words_differ.then_some(How::Changed),
        Relation::Split if words_differ => Some(How::Split),
        Relation::Merged if words_differ => Some(How::Merged),
        Relation::Split | Relation::Merged => passage.moved.then_some(How::Moved),
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
