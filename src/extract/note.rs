//! Which blocks of a page are notes on the article: corrections, clarifications, editor's notes, notices of an update.

use super::marks;
use super::seen::Landmark;
use super::walk::{Run, Walked};
use crate::corrections::{self, Note};

/// Words of a note that no wording gives away, in a box that does.
const MIN_BOXED_WORDS: usize = 2;

/// Marks the notes among the blocks of a page.
pub(super) fn mark(walked: &mut Walked) {
    let mut headed = None;
    let mut notes = Vec::with_capacity(walked.runs.len());
    for run in &walked.runs {
        let is_linked = run.links > 0 && run.link_words >= run.words;
        let label = corrections::is_label(&run.text);
        let boxed = note_box(walked, run);
        let follows = headed.is_some() && headed == boxed;
        let worded = if label { boxed.is_some() } else { follows || is_note(walked, run) };
        let is_note = worded && !is_linked;
        headed = boxed.filter(|_| is_note && label);
        notes.push(is_note);
    }
    for (run, is_note) in walked.runs.iter_mut().zip(notes) {
        run.is_note = is_note;
    }
}

/// Whether a block is a note by its words, or by its element where that is a correction in the vocabulary of schema.org.
fn is_note(walked: &Walked, run: &Run) -> bool {
    let stated = || run.words >= MIN_BOXED_WORDS && walked.around(run).any(|frame| frame.is_correction);
    corrections::note(&run.text) >= Some(Note::Notice) || stated()
}

/// The box around a block that may hold a note: an announcement, or what is called a note. A lone "Corrections" elsewhere heads a
/// list of others'.
fn note_box(walked: &Walked, run: &Run) -> Option<usize> {
    walked.upward(run.frame).find(|at| {
        let frame = &walked.frames[*at];
        frame.landmark == Landmark::Announcement || frame.is_correction || frame.marks.has(marks::NOTE)
    })
}
