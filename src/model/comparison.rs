//! How to get from one content to another.

/// What a segment of text went through.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Op {
    /// In both.
    Same,
    /// Only in the old text.
    Removed,
    /// Only in the new text.
    Added,
    /// In both, elsewhere; shown at its new place.
    Moved,
}

/// A run of text with one fate. In a sequence of segments, dropping `Removed` gives the new text back, to the byte;
/// dropping `Added` and `Moved` gives what of the old text stayed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Segment {
    /// Its fate.
    pub op: Op,
    /// Its text.
    pub text: String,
}

/// A short field that differs: headline, standfirst, byline. Absent text is empty.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldChange {
    /// As it was.
    pub old: String,
    /// As it is.
    pub new: String,
    /// From one to the other.
    pub segments: Vec<Segment>,
}

/// How blocks of the new text relate to blocks of the old.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Relation {
    /// Equal at the level of comparison, in place.
    Same,
    /// In place, words differ.
    Edited,
    /// One old block became several; words may differ.
    Split,
    /// Several old blocks became one; words may differ.
    Merged,
    /// Only in the new text.
    Added,
    /// Only in the old text.
    Removed,
    /// Equal, elsewhere.
    Moved,
    /// Elsewhere, and words differ.
    MovedEdited,
}

/// Blocks that belong together, with what happened to their words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Passage {
    /// What happened.
    pub relation: Relation,
    /// Indexes of blocks in the old content; empty when added.
    pub old: Vec<usize>,
    /// Indexes of blocks in the new content; empty when removed.
    pub new: Vec<usize>,
    /// Their words. Between two blocks of one side stands `\n`. Of `Moved` and `MovedEdited` passages the unchanged words
    /// have [`Op::Moved`].
    pub segments: Vec<Segment>,
}

/// Two sentences that are the same statement, or one that stands alone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SentencePair {
    /// The sentence as it was; none when added.
    pub old: Option<String>,
    /// The sentence as it is; none when removed.
    pub new: Option<String>,
    /// The block of the old content that it begins in; none when added.
    pub old_block: Option<usize>,
    /// The block of the new content that it begins in; none when removed.
    pub new_block: Option<usize>,
    /// Whether a quotation is open where it begins.
    pub quoted: bool,
    /// Whether it stands elsewhere now.
    pub moved: bool,
    /// From one to the other.
    pub segments: Vec<Segment>,
}

/// How to get from one content to another.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Comparison {
    /// The headline, where it differs.
    pub headline: Option<FieldChange>,
    /// The standfirst, where it differs.
    pub standfirst: Option<FieldChange>,
    /// The byline, where it differs.
    pub byline: Option<FieldChange>,
    /// All blocks of both, in the new text's order; removed ones where they stood.
    pub passages: Vec<Passage>,
    /// The sentences that differ or moved, for judging: unchanged ones are left out.
    pub sentences: Vec<SentencePair>,
}

impl Comparison {
    /// Whether nothing differs.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.headline.is_none()
            && self.standfirst.is_none()
            && self.byline.is_none()
            && self.passages.iter().all(|passage| passage.relation == Relation::Same)
    }
}
