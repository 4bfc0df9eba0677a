//! What a block is for: a correction note, boilerplate, or the body. In this order, so that a note is never dropped.

use std::collections::HashSet;

use crate::compare::normal::comparison_form;
use crate::compare::token::{Kind, is_continuous_script, pieces};
use crate::corrections::{self, Note};
use crate::model::{Block, BlockKind, Content, Judging};

use super::lexicon::Lexicons;
use super::lines::is_beside_text;

/// Lexicon phrases make boilerplate of blocks of at most so many words; of one with a colon behind the phrase, of more.
const MAX_BOILERPLATE_WORDS: usize = 14;
const MAX_TEASER_WORDS: usize = 24;
/// A phrase of so many words makes boilerplate of what is as long as a teaser.
const MIN_SENTENCE_PHRASE_WORDS: usize = 4;
/// A phrase of one word makes boilerplate only of blocks as short as this, or with a colon behind it.
const MAX_LABEL_WORDS: usize = 3;
/// A stamp ("updated 3 hours ago") has at most so many words.
const MAX_STAMP_WORDS: usize = 9;
/// One that begins with its stamp word and names a time has at most so many.
const MAX_LED_STAMP_WORDS: usize = 14;
/// A counter ("123 comments") has at most so many words; one whose noun we do not know, at most so few.
const MAX_COUNTER_WORDS: usize = 6;
const MAX_UNKNOWN_COUNTER_WORDS: usize = 2;
/// A line that names the author has at most so many words.
const MAX_BYLINE_WORDS: usize = 8;

/// What a block is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Role {
    /// A correction, clarification or editor's note.
    Note,
    /// A notice of an update.
    Notice,
    /// A counter, stamp, teaser, share line, credit.
    Boilerplate,
    /// The text.
    Body,
}

/// The role of a block.
pub(super) fn role(block: &Block, judging: &Judging) -> Role {
    let form = comparison_form(start_of(&block.text));
    let form = form.trim_start_matches(|c: char| !c.is_alphanumeric());
    match (corrections::note(&block.text), block.kind) {
        (Some(Note::Notice), _) => return Role::Notice,
        (Some(Note::Correction), _) | (None, BlockKind::Note) => return Role::Note,
        (Some(Note::Update) | None, _) => {}
    }
    let own = judging.boilerplate.iter().any(|rule| rule.is_match(&block.text))
        || !judging.furniture.is_empty() && judging.furniture.contains(&furniture_key(&block.text));
    let words = word_count(form);
    if own
        || is_labelled(form, words)
        || is_stamp(block, form, words)
        || is_counter(block, form, words)
        || is_byline(&block.text, form, words)
        || is_running(block) && is_beside_text(form, words)
    {
        Role::Boilerplate
    } else {
        Role::Body
    }
}

/// Whether a block is a note, whatever the rules of its source.
pub(super) fn is_note_block(block: &Block) -> bool {
    block.kind == BlockKind::Note || corrections::note(&block.text) >= Some(Note::Notice)
}

/// What a block is recognised by as furniture of its source: its text at N2, digits as 0. A key that stands in at least three
/// articles of a source is furniture (`Judging::furniture`) and no part of any of them.
#[must_use]
pub fn furniture_key(text: &str) -> String {
    comparison_form(text).chars().map(|c| if c.is_ascii_digit() { '0' } else { c }).collect()
}

/// Whether a block came that says that something was added: "Update: …".
pub(super) fn is_updated(old: &Content, new: &Content) -> bool {
    let before: HashSet<&str> = old.blocks.iter().map(|block| block.text.as_str()).collect();
    let mut came = new.blocks.iter().filter(|block| !before.contains(block.text.as_str()));
    came.any(|block| corrections::note(&block.text) == Some(Note::Update))
}

/// The notices of updates in a content.
pub(super) fn notices(content: &Content) -> usize {
    content.blocks.iter().filter(|block| corrections::note(&block.text) == Some(Note::Notice)).count()
}

/// Beyond so many bytes a block is too long for anything but a note, which shows in its first words.
const MAX_ROLE_BYTES: usize = 1_200;

fn start_of(text: &str) -> &str {
    &text[..text.floor_char_boundary(MAX_ROLE_BYTES)]
}

/// Teasers, share lines, credits, calls to subscribe: a phrase of the lexicon at the start of a short block.
fn is_labelled(form: &str, words: usize) -> bool {
    let phrases = &Lexicons::get().phrases.boilerplate;
    words <= MAX_TEASER_WORDS
        && phrases.like(form).any(|phrase| match after_phrase(form, phrase) {
            Some(rest) if is_label(rest) => !rest.trim().is_empty() || words <= MAX_BOILERPLATE_WORDS,
            Some(_) if phrase.split(' ').count() >= MIN_SENTENCE_PHRASE_WORDS => true,
            Some(_) if phrase.contains(' ') || is_continuous(phrase) => words <= MAX_BOILERPLATE_WORDS,
            Some(_) => words <= MAX_LABEL_WORDS,
            None => false,
        })
}

/// "Updated 3 hours ago", "12 min read": a stamp word and a digit.
fn is_stamp(block: &Block, form: &str, words: usize) -> bool {
    let phrases = &Lexicons::get().phrases.stamp;
    let digits = form.chars().any(|c| c.is_ascii_digit());
    is_running(block)
        && digits
        && words <= MAX_LED_STAMP_WORDS
        && !is_stopped(form)
        && phrases.iter().any(|phrase| {
            words <= MAX_STAMP_WORDS && contains_phrase(form, phrase)
                || names_time(form) && after_phrase(form, phrase).is_some()
        })
}

/// A stamp longer than this, in bytes, is none.
const MAX_STAMP_BYTES: usize = 120;

/// The stamps of a content that name a time ("Updated 3 May, 14:02"), at N2; not those that count from now ("3 hours ago").
pub(super) fn stated_times(content: &Content) -> Vec<String> {
    let short = content.blocks.iter().filter(|block| block.text.len() <= MAX_STAMP_BYTES);
    let stamps = short.map(|block| (block, comparison_form(&block.text)));
    let stamps = stamps.filter(|(block, form)| names_time(form) && is_stamp(block, form, word_count(form)));
    stamps.map(|(_, form)| form).collect()
}

/// Whether a text has a clock time or a year.
fn names_time(form: &str) -> bool {
    let numbers = form.split(|c: char| !c.is_ascii_digit() && c != ':');
    numbers.map(|number| number.trim_matches(':')).any(|number| number.contains(':') || number.len() == 4)
}

/// "123 comments": a number and what is counted, and nothing that makes a statement of it.
fn is_counter(block: &Block, form: &str, words: usize) -> bool {
    let digits = form.chars().any(|c| c.is_ascii_digit());
    if !is_running(block) || !digits || words > MAX_COUNTER_WORDS || is_stopped(form) {
        return false;
    }
    let counted = Lexicons::get().phrases.counter.iter().any(|noun| contains_phrase(form, noun));
    let bare = words <= MAX_UNKNOWN_COUNTER_WORDS
        && form.starts_with(|c: char| c.is_ascii_digit())
        && !form.contains(['%', '$', '€', '£', '¥', ':']);
    counted || bare
}

/// "By Jane Doe and John Roe": capitals, a conjunction at most.
fn is_byline(text: &str, form: &str, words: usize) -> bool {
    let phrases = &Lexicons::get().phrases.byline;
    let Some(phrase) = phrases.like(form).find(|phrase| after_phrase(form, phrase).is_some()) else { return false };
    let named = text.split_whitespace().skip(phrase.split(' ').count());
    let mut names = 0;
    let plain = named.clone().all(|word| {
        let capital = word.chars().next().is_some_and(|c| c.is_uppercase() || !c.is_alphabetic());
        names += usize::from(capital);
        capital || word.chars().count() <= 3
    });
    words <= MAX_BYLINE_WORDS && plain && names > 0 && !is_stopped(form)
}

/// Whether a block is of a kind that stamps and counters come as; headings, captions and tables have figures of their own.
fn is_running(block: &Block) -> bool {
    matches!(block.kind, BlockKind::Paragraph | BlockKind::ListItem)
}

/// Whether a text ends like a sentence, and not like `12 min.`
pub(super) fn is_stopped(form: &str) -> bool {
    let abbreviated = form.rsplit(' ').next().is_some_and(|word| word.ends_with('.') && word.chars().count() <= 4);
    form.ends_with(['.', '!', '?', '。', '।', '"']) && !abbreviated
}

fn is_continuous(phrase: &str) -> bool {
    phrase.chars().next_back().is_some_and(is_continuous_script)
}

/// Words of a text; two characters of Chinese or Japanese make one, three of Thai.
pub(super) fn word_count(text: &str) -> usize {
    let (mut words, mut thirds) = (0, 0);
    for (kind, range) in pieces(text) {
        match kind {
            Kind::Word | Kind::Number => words += 1,
            Kind::Character if text[range].starts_with(|c| c < '\u{2E80}') => thirds += 2,
            Kind::Character => thirds += 3,
            _ => {}
        }
    }
    words + usize::div_ceil(thirds, 6)
}

/// What follows a phrase that a text starts with.
fn after_phrase<'a>(form: &'a str, phrase: &str) -> Option<&'a str> {
    let rest = form.strip_prefix(phrase)?;
    let whole = is_continuous(phrase) || !rest.chars().next().is_some_and(char::is_alphanumeric);
    whole.then_some(rest)
}

/// Whether what follows a phrase makes a label of it: nothing, a colon, a dash, a closing bracket.
fn is_label(rest: &str) -> bool {
    rest.trim_start().chars().next().is_none_or(|c| matches!(c, ':' | '-' | '|' | ']' | '】' | ')' | '/' | '·' | '»'))
}

/// Whether a text contains a phrase as whole words.
fn contains_phrase(form: &str, phrase: &str) -> bool {
    let is_letter = |c: Option<char>| c.is_some_and(char::is_alphabetic);
    form.match_indices(phrase).any(|(at, _)| {
        let (before, after) = (form[..at].chars().next_back(), form[at + phrase.len()..].chars().next());
        is_continuous(phrase) || phrase.chars().any(|c| c >= '\u{AC00}') || !is_letter(before) && !is_letter(after)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn role_of(text: &str) -> Role {
        role(&Block { kind: BlockKind::Paragraph, text: text.to_owned() }, &Judging::default())
    }

    #[test]
    fn notes_are_known_by_their_first_words() {
        for text in [
            "Correction: the bridge opened in 1932.",
            "Editor’s note: this story was changed.",
            "【訂正】名前を修正しました。",
        ] {
            assert_eq!(role_of(text), Role::Note, "{text}");
        }
        assert_eq!(role_of("Correction officers said that the prison was safe."), Role::Body);
    }

    #[test]
    fn teasers_stamps_counters_and_bylines_are_boilerplate() {
        for text in [
            "Read more: how the bridge was built",
            "Lesen Sie auch: Die Brücke",
            "Updated 3 hours ago",
            "712 comments",
            "Share",
            "By Jane Doe and John Roe",
            "12 min read",
            "関連記事：橋",
            "Mis à jour le 3 mai à 10h22",
        ] {
            assert_eq!(role_of(text), Role::Boilerplate, "{text}");
        }
    }

    #[test]
    fn short_statements_with_figures_are_body() {
        for text in [
            "12 people died in the storm",
            "At least 12 dead, police say",
            "Share prices fell by 12% on Monday.",
            "By Monday the road was open again.",
        ] {
            assert_eq!(role_of(text), Role::Body, "{text}");
        }
    }
}
