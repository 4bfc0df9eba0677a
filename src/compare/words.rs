//! Finds the words that differ between two runs: an alignment with affine gap costs. Each hunk has a cost in addition
//! to its words, so that readers see a few whole phrases instead of many fragments. Limits on table cells bound time
//! and memory.

use std::ops::Range;

use super::token::{BLANK, BREAK, Vocabulary};
use crate::model::{Op, Segment};

use super::text::Run;

/// Cost of a hunk in addition to its words (measured best on 27 pairs of real news).
const HUNK_COST: f32 = 2.5;
/// If less than this share of the weight is equal, both runs are shown as a whole.
const MIN_EQUAL_SHARE: f32 = 0.35;
/// Size limit of one table, in cells of one byte.
const MAX_CELLS: usize = 4_000_000;

/// Remaining work for alignments in one comparison, in cells.
#[derive(Debug)]
pub(super) struct Budget(usize);

impl Budget {
    /// A budget of about half a second.
    pub(super) fn new() -> Self {
        Self(120_000_000)
    }

    /// Takes the cells of a table from the budget. Returns false if there are not enough.
    fn take(&mut self, rows: usize, columns: usize) -> bool {
        let cells = (rows + 1).saturating_mul(columns + 1);
        let granted = cells <= MAX_CELLS && cells <= self.0;
        if granted {
            self.0 -= cells;
        }
        granted
    }
}

/// The segments that turn one run into the other. Without `Removed` they are exactly the new run, without `Added` the
/// old one.
pub(super) fn segments(old: &Run, new: &Run, words: &Vocabulary, budget: &mut Budget) -> Vec<Segment> {
    let mut segments = Segments::default();
    let mut old_at = 0;
    for (op, range) in find_steps(&old.ids, &new.ids, words, budget) {
        let len = range.len();
        match op {
            Op::Removed => segments.push(op, &old.shown[range].concat()),
            Op::Added => segments.push(op, &new.shown[range].concat()),
            Op::Same | Op::Moved | Op::MovedAway | Op::MovedAlong => {
                push_equal(&mut segments, old.part(old_at..old_at + len), new.part(range));
            }
        }
        old_at += if op == Op::Added { 0 } else { len };
    }
    segments.into_vec()
}

/// The segments of two runs whose words are equal, white space aside.
pub(super) fn equal_segments(old: &Run, new: &Run) -> Vec<Segment> {
    let mut segments = Segments::default();
    push_equal(&mut segments, old.part(0..old.ids.len()), new.part(0..new.ids.len()));
    segments.into_vec()
}

/// Appends two runs whose words are equal, white space aside, with both writings where they differ.
fn push_equal(segments: &mut Segments, mut old: Part, mut new: Part) {
    // Most runs are written alike to the letter: then there is nothing to look for.
    if old.shown == new.shown {
        return segments.push_all(Op::Same, new.shown);
    }
    while !(old.ids.is_empty() && new.ids.is_empty()) {
        segments.push_same(old.take_gap(), new.take_gap());
        segments.push_same(old.take_word(), new.take_word());
    }
}

/// The rest of a run, read as words and the gaps between them.
pub(super) struct Part<'r, 'a> {
    pub(super) ids: &'r [u32],
    pub(super) shown: &'r [&'a str],
}

impl<'r, 'a> Part<'r, 'a> {
    /// Takes the white space and ends of blocks that come next; nothing if a word comes next.
    fn take_gap(&mut self) -> &'r [&'a str] {
        self.take(self.ids.iter().take_while(|&&id| id == BLANK || id == BREAK).count())
    }

    /// Takes the word that comes next; nothing at the end.
    fn take_word(&mut self) -> &'r [&'a str] {
        self.take(self.ids.len().min(1))
    }

    fn take(&mut self, len: usize) -> &'r [&'a str] {
        let (taken, rest) = self.shown.split_at(len);
        (self.ids, self.shown) = (&self.ids[len..], rest);
        taken
    }
}

/// Collects segments, and joins neighbours of the same kind.
#[derive(Debug, Default)]
pub(super) struct Segments(Vec<Segment>);

impl Segments {
    /// Appends text that is equal on both sides, or that exists on one side only.
    pub(super) fn push(&mut self, op: Op, text: &str) {
        if text.is_empty() {
            return;
        }
        match self.0.last_mut() {
            Some(last) if last.op == op && last.old.is_none() => last.text.push_str(text),
            _ => self.0.push(Segment::plain(op, text)),
        }
    }

    /// Appends text that both sides have, in the writing of each. White space for other white space is not another writing.
    fn push_same(&mut self, old: &[&str], new: &[&str]) {
        if old.is_empty() || new.is_empty() {
            // White space that only one side has, as behind a sentence that lost its neighbour.
            self.push_all(Op::Removed, old);
            self.push_all(Op::Added, new);
        } else if old == new || is_written_alike(&old.concat(), &new.concat()) {
            self.push_all(Op::Same, new);
        } else {
            self.push_restyled(Op::Same, &old.concat(), &new.concat());
        }
    }

    fn push_all(&mut self, op: Op, texts: &[&str]) {
        for text in texts {
            self.push(op, text);
        }
    }

    fn push_restyled(&mut self, op: Op, old: &str, new: &str) {
        match self.0.last_mut() {
            Some(Segment { op: last_op, text, old: Some(last_old) }) if *last_op == op => {
                text.push_str(new);
                last_old.push_str(old);
            }
            _ => self.0.push(Segment { op, text: new.to_owned(), old: Some(old.to_owned()) }),
        }
    }

    /// Appends segments.
    pub(super) fn extend(&mut self, segments: &[Segment]) {
        for segment in segments {
            match &segment.old {
                None => self.push(segment.op, &segment.text),
                Some(old) => self.push_restyled(segment.op, old, &segment.text),
            }
        }
    }

    pub(super) fn into_vec(self) -> Vec<Segment> {
        self.0
    }
}

/// Whether two texts are equal letter by letter, white space aside.
pub(super) fn is_written_alike(old: &str, new: &str) -> bool {
    fn letters(text: &str) -> impl Iterator<Item = char> {
        text.chars().filter(|c| !c.is_whitespace())
    }
    old == new || letters(old).eq(letters(new))
}

type Step = (Op, Range<usize>);

/// Ranges of tokens with the same operation, in order. They index the old run for `Removed`, otherwise the new one.
fn find_steps(old: &[u32], new: &[u32], words: &Vocabulary, budget: &mut Budget) -> Vec<Step> {
    let head = old.iter().zip(new).take_while(|(a, b)| a == b).count();
    let tail = old[head..].iter().rev().zip(new[head..].iter().rev()).take_while(|(a, b)| a == b).count();
    let (old_mid, new_mid) = (head..old.len() - tail, head..new.len() - tail);
    let mut steps = vec![(Op::Same, 0..head)];
    if old_mid.is_empty() || new_mid.is_empty() || !budget.take(old_mid.len(), new_mid.len()) {
        // Nothing to align, or too much: replace the whole middle.
        steps.extend([(Op::Removed, old_mid), (Op::Added, new_mid.clone())]);
    } else {
        steps.extend(align(old, new, old_mid, new_mid.clone(), words));
    }
    steps.push((Op::Same, new_mid.end..new.len()));
    if is_crumbs(&steps, old, new, words) {
        return vec![(Op::Removed, 0..old.len()), (Op::Added, 0..new.len())];
    }
    steps
}

/// Whether so few tokens are equal that two whole runs are easier to read.
fn is_crumbs(steps: &[Step], old: &[u32], new: &[u32], words: &Vocabulary) -> bool {
    let weigh = |ids: &[u32]| ids.iter().map(|&id| words.weight(id)).sum::<f32>();
    let same: f32 = steps.iter().filter(|(op, _)| *op == Op::Same).map(|(_, range)| weigh(&new[range.clone()])).sum();
    2.0 * same < MIN_EQUAL_SHARE * (weigh(old) + weigh(new))
}

/// Bits in the byte of a cell: the best predecessor after an equal token, and inside a hunk.
const FROM_HUNK: u8 = 1;
const EQUAL_POSSIBLE: u8 = 2;
const HUNK_BY_ADDING: u8 = 4;
const HUNK_OPENS: u8 = 8;

/// The cheapest alignment of two ranges without a common head or tail.
fn align(old: &[u32], new: &[u32], rows: Range<usize>, columns: Range<usize>, words: &Vocabulary) -> Vec<Step> {
    let table = fill_table(&old[rows.clone()], &new[columns.clone()], words);
    trace_back(&table, rows, columns)
}

/// The table of choices, row by row: `old.len() + 1` rows of `new.len() + 1` bytes. Also whether the alignment ends in
/// a hunk.
struct Table {
    choices: Vec<u8>,
    width: usize,
    ends_in_hunk: bool,
}

fn fill_table(old: &[u32], new: &[u32], words: &Vocabulary) -> Table {
    let width = new.len() + 1;
    let mut choices = vec![0u8; (old.len() + 1) * width];
    let new_weights: Vec<f32> = new.iter().map(|&id| words.weight(id)).collect();
    // Lowest cost of each column in the current row: after an equal token, and inside a hunk.
    let mut equal = vec![f32::INFINITY; width];
    let mut hunk = vec![f32::INFINITY; width];
    equal[0] = 0.0;
    for column in 1..width {
        let opens = equal[column - 1] + HUNK_COST < hunk[column - 1];
        hunk[column] = new_weights[column - 1] + (equal[column - 1] + HUNK_COST).min(hunk[column - 1]);
        choices[column] = HUNK_BY_ADDING | if opens { HUNK_OPENS } else { 0 };
    }
    for (row, &id) in old.iter().enumerate() {
        let weight = words.weight(id);
        let line = &mut choices[(row + 1) * width..(row + 2) * width];
        let (mut equal_diagonal, mut hunk_diagonal) = (equal[0], hunk[0]);
        let opens = equal[0] + HUNK_COST < hunk[0];
        hunk[0] = weight + (equal[0] + HUNK_COST).min(hunk[0]);
        equal[0] = f32::INFINITY;
        line[0] = if opens { HUNK_OPENS } else { 0 };
        for column in 1..width {
            let mut choice = 0;
            let (equal_above, hunk_above) = (equal[column], hunk[column]);
            let (removing, removing_opens) = cheaper(hunk_above, equal_above + HUNK_COST);
            let (adding, adding_opens) = cheaper(hunk[column - 1], equal[column - 1] + HUNK_COST);
            let (removing, adding) = (removing + weight, adding + new_weights[column - 1]);
            let opens = if adding < removing {
                choice |= HUNK_BY_ADDING;
                adding_opens
            } else {
                removing_opens
            };
            if opens {
                choice |= HUNK_OPENS;
            }
            hunk[column] = removing.min(adding);
            equal[column] = f32::INFINITY;
            if new[column - 1] == id {
                choice |= EQUAL_POSSIBLE;
                if hunk_diagonal < equal_diagonal {
                    choice |= FROM_HUNK;
                }
                equal[column] = equal_diagonal.min(hunk_diagonal);
            }
            (equal_diagonal, hunk_diagonal) = (equal_above, hunk_above);
            line[column] = choice;
        }
    }
    Table { choices, width, ends_in_hunk: hunk[width - 1] < equal[width - 1] }
}

/// The lower of two costs, and whether it is the second one.
fn cheaper(stay: f32, open: f32) -> (f32, bool) {
    if open < stay { (open, true) } else { (stay, false) }
}

/// Follows the table from its end to its start and returns the steps in forward order.
fn trace_back(table: &Table, rows: Range<usize>, columns: Range<usize>) -> Vec<Step> {
    let (mut row, mut column, mut in_hunk) = (rows.len(), columns.len(), table.ends_in_hunk);
    let mut fates: Vec<(Op, usize)> = Vec::new();
    while row > 0 || column > 0 {
        let choice = table.choices[row * table.width + column];
        if !in_hunk && choice & EQUAL_POSSIBLE != 0 {
            row -= 1;
            column -= 1;
            fates.push((Op::Same, columns.start + column));
            in_hunk = choice & FROM_HUNK != 0;
        } else {
            if choice & HUNK_BY_ADDING != 0 {
                column -= 1;
                fates.push((Op::Added, columns.start + column));
            } else {
                row -= 1;
                fates.push((Op::Removed, rows.start + row));
            }
            in_hunk = choice & HUNK_OPENS == 0;
        }
    }
    fates.reverse();
    join_tokens(&fates)
}

/// Joins single tokens into ranges. Inside a hunk, removed tokens come first.
fn join_tokens(fates: &[(Op, usize)]) -> Vec<Step> {
    let mut steps = Vec::new();
    for hunk in fates.chunk_by(|a, b| (a.0 == Op::Same) == (b.0 == Op::Same)) {
        for op in [Op::Same, Op::Removed, Op::Added] {
            let mut own = hunk.iter().filter(|fate| fate.0 == op).map(|fate| fate.1);
            if let Some(first) = own.next() {
                steps.push((op, first..own.next_back().unwrap_or(first) + 1));
            }
        }
    }
    steps
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(old: &str, new: &str) -> String {
        let mut words = Vocabulary::default();
        let (old, new) = (Run::read(old, &mut words), Run::read(new, &mut words));
        let mut out = String::new();
        for segment in segments(&old, &new, &words, &mut Budget::new()) {
            match segment.op {
                Op::Same | Op::Moved | Op::MovedAway | Op::MovedAlong => match &segment.old {
                    None => out += &segment.text,
                    Some(old) => out.extend(["[", old, "~", &segment.text, "]"]),
                },
                Op::Removed => out.extend(["[-", &segment.text, "-]"]),
                Op::Added => out.extend(["[+", &segment.text, "+]"]),
            }
        }
        out
    }

    #[test]
    fn a_changed_figure_is_the_only_thing_shown() {
        assert_eq!(shown("At least 12 people died.", "At least 21 people died."), "At least [-12-][+21+] people died.");
    }

    #[test]
    fn small_words_between_changes_are_swallowed() {
        assert_eq!(
            shown("services on Tuesday ran smoothly in the city", "services as planned went badly in the city"),
            "services [-on Tuesday ran smoothly-][+as planned went badly+] in the city"
        );
    }

    #[test]
    fn texts_without_common_words_are_shown_whole() {
        assert_eq!(
            shown("One thing was here.", "Nothing else matters now."),
            "[-One thing was here.-][+Nothing else matters now.+]"
        );
    }

    #[test]
    fn a_word_that_is_written_differently_keeps_both_writings() {
        let cases = [
            ("Swim Results are in", "Swim results are in", "Swim [Results~results] are in"),
            ("It's “on”", "It’s \"on\"", "It['~’]s [“~\"]on[”~\"]"),
            ("a  b\u{a0}c", "a b c", "a b c"),
            ("co\u{ad}op x", "coop y", "[co\u{ad}op~coop] [-x-][+y+]"),
            ("Ten – then MORE", "Ten - then more", "Ten [–~-] then [MORE~more]"),
        ];
        for (old, new, expected) in cases {
            assert_eq!(shown(old, new), expected);
        }
    }

    #[test]
    fn texts_without_a_common_word_or_without_any_are_fine() {
        assert_eq!(shown("", ""), "");
        assert_eq!(shown("", "new"), "[+new+]");
        assert_eq!(shown("old", ""), "[-old-]");
    }
}
