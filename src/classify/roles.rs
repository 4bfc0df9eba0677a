//! What a block is for: a correction note, boilerplate, or the body. In this order, so that a note is never dropped.

use crate::compare::normal::comparison_form;
use crate::compare::token::{Kind, pieces};
use crate::model::{Block, BlockKind, Judging};

use super::lexicon::Lexicons;

/// Lexicon phrases make boilerplate of blocks of at most so many words.
const MAX_BOILERPLATE_WORDS: usize = 14;
/// A stamp ("updated 3 hours ago") has at most so many words.
const MAX_STAMP_WORDS: usize = 9;
/// A counter ("123 comments") has at most so many words.
const MAX_COUNTER_WORDS: usize = 6;

/// What a block is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Role {
    /// A correction, clarification or editor's note.
    Note,
    /// A counter, stamp, teaser, share line, credit.
    Boilerplate,
    /// The text.
    Body,
}

/// The role of a block.
pub(super) fn role(block: &Block, judging: &Judging) -> Role {
    let form = comparison_form(&block.text);
    let phrases = &Lexicons::get().phrases;
    if block.kind == BlockKind::Note || phrases.correction.iter().any(|phrase| starts_with_phrase(&form, phrase)) {
        return Role::Note;
    }
    let own = judging.boilerplate.iter().any(|rule| rule.is_match(&block.text));
    if own || is_boilerplate(&form) { Role::Boilerplate } else { Role::Body }
}

fn is_boilerplate(form: &str) -> bool {
    let phrases = &Lexicons::get().phrases;
    let words = word_count(form);
    let digits = form.chars().any(|c| c.is_ascii_digit());
    let stopped = form.ends_with(['.', '!', '?', '。', '।', '"', ':']);
    words <= MAX_BOILERPLATE_WORDS && phrases.boilerplate.iter().any(|phrase| starts_with_phrase(form, phrase))
        || digits && words <= MAX_STAMP_WORDS && phrases.stamp.iter().any(|phrase| form.contains(phrase.as_str()))
        || digits && words <= MAX_COUNTER_WORDS && !stopped
}

/// Words of a text; four characters of a script without blanks make one.
pub(super) fn word_count(text: &str) -> usize {
    let (mut words, mut characters) = (0, 0);
    for (kind, _) in pieces(text) {
        match kind {
            Kind::Word | Kind::Number => words += 1,
            Kind::Character => characters += 1,
            _ => {}
        }
    }
    words + characters / 4 + usize::from(characters % 4 > 0)
}

fn starts_with_phrase(form: &str, phrase: &str) -> bool {
    let form = form.trim_start_matches(|c: char| !c.is_alphanumeric());
    let Some(rest) = form.strip_prefix(phrase) else { return false };
    let continuous = phrase.chars().next_back().is_some_and(|c| !c.is_ascii() && !c.is_lowercase());
    continuous || !rest.chars().next().is_some_and(char::is_alphanumeric)
}
