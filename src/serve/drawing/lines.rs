//! Words → lines within a width, marked words apart from the others.

use super::letters::{Letters, Weight};
use crate::render::Stretch;

/// What stands where words are left out.
const ELLIPSIS: &str = "…";

/// Where lines are to fit.
#[derive(Clone, Copy, Debug)]
pub(in crate::serve) struct Room {
    /// The width of a line.
    pub(in crate::serve) width: f32,
    /// The letters' size.
    pub(in crate::serve) size: f32,
    /// At most so many lines; words beyond them are left out.
    pub(in crate::serve) lines: usize,
    /// How heavy words are that are not marked; marked ones are bold.
    pub(in crate::serve) weight: Weight,
}

/// Words that fit.
pub(in crate::serve) struct Wrapped {
    pub(in crate::serve) lines: Vec<Line>,
    /// So many words are on them or were to be left out before them.
    pub(in crate::serve) words: usize,
    /// Whether there were more.
    pub(in crate::serve) is_cut: bool,
}

/// A line.
pub(in crate::serve) type Line = Vec<Span>;

/// Words of one kind, in their place on a line.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::serve) struct Span {
    pub(in crate::serve) text: String,
    /// Where it begins, from the line's beginning.
    pub(in crate::serve) x: f32,
    pub(in crate::serve) width: f32,
    pub(in crate::serve) marked: bool,
}

/// What stands between two blanks.
#[derive(Clone, Debug, Default)]
struct Word {
    /// Its parts, each marked or not.
    parts: Vec<(String, bool)>,
    /// Whether it goes on with the one before, which was too long for a line.
    goes_on: bool,
}

/// The first word of `stretches` that is marked, from 0.
pub(in crate::serve) fn first_mark(stretches: &[Stretch]) -> Option<usize> {
    words(stretches).iter().position(|word| word.parts.iter().any(|(_, marked)| *marked))
}

/// The words of `stretches` on lines, without the first `skipped` ones. `…` stands where some are left out.
pub(in crate::serve) fn wrapped(letters: &Letters, stretches: &[Stretch], room: &Room, skipped: usize) -> Wrapped {
    let all = words(stretches);
    let total = all.len();
    let skipped = skipped.min(total);
    let ellipsis = (skipped > 0).then(|| Word { parts: vec![(ELLIPSIS.to_owned(), false)], goes_on: false });
    let rest = all.into_iter().skip(skipped).flat_map(|word| cut_to_lines(letters, word, room));
    let mut lines: Vec<Vec<Word>> = Vec::new();
    let (mut right, mut is_cut, mut count) = (0.0, false, 0);
    for word in ellipsis.into_iter().chain(rest) {
        let blank = if word.goes_on { 0.0 } else { room.width_of(letters, " ", false) };
        let width = room.width_of_word(letters, &word);
        count += usize::from(!word.goes_on);
        let (fits, is_full) = (right + blank + width <= room.width, lines.len() == room.lines);
        match lines.last_mut() {
            Some(line) if fits => {
                line.push(word);
                right += blank + width;
            }
            _ if is_full => {
                is_cut = true;
                count -= usize::from(!word.goes_on);
                break;
            }
            _ => {
                lines.push(vec![word]);
                right = width;
            }
        }
    }
    if is_cut && let Some(last) = lines.last_mut() {
        count -= end_with_ellipsis(letters, last, room);
    }
    let words = (count + skipped - usize::from(skipped > 0)).min(total);
    Wrapped { lines: lines.iter().map(|line| placed(letters, line, room)).collect(), words, is_cut }
}

fn words(stretches: &[Stretch]) -> Vec<Word> {
    let (mut words, mut is_open): (Vec<Word>, bool) = (Vec::new(), false);
    for stretch in stretches {
        for (at, text) in stretch.text.split(' ').enumerate() {
            is_open &= at == 0;
            if text.is_empty() {
                continue;
            }
            let part = (text.to_owned(), stretch.marked);
            match words.last_mut() {
                Some(word) if is_open => word.parts.push(part),
                _ => words.push(Word { parts: vec![part], goes_on: false }),
            }
            is_open = true;
        }
    }
    words
}

/// A word that is wider than a line in pieces that are not.
fn cut_to_lines(letters: &Letters, word: Word, room: &Room) -> Vec<Word> {
    if room.width_of_word(letters, &word) <= room.width {
        return vec![word];
    }
    let (mut pieces, mut right) = (vec![Word::default()], 0.0);
    for (text, marked) in &word.parts {
        for letter in text.chars() {
            let width = room.width_of(letters, letter.encode_utf8(&mut [0; 4]), *marked);
            if right + width > room.width {
                pieces.push(Word { parts: Vec::new(), goes_on: true });
                right = 0.0;
            }
            right += width;
            let Some(piece) = pieces.last_mut() else { continue };
            match piece.parts.last_mut() {
                Some((text, same)) if same == marked => text.push(letter),
                _ => piece.parts.push((letter.to_string(), *marked)),
            }
        }
    }
    pieces
}

/// Puts `…` at the end of a line, and takes away as many words as it needs room for: how many. Of a word that fills the line
/// alone, letters.
fn end_with_ellipsis(letters: &Letters, line: &mut Vec<Word>, room: &Room) -> usize {
    let mut taken = 0;
    line.push(Word { parts: vec![(ELLIPSIS.to_owned(), false)], goes_on: false });
    while line.len() > 2 && end(&placed(letters, line, room)) > room.width {
        let word = line.remove(line.len() - 2);
        taken += usize::from(!word.goes_on);
    }
    while end(&placed(letters, line, room)) > room.width {
        let part = line.first_mut().and_then(|word| word.parts.last_mut());
        if part.and_then(|(text, _)| text.pop()).is_none() {
            break;
        }
    }
    taken
}

/// How far a line reaches.
pub(in crate::serve) fn end(line: &[Span]) -> f32 {
    line.last().map_or(0.0, |span| span.x + span.width)
}

fn placed(letters: &Letters, words: &[Word], room: &Room) -> Line {
    let mut line: Line = Vec::new();
    for word in words {
        let mut has_blank = !line.is_empty() && !word.goes_on;
        for (text, marked) in &word.parts {
            let blank = if has_blank { " " } else { "" };
            has_blank = false;
            match line.last_mut() {
                Some(span) if span.marked == *marked => {
                    span.text.extend([blank, text]);
                    span.width = room.width_of(letters, &span.text, *marked);
                }
                _ => {
                    let x = end(&line) + room.width_of(letters, blank, false);
                    let width = room.width_of(letters, text, *marked);
                    line.push(Span { text: text.clone(), x, width, marked: *marked });
                }
            }
        }
    }
    line
}

impl Room {
    /// How heavy words are.
    pub(in crate::serve) fn weight(&self, marked: bool) -> Weight {
        if marked { Weight::Bold } else { self.weight }
    }

    fn width_of(&self, letters: &Letters, text: &str, marked: bool) -> f32 {
        letters.width(text, self.weight(marked)) * self.size
    }

    fn width_of_word(&self, letters: &Letters, word: &Word) -> f32 {
        word.parts.iter().map(|(text, marked)| self.width_of(letters, text, *marked)).sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ROOM: Room = Room { width: 300.0, size: 20.0, lines: 3, weight: Weight::Regular };

    fn stretch(text: &str, marked: bool) -> Stretch {
        Stretch { text: text.to_owned(), marked }
    }

    fn texts(wrapped: &Wrapped) -> Vec<String> {
        let text = |line: &Line| line.iter().map(|span| span.text.as_str()).collect::<Vec<_>>().join("|");
        wrapped.lines.iter().map(text).collect()
    }

    #[test]
    fn words_fill_lines_and_marks_stand_apart() {
        let letters = Letters::built_in();
        let text =
            [stretch("Ferries run every ", false), stretch("20", true), stretch("-minute slot, all day.", false)];
        let wrapped = wrapped(letters, &text, &ROOM, 0);
        assert_eq!(texts(&wrapped), ["Ferries run every|20|-minute", "slot, all day."]);
        assert!(!wrapped.is_cut && wrapped.words == 7);
        let [before, mark, after] = &wrapped.lines[0][..] else { panic!("three spans") };
        assert!(mark.marked && mark.x > before.width && (after.x - mark.x - mark.width).abs() < 0.01);
        assert_eq!(first_mark(&text), Some(3));
    }

    #[test]
    fn what_does_not_fit_is_left_out_before_and_behind() {
        let letters = Letters::built_in();
        let text = [stretch(&"word and ".repeat(60), false), stretch("end", true)];
        let cut = wrapped(letters, &text, &ROOM, 0);
        assert!(cut.is_cut && cut.lines.len() == 3 && texts(&cut)[2].ends_with(" …"), "{:?}", texts(&cut));
        assert!(cut.words < first_mark(&text).unwrap());
        assert_eq!(texts(&wrapped(letters, &text, &ROOM, 118)), ["… word and|end"]);
    }

    #[test]
    fn no_word_is_wider_than_a_line() {
        let letters = Letters::built_in();
        for text in [[stretch(&"W".repeat(500), true)], [stretch(&"i".repeat(70), false)], [stretch("", false)]] {
            let wrapped = wrapped(letters, &text, &ROOM, 0);
            assert!(wrapped.lines.len() <= 3);
            assert!(wrapped.lines.iter().all(|line| end(line) <= ROOM.width + 0.01), "{:?}", texts(&wrapped));
        }
    }
}
