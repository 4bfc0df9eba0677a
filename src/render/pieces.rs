//! A change as pieces of text, each with the sides that it stands on.
//!
//! A comparison tells of words that moved at their new place only. A reader of a paragraph as it was still expects to find
//! them there, so they are put back, unmarked: text that stands elsewhere now is no text that was taken out.

use crate::model::{Content, FieldChange, Op, Passage, Relation, Segment};

use super::excerpt::Side;

/// A run of text on one side or both.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Piece {
    text: String,
    was: bool,
    now: bool,
    /// Whether it was put in or taken out, rather than kept or moved.
    is_change: bool,
}

impl Piece {
    /// Its text; white space of any kind is a blank.
    pub(super) fn text(&self) -> &str {
        &self.text
    }

    /// Whether it stands on this side.
    pub(super) fn is_on(&self, side: Side) -> bool {
        if side == Side::Was { self.was } else { self.now }
    }

    /// Whether it puts in or takes out letters or digits.
    pub(super) fn changes_words(&self) -> bool {
        self.is_change && self.text.chars().any(char::is_alphanumeric)
    }

    /// Whether it puts in or takes out more than white space.
    pub(super) fn is_visible_change(&self) -> bool {
        self.is_change && !self.text.trim().is_empty()
    }
}

/// The text of each run of pieces that were put in or taken out together.
pub(super) fn runs(pieces: &[Piece]) -> Vec<String> {
    let alike = |one: &Piece, other: &Piece| one.is_change && other.is_change && one.was == other.was;
    let runs = pieces.chunk_by(alike).filter(|run| run[0].is_change);
    runs.map(|run| run.iter().map(Piece::text).collect()).collect()
}

/// The pieces of a field.
pub(super) fn of_field(change: &FieldChange) -> Vec<Piece> {
    change.segments.iter().map(|segment| piece(segment, false)).collect()
}

/// The pieces of a passage; `old` is the content that it led from.
pub(super) fn of_passage(passage: &Passage, old: Option<&Content>) -> Vec<Piece> {
    let is_moved = matches!(passage.relation, Relation::Moved | Relation::MovedEdited);
    let pieces: Vec<Piece> = passage.segments.iter().map(|segment| piece(segment, is_moved)).collect();
    let blocks = passage.old.iter().filter_map(|index| old?.blocks.get(*index));
    let before: Vec<&str> = blocks.map(|block| block.text.as_str()).collect();
    completed(&pieces, &on_one_line(&before.join("\n"))).unwrap_or(pieces)
}

fn piece(segment: &Segment, is_moved: bool) -> Piece {
    let (was, now) = match segment.op {
        Op::Same => (true, true),
        Op::Removed => (true, false),
        Op::Added => (false, true),
        Op::Moved => (is_moved, true),
    };
    let is_change = matches!(segment.op, Op::Added | Op::Removed);
    Piece { text: on_one_line(&segment.text), was, now, is_change }
}

/// `pieces` with what else of `before` stood between them; none where they are not of this text.
fn completed(pieces: &[Piece], before: &str) -> Option<Vec<Piece>> {
    let mut whole = Vec::with_capacity(pieces.len());
    let mut rest = before;
    for piece in pieces {
        if piece.was {
            let at = rest.find(&piece.text)?;
            whole.extend(moved_away(&rest[..at]));
            rest = &rest[at + piece.text.len()..];
        }
        whole.push(piece.clone());
    }
    whole.extend(moved_away(rest));
    Some(whole)
}

fn moved_away(text: &str) -> Option<Piece> {
    let piece = || Piece { text: text.to_owned(), was: true, now: false, is_change: false };
    (!text.is_empty()).then(piece)
}

fn on_one_line(text: &str) -> String {
    text.replace('\n', " ")
}
