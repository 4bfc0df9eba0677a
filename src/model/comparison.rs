//! How to get from one content to another.

/// Where a run of text is found: in the old text, in the new one, or in both.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Op {
    /// In both, in place.
    Same,
    /// Only in the old text.
    Removed,
    /// Only in the new text.
    Added,
    /// In both, at another place; this is its new place.
    Moved,
    /// In both, at another place; this is its old place.
    MovedAway,
    /// In both, in a passage that is at another place as a whole: it moved along with the words around it.
    MovedAlong,
}

impl Op {
    /// Whether it is text of the old version, at this place of its passage.
    #[must_use]
    pub fn is_in_old(self) -> bool {
        matches!(self, Self::Same | Self::Removed | Self::MovedAway | Self::MovedAlong)
    }

    /// Whether it is text of the new version, at this place of its passage.
    #[must_use]
    pub fn is_in_new(self) -> bool {
        matches!(self, Self::Same | Self::Added | Self::Moved | Self::MovedAlong)
    }
}

/// A run of text with one [`Op`]. The segments of a passage give both of its texts back word for word: without `Removed` and
/// `MovedAway` they are the new text, without `Added` and `Moved` the old one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Segment {
    /// Where it is found.
    pub op: Op,
    /// Its text, as the new version writes it; text that only the old version has at this place, as that one writes it.
    pub text: String,
    /// The old version's writing, where the words count as the same and are written differently: capitals, quotation marks,
    /// dashes, digits. `None` if both write them alike. Only `Same`, `Moved` and `MovedAlong` segments have it.
    pub old: Option<String>,
}

impl Segment {
    /// A segment that both versions write alike, or that only one of them has.
    pub fn plain(op: Op, text: impl Into<String>) -> Self {
        Self { op, text: text.into(), old: None }
    }

    /// Its text as the old version writes it.
    #[must_use]
    pub fn old_text(&self) -> &str {
        self.old.as_deref().unwrap_or(&self.text)
    }

    /// Whether both versions have it, written differently.
    #[must_use]
    pub fn is_restyled(&self) -> bool {
        self.old.is_some()
    }
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
    /// Whether the words count as the same and are only written differently.
    pub only_restyled: bool,
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
    /// All of its text is now inside blocks of other passages. It has only an old side.
    MovedAway,
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
    /// Whether all that stayed of it is at another place now.
    pub moved: bool,
    /// The old block whose sentences came here, if the block itself belongs to another passage: then `old` is empty.
    pub extract_of: Option<usize>,
    /// Their words, with `\n` between two blocks of one side.
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

impl Passage {
    /// The words of its old blocks, as the old version writes them.
    #[must_use]
    pub fn old_text(&self) -> String {
        let old = self.segments.iter().filter(|segment| segment.op.is_in_old());
        old.map(Segment::old_text).collect()
    }

    /// The words of its new blocks.
    #[must_use]
    pub fn new_text(&self) -> String {
        let new = self.segments.iter().filter(|segment| segment.op.is_in_new());
        new.map(|segment| segment.text.as_str()).collect()
    }
}

impl Comparison {
    /// Whether no word differs. Words may still be written differently: see [`Comparison::is_restyled`].
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.fields().all(|change| change.only_restyled)
            && self.passages.iter().all(|passage| passage.relation == Relation::Same)
    }

    /// Whether any word that counts as the same is written differently.
    #[must_use]
    pub fn is_restyled(&self) -> bool {
        let passages = self.passages.iter().flat_map(|passage| &passage.segments);
        self.fields().flat_map(|change| &change.segments).chain(passages).any(Segment::is_restyled)
    }

    /// The fields that differ: headline, standfirst, byline.
    pub fn fields(&self) -> impl Iterator<Item = &FieldChange> {
        [&self.headline, &self.standfirst, &self.byline].into_iter().flatten()
    }
}
