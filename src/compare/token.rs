//! Splits text into tokens: words, numbers, punctuation, white space, and single characters of scripts without spaces.
//! A comparison never splits a token. Tokens with the same N2 form have the same id.

use std::collections::HashMap;
use std::ops::Range;

use unicode_normalization::char::is_combining_mark;

use super::normal::{digit_value, fold_into, is_invisible};

/// The kind of a token.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// A sequence of letters.
    Word,
    /// A sequence that starts with a digit: `1,000`, `13th`, `08:00`.
    Number,
    /// One character of a script without spaces between words: Chinese, Japanese, Thai …
    Character,
    /// Any visible character that is neither a letter nor a digit.
    Mark,
    /// White space.
    Blank,
    /// The end of a block that is followed by another one.
    Break,
}

/// A token of a text.
#[derive(Clone, Debug, PartialEq)]
pub struct Token {
    /// Kind of the token.
    pub kind: Kind,
    /// Position in the block, in bytes.
    pub range: Range<u32>,
    /// Id of its N2 form in a [`Vocabulary`].
    pub id: u32,
}

impl Token {
    /// Whether it is a word, number or character, rather than punctuation or white space.
    #[must_use]
    pub fn is_content(&self) -> bool {
        matches!(self.kind, Kind::Word | Kind::Number | Kind::Character)
    }
}

/// Splits text into pieces with their kinds, in order and without gaps.
pub fn pieces(text: &str) -> impl Iterator<Item = (Kind, Range<usize>)> + '_ {
    let mut at = 0;
    std::iter::from_fn(move || {
        let kind = text[at..].chars().next().map(kind_of)?;
        let start = at;
        at += piece_len(&text[at..], kind);
        Some((kind, start..at))
    })
}

/// Size limit of a token, in bytes. Only text that is not natural language reaches it.
const MAX_TOKEN_BYTES: usize = 512;

/// Length in bytes of the piece of this kind at the beginning of the text.
fn piece_len(text: &str, kind: Kind) -> usize {
    let mut chars = text.char_indices();
    let first = chars.next().map_or(' ', |(_, c)| c);
    for (at, c) in chars {
        if at > MAX_TOKEN_BYTES {
            return at;
        }
        if is_invisible(c) || is_combining_mark(c) && kind != Kind::Blank {
            continue;
        }
        let goes_on = match kind {
            Kind::Mark if joins_cluster(&text[..at], c) => true,
            Kind::Word | Kind::Number => {
                matches!(kind_of(c), Kind::Word | Kind::Number)
                    || joins_digits(&text[..at], c, &text[at + c.len_utf8()..])
            }
            Kind::Mark => c == first && matches!(c, '.' | '-' | '!' | '?' | '*' | '_'),
            Kind::Blank => c.is_whitespace(),
            Kind::Character | Kind::Break => false,
        };
        if !goes_on {
            return at;
        }
    }
    text.len()
}

/// Whether `c` belongs to the sign before it: the members of a family (U+200D joins them), a skin tone, the second letter of a
/// flag (Unicode Technical Standard 51).
fn joins_cluster(before: &str, c: char) -> bool {
    let is_letter_of_flag = |c: char| matches!(c, '\u{1F1E6}'..='\u{1F1FF}');
    let flag = || is_letter_of_flag(c) && before.chars().filter(|&c| is_letter_of_flag(c)).count() == 1;
    let joined = || before.ends_with('\u{200D}') && !c.is_ascii() && !c.is_whitespace();
    matches!(c, '\u{1F3FB}'..='\u{1F3FF}') || joined() || flag()
}

/// Whether a separator is part of a number: `1,000`, `3.5`, `10:22`, `100 000`.
fn joins_digits(before: &str, c: char, after: &str) -> bool {
    let is_digit = |c: char| digit_value(c).is_some();
    if !before.chars().next_back().is_some_and(is_digit) || !after.chars().next().is_some_and(is_digit) {
        return false;
    }
    match c {
        '.' | ',' | ':' | '\'' | '’' | '٬' | '٫' | '·' => true,
        _ if c.is_whitespace() => {
            let run = |digits: &mut dyn Iterator<Item = char>| digits.take(4).take_while(|&c| is_digit(c)).count();
            run(&mut after.chars()) == 3
                && run(&mut before.chars().rev()) <= 3
                && before.chars().all(|c| !c.is_alphabetic())
        }
        _ => false,
    }
}

/// The kind of token that begins with this character.
fn kind_of(c: char) -> Kind {
    if c.is_ascii() {
        return match c {
            'a'..='z' | 'A'..='Z' => Kind::Word,
            '0'..='9' => Kind::Number,
            _ if c.is_whitespace() => Kind::Blank,
            _ => Kind::Mark,
        };
    }
    if c.is_whitespace() || is_invisible(c) {
        Kind::Blank
    } else if is_continuous_script(c) {
        Kind::Character
    } else if digit_value(c).is_some() {
        Kind::Number
    } else if c.is_alphanumeric() || is_combining_mark(c) {
        Kind::Word
    } else {
        Kind::Mark
    }
}

/// Whether a character opens or closes a quotation.
#[must_use]
pub fn is_quote_mark(c: char) -> bool {
    matches!(c, '"' | '“' | '”' | '„' | '«' | '»' | '「' | '」' | '『' | '』' | '〝' | '〞' | '＂')
}

/// Whether a character's script has no spaces between words: Han, kana, Thai, Lao, Tibetan, Myanmar, Khmer.
#[must_use]
pub fn is_continuous_script(c: char) -> bool {
    matches!(c, '\u{E01}'..='\u{E4E}' | '\u{E81}'..='\u{ECE}' | '\u{F00}'..='\u{F1F}' | '\u{F34}'..='\u{FBC}'
        | '\u{1000}'..='\u{103F}' | '\u{1780}'..='\u{17D3}' | '\u{3005}'..='\u{3007}' | '\u{3031}'..='\u{30FF}'
        | '\u{31F0}'..='\u{31FF}' | '\u{3400}'..='\u{9FFF}' | '\u{F900}'..='\u{FAFF}' | '\u{FF66}'..='\u{FF9F}'
        | '\u{20000}'..='\u{3FFFF}')
}

/// Whether a character's script has short words, because vowels are mostly not written: Arabic, Hebrew, Syriac.
fn is_abjad(c: char) -> bool {
    matches!(c, '\u{590}'..='\u{7FF}' | '\u{8A0}'..='\u{8FF}' | '\u{FB1D}'..='\u{FDFF}' | '\u{FE70}'..='\u{FEFF}')
}

/// All words of both texts, with their ids and weights.
#[derive(Debug)]
pub struct Vocabulary {
    ids: HashMap<Box<str>, u32>,
    weights: Vec<f32>,
    form: String,
}

/// Id of white space.
pub const BLANK: u32 = 0;
/// Id of the end of a block.
pub const BREAK: u32 = 1;

/// Weight of white space and block ends.
const BLANK_WEIGHT: f32 = 0.05;

impl Default for Vocabulary {
    fn default() -> Self {
        Self { ids: HashMap::new(), weights: vec![BLANK_WEIGHT; 2], form: String::new() }
    }
}

impl Vocabulary {
    /// Splits a block into tokens.
    pub fn tokens(&mut self, text: &str) -> Vec<Token> {
        pieces(text)
            .map(|(kind, range)| Token {
                kind,
                id: if kind == Kind::Blank { BLANK } else { self.id(kind, &text[range.clone()]) },
                range: range.start as u32..range.end as u32,
            })
            .collect()
    }

    /// The id of a piece of text, by its N2 form.
    fn id(&mut self, kind: Kind, piece: &str) -> u32 {
        self.form.clear();
        fold_into(piece, &mut self.form);
        if kind == Kind::Mark && self.form.starts_with("--") {
            self.form.truncate(1);
        }
        if let Some(&id) = self.ids.get(self.form.as_str()) {
            return id;
        }
        let id = self.weights.len() as u32;
        self.weights.push(weight(kind, &self.form));
        self.ids.insert(self.form.as_str().into(), id);
        id
    }

    /// Weight of a token in an alignment.
    #[must_use]
    pub fn weight(&self, id: u32) -> f32 {
        self.weights.get(id as usize).copied().unwrap_or(BLANK_WEIGHT)
    }

    /// Number of ids given so far.
    #[must_use]
    pub fn size(&self) -> usize {
        self.weights.len()
    }
}

/// Weight of a token in an alignment. Content words weigh more, so that the alignment follows them. These numbers
/// measured best on 27 pairs of real news.
fn weight(kind: Kind, form: &str) -> f32 {
    match kind {
        Kind::Number => 2.0,
        Kind::Character => 0.55,
        Kind::Mark => 0.2,
        Kind::Blank | Kind::Break => BLANK_WEIGHT,
        Kind::Word => {
            let letters = form.chars().count().min(20) as f32;
            if form.chars().next().is_some_and(is_abjad) {
                (0.5 + 0.3 * letters).min(2.2)
            } else if letters <= 3.0 {
                0.55
            } else {
                (0.35 + 0.2 * letters).min(2.2)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn split(text: &str) -> Vec<&str> {
        pieces(text).map(|(_, range)| &text[range]).collect()
    }

    #[test]
    fn numbers_keep_their_separators() {
        assert_eq!(split("1,000 or 3.5%"), ["1,000", " ", "or", " ", "3.5", "%"]);
        assert_eq!(split("am 10:22, 100 000 Mann"), ["am", " ", "10:22", ",", " ", "100 000", " ", "Mann"]);
        assert_eq!(split("the 13th. 2020 300"), ["the", " ", "13th", ".", " ", "2020", " ", "300"]);
    }

    #[test]
    fn scripts_without_blanks_fall_into_characters() {
        assert_eq!(split("東京で5人"), ["東", "京", "で", "5", "人"]);
        assert_eq!(split("ที่นี่"), ["ที่", "นี่"]);
    }

    #[test]
    fn an_emoji_of_several_characters_is_one_token() {
        for emoji in ["👨\u{200D}👩\u{200D}👧\u{200D}👦", "👍🏽", "🇫🇷", "❤\u{FE0F}\u{200D}🔥", "☎\u{FE0F}"]
        {
            assert_eq!(split(&format!("a {emoji} b")), ["a", " ", emoji, " ", "b"]);
        }
        assert_eq!(split("🇫🇷🇩🇪"), ["🇫🇷", "🇩🇪"]);
    }

    #[test]
    fn combining_marks_stay_with_their_letter() {
        assert_eq!(split("cafe\u{301} x"), ["cafe\u{301}", " ", "x"]);
        assert_eq!(split("हिन्दी में"), ["हिन्दी", " ", "में"]);
    }

    #[test]
    fn equal_words_have_equal_ids() {
        let mut words = Vocabulary::default();
        let a = words.tokens("“Wait…” -- It’s");
        let b = words.tokens("\"wait...\" — it's");
        assert_eq!(a.iter().map(|t| t.id).collect::<Vec<_>>(), b.iter().map(|t| t.id).collect::<Vec<_>>());
    }
}
