//! The wordings by which newsrooms and agencies say that they changed an article: corrections, clarifications, retractions,
//! editor's notes, notices of an update. Extraction must not lose such a note, judging must know it as one; both ask here.
//!
//! No list of full sentences could hold them, so `words/` has the vocabulary of each language by what it does in a note
//! (`article`, `earlier`, `version`, `wrongly` …), and [`rules`] say which of these together make one, within one language.

mod form;
mod headline;
mod labels;
mod rules;
mod sentence;
mod words;

pub use form::is_wide;
pub use headline::{Mark, Marked, marked};

use sentence::Passage;

/// What a note says was done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Note {
    /// Something was added; the note says no more than that: "Update: …".
    Update,
    /// The article was updated; the note says so of the article, or when: "This story was updated with …", "Update, 4 Aug: …".
    Notice,
    /// Something was corrected, clarified, withdrawn, or explained by the editors.
    Correction,
}

/// Bytes of a text that are read; a note shows in its first words.
const MAX_BYTES: usize = 1_600;
/// Bytes of a word or two that head a note.
const MAX_LABEL_BYTES: usize = 120;
/// Characters of a note; longer texts only mention one.
const MAX_NOTE_CHARS: usize = 1_100;
/// Characters of a text that is a note because its first sentence is one, though that sentence is not a label.
const MAX_OPENED_CHARS: usize = 600;

/// Whether a block of text is a note as a whole: it begins like one. A paragraph with a note in brackets before its first
/// sentence is not a note, but has one [`within`] it.
#[must_use]
pub fn note(text: &str) -> Option<Note> {
    let text = start_of(text);
    let chars = text.chars().count();
    if chars > MAX_NOTE_CHARS {
        return None;
    }
    let labelled = labels::labelled(&Passage::of(text));
    if labelled == Some(Note::Correction) {
        return labelled;
    }
    let whole = chars <= MAX_OPENED_CHARS && !sentence::is_behind_brackets(text);
    let stated = whole.then(|| rules::stated(&Passage::of(sentence::first(text)))).flatten();
    labelled.max(stated)
}

/// Whether a text is nothing but the word that heads a note: "Correction".
#[must_use]
pub fn is_label(text: &str) -> bool {
    text.len() <= MAX_LABEL_BYTES && labels::is_label(&Passage::of(text))
}

/// Whether one of the sentences of a text, or what stands in brackets before one, is a note.
#[must_use]
pub fn within(text: &str) -> Option<Note> {
    let parts = sentence::parts(start_of(text));
    parts.into_iter().filter_map(|part| rules::any(&Passage::of(part))).max()
}

/// Whether words that came into a sentence are a note in brackets: "(corrected from 14)".
#[must_use]
pub fn aside(words: &str) -> Option<Note> {
    let words = start_of(words.trim_start());
    words.starts_with(['(', '[', '（', '【']).then(|| rules::in_sentence(&Passage::of(words))).flatten()
}

fn start_of(text: &str) -> &str {
    &text[..text.floor_char_boundary(MAX_BYTES)]
}

#[cfg(test)]
mod tests;
