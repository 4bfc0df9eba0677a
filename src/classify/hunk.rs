//! A hunk: neighbouring words of a sentence pair that were replaced, added or removed, with what is known of their place.

use crate::compare::normal::comparison_form;
use crate::compare::token::{Kind, is_quote_mark, pieces};
use crate::model::{Op, Segment};

/// A word or number of a hunk.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Word {
    /// As shown.
    pub(super) shown: String,
    /// At N2.
    pub(super) form: String,
    pub(super) kind: Kind,
    /// Whether it is the first word of its sentence.
    pub(super) initial: bool,
}

impl Word {
    /// Whether it is written like a name: a capital, not because a sentence starts.
    pub(super) fn is_capitalised(&self) -> bool {
        !self.initial && self.kind == Kind::Word && self.shown.chars().next().is_some_and(char::is_uppercase)
    }
}

/// One side of a hunk.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Side {
    pub(super) words: Vec<Word>,
    /// As shown, trimmed.
    pub(super) shown: String,
    /// At N2.
    pub(super) form: String,
}

impl Side {
    /// The words at N2.
    pub(super) fn forms(&self) -> Vec<&str> {
        self.words.iter().map(|word| word.form.as_str()).collect()
    }
}

/// What was replaced by what.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Hunk {
    pub(super) old: Side,
    pub(super) new: Side,
    /// Whether it stands between quotation marks.
    pub(super) quoted: bool,
    /// Whether the last thing before it, spaces aside, is a digit.
    pub(super) after_digit: bool,
    /// Whether a digit follows at once.
    pub(super) before_digit: bool,
}

/// The hunks of a sentence pair. `quoted` tells whether a quotation is open where it starts.
pub(super) fn hunks(segments: &[Segment], quoted: bool) -> Vec<Hunk> {
    let mut reader = Reader { quoted, at_start: true, ..Reader::default() };
    let is_kept = |segment: &Segment| !matches!(segment.op, Op::Removed | Op::Added);
    for run in segments.chunk_by(|one, other| is_kept(one) && is_kept(other)) {
        match run[0].op {
            // One text, even where only some of its words are written alike on both sides.
            Op::Same | Op::Moved | Op::MovedAway | Op::MovedAlong => {
                reader.same(&run.iter().map(|segment| segment.text.as_str()).collect::<String>());
            }
            Op::Removed => reader.changed(&run[0].text, true),
            Op::Added => reader.changed(&run[0].text, false),
        }
    }
    reader.close();
    reader.hunks
}

#[derive(Default)]
struct Reader {
    hunks: Vec<Hunk>,
    open: Option<Hunk>,
    after_digit: bool,
    quoted: bool,
    at_start: bool,
}

impl Reader {
    fn same(&mut self, text: &str) {
        if let Some(open) = &mut self.open {
            open.before_digit = text.starts_with(char::is_numeric);
        }
        self.close();
        self.after_digit = text.trim_end().ends_with(char::is_numeric);
        for (kind, range) in pieces(text) {
            self.quoted ^= toggles_quote(&text[range]);
            self.at_start &= !matches!(kind, Kind::Word | Kind::Number | Kind::Character);
        }
    }

    fn changed(&mut self, text: &str, removed: bool) {
        let (quoted, after_digit) = (self.quoted, self.after_digit);
        let hunk = self.open.get_or_insert_with(|| Hunk { quoted, after_digit, ..Hunk::default() });
        let side = if removed { &mut hunk.old } else { &mut hunk.new };
        side.shown.push_str(text);
        let mut inside = quoted;
        let mut initial = self.at_start && side.words.is_empty();
        for (kind, range) in pieces(text) {
            let piece = &text[range];
            if toggles_quote(piece) {
                inside = !inside;
            } else if matches!(kind, Kind::Word | Kind::Number | Kind::Character) {
                hunk.quoted |= inside;
                let word = Word { shown: piece.to_owned(), form: comparison_form(piece), kind, initial };
                side.words.push(word);
                initial = false;
            } else if matches!(piece, "." | "!" | "?") {
                initial = true;
            }
        }
        if !removed {
            self.quoted = inside;
        }
    }

    fn close(&mut self) {
        if let Some(mut hunk) = self.open.take() {
            for side in [&mut hunk.old, &mut hunk.new] {
                side.form = comparison_form(&side.shown);
                side.shown = side.shown.trim().to_owned();
            }
            self.at_start &= hunk.new.words.is_empty() && hunk.old.words.is_empty();
            self.hunks.push(hunk);
        }
    }
}

fn toggles_quote(piece: &str) -> bool {
    piece.chars().next().is_some_and(is_quote_mark)
}
