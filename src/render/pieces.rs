//! A change as pieces of text, each as it stands on either side.

use crate::compare::normal::identity_form;
use crate::model::{FieldChange, Op, Passage, Segment};

use super::excerpt::Side;

/// A run of text on one side or both, written as each side writes it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Piece {
    was: Option<String>,
    now: Option<String>,
    /// Whether it was put in or taken out, rather than kept or moved.
    is_change: bool,
    /// Whether the other side has it at another place, away from the words around it.
    is_moved: bool,
}

impl Piece {
    /// Its text on this side, white space of any kind as a blank; empty if it is only on the other.
    pub(super) fn text(&self, side: Side) -> &str {
        let text = if side == Side::Was { &self.was } else { &self.now };
        text.as_deref().unwrap_or_default()
    }

    /// Whether it puts in or takes out letters or digits.
    pub(super) fn changes_words(&self) -> bool {
        self.is_change && self.texts().any(|text| text.contains(char::is_alphanumeric))
    }

    /// Whether it puts in or takes out more than white space.
    pub(super) fn is_visible_change(&self) -> bool {
        self.is_change && self.texts().any(|text| !text.trim().is_empty())
    }

    /// Whether it came from another place, or went to one, and holds more than white space.
    pub(super) fn is_moved(&self) -> bool {
        self.is_moved && self.texts().any(|text| !text.trim().is_empty())
    }

    /// Whether both sides have it, and a reader sees that they write it differently.
    pub(super) fn is_restyled(&self) -> bool {
        let differ = |was: &str, now: &str| identity_form(was) != identity_form(now);
        !self.is_change && matches!((&self.was, &self.now), (Some(was), Some(now)) if was != now && differ(was, now))
    }

    /// Whether it is on both sides or moved, and holds more than white space.
    pub(super) fn is_kept(&self) -> bool {
        !self.is_change && self.texts().any(|text| !text.trim().is_empty())
    }

    /// The same piece, its other writing counted as a change.
    pub(super) fn with_writing_as_change(self) -> Self {
        let is_change = self.is_change || self.is_restyled();
        Self { is_change, ..self }
    }

    fn texts(&self) -> impl Iterator<Item = &str> {
        [&self.was, &self.now].into_iter().flatten().map(String::as_str)
    }
}

/// The text of each run of pieces that were put in or taken out together.
pub(super) fn runs(pieces: &[Piece]) -> Vec<String> {
    let sides = |piece: &Piece| (piece.was.is_some(), piece.now.is_some());
    let alike = |one: &Piece, other: &Piece| one.is_change && other.is_change && sides(one) == sides(other);
    let runs = pieces.chunk_by(alike).filter(|run| run[0].is_change);
    let texts =
        runs.flat_map(|run| [Side::Was, Side::Now].map(|side| run.iter().map(|piece| piece.text(side)).collect()));
    texts.filter(|text: &String| !text.is_empty()).collect()
}

/// The pieces of a field.
pub(super) fn of_field(change: &FieldChange) -> Vec<Piece> {
    change.segments.iter().map(piece).collect()
}

/// The pieces of a passage.
pub(super) fn of_passage(passage: &Passage) -> Vec<Piece> {
    passage.segments.iter().map(piece).collect()
}

fn piece(segment: &Segment) -> Piece {
    Piece {
        was: segment.op.is_in_old().then(|| on_one_line(segment.old_text())),
        now: segment.op.is_in_new().then(|| on_one_line(&segment.text)),
        is_change: matches!(segment.op, Op::Added | Op::Removed),
        is_moved: matches!(segment.op, Op::Moved | Op::MovedAway),
    }
}

fn on_one_line(text: &str) -> String {
    text.replace('\n', " ")
}
