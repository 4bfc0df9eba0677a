//! Three levels of equality. The raw text is kept for display; these forms are only for comparing.
//!
//! * **N1, identity**: NFC, without invisible characters, white space as single spaces. Equal: nothing changed.
//! * **N2, comparison**: N1 plus NFKC and lower case; quotes, dashes, digits, Arabic and Hebrew marks are unified.
//! * **N3, letters**: only the letters and digits of N2. Equal: a change of typography.

use std::borrow::Cow;

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// Whether a character is invisible and carries no meaning: soft hyphen, zero-width and bidi marks, variation
/// selectors.
#[must_use]
pub fn is_invisible(c: char) -> bool {
    matches!(c, '\u{AD}' | '\u{61C}' | '\u{180E}' | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}'
        | '\u{2060}'..='\u{2064}' | '\u{2066}'..='\u{206F}' | '\u{FE00}'..='\u{FE0F}' | '\u{FEFF}'
        | '\u{E0100}'..='\u{E01EF}')
}

/// Level N1: texts with equal identity forms count as unchanged.
#[must_use]
pub fn identity_form(text: &str) -> Cow<'_, str> {
    if text.is_ascii() && is_tidy(text) {
        return Cow::Borrowed(text);
    }
    let mut form = String::with_capacity(text.len());
    for c in text.chars().filter(|&c| !is_invisible(c)).nfc() {
        if !c.is_whitespace() {
            form.push(c);
        } else if !form.is_empty() && !form.ends_with(' ') {
            form.push(' ');
        }
    }
    form.truncate(form.trim_end().len());
    Cow::Owned(form)
}

/// Whether an ASCII text has single spaces between words and no other white space.
fn is_tidy(text: &str) -> bool {
    let mut before = b' ';
    for &byte in text.as_bytes() {
        if byte == b' ' && before == b' ' || byte.is_ascii_whitespace() && byte != b' ' || byte == 0x0B {
            return false;
        }
        before = byte;
    }
    text.is_empty() || before != b' '
}

/// Level N2: the form in which texts are compared.
#[must_use]
pub fn comparison_form(text: &str) -> String {
    let mut form = String::with_capacity(text.len());
    fold_into(&identity_form(text), &mut form);
    form
}

/// Level N3: letters and digits only.
#[must_use]
pub fn letters_form(text: &str) -> String {
    let mut form = comparison_form(text);
    form.retain(|c| c.is_alphanumeric() || is_combining_mark(c));
    form
}

/// Level N2 without accents that are separate marks: `cafe` for `café`, `все` for `всё`, `strasse` for `straße`.
#[must_use]
pub fn bare_form(text: &str) -> String {
    let form = comparison_form(text).replace('ß', "ss");
    form.nfd().filter(|c| !matches!(c, '\u{300}'..='\u{36F}')).collect()
}

/// Appends the N2 form of a piece of text, such as a token, to `form`.
pub(super) fn fold_into(text: &str, form: &mut String) {
    if text.is_ascii() {
        form.extend(text.bytes().map(|byte| char::from(byte.to_ascii_lowercase())).map(fold_char_ascii));
        return;
    }
    for c in text.nfkc().flat_map(char::to_lowercase).nfc() {
        if let Some(folded) = fold_char(c) {
            form.push(folded);
        }
    }
}

fn fold_char_ascii(c: char) -> char {
    if c == '`' { '\'' } else { c }
}

/// The character that `c` is compared as. `None` if it is ignored.
fn fold_char(c: char) -> Option<char> {
    Some(match c {
        _ if is_invisible(c) || is_unwritten(c) => return None,
        '‘' | '’' | '‚' | '‛' | '′' | '`' | '´' | 'ʼ' | '‹' | '›' | '\u{5F3}' => '\'',
        '“' | '”' | '„' | '‟' | '«' | '»' | '″' | '「' | '」' | '『' | '』' | '〝' | '〞' | '\u{5F4}' => {
            '"'
        }
        '‐'..='―' | '−' | '﹘' | '－' | '\u{5BE}' => '-',
        'أ' | 'إ' | 'آ' | 'ٱ' => 'ا',
        'ى' | 'ی' => 'ي',
        'ک' => 'ك',
        'ς' => 'σ',
        _ => digit_value(c).map_or(c, |value| char::from(b'0' + value)),
    })
}

/// Whether a character only shows how a word is pronounced: Arabic vowel signs and tatweel, Hebrew points.
fn is_unwritten(c: char) -> bool {
    matches!(c, '\u{640}' | '\u{64B}'..='\u{65F}' | '\u{670}' | '\u{591}'..='\u{5BD}' | '\u{5BF}' | '\u{5C1}'
        | '\u{5C2}' | '\u{5C4}' | '\u{5C5}' | '\u{5C7}')
}

/// The digit zero of each script that news is written in.
const ZEROES: [char; 20] =
    ['0', '٠', '۰', '०', '০', '੦', '૦', '୦', '௦', '౦', '೦', '൦', '๐', '໐', '༠', '၀', '០', '᠐', '߀', '０'];

/// The value of a decimal digit in any of these scripts. `None` for other characters.
#[must_use]
pub fn digit_value(c: char) -> Option<u8> {
    if c.is_ascii() {
        return c.is_ascii_digit().then(|| c as u8 - b'0');
    }
    ZEROES.iter().find_map(|&zero| {
        let distance = u32::from(c).wrapping_sub(u32::from(zero));
        (distance < 10).then_some(distance as u8)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn invisible_characters_and_white_space_do_not_change_identity() {
        assert_eq!(identity_form(" a\u{A0}b\u{200B}c\u{AD}d \n e "), "a bcd e");
        assert_eq!(identity_form("cafe\u{301}"), "café");
        assert_eq!(identity_form("plain text"), "plain text");
    }

    #[test]
    fn comparison_folds_quotes_dashes_digits_and_arabic() {
        assert_eq!(comparison_form("“It’s” — ١٢…"), "\"it's\" - 12...");
        assert_eq!(comparison_form("إلى"), comparison_form("الي"));
    }

    #[test]
    fn letters_drop_everything_else() {
        assert_eq!(letters_form("“Co-operate!”"), "cooperate");
    }
}
