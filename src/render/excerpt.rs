//! One side of a change as one line of HTML: what is only on this side marked by whole words, within its sentences.

use std::ops::Range;

use unicode_segmentation::UnicodeSegmentation;

use crate::model::{FieldChange, Passage};

use super::pieces::{self, Piece};
use super::text::push_escaped;
use super::tokens::{is_blank, is_punctuation, tokens};

/// Which of the two texts a line shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// The old one.
    Was,
    /// The new one.
    Now,
}

/// More marks than this on one line are made one: a line of confetti is read by nobody.
const MAX_MARKS: usize = 40;

/// What a cut leaves before the first mark, in tokens.
const TOKENS_BEFORE_MARK: usize = 12;

struct Token<'a> {
    text: &'a str,
    sentence: usize,
    /// Whether it is only on this side.
    marked: bool,
    /// Whether the other side writes it differently.
    restyled: bool,
    /// Whether the other side has it at another place.
    moved: bool,
}

/// The text of one side, and where it differs from the other, as half-open ranges of bytes.
struct SideText {
    text: String,
    /// Text that only this side has; empty where only the other side has words.
    changes: Vec<(usize, usize)>,
    /// Text that the other side writes differently.
    restyled: Vec<(usize, usize)>,
    /// Text that the other side has at another place, away from the words around it.
    moved: Vec<(usize, usize)>,
}

/// The text on `side`, cut to the sentences that changed and one around them, and to about `max_bytes` of text.
pub(super) fn line(pieces: &[Piece], side: Side, max_bytes: usize) -> String {
    let text = side_of(pieces, side);
    let mut tokens = tokenised(&text);
    // Entries mark changes alone: readers show no quieter mark.
    for token in &mut tokens {
        (token.restyled, token.moved) = (false, false);
    }
    widen(&mut tokens);
    limit_marks(&mut tokens);
    let shown = shown(&tokens, &text, max_bytes);
    html(&tokens, &shown, side)
}

/// A passage as it stands on `side`, whole, as HTML: text that only this side has in `<del>` or `<ins>`, by whole words, and
/// text that the other side writes differently in `<span class="restyled">`, text that it has at another place in
/// `<span class="moved">`.
#[must_use]
pub fn marked_passage(passage: &Passage, side: Side) -> String {
    marked(&pieces::of_passage(passage), side)
}

/// A field as it stands on `side`, like [`marked_passage`].
#[must_use]
pub fn marked_field(change: &FieldChange, side: Side) -> String {
    marked(&pieces::of_field(change), side)
}

fn marked(pieces: &[Piece], side: Side) -> String {
    let text = side_of(pieces, side);
    let mut tokens = tokenised(&text);
    widen(&mut tokens);
    let shown = vec![true; tokens.len()];
    html(&tokens, &shown, side)
}

/// The whole text of `side`, in one mark (none around a single character) or none, cut to about `max_bytes`.
pub(super) fn whole(pieces: &[Piece], side: Side, mark: Option<&str>, max_bytes: usize) -> String {
    let text: String = pieces.iter().map(|piece| piece.text(side)).collect();
    let mark = mark.filter(|_| text.trim().chars().nth(1).is_some());
    let mut html = mark.map(|mark| format!("<{mark}>")).unwrap_or_default();
    let end = whole_tokens(&text, max_bytes);
    push_escaped(&mut html, text[..end].trim());
    if end < text.len() {
        html.push_str(" …");
    }
    html.push_str(&mark.map(|mark| format!("</{mark}>")).unwrap_or_default());
    html
}

/// How many bytes of `text` its first tokens take that fit `max_bytes` together.
fn whole_tokens(text: &str, max_bytes: usize) -> usize {
    let mut end = 0;
    for token in tokens(text) {
        if end + token.len() > max_bytes {
            break;
        }
        end += token.len();
    }
    end
}

fn side_of(pieces: &[Piece], side: Side) -> SideText {
    let mut text = SideText { text: String::new(), changes: Vec::new(), restyled: Vec::new(), moved: Vec::new() };
    for piece in pieces {
        let start = text.text.len();
        text.text.push_str(piece.text(side));
        let span = (start, text.text.len());
        if piece.is_visible_change() {
            text.changes.push(span);
        } else if piece.is_moved() {
            text.moved.push(span);
        } else if piece.is_restyled() {
            text.restyled.push(span);
        }
    }
    text
}

fn tokenised(side: &SideText) -> Vec<Token<'_>> {
    let text = side.text.as_str();
    let ends: Vec<usize> = text.split_sentence_bound_indices().map(|(at, sentence)| at + sentence.len()).collect();
    let (mut at, mut sentence) = (0, 0);
    let (mut changes, mut restyled) = (side.changes.as_slice(), side.restyled.as_slice());
    let mut moved = side.moved.as_slice();
    let mut result = Vec::new();
    for token in tokens(text) {
        while ends.get(sentence).is_some_and(|end| *end <= at) {
            sentence += 1;
        }
        let range = at..at + token.len();
        at = range.end;
        let is_word = !is_blank(token);
        let marked = overlaps(&mut changes, &range) && is_word;
        let restyled = overlaps(&mut restyled, &range) && is_word;
        let moved = overlaps(&mut moved, &range);
        result.push(Token { text: token, sentence, marked, restyled, moved });
    }
    result
}

/// Whether one of `spans` overlaps `range`. Drops the spans that end before it: ranges are asked in order.
fn overlaps(spans: &mut &[(usize, usize)], range: &Range<usize>) -> bool {
    while let [(_, to), rest @ ..] = *spans
        && *to <= range.start
    {
        *spans = rest;
    }
    spans.iter().take_while(|(from, _)| *from < range.end).any(|(_, to)| range.start < *to)
}

/// Joins marks that only a blank separates, and widens a mark of one character to a neighbouring word: some readers delete an
/// element with a single character in it.
fn widen(tokens: &mut [Token<'_>]) {
    join(tokens);
    let runs = runs(tokens);
    for (start, end) in runs {
        let letters: usize = tokens[start..end].iter().map(|token| token.text.chars().count()).sum();
        if letters > 1 {
            continue;
        }
        let before = (0..start).rev().find(|at| !is_blank(tokens[*at].text));
        let after = (end..tokens.len()).find(|at| !is_blank(tokens[*at].text));
        let closes = is_punctuation(tokens[start].text);
        match if closes { before.or(after) } else { after.or(before) } {
            Some(word) => tokens[word.min(start)..=word.max(start)].iter_mut().for_each(|token| token.marked = true),
            None => tokens[start].marked = true,
        }
    }
    join(tokens);
}

fn join(tokens: &mut [Token<'_>]) {
    for at in 1..tokens.len().saturating_sub(1) {
        if is_blank(tokens[at].text) {
            tokens[at].marked |= tokens[at - 1].marked && tokens[at + 1].marked;
            tokens[at].restyled |= tokens[at - 1].restyled && tokens[at + 1].restyled;
        }
    }
}

/// The runs of marked tokens, as half-open ranges.
fn runs(tokens: &[Token<'_>]) -> Vec<(usize, usize)> {
    let mut runs: Vec<(usize, usize)> = Vec::new();
    for (at, _) in tokens.iter().enumerate().filter(|(_, token)| token.marked) {
        match runs.last_mut() {
            Some(run) if run.1 == at => run.1 = at + 1,
            _ => runs.push((at, at + 1)),
        }
    }
    runs
}

fn limit_marks(tokens: &mut [Token<'_>]) {
    let runs = runs(tokens);
    if let ([(start, _), .., (_, end)], true) = (runs.as_slice(), runs.len() > MAX_MARKS) {
        tokens[*start..*end].iter_mut().for_each(|token| token.marked = true);
    }
}

/// Which tokens are shown: the changed sentences and one on either side; without these where that is too long; cut around
/// the first mark where even that is.
fn shown(tokens: &[Token<'_>], side: &SideText, max_bytes: usize) -> Vec<bool> {
    let mut changed = changed_sentences(tokens, &side.changes, side.text.len());
    if changed.is_empty() {
        // No word differs: the line shows what it can.
        changed = tokens.iter().map(|token| token.sentence).collect();
        changed.dedup();
    }
    for around in [1, 0] {
        let near = |sentence: usize| {
            let next = changed.partition_point(|other| other + around < sentence);
            changed.get(next).is_some_and(|other| *other <= sentence + around)
        };
        let shown: Vec<bool> = tokens.iter().map(|token| near(token.sentence)).collect();
        let bytes: usize =
            tokens.iter().zip(&shown).filter(|(_, shown)| **shown).map(|(token, _)| token.text.len()).sum();
        if bytes <= max_bytes {
            return shown;
        }
    }
    cut(tokens, &changed, max_bytes)
}

fn changed_sentences(tokens: &[Token<'_>], spans: &[(usize, usize)], text_bytes: usize) -> Vec<usize> {
    let mut changed: Vec<usize> = tokens.iter().filter(|token| token.marked).map(|token| token.sentence).collect();
    for (point, _) in spans.iter().filter(|(from, to)| from == to) {
        let at = (*point).min(text_bytes.saturating_sub(1));
        changed.extend(token_at(tokens, at).map(|token| token.sentence));
    }
    changed.sort_unstable();
    changed.dedup();
    changed
}

fn token_at<'a, 'b>(tokens: &'b [Token<'a>], at: usize) -> Option<&'b Token<'a>> {
    let mut end = 0;
    tokens.iter().find(|token| {
        end += token.text.len();
        at < end
    })
}

fn cut(tokens: &[Token<'_>], changed: &[usize], max_bytes: usize) -> Vec<bool> {
    let first_mark = tokens.iter().position(|token| token.marked);
    let first_changed = changed.first().and_then(|first| tokens.iter().position(|token| token.sentence == *first));
    let start = first_mark.or(first_changed).unwrap_or(0).saturating_sub(TOKENS_BEFORE_MARK);
    let mut bytes = 0;
    tokens
        .iter()
        .enumerate()
        .map(|(at, token)| {
            bytes += if at < start { 0 } else { token.text.len() };
            at >= start && bytes <= max_bytes
        })
        .collect()
}

fn html(tokens: &[Token<'_>], shown: &[bool], side: Side) -> String {
    let mark = if side == Side::Was { ("<del><b>", "</b></del>") } else { ("<ins><b>", "</b></ins>") };
    let restyled = ("<span class=\"restyled\">", "</span>");
    let moved = ("<span class=\"moved\">", "</span>");
    let mut html = String::new();
    let mut open: Option<(&str, &str)> = None;
    let mut gap = false;
    for (token, shown) in tokens.iter().zip(shown) {
        let wanted = match token {
            _ if !shown => None,
            Token { marked: true, .. } => Some(mark),
            Token { moved: true, .. } => Some(moved),
            Token { restyled: true, .. } => Some(restyled),
            Token { .. } => None,
        };
        if open != wanted {
            html.push_str(open.take().map_or("", |(_, end)| end));
        }
        if !shown {
            gap = true;
            continue;
        }
        if gap {
            html.truncate(html.trim_end().len());
            html.push_str(if html.is_empty() { "… " } else { " … " });
            gap = false;
        }
        if open != wanted {
            html.push_str(wanted.map_or("", |(begin, _)| begin));
            open = wanted;
        }
        push_escaped(&mut html, token.text);
    }
    html.push_str(open.map_or("", |(_, end)| end));
    html.truncate(html.trim_end().len());
    if gap {
        html.push_str(" …");
    }
    html
}
