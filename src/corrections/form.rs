//! The form in which wordings are compared: small letters without accents, straight quotes and dashes, one kind of brackets,
//! no commas.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::decompose_canonical;

/// The last character whose accents are dropped: beyond it, marks make another letter.
const LAST_ACCENTED: char = '\u{1FFF}';

/// `text` as rules read it; white space is single blanks, none at the ends.
pub(super) fn form(text: &str) -> String {
    let mut form = String::with_capacity(text.len());
    for c in text.nfkc().flat_map(char::to_lowercase) {
        if c.is_whitespace() {
            if !form.is_empty() && !form.ends_with(' ') {
                form.push(' ');
            }
        } else if matches!(c, ',' | '،') {
            // Where a clause ends is no matter, and terms are easier to list without.
        } else if c.is_ascii() {
            form.push(if c == '`' { '\'' } else { c });
        } else {
            fold(c, &mut form);
        }
    }
    form.truncate(form.trim_end().len());
    form
}

fn fold(c: char, form: &mut String) {
    let folded = match c {
        '‘' | '’' | '‚' | '‛' | '′' | '´' | 'ʼ' | '‹' | '›' => '\'',
        '“' | '”' | '„' | '‟' | '«' | '»' | '″' | '「' | '」' | '『' | '』' => '"',
        '‐'..='―' | '−' => '-',
        '【' | '〔' | '〖' => '[',
        '】' | '〕' | '〗' => ']',
        '〈' | '《' => '<',
        '〉' | '》' => '>',
        'أ' | 'إ' | 'آ' | 'ٱ' => 'ا',
        'ى' | 'ی' | 'ئ' => 'ي',
        'ک' => 'ك',
        'ة' | 'ۀ' => 'ه',
        'ς' => 'σ',
        'ı' => 'i',
        'ş' => 'ș',
        'ţ' => 'ț',
        'ß' => {
            form.push_str("ss");
            return;
        }
        _ if is_unwritten(c) => return,
        _ => c,
    };
    if folded <= LAST_ACCENTED {
        decompose_canonical(folded, |part| {
            if !is_unwritten(part) {
                form.push(part);
            }
        });
    } else {
        form.push(folded);
    }
}

/// Whether a character is not seen, or only tells how to read the letter before it: accents, Arabic and Hebrew points, the
/// nukta of Indian scripts.
fn is_unwritten(c: char) -> bool {
    matches!(c, '\u{AD}' | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{206F}' | '\u{FEFF}'
        | '\u{FE00}'..='\u{FE0F}' | '\u{300}'..='\u{36F}' | '\u{591}'..='\u{5C7}' | '\u{640}' | '\u{64B}'..='\u{65F}'
        | '\u{670}' | '\u{93C}' | '\u{9BC}')
}

/// Whether `c` is of a script that puts no blanks between words: Han, kana, Thai, Lao, Khmer, Burmese.
#[must_use]
pub fn is_wide(c: char) -> bool {
    matches!(c, '\u{e00}'..='\u{eff}' | '\u{1000}'..='\u{109f}' | '\u{1780}'..='\u{17ff}' | '\u{3040}'..='\u{30ff}'
        | '\u{3400}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3ffff}')
}

/// Whether a word goes on with `c`.
pub(super) fn is_letter(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '\u{900}'..='\u{963}' | '\u{966}'..='\u{DFF}')
}

#[cfg(test)]
mod tests {
    use super::form;

    #[test]
    fn accents_case_and_the_kind_of_marks_do_not_count() {
        for (one, other) in [
            ("ΔΙΟΡΘΩΣΗ:", "Διόρθωση:"),
            ("PRÉCISION", "precision"),
            ("（訂正）", "(訂正)"),
            ("【訂正】", "[訂正]"),
            ("ＣＯＲＲＥＣＴＩＯＮ：", "correction:"),
            ("DÜZELTME İÇİN", "düzeltme için"),
            ("به‌روزرسانی", "بهروزرسانی"),
            ("ख़बर", "खबर"),
            ("ё", "е"),
        ] {
            assert_eq!(form(one), form(other));
        }
        assert_eq!(form(" a\u{a0} b\n"), "a b");
        assert_eq!(form("が"), "が");
    }
}
