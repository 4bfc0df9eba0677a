//! What an entry tells of a change, apart from the words that changed.

use super::BlockKind;

/// What a change happened to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum What {
    /// The headline.
    Headline,
    /// The text below it.
    Standfirst,
    /// Who wrote it.
    Byline,
    /// A block of the text.
    Block(BlockKind),
}

/// What happened to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum How {
    /// Other words.
    Changed,
    /// Parted into several blocks, and other words.
    Split,
    /// Made of several blocks, and other words.
    Merged,
    /// It was not there before.
    Added,
    /// It is there no more.
    Removed,
    /// It stands elsewhere.
    Moved,
    /// It stands elsewhere, in other words.
    MovedAndChanged,
}

/// One change that a reader is told of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Alteration {
    /// Of what.
    pub what: What,
    /// Which.
    pub how: How,
    /// The place in the old text among blocks of its kind, from 1.
    pub old_place: Option<usize>,
    /// The place in the new text among blocks of its kind, from 1.
    pub new_place: Option<usize>,
    /// How many blocks it was split into or merged from; 1 of any other.
    pub parts: usize,
    /// Whether the entry shows its words; of the others it tells how many there are.
    pub is_shown: bool,
}
