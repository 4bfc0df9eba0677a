//! Letters of our own two fonts, which have Latin, Greek and Cyrillic: whether a text can be drawn, how wide it is, its outlines.
//!
//! Letters stand one after the other, left to right. For the scripts of our fonts that is how they are written; a text in
//! another one is not drawn at all rather than drawn wrongly. The fonts are outlines already (`tools/outline-fonts.py`), so no
//! font has to be read.

use std::collections::HashMap;
use std::fmt::Write as _;
use std::io::Read as _;
use std::sync::LazyLock;

use flate2::read::GzDecoder;
use unicode_normalization::UnicodeNormalization as _;

use crate::render::plain;

const REGULAR: &[u8] = include_bytes!("../../../fonts/NotoSans-Regular.txt.gz");
const BOLD: &[u8] = include_bytes!("../../../fonts/NotoSans-Bold.txt.gz");
/// Units of widths and outlines that are the letters' size.
const UNITS: f32 = 1000.0;

static LETTERS: LazyLock<Letters> = LazyLock::new(|| Letters { regular: read(REGULAR), bold: read(BOLD) });

/// How heavy letters are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::serve) enum Weight {
    /// As text is set.
    Regular,
    /// As headlines are.
    Bold,
}

/// Our fonts: half a megabyte, once a poster was drawn.
pub(in crate::serve) struct Letters {
    regular: Font,
    bold: Font,
}

type Font = HashMap<char, Letter>;

/// A letter as it is drawn.
struct Letter {
    width: u16,
    /// SVG path data, relative to the letter's left end of the base line.
    outlines: Box<str>,
}

/// The letters of a font; a line that is no letter, and all of a file that is no such font, is left out, which a test rules out.
fn read(packed: &[u8]) -> Font {
    let mut text = String::new();
    // What was read before an error is kept.
    let _ = GzDecoder::new(packed).read_to_string(&mut text);
    let letter = |line: &str| {
        let mut parts = line.splitn(3, ' ');
        let letter = char::from_u32(u32::from_str_radix(parts.next()?, 16).ok()?)?;
        let width = parts.next()?.parse().ok()?;
        Some((letter, Letter { width, outlines: parts.next()?.into() }))
    };
    text.lines().filter_map(letter).collect()
}

impl Letters {
    /// Both fonts.
    pub(in crate::serve) fn built_in() -> &'static Self {
        &LETTERS
    }

    /// `text` as it can be drawn: on one line, letters with their accents in one, without symbols that the fonts lack, such as
    /// emoji. A blank at either end stays. None where the fonts lack a letter or a digit.
    pub(in crate::serve) fn drawable(&self, text: &str) -> Option<String> {
        let mut drawn = String::with_capacity(text.len());
        for letter in plain(text).nfc() {
            if letter == ' ' || self.has(letter) {
                drawn.push(letter);
            } else if letter.is_alphanumeric() {
                return None;
            }
        }
        let [before, after] = [text.starts_with(char::is_whitespace), text.ends_with(char::is_whitespace)];
        let words: Vec<&str> = drawn.split_whitespace().collect();
        Some([if before { " " } else { "" }, &words.join(" "), if after { " " } else { "" }].concat())
    }

    fn has(&self, letter: char) -> bool {
        self.regular.contains_key(&letter) && self.bold.contains_key(&letter)
    }

    /// How wide `text` is, in sizes of its letters. Letters that we have not take no room.
    pub(in crate::serve) fn width(&self, text: &str, weight: Weight) -> f32 {
        let units: u32 = self.letters(text, weight).map(|letter| u32::from(letter.width)).sum();
        units as f32 / UNITS
    }

    /// The outlines of `text` as the data of an SVG path: from 0 to the right, upwards from the base line. So many units of it are the
    /// letters' size.
    pub(in crate::serve) fn outlines(&self, text: &str, weight: Weight) -> (String, f32) {
        let (mut path, mut right) = (String::new(), 0);
        for letter in self.letters(text, weight) {
            // Writing to a string cannot fail.
            let _ = write!(path, "M{right} 0{}", letter.outlines);
            right += u32::from(letter.width);
        }
        (path, UNITS)
    }

    fn letters(&self, text: &str, weight: Weight) -> impl Iterator<Item = &Letter> {
        let font = match weight {
            Weight::Regular => &self.regular,
            Weight::Bold => &self.bold,
        };
        text.chars().filter_map(|letter| font.get(&letter))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_fonts_are_read_whole() {
        let letters = Letters::built_in();
        assert_eq!((letters.regular.len(), letters.bold.len()), (827, 827));
        let is_drawn = |letter: &&Letter| !letter.outlines.is_empty();
        assert!(letters.regular.values().chain(letters.bold.values()).filter(is_drawn).count() > 1600);
    }

    #[test]
    fn what_the_fonts_lack_is_left_out_where_it_is_no_letter() {
        let letters = Letters::built_in();
        let drawable = |text: &str| letters.drawable(text);
        for text in ["Zoë & Łódź <b> “€5” – ½", "Ελλάδα, Όμηρος", "Чернігів ґанок", "Việt Nam", "Ștefan"]
        {
            assert_eq!(drawable(text).as_deref(), Some(text));
        }
        assert_eq!(drawable("Zoe\u{308}").as_deref(), Some("Zoë"));
        assert_eq!(
            drawable(" Win\u{0}ner\u{202e} 🎉👩\u{200d}🚀 takes\u{a0}all").as_deref(),
            Some(" Winner takes all")
        );
        for text in ["كلفة الجسر", "桥", "橋 2", "पुल", "สะพาน"] {
            assert_eq!(drawable(text), None, "{text}");
        }
    }

    #[test]
    fn letters_are_as_wide_together_as_alone_and_have_outlines() {
        let letters = Letters::built_in();
        let width = |text| letters.width(text, Weight::Bold);
        assert!((width("AV") - width("A") - width("V")).abs() < 1e-4);
        assert!(width("wide") > letters.width("wide", Weight::Regular));
        let (outlines, _) = letters.outlines("A ll", Weight::Regular);
        assert_eq!(outlines.matches('M').count(), 4, "each letter in its place: {outlines}");
        assert!(outlines.starts_with("M0 0m") && outlines.ends_with('z'), "{outlines}");
    }
}
