//! A comparison → the changes that an entry tells of, in reading order, each with its place in words.

use crate::model::{Block, BlockKind, Comparison, Content, FieldChange, Passage, Relation};

use super::labels::{WORDS, capitalised, fill, noun};
use super::pieces::{self, Piece};

/// What a change happened to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum What {
    Headline,
    Standfirst,
    Byline,
    Block(BlockKind),
}

/// What happened to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum How {
    Changed,
    Split,
    Merged,
    Added,
    Removed,
    Moved,
    MovedAndChanged,
}

/// One change that a reader is told of.
#[derive(Debug)]
pub(super) struct Change {
    pub(super) what: What,
    pub(super) how: How,
    /// The place in the old text among blocks of its kind, from 1.
    old_place: Option<usize>,
    /// The place in the new text among blocks of its kind, from 1.
    new_place: Option<usize>,
    /// How many blocks it was split into or merged from.
    parts: usize,
    pub(super) pieces: Vec<Piece>,
}

/// All changes of `comparison` worth telling: paragraphs that were only cut differently are not.
pub(super) fn changes(comparison: &Comparison, old: Option<&Content>, new: Option<&Content>) -> Vec<Change> {
    let fields = [
        (What::Headline, comparison.headline.as_ref()),
        (What::Standfirst, comparison.standfirst.as_ref()),
        (What::Byline, comparison.byline.as_ref()),
    ];
    let fields = fields.into_iter().filter_map(|(what, change)| Some(field(what, change?)));
    fields.chain(comparison.passages.iter().filter_map(|passage| block(passage, old, new))).collect()
}

/// What an entry would call the change of `passage`: `Paragraph 9 moved up, to 2`. None where its words and place are the
/// same, or where paragraphs were only cut differently.
#[must_use]
pub fn heading(passage: &Passage, old: &Content, new: &Content) -> Option<String> {
    block(passage, Some(old), Some(new)).map(|change| change.heading())
}

fn field(what: What, change: &FieldChange) -> Change {
    let how = match (change.old.is_empty(), change.new.is_empty()) {
        (true, false) => How::Added,
        (false, true) => How::Removed,
        _ => How::Changed,
    };
    Change { what, how, old_place: None, new_place: None, parts: 1, pieces: pieces::of_field(change) }
}

fn block(passage: &Passage, old: Option<&Content>, new: Option<&Content>) -> Option<Change> {
    let pieces = pieces::of_passage(passage, old);
    let how = how(passage.relation, pieces.iter().any(Piece::is_visible_change))?;
    let kind_and_place = |content: Option<&Content>, indexes: &[usize]| {
        let index = *indexes.first()?;
        Some(place(content.map_or(&[], |content| &content.blocks), index))
    };
    let old_place = kind_and_place(old, &passage.old);
    let new_place = kind_and_place(new, &passage.new);
    let kind = new_place.or(old_place).map_or(BlockKind::Paragraph, |(kind, _)| kind);
    Some(Change {
        what: What::Block(kind),
        how,
        old_place: old_place.map(|(_, place)| place),
        new_place: new_place.map(|(_, place)| place),
        parts: passage.old.len().max(passage.new.len()),
        pieces,
    })
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
fn place(blocks: &[Block], index: usize) -> (BlockKind, usize) {
    match blocks.get(index) {
        None => (BlockKind::Paragraph, index + 1),
        Some(block) => (block.kind, blocks[..=index].iter().filter(|other| other.kind == block.kind).count()),
    }
}

impl Change {
    /// The line above it: `Paragraph 3 changed`, `Paragraph 9 moved up, to 2`.
    pub(super) fn heading(&self) -> String {
        let name = self.name();
        let plain = |verb: &str| format!("{name} {verb}");
        match self.how {
            How::Changed => plain(WORDS.changed),
            How::Added => plain(WORDS.added),
            How::Removed => plain(WORDS.removed),
            How::Split => fill(WORDS.split, &[("block", &name), ("count", &self.parts.to_string())]),
            How::Merged => fill(WORDS.merged, &[("block", &name), ("count", &self.parts.to_string())]),
            How::Moved => self.moved(&name),
            How::MovedAndChanged => fill(WORDS.moved_and_changed, &[("moved", &self.moved(&name))]),
        }
    }

    fn moved(&self, name: &str) -> String {
        let (Some(old), Some(new)) = (self.old_place, self.new_place) else { return format!("{name} {}", WORDS.moved) };
        match old.cmp(&new) {
            std::cmp::Ordering::Equal => format!("{name} {}", WORDS.moved),
            std::cmp::Ordering::Greater => fill(WORDS.moved_up, &[("block", name), ("place", &new.to_string())]),
            std::cmp::Ordering::Less => fill(WORDS.moved_down, &[("block", name), ("place", &new.to_string())]),
        }
    }

    /// `Headline`, `Paragraph 3`: the place in the new text; in the old one of what was removed or moved.
    fn name(&self) -> String {
        let kind = match self.what {
            What::Headline => return capitalised(WORDS.headline),
            What::Standfirst => return capitalised(WORDS.standfirst),
            What::Byline => return capitalised(WORDS.byline),
            What::Block(kind) => kind,
        };
        let place = match self.how {
            How::Removed | How::Moved | How::MovedAndChanged => self.old_place.or(self.new_place),
            _ => self.new_place.or(self.old_place),
        };
        let kind = capitalised(noun(kind).one);
        place.map_or_else(|| kind.clone(), |place| format!("{kind} {place}"))
    }

    /// Whether an entry that cannot show everything shows this before others: fields and editors' notes.
    pub(super) fn comes_first(&self) -> bool {
        !matches!(self.what, What::Block(kind) if kind != BlockKind::Note)
    }

    /// Whether an entry that cannot show everything leaves this to the last: text that only stands elsewhere.
    pub(super) fn comes_last(&self) -> bool {
        self.how == How::Moved
    }
}
