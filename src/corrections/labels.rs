//! Notes that a word heads: "Correction:", "Editor's note", "Update, 4 Aug:", and how they are told from time stamps.

use super::Note;
use super::form::{is_letter, is_wide};
use super::sentence::Passage;
use super::words::{Hit, Kind};
use Kind::{Article, Changed, Error, Head, Label, Not, Own, Part, Piece, This, Update, Updated, Wrongly};

/// Characters between a label and the colon behind its date: "Correction (Aug. 4, 2026):".
const MAX_DATE_CHARS: usize = 40;
/// Characters between a label and a date without a colon: "Corrected at 10.30".
const MAX_PREPOSITION_CHARS: usize = 10;
/// Characters between two labels that are joined: "Corrections and clarifications".
const MAX_JOINT_CHARS: usize = 5;
/// Characters in brackets that head a note: "(4 Aug, addendum)".
const MAX_BRACKET_CHARS: usize = 24;
/// Words that say more than when an update was made.
const MIN_TOLD_WORDS: usize = 4;
/// Words that say something behind a colon.
const MIN_HEADED_WORDS: usize = 3;

/// Whether a text is a note by the word that heads it: "Correction:", "Editor's note", "Update, 4 Aug:".
pub(super) fn labelled(passage: &Passage) -> Option<Note> {
    if passage.at_start(Kind::Note).next().is_some() {
        return Some(Note::Correction);
    }
    let heads = |kind: Kind| passage.at_start(kind).any(|hit| is_head(passage, hit));
    if heads(Label) || heads(Head) {
        return Some(Note::Correction);
    }
    if let Some(note) = labelled_in_brackets(passage) {
        return Some(note);
    }
    let updated = passage.at_start(Update).filter_map(|hit| notice(passage.behind(hit))).max();
    updated.map(|note| if note == Note::Update && names_a_change(passage) { Note::Notice } else { note })
}

/// Whether what follows "Update:" is about the text: what was added to it, that it was wrong, "41, not 14".
fn names_a_change(passage: &Passage) -> bool {
    let updates = passage.at_start(Update).fold(0, |all, hit| all | hit.languages);
    let is_behind = |hit: &&Hit| hit.at > passage.start && hit.languages & updates != 0;
    let is_number = |hit: &Hit| passage.behind(hit).trim_start().starts_with(|c: char| c.is_ascii_digit());
    let is_change =
        |hit: &Hit| matches!(hit.kind, Updated | Changed | Wrongly | Error) || hit.kind == Not && is_number(hit);
    passage.hits.iter().filter(is_behind).any(is_change)
}

/// What a date and a label in brackets before a sentence make of it: "(4 Aug, addendum) …".
fn labelled_in_brackets(passage: &Passage) -> Option<Note> {
    let close = passage.text.find([')', ']']).filter(|_| passage.is_bracketed())?;
    let inside = |hit: &&Hit| hit.at >= passage.start && hit.end <= close;
    if passage.distance(passage.start, close) > MAX_BRACKET_CHARS || !tells(&passage.text[close..]) {
        return None;
    }
    let noted = passage.hits.iter().filter(inside).filter_map(|hit| match hit.kind {
        Label => Some(Note::Correction),
        Update => Some(Note::Notice),
        _ => None,
    });
    noted.max()
}

/// Whether a text is nothing but a word that heads a note.
pub(super) fn is_label(passage: &Passage) -> bool {
    let ends = |hit: &Hit| !passage.behind(hit).contains(char::is_alphanumeric);
    [Label, Head, Kind::Note].into_iter().any(|kind| passage.at_start(kind).any(ends))
}

/// Whether what follows a label makes one of it: nothing, a colon, a dash, a closing bracket, a date, the article's name.
fn is_head(passage: &Passage, hit: &Hit) -> bool {
    let rest = passage.behind(hit).trim_start();
    let Some(next) = rest.chars().next() else { return true };
    // "NDR-Reporter" is a word; "CORRECTED-" heads an agency's.
    let is_compound = next == '-' && rest[1..].starts_with(is_letter) && !passage.is_shouted;
    if ":-|])/·>(\"".contains(next) && !is_compound || next == '.' && rest[1..].starts_with([' ', ')']) || rest == "."
    {
        return true;
    }
    let date = rest.find(|c: char| c.is_ascii_digit());
    let chars_to = |at: usize| rest[..at].chars().count();
    let colon = rest.find(':').filter(|at| chars_to(*at) <= MAX_DATE_CHARS);
    let is_dated = date.is_some_and(|at| chars_to(at) <= MAX_PREPOSITION_CHARS && !is_wide(next));
    let begins = |kinds: &[Kind]| {
        let near = |other: &&Hit| other.at >= hit.end && passage.distance(hit.end, other.at) <= MAX_DATE_CHARS;
        let own = passage.hits.iter().filter(|other| kinds.contains(&other.kind)).filter(near);
        own.fold(0, |all, other| all | other.languages) & hit.languages
    };
    let joined = passage.of_kind(Label).find(|other| {
        other.at > hit.end
            && passage.distance(hit.end, other.at) <= MAX_JOINT_CHARS
            && other.languages & hit.languages != 0
    });
    date.zip(colon).is_some_and(|(date, colon)| date < colon)
        || is_dated
        || begins(&[Own]) != 0
        || begins(&[This]) & begins(&[Article, Piece]) != 0
        || colon.is_some() && begins(&[Article, Piece, Part, Error, Wrongly]) != 0
        || joined.is_some_and(|other| is_head(passage, other))
}

/// What sort of notice follows "Update", if it is no time stamp: an agency's number, or a sentence behind a colon or a date.
fn notice(rest: &str) -> Option<Note> {
    if is_agency_number(rest) {
        return Some(Note::Notice);
    }
    let rest = rest.trim_start();
    let start = &rest[..rest.char_indices().nth(MAX_DATE_CHARS).map_or(rest.len(), |(at, _)| at)];
    let digit = |c: char| c.is_ascii_digit();
    let body = rest.trim_start_matches([':', '-', '.', '|', ')', ']', ' ']);
    let is_labelled = body.len() < rest.len();
    // "Update, 4 Aug, 3:15 p.m.: …", "Update: 4 August, 15 Uhr: …"
    let colon = start.rfind(": ").map(|at| at + 2).filter(|at| start[..*at].contains(digit));
    let date = start.find(digit).filter(|at| rest[..*at].chars().count() <= MAX_PREPOSITION_CHARS);
    let dated = colon.or_else(|| date.and_then(|_| start.rfind(digit)).map(|at| at + 1));
    if !is_closed(rest) {
        return None;
    }
    let is_dated = date.is_some() && (!is_labelled || colon.is_some());
    if is_dated && dated.is_some_and(|at| tells(&rest[at..])) {
        return Some(Note::Notice);
    }
    (is_labelled && !is_dated && has_words(body, MIN_HEADED_WORDS)).then_some(Note::Update)
}

/// Whether a text has words enough to say something beside a date.
pub(super) fn tells(text: &str) -> bool {
    has_words(text, MIN_TOLD_WORDS)
}

/// Whether a text has so many words, or twice as many characters of a script without blanks.
fn has_words(text: &str, least: usize) -> bool {
    let words = text.split(|c: char| !is_letter(c) || is_wide(c)).filter(|word| word.contains(char::is_alphabetic));
    // Thai and its like take two characters where Chinese takes one.
    let wide = text.chars().filter(|c| is_wide(*c)).map(|c| if c < '\u{2E80}' { 1 } else { 2 });
    words.count() >= least || wide.sum::<usize>() >= 4 * least
}

/// Whether a text ends like a sentence: with a stop that is not an abbreviation's, or in a script that has none.
pub(super) fn is_closed(text: &str) -> bool {
    let text = text.trim_end_matches(['"', '\'', ')', ']', ' ']);
    let last = text.rsplit(' ').next().unwrap_or_default().trim_end_matches('.');
    let letters = last.chars().filter(|c| c.is_alphabetic()).count();
    let abbreviated = letters > 0 && last.contains('.') || letters == 1;
    text.ends_with(['!', '。', '।', '۔']) || text.ends_with('.') && !abbreviated || text.ends_with(is_wide)
}

/// Whether an agency's number follows: "UPDATE 1-".
fn is_agency_number(rest: &str) -> bool {
    let rest = rest.trim_start();
    let digits = rest.trim_start_matches(|c: char| c.is_ascii_digit());
    digits.len() < rest.len() && rest.len() - digits.len() <= 2 && digits.trim_start().starts_with('-')
}
